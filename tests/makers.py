"""Small files of every kind that the tests of reading need, made in memory."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
import zlib

STORY = (
    "Four people were killed when shells hit the market of Qara on Monday, the town's doctor said.\n\n"
    "Two more were hurt as they fled towards the river, he said."
)
PAGE = (
    "<!doctype html><html><head><title>Shells hit market</title></head><body><article><h1>Shells hit market</h1>"
    "<p>Four people were killed when shells hit the market of Qara on Monday, the town's doctor said.</p>"
    "<p>Two more were hurt as they fled towards the river, he said.</p></article></body></html>"
)
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Example Post</title><link>https://news.example/</link>
<item><title>Shells hit market</title><link>https://news.example/a?utm_source=rss</link><guid isPermaLink="false">a-1</guid>
<pubDate>Tue, 02 Mar 2021 10:00:00 GMT</pubDate><dc:creator>A. Writer</dc:creator><description>Short.</description>
<content:encoded><![CDATA[<p>Four people were killed in Qara on Monday.</p><p>Two were&nbsp;hurt.</p>]]></content:encoded></item>
<item><title>Mine kills two</title><link>https://news.example/b</link><pubDate>Wed, 03 Mar 2021 10:00:00 GMT</pubDate>
<description>Two soldiers were killed by a mine near the bridge.</description></item>
</channel></rss>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/"><title>Example Post</title>
<entry><title type="html">Mine &amp;amp; shells</title><id>tag:news.example,2021:1</id><link rel="self" href="/self"/>
<link href="stories/1"/><updated>2021-03-05T00:00:00Z</updated><published>2021-03-04T08:00:00Z</published>
<author><name>B. Writer</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>A mine killed one man.</p></div></content></entry>
</feed>"""


def jsonl(*texts: str) -> bytes:
    """JSON Lines with one record a text."""
    return "".join(json.dumps({"id": f"k{n}", "text": text}) + "\n" for n, text in enumerate(texts)).encode()


def make_zip(members: dict[str, bytes], **options: int) -> bytes:
    """A ZIP archive."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", compression=options.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2021, 3, 4, 0, 0, 0))
            info.compress_type = options.get("compression", zipfile.ZIP_DEFLATED)
            info.external_attr = options.get("mode", 0o100644) << 16
            archive.writestr(info, data)
    return sink.getvalue()


def make_tar(members: dict[str, bytes], links: dict[str, str] | None = None, mode: str = "w:gz") -> bytes:
    """A tar, compressed by default, with links after its files."""
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode=mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, target in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
    return sink.getvalue()


def make_warc(*pages: tuple[str, str, bytes], date: str = "2021-03-04T05:06:07Z", packed: bool = False) -> bytes:
    """A WARC of HTTP responses: (address, header lines after the status line, body)."""
    records = [_warc_record("warcinfo", None, b"software: test\r\n", date)]
    for url, headers, body in pages:
        status = "" if headers.startswith("HTTP/") else "HTTP/1.1 200 OK\r\n"
        records.append(_warc_record("request", url, b"GET / HTTP/1.1\r\n\r\n", date))
        records.append(_warc_record("response", url, (status + headers).encode() + b"\r\n\r\n" + body, date))
    return b"".join(gzip.compress(record, mtime=0) if packed else record for record in records)


def _warc_record(kind: str, url: str | None, block: bytes, date: str) -> bytes:
    types = {"warcinfo": "application/warc-fields", "request": "application/http; msgtype=request"}
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Date: {date}",
        f"WARC-Record-ID: <urn:uuid:{abs(hash((kind, url))):032x}>",
        f"Content-Type: {types.get(kind, 'application/http; msgtype=response')}",
        f"Content-Length: {len(block)}",
        *([f"WARC-Target-URI: {url}"] if url else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def make_pdf(pages: list[list[str]], packed: bool = True) -> bytes:
    """A PDF with the lines of each page as its text layer."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = " T* ".join("(" + line.replace("(", r"\(").replace(")", r"\)") + ") Tj" for line in lines)
        content = f"BT /F1 11 Tf 14 TL 50 780 Td {shown} ET".encode("cp1252")
        data = zlib.compress(content) if packed else content
        how = b" /Filter /FlateDecode" if packed else b""
        objects.append(b"<< /Length %d%s >>\nstream\n" % (len(data), how) + data + b"\nendstream")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [" + b" ".join(kids) + b"] /Count %d >>" % len(kids)
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
