"""Compressed files and archives are read like folders; bombs, escapes and endless nesting are held back with the reason."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import warnings
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.makers import PAGE, RSS, STORY, jsonl, make_pdf, make_tar, make_warc, make_zip
from tests.unit.test_readers_feeds_warc_pdf import Read, folder  # noqa: F401

MIB = 1024 * 1024


def zstd(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


def parquet(text: str) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": ["p"], "text": [text]}), sink)
    return sink.getvalue()


MEMBERS = {
    "a/one.txt": STORY.encode(),
    "a/two.html": PAGE.encode(),
    "three.jsonl": jsonl("One man died.", "Two men died."),
    "feed.rss": RSS.encode(),
    "table.parquet": parquet("Three men died."),
    "paper.pdf": make_pdf([["Four men died when a mine went off at the bridge."]]),
    "page.warc": make_warc(("https://news.example/w", "Content-Type: text/html", PAGE.encode() + b" ")),
    ".hidden/x.txt": b"hidden",
    "__MACOSX/._one.txt": b"resource fork",
}
COUNT = 1 + 1 + 2 + 2 + 1 + 1 + 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("n.zip", make_zip(MEMBERS)),
        ("n.tar.gz", make_tar(MEMBERS)),
        ("n.tgz", make_tar(MEMBERS)),
        ("n.tar", make_tar(MEMBERS, mode="w")),
        ("n.tar.bz2", make_tar(MEMBERS, mode="w:bz2")),
        ("n.tar.xz", make_tar(MEMBERS, mode="w:xz")),
        ("n.tar.zst", zstd(make_tar(MEMBERS, mode="w"))),
        ("n.zip.gz", gzip.compress(make_zip(MEMBERS))),
        ("outer.zip", make_zip({"inner.zip": make_zip(MEMBERS)})),
        ("outer.zip", make_zip({"inner.tar.gz": make_tar(MEMBERS)})),
        ("outer.tar", make_tar({"inner.zip": make_zip(MEMBERS)}, mode="w")),
    ],
)
def test_an_archive_is_read_like_a_folder(folder: Path, name: str, data: bytes) -> None:  # noqa: F811
    (folder / name).write_bytes(data)
    read = Read(folder.parent)
    assert not read.held
    assert len(read.documents) == COUNT
    place = next(row["source_uri"] for row in read.documents if row["source_uri"].endswith("one.txt"))
    assert place.endswith("!a/one.txt")
    assert next(row["content"] for row in read.documents if row["source_uri"] == place) == STORY.encode()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd])
@pytest.mark.parametrize(
    ("name", "data", "count"),
    [
        ("s.txt", STORY.encode(), 1),
        ("s.jsonl", jsonl("a b", "c d"), 2),
        ("s.parquet", parquet("One died."), 1),
        ("s", PAGE.encode(), 1),
    ],
)
def test_one_compressed_file(folder: Path, pack, name: str, data: bytes, count: int) -> None:  # noqa: F811
    suffix = {gzip.compress: ".gz", bz2.compress: ".bz2", lzma.compress: ".xz"}.get(pack, ".zst")
    (folder / (name + suffix)).write_bytes(pack(data))
    read = Read(folder.parent)
    assert (len(read.documents), read.held) == (count, [])


def test_sidecars_in_archives(folder: Path) -> None:  # noqa: F811
    members = {"a.txt": STORY.encode(), "a.meta.json": b'{"publisher": "Example Post"}', "b.meta.json": b"{}"}
    (folder / "z.zip").write_bytes(make_zip(members))
    (folder / "t.tar.gz").write_bytes(make_tar({k: v + b"\n" for k, v in members.items()}))
    read = Read(folder.parent)
    assert [row["publisher"] for row in read.documents] == ["Example Post"] * 2
    assert "orphan_sidecar" in read.checks


def test_names_that_lead_out_of_an_archive_are_refused(folder: Path) -> None:  # noqa: F811
    names = ["../up.txt", "/etc/abs.txt", "a/../../up.txt", "C:\\x.txt", "good.txt"]
    for kind, pack in (("z.zip", make_zip), ("t.tar.gz", make_tar)):
        (folder / kind).write_bytes(pack({name: f"{STORY} {kind} {name}".encode() for name in names}))
    read = Read(folder.parent)
    assert len(read.documents) == 2
    assert read.checks == ["outside_folder"] * 8
    assert not (folder.parent / "up.txt").exists()


def test_links_and_devices_in_archives_are_refused(folder: Path) -> None:  # noqa: F811
    (folder / "t.tar.gz").write_bytes(make_tar({"good.txt": STORY.encode()}, links={"evil.txt": "/etc/passwd"}))
    (folder / "z.zip").write_bytes(make_zip({"evil.txt": b"/etc/passwd"}, mode=0o120777))
    read = Read(folder.parent)
    assert len(read.documents) == 1
    assert read.checks == ["outside_folder"] * 2
    assert "root:" not in str(read.documents)


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zst", "zip", "tar.gz", "nested"])
def test_a_bomb_stops_at_the_limit_and_its_neighbours_go_through(folder: Path, kind: str) -> None:  # noqa: F811
    bomb = b"a" * (64 * MIB)
    name, data = {
        "gz": ("bomb.jsonl.gz", lambda: gzip.compress(bomb)),
        "bz2": ("bomb.jsonl.bz2", lambda: bz2.compress(bomb)),
        "xz": ("bomb.jsonl.xz", lambda: lzma.compress(bomb, preset=0)),
        "zst": ("bomb.jsonl.zst", lambda: zstd(bomb)),
        "zip": ("bomb.zip", lambda: make_zip({"bomb.jsonl": bomb, "z.txt": STORY.encode()})),
        "tar.gz": ("bomb.tar.gz", lambda: make_tar({"bomb.jsonl": bomb})),
        "nested": ("bomb.zip", lambda: make_zip({"bomb.jsonl.gz": gzip.compress(bomb)})),
    }[kind]
    (folder / name).write_bytes(data())
    (folder / "good.txt").write_text("One soldier was killed.")
    read = Read(folder.parent)
    assert any(row["content"] == b"One soldier was killed." for row in read.documents)
    assert "archive_limit" in read.checks
    assert "max_unpack_ratio" in next(row["reason"] for row in read.held if row["check"] == "archive_limit")


def test_the_total_of_an_archive_is_limited(folder: Path) -> None:  # noqa: F811
    import os

    members = {f"{n}.txt": os.urandom(200_000).hex().encode() for n in range(8)}
    (folder / "many.zip").write_bytes(make_zip(members))
    read = Read(folder.parent, max_unpacked_bytes=MIB)
    assert "archive_limit" in read.checks
    assert "max_unpacked_bytes" in str(read.held)
    assert 1 <= len(read.documents) <= 3


def test_the_number_of_files_is_limited_before_any_is_read(folder: Path) -> None:  # noqa: F811
    (folder / "many.zip").write_bytes(make_zip({f"{n}.txt": b"x y z" for n in range(12)}))
    (folder / "good.txt").write_text(STORY)
    read = Read(folder.parent, max_archive_members=10)
    assert read.checks == ["archive_limit"]
    assert "max_archive_members" in read.held[0]["reason"]


def test_archives_within_archives_end_somewhere(folder: Path) -> None:  # noqa: F811
    data = make_zip({"deep.txt": STORY.encode()})
    for _ in range(6):
        data = make_zip({"inner.zip": data})
    (folder / "deep.zip").write_bytes(data)
    (folder / "good.txt").write_text(STORY)
    read = Read(folder.parent)
    assert read.checks == ["archive_limit"]
    assert "max_archive_depth" in read.held[0]["reason"]


@pytest.mark.parametrize("cut", [30, 200, -1, -40])
def test_a_torn_archive_keeps_what_came_before(folder: Path, cut: int) -> None:  # noqa: F811
    members = {f"{n}.txt": f"{n} people were killed in Qara.".encode() for n in range(50)}
    (folder / "a.tar.gz").write_bytes(make_tar(members)[:cut])
    (folder / "b.zip").write_bytes(make_zip(members)[:cut])
    (folder / "good.txt").write_text(STORY)
    read = Read(folder.parent)
    assert read.summary.rows_out >= 1
    assert {row["check"] for row in read.held} <= {"broken_archive", "unreadable_file"}
    assert len(read.held) == 2 or cut == -1


def test_a_torn_page_is_no_page_and_torn_lines_end_with_the_last_whole_one(folder: Path) -> None:  # noqa: F811
    lines = jsonl(*(f"{n} people were killed when a mine went off near Qara. {n * 7919}" for n in range(400)))
    (folder / "a.html.gz").write_bytes(gzip.compress(PAGE.encode() * 40)[:-20])
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(lines)[:-200])
    (folder / "c.jsonl.xz").write_bytes(lzma.compress(lines.replace(b"people", b"men"))[:-200])
    read = Read(folder.parent)
    assert read.checks == ["broken_archive"] * 3
    places = [row["source_uri"].rpartition("/")[2] for row in read.documents]
    assert "a.html.gz" not in places
    assert places.count("b.jsonl.gz") > 300


def test_an_encrypted_member_is_named(folder: Path) -> None:  # noqa: F811
    data = bytearray(make_zip({"secret.txt": STORY.encode()}, compression=zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (folder / "e.zip").write_bytes(bytes(data))
    (folder / "good.txt").write_text(STORY)
    read = Read(folder.parent)
    assert "encrypted" in read.held[0]["reason"]


def test_names_with_control_and_bidi_signs_are_shown_harmlessly(folder: Path) -> None:  # noqa: F811
    (folder / "z.zip").write_bytes(
        make_zip({"a\u202etxt.exe\x1b[31m.txt": STORY.encode(), "b\u202e.txt": b"Two died."})
    )
    read = Read(folder.parent)
    assert len(read.documents) == 2
    assert all(sign not in row["source_uri"] for row in read.documents for sign in "\u202e\x1b")


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_members_of_one_name_are_all_read(folder: Path, kind: str) -> None:  # noqa: F811
    texts = [f"{n} people were killed when a mine went off near Qara." for n in (11, 12, 13)]
    with (folder / f"a.{kind}").open("wb") as sink, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's own: the name is there already
        if kind == "zip":
            with zipfile.ZipFile(sink, "w") as archive:
                for text in texts:
                    archive.writestr("same.txt", text)
        else:
            with tarfile.open(fileobj=sink, mode="w") as archive:
                for text in texts:
                    info = tarfile.TarInfo("same.txt")
                    info.size = len(text)
                    archive.addfile(info, io.BytesIO(text.encode()))
    read = Read(folder.parent)
    assert sorted(row["content"].decode() for row in read.documents) == texts
