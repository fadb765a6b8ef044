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
        again = self._suspects(name, frame, checks)
        if not again:
            return {}
        rows: dict[str, list[int]] = {}
        for check_name, result in self._results(name, frame, again, "COMPLETE").items():
            if result.success:
                continue
            positions = result.result.get("unexpected_index_list")
            if _crashed(result.exception_info) or not positions:
                raise TableError(
                    f"{name}: check {check_name!r} could not be carried out ({_why(result.exception_info)}). "
                    "This is a bug, or the versions of pandas and Great Expectations do not go together; nothing is published."
                )
            rows[check_name] = sorted(int(position) for position in positions)
        return rows

    def _suspects(self, name: str, frame: pd.DataFrame, checks: Sequence[Check]) -> list[Check]:
        """The checks that may fail, found with few expectations, since each costs milliseconds however few the rows.

        All rules together are one expectation: that no row has any problem; all required columns are another: that no row
        lacks any. Only where such a group fails are its members asked one by one.
        """
        groups = {kind: [check for check in checks if check.kind == kind] for kind in ("rule", "present")}
        quick = [check for check in checks if check.kind not in groups]
        extra: dict[str, pd.Series[float]] = {}
        for kind, members in groups.items():
            if len(members) < 2:
                quick += members
                continue
            empty = frame[[check.target for check in members]].isna()
            wrong = empty.any(axis=1) if kind == "present" else ~empty.all(axis=1)
            group = Check(
                f"any_{kind}", members[0].table, "measure", "critical", (), f"Every {kind} holds.", (), maximum=0
            )
            extra[group.target] = wrong.astype(float)
            quick.append(group)
        answers = self._results(name, frame.assign(**extra), quick, "BOOLEAN_ONLY")
        failed = {check_name for check_name, result in answers.items() if not result.success}
        return [c for c in checks if c.name in failed or (f"any_{c.kind}" in failed and c in groups[c.kind])]

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
