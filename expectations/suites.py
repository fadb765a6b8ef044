"""Checks as Great Expectations expectations: one suite a table and stage. Great Expectations is imported only when asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from expectations.check import Check

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite


def expectation_of(check: Check) -> Any:  # noqa: ANN401  (Great Expectations carries no types)
    """The expectation that judges a check; its `meta` names the check.

    Rules and measures are judged on a derived column, `check.target`: a rule's holds what is wrong with a row or null, a
    measure's holds one number.
    """
    import great_expectations.expectations as expectations

    gxe: Any = expectations  # it re-exports its classes without saying so

    about: dict[str, Any] = {
        "meta": {"check": check.name},
        "severity": check.severity,
        "description": check.description,
    }
    match check.kind:
        case "present":
            return gxe.ExpectColumnValuesToNotBeNull(column=check.target, **about)
        case "allowed":
            return gxe.ExpectColumnValuesToBeInSet(column=check.target, value_set=list(check.values), **about)
        case "range" | "measure":
            return gxe.ExpectColumnValuesToBeBetween(
                column=check.target, min_value=check.minimum, max_value=check.maximum, **about
            )
        case "pattern":
            return gxe.ExpectColumnValuesToMatchRegex(column=check.target, regex=f"^(?:{check.pattern})", **about)
        case "order":
            low, high = check.columns
            return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=high, column_B=low, or_equal=True, ignore_row_if="either_value_is_missing", **about
            )
        case "rule":
            return gxe.ExpectColumnValuesToBeNull(column=check.target, **about)


def suite_of(name: str, checks: Iterable[Check]) -> ExpectationSuite:
    """The checks as one suite."""
    from great_expectations import ExpectationSuite

    return ExpectationSuite(name=name, expectations=[expectation_of(check) for check in checks])
