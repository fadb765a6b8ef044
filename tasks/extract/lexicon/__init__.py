"""Loads the data files that hold the language knowledge, each once, and hashes them for the run id."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """The TOML data file `<name>.toml` of this folder."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def digest() -> str:
    """SHA-256 over every data file here: part of a run's identity, so that a new word re-extracts what it must."""
    folder = files(__package__)
    sha = hashlib.sha256()
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_file() and not entry.name.endswith((".py", ".pyc")):
            sha.update(entry.name.encode())
            sha.update(entry.read_bytes())
    return sha.hexdigest()
