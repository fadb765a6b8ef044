"""What one check is: plain data, from which a Great Expectations expectation and a line of the data dictionary are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from expectations.vocabulary import SEVERITIES, STAGES

Row = Mapping[str, Any]
Kind = Literal["present", "allowed", "range", "pattern", "order", "rule", "measure"]

PROBLEM: Final = "problem_of_"
"""Prefix of the derived column that holds, for a rule, what is wrong with each row (null: nothing)."""


class Lookup(Protocol):
    """What a rule may know beyond its row: the other tables of the run, by key."""

    def article(self, article_id: str) -> Row | None:
        """`title`, `standfirst`, `text`, `published_on` and `duplicate_of` of an article; None: there is none."""

    def mention(self, mention_id: str) -> Row | None:
        """`article_id` and `incident_id` of a mention; None: there is none."""

    def incident(self, incident_id: str) -> Row | None:
        """`mention_ids` of an incident; None: there is none."""

    def counted(self, mention_id: str) -> Mapping[str, int]:
        """Sum of the lower bounds of the figures that count in a mention, by outcome; empty: no figure counts in it."""


RowRule = Callable[[Row, Lookup], str | None]
"""Says what is wrong with a row, in words that a person can act on; None: nothing."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one table.

    Attributes:
        name: Name, unique within the table; column `check` of the checks table.
        table: Table it is about.
        kind: How it is made: from a column's own definition, from a `rule` on rows, or from a `measure` of the table.
        severity: `critical` holds a row back (or, for a measure, stops the run); `warning` is only recorded.
        columns: Columns concerned.
        description: What must hold, in plain words.
        stages: Stages after which it runs.
        values: Allowed values (kind allowed).
        minimum: Smallest value (kinds range and measure).
        maximum: Largest value.
        pattern: Regular expression (kind pattern).
        rule: Function of a row (kind rule).
        reads: For a rule about where a row points to in other parts: the columns that it looks at, the key first.
    """

    name: str
    table: str
    kind: Kind
    severity: str
    columns: tuple[str, ...]
    description: str
    stages: tuple[str, ...]
    values: tuple[str | int, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    rule: RowRule | None = None
    reads: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES or not set(self.stages) <= set(STAGES):
            raise ValueError(f"check {self.table}.{self.name}: unknown severity or stage")
        if (self.kind == "rule") != (self.rule is not None):
            raise ValueError(f"check {self.table}.{self.name}: a rule needs its function, and only a rule has one")

    @property
    def on_rows(self) -> bool:
        """Whether it is about single rows, and not about the table as a whole."""
        return self.kind != "measure"

    @property
    def target(self) -> str:
        """The column that Great Expectations looks at: the row's own, or a derived one."""
        return self.columns[0] if self.on_rows and self.rule is None else PROBLEM + self.name
