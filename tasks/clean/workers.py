"""What a worker of clean does: some documents to their articles' rows, with what comparing them needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from expectations.tables import ARTICLES
from tasks.clean.article import clean_document
from tasks.clean.duplicates import signature

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

CHUNK: Final = 25
# Fewer documents than this are done before another process has started.
WORTH_A_PROCESS: Final = 300
Row = dict[str, Any]

# What is kept of each document: its article, or why it gave none, and what comparing it with others needs.
KEPT: Final = pa.schema(
    [
        pa.field("document_id", pa.string()),
        pa.field("record", pa.int64()),
        pa.field("place", pa.string()),
        pa.field("fetched_at", pa.timestamp("us", tz="UTC")),
        pa.field("size", pa.int64()),
        pa.field("signature", pa.binary()),
        pa.field("failure", pa.string()),
        pa.field("held", pa.string()),  # of a document that gave no article: what quarantine says of it
        *(pa.field(column.name, column.type) for column in ARTICLES.columns),
    ]
)


def clean_chunk(chunk: tuple[Path, list[Row]]) -> tuple[Path, pa.Table]:
    """The name of a part and some of its documents to that name and a row of `KEPT` for each."""
    part, documents = chunk
    return part, pa.Table.from_pylist([_kept(document, *_clean(document)) for document in documents], KEPT)


def _clean(document: Row) -> tuple[Row | str, npt.NDArray[np.uint32] | None]:
    try:
        row = clean_document(document)
        return row, signature(str(row["text"]))
    except Exception as error:  # whatever a document holds must not stop its neighbours
        return f"{type(error).__name__}: {error}"[:300].encode("utf-8", "replace").decode(), None


def _kept(document: Row, row: Row | str, sketch: npt.NDArray[np.uint32] | None) -> Row:
    """A document's row of `KEPT`, from its article's row, or from what went wrong."""
    kept = {
        "document_id": document["document_id"],
        "record": document["record"],
        "place": f"{document['source_uri']}#{document['record']}",
        "fetched_at": document["fetched_at"],
        "size": len(document["content"]),
    }
    if isinstance(row, str):
        held = {name: document[name] for name in ("document_id", "source_id", "url", "title", "content_hash")}
        whole = json.dumps(held | {"size": kept["size"]}, ensure_ascii=False, sort_keys=True)
        return kept | {"failure": row, "held": whole}
    return kept | row | {"signature": None if sketch is None else sketch.tobytes()}
