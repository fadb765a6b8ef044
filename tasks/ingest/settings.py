"""What a user can set about reading sources: field names and limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from expectations.errors import SettingsError

MIB: Final = 1024 * 1024
FIELDS: Final = ("id", "url", "title", "text", "html", "published_on", "publisher", "author")


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """How sources are read.

    Attributes:
        mapping: Our field name to the name that the records use, such as `{"text": "body", "published_on": "meta.date"}`;
            a dot steps into a nested object. Fields that are not named here go by their own name.
        max_document_bytes: A document larger than this is held back.
        max_line_bytes: A line (of JSON Lines or CSV) or a record (of JSON) larger than this is held back, unread.
        batch_documents: Documents in one part file, at most.
        batch_bytes: Content in one part file, at most (about): keeps memory bounded whatever the documents' size.
    """

    mapping: dict[str, str] = field(default_factory=dict)
    max_document_bytes: int = 10 * MIB
    max_line_bytes: int = 16 * MIB
    batch_documents: int = 500
    batch_bytes: int = 64 * MIB

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.mapping) - set(FIELDS)):
            raise SettingsError(f"mapping: no such field: {', '.join(unknown)}. Fields are {', '.join(FIELDS)}.")
        for name in ("max_document_bytes", "max_line_bytes", "batch_documents", "batch_bytes"):
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} must be 1 or more, not {getattr(self, name)}.")
        if self.batch_documents > 500:
            raise SettingsError(f"batch_documents must be 500 or fewer, not {self.batch_documents}.")
