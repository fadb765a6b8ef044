"""A real HTTP server on loopback that answers in every way that servers of the world do, the bad ones included."""

from __future__ import annotations

import gzip
import http.server
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.makers import PAGE, RSS, make_warc

Answer = Callable[["Handler"], None]


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers by path; every request is kept in `server.seen`."""

    protocol_version = "HTTP/1.1"
    server: Server  # type: ignore[assignment]

    def do_GET(self) -> None:
        """Look the path up and answer."""
        path = self.path.split("?")[0]
        self.server.seen.append((path, dict(self.headers.items())))
        self.server.counts[path] += 1
        answer = self.server.answers.get(path)
        if answer is None:
            self.send(404, b"not here")
        else:
            answer(self)

    def send(self, status: int, body: bytes = b"", **headers: str) -> None:
        """One whole answer."""
        self.send_response(status)
        for name, value in ({"Content_Type": "text/html; charset=utf-8"} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def raw(self, *pieces: bytes, pause: float = 0.0) -> None:
        """Bytes as they are, with a pause between the pieces; then the connection ends."""
        try:
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Silence."""


class Server(http.server.ThreadingHTTPServer):
    """The server with its answers."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.answers: dict[str, Answer] = dict(ANSWERS)
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.counts: Counter[str] = Counter()

    @property
    def root(self) -> str:
        """Its address."""
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """Silence: clients hang up on us as they should."""


def _page(body: bytes = PAGE.encode(), status: int = 200, **headers: str) -> Answer:
    return lambda handler: handler.send(status, body, **headers)


def _redirect(target: str, status: int = 302) -> Answer:
    return lambda handler: handler.send(status, b"", Location=target)


def _conditional(handler: Handler) -> None:
    if handler.headers.get("If-None-Match") == '"v1"':
        handler.send(304)
    else:
        handler.send(200, PAGE.encode(), ETag='"v1"', Last_Modified="Tue, 02 Mar 2021 10:00:00 GMT")


def _after_failures(number: int, status: int, **headers: str) -> Answer:
    def answer(handler: Handler) -> None:
        if handler.server.counts[handler.path] <= number:
            handler.send(status, b"", **headers)
        else:
            handler.send(200, PAGE.encode())

    return answer


def _rss(handler: Handler) -> None:
    body = RSS.replace("https://news.example", handler.server.root).encode()
    if handler.headers.get("If-None-Match") == '"feed"':
        handler.send(304)
    else:
        handler.send(200, body, Content_Type="application/rss+xml", ETag='"feed"')


def _sitemap(*paths: str, index: bool = False) -> Answer:
    def answer(handler: Handler) -> None:
        outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
        rows = "".join(f"<{inner}><loc>{handler.server.root}{path}</loc></{inner}>" for path in paths)
        handler.send(200, f"<{outer}>{rows}</{outer}>".encode(), Content_Type="text/xml")

    return answer


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_LONG = _HEAD + b"Content-Length: 100000\r\n\r\n"
ANSWERS: dict[str, Answer] = {
    "/a": _page(),
    "/b": _page(PAGE.replace("Four", "Six").encode()),
    "/feed.xml": _rss,
    "/conditional": _conditional,
    "/slow-body": lambda h: h.raw(_LONG, *[b"x"] * 200, pause=0.1),
    "/slow-headers": lambda h: h.raw(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 200, pause=0.1),
    "/hang": lambda h: h.raw(b"", pause=30),
    "/hang-in-body": lambda h: h.raw(_LONG, b"<p>", b"", pause=30),
    "/truncated": lambda h: h.raw(_LONG, b"<html><p>Four people were"),
    "/truncated-chunks": lambda h: h.raw(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"64\r\n<html>"),
    "/truncated-gzip": _page(gzip.compress(PAGE.encode())[:-30], Content_Encoding="gzip"),
    "/nothing": lambda h: h.raw(),
    "/garbage": lambda h: h.raw(b"\x16\x03\x01garbage that is no HTTP\r\n\r\n"),
    "/endless-headers": lambda h: h.raw(b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 400_000),
    "/429": _after_failures(1, 429, Retry_After="1"),
    "/429-long": _after_failures(99, 429, Retry_After="3600"),
    "/429-date": _after_failures(99, 429, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT"),
    "/500": _after_failures(99, 500),
    "/500-once": _after_failures(1, 500),
    "/503-twice": _after_failures(2, 503),
    "/404": _page(b"gone", 404),
    "/410": _page(b"gone", 410),
    "/204": _page(b"", 204),
    "/loop": _redirect("/loop-back"),
    "/loop-back": _redirect("/loop"),
    "/moved": _redirect("/a", 301),
    "/to-file": _redirect("file:///etc/passwd"),
    "/to-nowhere": lambda h: h.send(302),
    "/to-private": _redirect("http://169.254.169.254/latest/meta-data/"),
    "/to-localhost": _redirect("http://localhost:1/"),
    "/type-image": _page(Content_Type="image/png"),
    "/type-none": lambda h: h.raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PAGE), PAGE.encode()),
    "/image-as-html": _page(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
    "/feed-is-page": _page(),
    "/charset-wrong": _page(PAGE.replace("doctor", "médecin").encode(), Content_Type="text/html; charset=iso-8859-1"),
    "/charset-right": _page(
        PAGE.replace("doctor", "médecin").encode("latin-1"), Content_Type="text/html; charset=iso-8859-1"
    ),
    "/charset-unknown": _page(Content_Type="text/html; charset=no-such-thing"),
    "/bomb": _page(gzip.compress(b"a" * 200_000_000, 9), Content_Encoding="gzip"),
    "/bomb-in-bomb": _page(gzip.compress(gzip.compress(b"a" * 50_000_000, 9)), Content_Encoding="gzip, gzip"),
    "/brotli": _page(b"\x8b\x02\x80abc\x03", Content_Encoding="br"),
    "/broken-gzip": _page(b"\x1f\x8b\x08junkjunk", Content_Encoding="gzip"),
    "/deflate-raw": _page(__import__("zlib").compress(PAGE.encode())[2:-4], Content_Encoding="deflate"),
    "/huge": lambda h: h.raw(_HEAD + b"Content-Length: 99999999999\r\n\r\n", b"x"),
    "/huge-unsaid": lambda h: h.raw(_HEAD + b"\r\n", *[b"x" * 1_000_000] * 30),
    "/empty": _page(b""),
    "/sitemap.xml": _sitemap("/a", "/b", "/a?utm_source=x"),
    "/index.xml": _sitemap("/sitemap.xml", "/404", index=True),
    "/self-index.xml": _sitemap("/self-index.xml", index=True),
    "/news.warc.gz": _page(
        make_warc(("https://news.example/w", "Content-Type: text/html", PAGE.encode()), packed=True),
        Content_Type="application/octet-stream",
    ),
    "/bomb.xml": _page(
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>'
    ),
}


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server for the length of a test; with `tls` it speaks https."""
    server = Server(tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
