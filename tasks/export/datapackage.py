"""The Frictionless descriptor beside an export: `datapackage.json`, one resource a file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from expectations.errors import SettingsError
from tasks.export.mapping import Mapping

NAME: Final = "datapackage.json"
_OURS: Final = "conflict-ledger-export"
_DESCRIPTION: Final = (
    "Incidents of armed conflict, read by a machine from news reports: what reports say, not ground truth. "
    "Counts are ranges; an empty value means that the text does not say. Event types follow ACLED's codebook; place names and country names come from GeoNames (CC BY 4.0)."
)


def require_own_package(folder: Path) -> dict[str, Any]:
    """The package of earlier exports in the folder, or a new one.

    Raises:
        SettingsError: The folder has a package that somebody else made.
    """
    path = folder / NAME
    fresh: dict[str, Any] = {
        "profile": "data-package",
        "name": _OURS,
        "title": "Conflict Ledger export",
        "description": _DESCRIPTION,
        "resources": [],
    }
    if not path.exists():
        return fresh
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or found.get("name") != _OURS:
        raise SettingsError(f"{path}: a data package that was not made here. Export to another folder.")
    return fresh | {"resources": found.get("resources", [])}


def write_package(
    package: dict[str, Any], output: Path, mapping: Mapping, dialect: dict[str, Any] | None, facts: dict[str, Any]
) -> Path:
    """Put the file into the package of its folder, in place of an older one of its name."""
    tabular = dialect is not None
    content = output.read_bytes()
    resource: dict[str, Any] = {
        "name": "".join(c if c.isalnum() else "-" for c in output.name.lower()).strip("-") or "export",
        "path": output.name,
        "title": mapping.title,
        "description": f"{mapping.standard}. {mapping.url}",
        "format": output.suffix.lstrip(".").lower() or mapping.name,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "conflict_ledger": facts,
    }
    if tabular:
        resource |= {"profile": "tabular-data-resource", "encoding": "utf-8", "schema": _schema(mapping)}
        resource |= {"dialect": dialect} if dialect else {}
    others = [other for other in package["resources"] if other.get("path") != output.name]
    package = package | {"resources": sorted([*others, resource], key=lambda r: str(r["name"]))}
    path = output.parent / NAME
    path.write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _schema(mapping: Mapping) -> dict[str, Any]:
    fields = [{"name": f.name, "type": f.type, "description": f.meaning} for f in mapping.fields]
    for descriptor, field in zip(fields, mapping.fields, strict=True):
        if field.tag:
            descriptor["hxl"] = field.tag
    return {"fields": fields, "primaryKey": mapping.fields[0].name, "missingValues": [""]}
