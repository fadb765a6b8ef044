"""Mutated input for every reader: `python -m tests.fuzz.readers --inputs 100000`. Nothing may crash, hang or lose its neighbours."""

from __future__ import annotations

import argparse
import bz2
import datetime as dt
import gzip
import io
import json
import lzma
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from expectations.storage import write_part
from expectations.tables import ARTICLES, DOCUMENTS, QUARANTINE
from tasks.clean.article import clean_document
from tasks.ingest.reading import read_source
from tasks.ingest.settings import MIB, IngestSettings
from tasks.ingest.source import Document, Source
from tests.makers import ATOM, PAGE, RSS, STORY, jsonl, make_pdf, make_tar, make_warc, make_zip

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
SLOW = 5.0  # seconds of processor time; the slowest takes a tenth
HANGS_AFTER = 300  # seconds
SETTINGS = IngestSettings(
    max_document_bytes=MIB,
    max_line_bytes=MIB,
    max_feed_bytes=4 * MIB,
    max_unpacked_bytes=64 * MIB,
    max_archive_members=1_000,
    pdf_seconds=3.0,
)
FIRST, LAST = "First good neighbour: two men were killed.", "Last good neighbour: three men were killed."
TOKENS = (
    b"\x00",
    b"\xff",
    b"\xfe\xff",
    b"\xff\xfe\x00\x00",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\\ud800",
    b"\r",
    b"\n\n",
    b'"',
    b"'",
    b"\\",
    b"{",
    b"[",
    b"]",
    b"}",
    b"<",
    b">",
    b"</",
    b"<script>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"&#x110000;",
    b"&a;",
    b"%s",
    b"../",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"PAR1",
    b"%PDF-1.4",
    b"WARC/1.0\r\n",
    b"Content-Length: 999999999\r\n",
    b"endstream",
    b"0 R",
    b"1e999",
    b"NaN",
    b"-1",
    b"4294967296",
    "\u202e".encode(),
    "１２".encode(),
    b"a" * 5_000,
    b"[" * 2_000,
    b"<div>" * 1_000,
)


def _parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(pa.table({"id": ["a", "b"], "text": [STORY, FIRST], "url": ["https://news.example/a", None]}), sink)
    return sink.getvalue()


def _zstd(data: bytes) -> bytes:
    import pyarrow as pa

    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


def seeds() -> dict[str, bytes]:
    """A good file of every kind, by name."""
    html = "Content-Type: text/html; charset=utf-8"
    warc = make_warc(
        ("https://news.example/1", html, PAGE.encode()), ("https://news.example/2", html, PAGE.encode() + b" ")
    )
    members = {"a.txt": STORY.encode(), "b/b.html": PAGE.encode(), "c.jsonl": jsonl("One died.", "Two died.")}
    record = json.dumps(
        [{"id": "a", "url": "https://news.example/a", "title": "T", "text": STORY}, {"id": "b", "text": FIRST}]
    )
    return {
        "n.txt": STORY.encode(),
        "n.html": PAGE.encode(),
        "n.json": record.encode(),
        "n.jsonl": jsonl(STORY, FIRST, LAST),
        "n.csv": f'id,text\n1,"{FIRST}"\n2,Two died.\n'.encode(),
        "n.tsv": f"id\ttext\n1\t{FIRST}\n".encode(),
        "n.parquet": _parquet(),
        "n.rss": RSS.encode(),
        "n.atom": ATOM.encode(),
        "n.warc": warc,
        "n.warc.gz": gzip.compress(warc),
        "n.pdf": make_pdf([[STORY[:90], "Two more were hurt."], ["The end."]]),
        "plain.pdf": make_pdf([[STORY[:90], "Two more were hurt."]], packed=False),
        "n.zip": make_zip(members),
        "n.tar": make_tar(members, mode="w"),
        "n.tar.gz": make_tar(members),
        "n.txt.gz": gzip.compress(STORY.encode()),
        "n.txt.bz2": bz2.compress(STORY.encode()),
        "n.txt.xz": lzma.compress(STORY.encode()),
        "n.jsonl.zst": _zstd(jsonl(STORY, FIRST)),
        "n": PAGE.encode(),
    }


def mutate(data: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """The data with one to eight changes: bytes flipped, pieces cut, doubled, moved, spliced, or hostile ones put in."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 5, 8))):
        at = rng.randrange(len(out) + 1)
        end = min(len(out), at + rng.choice((1, 2, 4, 16, 100, 1000)))
        what = rng.randrange(8)
        if what == 0 and at < len(out):
            out[at] ^= 1 << rng.randrange(8)
        elif what == 1 and at < len(out):
            out[at] = rng.randrange(256)
        elif what == 2:
            del out[at:end]
        elif what == 3:
            out[at:at] = out[at:end] * rng.choice((1, 2, 30))
        elif what == 4:
            out[at:at] = rng.choice(TOKENS)
        elif what == 5:
            del out[at:]
        elif what == 6:
            other = rng.choice(others)
            start = rng.randrange(len(other) + 1)
            out[at:at] = other[start : start + rng.choice((4, 40, 400))]
        else:
            out[at:end] = bytes(rng.randrange(256) for _ in range(end - at if end - at < 64 else 8))
    return bytes(out[: 2 * MIB])


@dataclass
class Tally:
    """What became of the inputs."""

    inputs: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    cleaned: int = 0
    crashes: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    @property
    def is_good(self) -> bool:
        """Nothing crashed, hung or was lost."""
        return not self.crashes and not self.lost and self.slowest[0] < SLOW


class _HungError(Exception):
    pass


def _with_neighbours(kind: str, bad: bytes) -> tuple[str, bytes, tuple[str, ...]]:
    """A container with the mutated piece between good ones, and those that no reader may lose."""
    if kind == "lines":
        return "n.jsonl", jsonl(FIRST) + bad + b"\n" + jsonl(LAST), (FIRST, LAST)
    if kind == "rows":
        return "n.csv", f'id,text\n1,"{FIRST}"\n'.encode() + bad, (FIRST,)
    if kind == "zip":
        return (
            "n.zip",
            make_zip({"a.txt": FIRST.encode(), "m.html": bad, "m.pdf": bad, "m.zip": bad, "z.txt": LAST.encode()}),
            (FIRST, LAST),
        )
    if kind == "tar":
        return (
            "n.tar",
            make_tar(
                {"a.txt": FIRST.encode(), "m.xml": bad, "m.warc": bad, "m.gz": bad, "z.txt": LAST.encode()}, mode="w"
            ),
            (FIRST, LAST),
        )
    return (
        "n.warc",
        make_warc(
            ("https://x.example/1", "Content-Type: text/plain", FIRST.encode()),
            ("https://x.example/2", "Content-Type: text/html", bad),
            ("https://x.example/3", "Content-Type: text/plain", LAST.encode()),
        ),
        (FIRST, LAST),
    )


def cases(rng: random.Random) -> Iterator[tuple[str, bytes, tuple[str, ...]]]:
    """Endless mutated inputs: (name, bytes, texts that must come through)."""
    good = seeds()
    pool = list(good.values())
    while True:
        for name, data in good.items():
            bad = mutate(data, pool, rng)
            if rng.random() < 0.7:
                yield name, bad, ()
                continue
            if b"\n" in bad and name.endswith(("jsonl", "csv")):
                bad = bad.replace(b"\n", b" ")
            yield _with_neighbours(rng.choice(("lines", "rows", "zip", "tar", "warc")), bad)


def run(inputs: int, seed: int, *, clean_share: float = 0.2) -> Tally:
    """Reads so many mutated inputs; documents and rejections must fit their tables."""
    rng, tally = random.Random(seed), Tally()
    held: list[dict[str, object]] = []
    rejected: list[dict[str, object]] = []
    articles: list[dict[str, object]] = []
    signal.signal(signal.SIGALRM, _hung)
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, data, wanted) in enumerate(cases(rng)):
            if number >= inputs:
                break
            started = time.process_time()  # another process that takes the core is no hang of ours
            signal.alarm(HANGS_AFTER)
            try:
                found = list(
                    read_source(Source(f"fuzz/{number}/{name}", name, partial(io.BytesIO, data), len(data)), SETTINGS)
                )
                texts = [item for item in found if isinstance(item, Document)]
                for item in found:
                    (held if isinstance(item, Document) else rejected).append(
                        item.row(NOW) if isinstance(item, Document) else item.row("r")
                    )
                    if not isinstance(item, Document):
                        tally.rejected[item.check] += 1
                if rng.random() < clean_share:
                    for item in texts[:3]:
                        articles.append({"duplicate_of": None} | clean_document(item.row(NOW)))
                        tally.cleaned += 1
                tally.documents += len(texts)
                if not found:
                    tally.lost.append(f"{number} {name}: neither a document nor a reason")
                for text in wanted:
                    if not any(item.content.decode("utf-8", "replace").strip() == text for item in texts):
                        tally.lost.append(f"{number} {name}: {text[:12]}")
                if len(held) > 300 or len(articles) > 300:
                    _write(Path(folder), held, rejected, articles)
            except BaseException:
                if isinstance(sys.exception() if hasattr(sys, "exception") else None, KeyboardInterrupt):
                    raise
                tally.crashes.append(f"{number} {name}: {traceback.format_exc(limit=-3)}")
                held, rejected, articles = [], [], []
            finally:
                signal.alarm(0)
            tally.inputs[name] += 1
            took = time.process_time() - started
            tally.slowest = max(tally.slowest, (took, f"{number} {name}"))
        _write(Path(folder), held, rejected, articles)
    return tally


def _write(
    folder: Path, held: list[dict[str, object]], rejected: list[dict[str, object]], articles: list[dict[str, object]]
) -> None:
    """Writes the rows as the stages do: what cannot be written is a crash."""
    write_part(folder / "d.parquet", DOCUMENTS, held)
    write_part(folder / "q.parquet", QUARANTINE, rejected)
    write_part(folder / "a.parquet", ARTICLES, articles)
    held.clear()
    rejected.clear()
    articles.clear()


def _hung(*_: object) -> None:
    raise _HungError(f"more than {HANGS_AFTER} s for one input")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clean", type=float, default=0.2, help="share of the inputs that are cleaned, too")
    options = parser.parse_args()
    started = time.perf_counter()
    tally = run(options.inputs, options.seed, clean_share=options.clean)
    print(f"{tally.inputs.total():,} inputs over {len(tally.inputs)} names in {time.perf_counter() - started:.0f} s")
    print(f"{tally.documents:,} documents, {tally.rejected.total():,} held back, {tally.cleaned:,} cleaned")
    print("held back:", ", ".join(f"{check} {number:,}" for check, number in tally.rejected.most_common()))
    print(f"slowest: {tally.slowest[0]:.2f} s ({tally.slowest[1]})")
    print(f"crashes: {len(tally.crashes)}; neighbours lost: {len(tally.lost)}")
    for line in (*tally.crashes[:10], *tally.lost[:10]):
        print(line)
    sys.exit(0 if tally.is_good else 1)


if __name__ == "__main__":
    main()
