"""The parameters of a run, once: the command line fills them in, and Prefect shows them as a form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

DEFAULT_OUTPUT = Path("data/ledger")
FIELDS = ("id", "url", "title", "text", "html", "published_on", "publisher", "author")
LIMITS = (
    "max_document_bytes",
    "max_line_bytes",
    "max_feed_bytes",
    "max_pdf_pages",
    "pdf_seconds",
    "max_unpacked_bytes",
    "max_unpack_ratio",
    "max_archive_members",
    "max_archive_depth",
)
TIMED_STAGES = ("fetch", "ingest", "clean", "extract", "resolve", "publish", "validate")
_Positive = Annotated[float, Field(gt=0)]


def _only(names: Sequence[str]) -> dict[str, Any]:
    """What lets Prefect's form refuse other names at once, rather than the run when it starts."""
    return {"propertyNames": {"enum": list(names)}}


class RunParameters(BaseModel):
    """What a run reads, where it writes and how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    inputs: list[str] = Field(
        default_factory=list,
        description="Files, folders (with all that is in them) and addresses such as s3://bucket/folder to read: text, HTML, JSON, "
        "CSV, Parquet, feeds, WARC, PDF, and archives of these.",
        examples=[["seeds"]],
    )
    sources: Path | None = Field(
        default=None,
        description="A sources.toml: feeds, sitemaps, pages and folders, of which what is new is fetched first.",
    )
    due: bool = Field(
        default=False,
        description="Ask only those sources whose schedule has fired since they last gave an answer, and those without a schedule. "
        "What an earlier run missed is done by the next.",
    )
    output: Path = Field(
        default=DEFAULT_OUTPUT,
        description="Folder of the ledger. What is new or changed in the inputs is added to it; its tables change all at once, and the states before are kept.",
    )
    workers: int | None = Field(
        default=None,
        ge=1,
        description="Processes that clean, read and join at a time; empty: one a core. The tables do not depend on it.",
    )
    dask_address: str | None = Field(
        default=None,
        description="Where a Dask cluster's scheduler is (tcp://host:8786), whose workers clean and read instead; local: a Dask "
        "cluster of as many processes as `workers` says, on this machine. The tables do not depend on it.",
    )
    model: str | None = Field(
        default=None,
        description="Name or path of the English spaCy pipeline; empty: en_core_web_sm, or the copy of it that is installed along.",
    )
    mapping: dict[str, str] = Field(
        default_factory=dict,
        description=f"Names of fields in the input records where they are not the usual ones, such as title: headline. Fields: {', '.join(FIELDS)}.",
        json_schema_extra=_only(FIELDS),
    )
    limits: dict[str, _Positive] = Field(
        default_factory=dict,
        description=f"Limits of reading where the usual ones do not fit, such as max_document_bytes: 50000000. Limits: {', '.join(LIMITS)}.",
        json_schema_extra=_only(LIMITS),
    )
    wait: bool = Field(
        default=False,
        description="Wait for a run that is writing the same ledger, instead of failing.",
    )
    again: bool = Field(
        default=False,
        description="Do all the work even where the published state already comes from the same input and the same rules.",
    )
    afresh: bool = Field(
        default=False,
        description="Leave out what earlier runs brought into the ledger: the new state is that of these inputs alone.",
    )
    corrections: Path | None = Field(
        default=None,
        description="Corrections (CSV) to apply besides those in corrections.csv in the output folder.",
    )
    keep_states: int = Field(
        default=5,
        ge=1,
        description="How many published states to keep, the newest included.",
    )
    stage_minutes: dict[str, _Positive] = Field(
        default_factory=dict,
        description="Minutes after which a stage of a flow run is given up and the run fails, such as extract: 720. Stages: "
        f"{', '.join(TIMED_STAGES)}.",
        json_schema_extra=_only(TIMED_STAGES),
    )

    def corrections_files(self) -> tuple[Path, ...]:
        """The files of corrections, in the order in which they are applied; the first need not be there."""
        own = self.output / "corrections.csv"
        return (own,) if self.corrections is None else (own, self.corrections)

    def relative_paths(self) -> list[str]:
        """The paths among the parameters that say where something is only to whoever knows the folder that a run starts in."""
        paths = [name for name in self.inputs if "://" not in name]
        paths += [str(path) for path in (self.sources, self.output, self.corrections) if path is not None]
        return [path for path in paths if not Path(path).is_absolute()]

    @field_validator("mapping")
    @classmethod
    def _known_fields(cls, mapping: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(mapping) - set(FIELDS)):
            raise ValueError(f"no such field: {', '.join(unknown)}; fields are {', '.join(FIELDS)}")
        return mapping

    @field_validator("limits")
    @classmethod
    def _known_limits(cls, limits: dict[str, float]) -> dict[str, float]:
        if unknown := sorted(set(limits) - set(LIMITS)):
            raise ValueError(f"no such limit: {', '.join(unknown)}; limits are {', '.join(LIMITS)}")
        return limits

    @field_validator("stage_minutes")
    @classmethod
    def _known_stages(cls, minutes: dict[str, float]) -> dict[str, float]:
        if unknown := sorted(set(minutes) - set(TIMED_STAGES)):
            raise ValueError(f"no such stage: {', '.join(unknown)}; stages are {', '.join(TIMED_STAGES)}")
        return minutes

    @model_validator(mode="after")
    def _something_to_read(self) -> RunParameters:
        if not self.inputs and self.sources is None:
            raise ValueError("nothing to read: name files or folders, or a sources.toml")
        return self
