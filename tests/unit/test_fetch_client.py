"""Fetching from a real server that misbehaves: every way it fails is named, ends in time and stays within limits."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

import pytest

from tasks.fetch.client import Answer, Client, FetchError, Request, parse_address
from tasks.fetch.guard import Guard
from tasks.fetch.pace import Pace
from tasks.fetch.robots import Robots
from tasks.fetch.settings import FetchSettings
from tasks.web import kind_of_answer, redact, redact_text, stated_charset
from tests.makers import PAGE
from tests.misbehaving import Server, running

LIMIT = 5_000_000
QUICK = {
    "delay_seconds": 0,
    "connect_seconds": 60,
    "read_seconds": 60,
    "total_seconds": 60,
    "retries": 2,
    "backoff_seconds": 0.01,
    "longest_wait_seconds": 2,
    "allow_private": ("127.0.0.0/8",),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


def client(**changes: object) -> Client:
    return Client(FetchSettings(**(QUICK | changes)), Pace())  # type: ignore[arg-type]


def get(server: Server, path: str, **changes: object) -> Answer:
    return client(**changes).get(Request(server.root + path, LIMIT))


@pytest.mark.parametrize(
    ("path", "check"),
    [
        ("/slow-body", "timeout"),
        ("/slow-headers", "timeout"),
        ("/hang", "timeout"),
        ("/hang-in-body", "timeout"),
        ("/truncated", "truncated"),
        ("/truncated-chunks", "truncated"),
        ("/truncated-gzip", "truncated"),
        ("/nothing", "truncated"),
        ("/garbage", "truncated"),
        ("/endless-headers", "truncated"),
        ("/429-long", "status"),
        ("/429-date", "status"),
        ("/500", "status"),
        ("/404", "status"),
        ("/410", "status"),
        ("/204", "status"),
        ("/loop", "redirect_loop"),
        ("/to-file", "refused_scheme"),
        ("/to-nowhere", "status"),
        ("/to-private", "refused_address"),
        ("/bomb", "too_large"),
        ("/bomb-in-bomb", "content_encoding"),
        ("/brotli", "content_encoding"),
        ("/broken-gzip", "content_encoding"),
        ("/huge", "too_large"),
        ("/huge-unsaid", "too_large"),
    ],
)
def test_what_goes_wrong_is_named_and_ends_in_time(server: Server, path: str, check: str) -> None:
    # Only where the end of patience is the matter is it short: the server would hang or drip on for longer than that.
    impatient = {"read_seconds": 0.5, "total_seconds": 1.2} if check == "timeout" else {}
    with pytest.raises(FetchError) as caught:
        get(server, path, **impatient)
    assert caught.value.check == check, caught.value
    assert path in str(caught.value) or check == "refused_scheme" or "169.254" in str(caught.value)


@pytest.mark.parametrize("path", ["/429", "/500-once", "/503-twice"])
def test_what_may_pass_is_tried_again(server: Server, path: str) -> None:
    assert get(server, path).read() == PAGE.encode()


def test_retry_after_is_waited_for_and_a_long_one_ends_the_tries() -> None:
    with running() as server:
        waits: list[float] = []
        patient = Client(FetchSettings(**QUICK), Pace(), sleep=waits.append)  # type: ignore[arg-type]
        patient.get(Request(server.root + "/429", LIMIT))
        assert waits == [1.0]
        with pytest.raises(FetchError) as caught:
            patient.get(Request(server.root + "/429-long", LIMIT))
        assert caught.value.retry_after == 3600
        assert server.counts["/429-long"] == 1


def test_what_will_not_pass_is_asked_once() -> None:
    with running() as server:
        for path in ("/404", "/410", "/loop", "/huge"):
            with pytest.raises(FetchError):
                get(server, path)
        assert all(server.counts[path] == 1 for path in ("/404", "/410", "/loop", "/huge"))


def test_good_answers(server: Server) -> None:
    assert get(server, "/a").read() == PAGE.encode()
    assert get(server, "/deflate-raw").read() == PAGE.encode()
    moved = get(server, "/moved")
    assert (moved.url, moved.read()) == (server.root + "/a", PAGE.encode())
    assert get(server, "/type-none").read() == PAGE.encode()


def test_a_redirect_too_many(server: Server) -> None:
    with pytest.raises(FetchError) as caught:
        get(server, "/moved", redirects=0)
    assert caught.value.check == "too_many_redirects"


def test_what_has_not_changed_is_not_sent_again(server: Server) -> None:
    first = get(server, "/conditional")
    again = client().get(Request(server.root + "/conditional", LIMIT, etag=first.headers["etag"]))
    assert (first.status, again.status, again.read()) == (200, 304, b"")


def test_who_we_are_is_said_and_secrets_stay_with_their_host(server: Server) -> None:
    with running() as other:
        server.answers["/away"] = lambda h: h.send(
            302, b"", Location=other.root.replace("127.0.0.1", "127.0.0.2") + "/a"
        )
        fetcher = client(contact="https://example.org/bot")
        other_error = None
        try:
            fetcher.get(Request(server.root + "/away", LIMIT, {"Authorization": "Bearer s3cret"}))
        except FetchError as error:  # 127.0.0.2 is not listening everywhere; what matters is what was sent
            other_error = error
        sent = next(headers for path, headers in server.seen if path == "/away")
        assert sent["Authorization"] == "Bearer s3cret"
        assert sent["User-Agent"].startswith("conflict-ledger/")
        assert "https://example.org/bot" in sent["User-Agent"]
        assert all("Authorization" not in headers for _, headers in other.seen)
        assert "s3cret" not in str(other_error)


# --- addresses ---


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not Guard().permits(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_public_addresses_are_permitted(address: str) -> None:
    assert Guard().permits(ipaddress.ip_address(address))


def test_a_private_network_can_be_allowed_alone() -> None:
    guard = Guard(["10.1.0.0/16"])
    assert guard.permits(ipaddress.ip_address("10.1.2.3"))
    assert not guard.permits(ipaddress.ip_address("10.2.2.3"))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_loopback_is_refused_however_it_is_written(server: Server, host: str) -> None:
    port = server.server_address[1]
    before = len(server.seen)
    with pytest.raises(FetchError) as caught:
        client(allow_private=()).get(Request(f"http://{host}:{port}/a", LIMIT))
    assert caught.value.check in ("refused_address", "connection", "refused_scheme")
    assert len(server.seen) == before


def test_a_name_that_leads_to_loopback_is_refused_after_redirects_and_look_ups(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *rest: object) -> list:
        if host == "rebinding.example":
            return real("93.184.216.34", port, *rest) + real("127.0.0.1", port, *rest)  # type: ignore[arg-type]
        return real(host, port, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(FetchError) as caught:
        client(allow_private=()).get(Request(f"http://rebinding.example:{server.server_address[1]}/a", LIMIT))
    assert caught.value.check == "refused_address"
    with pytest.raises(FetchError) as caught:
        client(allow_private=("127.0.0.1/32",)).get(Request(server.root + "/to-private", LIMIT))
    assert caught.value.check == "refused_address"


@pytest.mark.parametrize(
    "text",
    [
        "file:///etc/passwd",
        "ftp://x.example/",
        "gopher://x",
        "javascript:1",
        "//x",
        "",
        "http://",
        "http:///x",
        "data:text/html,x",
    ],
)
def test_only_addresses_of_the_web_are_fetched(text: str) -> None:
    with pytest.raises(FetchError) as caught:
        parse_address(text)
    assert caught.value.check == "refused_scheme"


# --- manners ---


def test_robots_are_honoured_with_their_delay() -> None:
    with running() as server:
        rules = "User-agent: *\nDisallow: /b\nCrawl-delay: 0.3\n"
        server.answers["/robots.txt"] = lambda h: h.send(200, rules.encode(), Content_Type="text/plain")
        waits: list[float] = []
        pace = Pace(sleep=waits.append, clock=lambda: 100.0)
        fetcher = Client(FetchSettings(**QUICK), pace)  # type: ignore[arg-type]
        robots = Robots(fetcher, pace)
        fetcher.get(Request(server.root + "/a", LIMIT, allowed=robots.allows))
        fetcher.get(Request(server.root + "/a", LIMIT, allowed=robots.allows))
        with pytest.raises(FetchError) as caught:
            fetcher.get(Request(server.root + "/b", LIMIT, allowed=robots.allows))
        assert caught.value.check == "robots"
        assert (server.counts["/robots.txt"], server.counts["/b"], server.counts["/a"]) == (1, 0, 2)
        assert waits == [pytest.approx(0.3)], "between the two pages"


def test_robots_that_redirect_to_what_is_disallowed() -> None:
    with running() as server:
        server.answers["/robots.txt"] = lambda h: h.send(200, b"User-agent: *\nDisallow: /a\n")
        fetcher = client()
        with pytest.raises(FetchError) as caught:
            fetcher.get(Request(server.root + "/moved", LIMIT, allowed=Robots(fetcher, Pace()).allows))
        assert caught.value.check == "robots"
        assert server.counts["/a"] == 0


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (503, False)])
def test_robots_that_cannot_be_had(status: int, allowed: bool) -> None:
    with running() as server:
        server.answers["/robots.txt"] = lambda h: h.send(status, b"")
        robots = Robots(client(), Pace())
        if allowed:
            assert robots.allows(server.root + "/a")
        else:
            with pytest.raises(FetchError, match=r"robots\.txt"):
                robots.allows(server.root + "/a")


def test_requests_to_one_host_keep_their_distance() -> None:
    waits: list[float] = []
    now = [100.0]
    pace = Pace(sleep=lambda s: (waits.append(round(s, 3)), now.__setitem__(0, now[0] + s))[0], clock=lambda: now[0])
    for host in ("a", "b", "a", "a"):
        with pace.turn(host, 2.0, 1):
            pass
    assert waits == [2.0, 2.0]


# --- what an answer is ---


@pytest.mark.parametrize(
    ("stated", "data", "kind"),
    [
        ("image/png", PAGE.encode(), "html"),
        (None, PAGE.encode(), "html"),
        ("text/html", b"%PDF-1.4", "pdf"),
        ("text/html", b"<?xml version='1.0'?><rss/>", "xml"),
        ("text/plain; charset=utf-8", b"Two men were killed.", "txt"),
        ("image/png", b"\x89PNG\r\n\x1a\n", None),
        ("application/octet-stream", b"WARC/1.0\r\n", "warc"),
    ],
)
def test_the_bytes_win_over_the_type_that_is_stated(stated: str | None, data: bytes, kind: str | None) -> None:
    assert kind_of_answer(stated, data) == kind


def test_a_charset_that_the_bytes_show_wrong_is_not_believed() -> None:
    assert stated_charset("text/html; charset=iso-8859-1", "médecin".encode()) is None
    assert stated_charset("text/html; charset=iso-8859-1", "médecin".encode("latin-1")) == "iso-8859-1"
    assert stated_charset("text/html; charset=no-such-thing", b"x") is None
    assert stated_charset("text/html", b"x") is None


def test_secrets_are_not_shown() -> None:
    assert (
        redact("https://user:pw@news.example/a?id=3&api_key=abc&token=x#f")
        == "https://news.example/a?id=3&api_key=***&token=***"
    )
    assert "pw" not in redact_text("GET https://u:pw@h.example/x failed, see s3://k:pw@b/y")
