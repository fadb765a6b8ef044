"""Lets Great Expectations judge a data frame, and turns its answer into positions of failing rows.

Its answers have traps, each met here: an expectation that crashed is told from one that failed, results are matched by name
since their order is not the suite's, and rows are numbered from 0 before it sees them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from expectations.check import Check
from expectations.errors import TableError

if TYPE_CHECKING:
    import pandas as pd


class Judge:
    """One Great Expectations context, kept in memory; not for use from several threads."""

    def __init__(self) -> None:
        os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
        self._asset = self._context.data_sources.add_pandas("tables").add_dataframe_asset("rows")
        self._whole = self._asset.add_batch_definition_whole_dataframe("whole")

    def failing_rows(self, name: str, frame: pd.DataFrame, checks: Sequence[Check]) -> dict[str, list[int]]:
        """Positions (from 0) of the rows that fail, by check; checks that pass are left out.

        Raises:
            TableError: A check could not be carried out at all.
        """
        if frame.empty or not checks:
            return {}
        frame = frame.reset_index(drop=True)
        failed = self._results(name, frame, checks, "BOOLEAN_ONLY")
        again = [check for check in checks if not failed[check.name].success]
        if not again:
            return {}
        rows: dict[str, list[int]] = {}
        for check_name, result in self._results(name, frame, again, "COMPLETE").items():
            positions = result.result.get("unexpected_index_list")
            if _crashed(result.exception_info) or not positions:
                raise TableError(
                    f"{name}: check {check_name!r} could not be carried out ({_why(result.exception_info)}). "
                    "This is a bug, or the versions of pandas and Great Expectations do not go together; nothing is published."
                )
            rows[check_name] = sorted(int(position) for position in positions)
        return rows

    def _results(self, name: str, frame: pd.DataFrame, checks: Sequence[Check], detail: str) -> dict[str, Any]:
        from expectations.suites import suite_of

        batch = self._whole.get_batch({"dataframe": frame})
        answer = batch.validate(suite_of(name, checks), result_format={"result_format": detail})
        results = {r.expectation_config.meta["check"]: r for r in answer.results if r.expectation_config}
        if missing := sorted({c.name for c in checks} - set(results)):
            raise TableError(f"{name}: Great Expectations gave no answer for {missing}. Nothing is published.")
        return results


def _crashed(info: dict[str, Any] | None) -> bool:
    if not info:
        return False
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    # Keyed by metric where a metric, and not the expectation, failed.
    return any(entry.get("raised_exception") for entry in info.values() if isinstance(entry, dict))


def _why(info: dict[str, Any] | None) -> str:
    entries = [info or {}, *(entry for entry in (info or {}).values() if isinstance(entry, dict))]
    reasons = [str(e["exception_message"]).splitlines()[0] for e in entries if e.get("exception_message")]
    return reasons[0] if reasons else "no reason given"
