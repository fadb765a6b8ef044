"""What a stage reports of itself: small, typed, and with every row accounted for."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from expectations.errors import TableError


@dataclass(frozen=True, slots=True)
class StageSummary:
    """Counts of one stage.

    Attributes:
        stage: Stage name.
        rows_in: Rows (ingest: inputs and records) that came in.
        rows_out: Rows that went on to the next stage.
        quarantined: Rows held back with a recorded reason.
        duplicates: Rows that were the same document as another, recorded as such.
        seconds: Wall time; not part of any table.
        details: Further counts by name, for people ("mentions": 7).
        messages: What a person should read, one line each.
    """

    stage: str
    rows_in: int
    rows_out: int
    quarantined: int = 0
    duplicates: int = 0
    seconds: float = 0.0
    details: dict[str, int] = field(default_factory=dict)
    messages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.rows_in != self.rows_out + self.quarantined + self.duplicates:
            raise TableError(
                f"{self.stage}: {self.rows_in} rows came in, but {self.rows_out} went out, {self.quarantined} were "
                f"quarantined and {self.duplicates} were duplicates: rows were lost. This is a bug; nothing is published."
            )

    def as_dict(self) -> dict[str, object]:
        """A plain dict for JSON."""
        return asdict(self)
