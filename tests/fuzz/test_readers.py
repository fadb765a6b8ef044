"""A short run of the mutations; the long one is `python -m tests.fuzz.readers --inputs 100000`."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.feeds import FeedError, parse_feed
from tasks.web import redact, redact_text
from tests.fuzz.readers import run


def test_mutated_input_neither_crashes_nor_hangs_nor_loses_its_neighbours() -> None:
    tally = run(2_000, seed=20_260_102)
    assert tally.cleaned > 300
    assert tally.crashes == []
    assert tally.lost == []
    assert tally.is_good, tally.slowest


@settings(max_examples=150)
@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_any_text_is_a_feed_or_none(text: str) -> None:
    for form in (text, f"<rss><channel><item><title>{text}</title></item></channel></rss>"):
        with suppress(FeedError):
            parse_feed(form.encode("utf-8", "surrogatepass"))


@settings(max_examples=150)
@given(st.text(alphabet="abcdefgh01", min_size=6, max_size=12), st.text(max_size=30))
def test_no_secret_survives_redaction(secret: str, noise: str) -> None:
    for address in (f"https://u:{secret}@h.example/p?a=1", f"https://h.example/p?api_key={secret}&b=2"):
        assert secret not in redact(address) or secret in "https://h.example/p?api_key=***&b=2"
        assert f"={secret}" not in redact_text(f"{noise.replace('://', '')} {address} end")
