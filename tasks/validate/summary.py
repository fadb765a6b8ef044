"""What the checks after one stage found: small, typed, and fit to be sent between processes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class ValidationSummary:
    """The outcome of the checks after one stage.

    Attributes:
        stage: The stage whose tables were checked.
        rows: Rows that stay, by table.
        held_back: Rows held back in quarantine, by table; rows that went with another row are included.
        checks: How many checks ran.
        failed: Critical checks that rows failed, as `table.check`.
        warnings: What is worth a look, one line each; never stops anything.
        messages: What a person should read, one line each.
        seconds: Wall time; not part of any table.
    """

    stage: str
    rows: dict[str, int] = field(default_factory=dict)
    held_back: dict[str, int] = field(default_factory=dict)
    checks: int = 0
    failed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def quarantined(self) -> int:
        """Rows held back, over all tables."""
        return sum(self.held_back.values())

    def as_dict(self) -> dict[str, object]:
        """A plain dict for JSON."""
        return asdict(self)
