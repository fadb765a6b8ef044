"""The id of an article."""

from __future__ import annotations

import hashlib

from tasks.addresses import canonical_url

__all__ = ["article_id", "canonical_url"]


def article_id(url: str | None, content_hash: str) -> str:
    """Hash of the canonical address (its scheme and a final slash aside), else of the document as received."""
    raw = url.split("://", 1)[1].rstrip("/") if url else content_hash
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:16]
