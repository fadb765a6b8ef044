"""Fetching over https from a real server on loopback: certificates are checked, and one of an authority of one's own can be trusted."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path

import pytest

from tasks.fetch.client import Client, FetchError, Request
from tasks.fetch.pace import Pace
from tasks.fetch.settings import FetchSettings
from tasks.fetch.step import check_sources, fetch_sources
from tests.makers import PAGE
from tests.misbehaving import running

trustme = pytest.importorskip("trustme")
NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
FETCH = "[fetch]\ndelay_seconds = 0\nbackoff_seconds = 0.01\nallow_private = ['127.0.0.0/8']\n"


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


def context(certificate) -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(tls)
    return tls


def trust(monkeypatch: pytest.MonkeyPatch, authority, folder: Path) -> None:
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))


def client() -> Client:
    settings = {"delay_seconds": 0, "retries": 2, "backoff_seconds": 0.01, "allow_private": ("127.0.0.0/8",)}
    return Client(FetchSettings(**settings), Pace())  # type: ignore[arg-type]


def test_an_authority_that_is_trusted(authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trust(monkeypatch, authority, tmp_path)
    with running(context(authority.issue_cert("127.0.0.1", "localhost"))) as server:
        assert client().get(Request(server.root + "/a", 10_000)).read() == PAGE.encode()
        by_name = server.root.replace("127.0.0.1", "localhost")
        assert client().get(Request(by_name + "/moved", 10_000)).url == by_name + "/a"


def test_a_certificate_of_nobody_known_is_refused_before_anything_is_sent(authority) -> None:
    with running(context(authority.issue_cert("127.0.0.1"))) as server:
        with pytest.raises(FetchError, match=r"certificate.*SSL_CERT_FILE") as caught:
            client().get(Request(server.root + "/a", 10_000, {"Authorization": "Bearer s3cret"}))
        assert caught.value.check == "certificate"
        assert server.seen == []


@pytest.mark.parametrize(
    ("name", "expires", "why"),
    [
        ("news.example", None, "IP address mismatch"),
        ("127.0.0.1", dt.datetime(2020, 1, 1, tzinfo=dt.UTC), "expired"),
    ],
)
def test_a_certificate_of_another_host_or_time_is_refused(
    authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, expires: dt.datetime | None, why: str
) -> None:
    trust(monkeypatch, authority, tmp_path)
    early = dt.datetime(2019, 1, 1, tzinfo=dt.UTC) if expires else None
    with running(context(authority.issue_cert(name, not_before=early, not_after=expires))) as server:
        with pytest.raises(FetchError, match=why) as caught:
            client().get(Request(server.root + "/a", 10_000))
        assert caught.value.check == "certificate"


def test_a_redirect_to_a_server_without_a_good_certificate_is_not_followed(authority) -> None:
    with running() as plain, running(context(authority.issue_cert("127.0.0.1"))) as secure:
        plain.answers["/up"] = lambda h: h.send(301, b"", Location=secure.root + "/a")
        with pytest.raises(FetchError) as caught:
            client().get(Request(plain.root + "/up", 10_000))
        assert caught.value.check == "certificate"
        assert secure.seen == []


def test_a_source_with_a_bad_certificate_is_told_and_comes_back_when_it_is_mended(
    authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, output = tmp_path / "sources.toml", tmp_path / "ledger"
    with running() as plain, running(context(authority.issue_cert("127.0.0.1"))) as server:
        path.write_text(
            FETCH
            + f'[[source]]\nname = "good"\nkind = "urls"\naddress = "{plain.root}/b"\n'
            + f'[[source]]\nname = "post"\nkind = "rss"\naddress = "{server.root}/feed.xml"\n'
            + f'[[source]]\nname = "pages"\nkind = "urls"\naddress = ["{server.root}/conditional", "{server.root}/type-none"]\n'
        )
        good, post, pages = fetch_sources(path, output, now=NOW).reports
        assert (good.fetched, post.status, pages.failed, pages.waiting) == (1, "failed", 1, 2)
        assert all("certificate" in report.reasons[0] for report in (post, pages))
        assert "certificate" in check_sources(path, output, now=NOW)[1]["error"]
        trust(monkeypatch, authority, tmp_path)
        _, post, pages = fetch_sources(path, output, now=NOW + dt.timedelta(days=1)).reports
        assert (post.fetched, pages.fetched) == (2, 2)


def test_a_server_that_speaks_no_tls(authority) -> None:
    with running() as plain, pytest.raises(FetchError) as caught:
        client().get(Request(plain.root.replace("http:", "https:") + "/a", 10_000))
    assert caught.value.check == "connection"
