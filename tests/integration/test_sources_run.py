"""Runs of the command line over a sources.toml and over an object store, both on real servers on loopback."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import wait_for

from expectations.storage import read_table
from tests.makers import make_zip
from tests.misbehaving import Server, running

STORY = "Four people were killed when shells hit the market of Aleppo on Monday, the town's doctor said."
FETCH = "[fetch]\ndelay_seconds = 0\nread_seconds = 60\nretries = 0\nallow_private = ['127.0.0.0/8']\n"


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as server:
        yield server


def test_a_run_over_sources_tells_what_each_gave_and_a_second_one_does_nothing(
    cli, tmp_path: Path, server: Server
) -> None:
    path, output = tmp_path / "sources.toml", tmp_path / "ledger"
    path.write_text(
        FETCH
        + f'[[source]]\nname = "post"\nkind = "rss"\naddress = "{server.root}/feed.xml"\npublisher = "Example Post"\n'
        + f'[[source]]\nname = "down"\nkind = "rss"\naddress = "{server.root}/500"\n'
    )
    first = cli("run", "--sources", path, "--output", output, "--direct", "--json")
    assert first.returncode == 0, first.stderr
    record = json.loads(first.stdout)
    assert [(s["name"], s["status"], s["fetched"]) for s in record["sources"]] == [
        ("post", "good", 2),
        ("down", "failed", 0),
    ]
    articles = read_table(output, "articles").to_pylist()
    assert {row["publisher"] for row in articles} == {"Example Post"}
    assert all(row["source_uri"].startswith(server.root) for row in articles)
    second = cli("run", "--sources", path, "--output", output, "--direct")
    assert "Nothing to do" in second.stdout
    assert "post: unchanged" in second.stdout
    assert "down: backed off" in second.stdout
    check = cli("sources", "check", "--sources", path, "--output", output, "--json")
    assert check.returncode == 1
    assert [row["state"] for row in json.loads(check.stdout)] == ["good", "failed"]
    shown = cli("sources", "check", "--sources", path, "--output", output)
    assert "answered 500" in shown.stdout


def _made(files: Any, bucket: str) -> bool:
    """Whether the server answers and has the bucket; what one test of this process made, the next finds there."""
    try:
        if not files.exists(bucket):
            files.mkdir(bucket)
    except OSError:
        return False
    return True


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket on an S3-compatible server on loopback."""
    s3fs = pytest.importorskip("s3fs")
    moto = pytest.importorskip("moto.server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    store = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    store.start()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "very-secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "FSSPEC_S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
    }.items():
        monkeypatch.setenv(name, value)
    files = s3fs.S3FileSystem(
        key="key", secret="very-secret", endpoint_url=f"http://127.0.0.1:{port}", skip_instance_cache=True
    )
    wait_for(lambda: _made(files, "news-bucket"), "bucket")
    files.pipe("news-bucket/in/a.txt", STORY.encode())
    files.pipe("news-bucket/in/a.meta.json", b'{"publisher": "Example Post", "published_on": "2021-03-02"}')
    files.pipe("news-bucket/in/deep/b.zip", make_zip({"b.txt": STORY.replace("Four", "Six").encode()}))
    files.pipe("news-bucket/in/.hidden.txt", b"hidden")
    yield "s3://news-bucket/in"
    store.stop()


def test_an_object_store_is_read_like_a_folder(cli, tmp_path: Path, bucket: str) -> None:
    output = tmp_path / "ledger"
    done = cli("run", bucket, "--output", output, "--direct", "--json")
    assert done.returncode == 0, done.stderr
    rows = sorted(read_table(output, "articles").to_pylist(), key=lambda row: row["source_uri"])
    assert [row["source_uri"] for row in rows] == [f"{bucket}/a.txt", f"{bucket}/deep/b.zip!b.txt"]
    assert rows[0]["publisher"] == "Example Post"
    assert "Nothing to do" in cli("run", bucket, "--output", output, "--direct").stdout
    assert "very-secret" not in done.stdout + done.stderr


def test_an_address_that_cannot_be_read_is_a_mistake_in_the_command(cli, tmp_path: Path, bucket: str) -> None:
    for address, said in (
        (bucket.replace("/in", "/nowhere"), "nothing is there"),
        ("gs://some-bucket/x", "conflict-ledger[gcs]"),
        ("nosuch://x/y", "nosuch://"),
        ("file:///etc", "without a protocol"),
        ("https://news.example/a", "sources.toml"),
    ):
        done = cli("run", address, "--output", tmp_path / "ledger", "--direct")
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
        assert "Traceback" not in done.stderr
