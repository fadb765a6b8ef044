"""What a user can set about reading sources: field names and limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from expectations.errors import SettingsError

MIB: Final = 1024 * 1024
_POSITIVE: Final = (
    "max_document_bytes",
    "max_line_bytes",
    "max_feed_bytes",
    "max_pdf_pages",
    "max_unpacked_bytes",
    "max_unpack_ratio",
    "max_archive_members",
    "max_archive_depth",
    "batch_documents",
    "batch_bytes",
)
FIELDS: Final = ("id", "url", "title", "text", "html", "published_on", "publisher", "author")


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """How sources are read.

    Attributes:
        mapping: Our field name to the name that the records use, such as `{"text": "body", "published_on": "meta.date"}`;
            a dot steps into a nested object. Fields that are not named here go by their own name.
        max_document_bytes: A document larger than this is held back.
        max_line_bytes: A line (of JSON Lines or CSV) or a record (of JSON) larger than this is held back, unread.
        max_feed_bytes: A feed saved to disk, or a PDF, that is larger than this is held back: it is read as a whole.
        max_pdf_pages: A PDF of more pages is held back.
        pdf_seconds: A PDF that takes longer to read is held back.
        max_unpacked_bytes: What an archive, or one compressed stream, may unpack to, all members together.
        max_unpack_ratio: How many times its packed size a stream may unpack to, once it is over 32 MiB.
        max_archive_members: Files in an archive, those of archives within it included.
        max_archive_depth: Layers of packing within each other (`x.tar.gz` has two).
        batch_documents: Documents in one part file, at most.
        batch_bytes: Content in one part file, at most (about): keeps memory bounded whatever the documents' size.
    """

    mapping: dict[str, str] = field(default_factory=dict)
    max_document_bytes: int = 10 * MIB
    max_line_bytes: int = 16 * MIB
    max_feed_bytes: int = 64 * MIB
    max_pdf_pages: int = 1_000
    pdf_seconds: float = 30.0
    max_unpacked_bytes: int = 16 * 1024 * MIB
    max_unpack_ratio: int = 300
    max_archive_members: int = 200_000
    max_archive_depth: int = 4
    batch_documents: int = 500
    batch_bytes: int = 64 * MIB

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.mapping) - set(FIELDS)):
            raise SettingsError(f"mapping: no such field: {', '.join(unknown)}. Fields are {', '.join(FIELDS)}.")
        for name in _POSITIVE:
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} must be 1 or more, not {getattr(self, name)}.")
        if self.batch_documents > 500:
            raise SettingsError(f"batch_documents must be 500 or fewer, not {self.batch_documents}.")
