"""Puts what a run on the seed prints into README.md: `make docs`."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"(<!-- output of make run -->\n```text\n)(.*?)(```)", re.S)


def printed_by_run(output: Path) -> str:
    """Standard output of `run seeds`, as if it had written to data/ledger."""
    command = [sys.executable, "-m", "flows", "run", "seeds", "--direct", "--output", str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return as_in_readme(done.stdout, output)


def as_in_readme(printed: str, output: Path) -> str:
    """The same text, with the usual folder and without blanks at the ends of lines."""
    lines = printed.replace(str(output), "data/ledger").strip("\n").splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def main() -> None:
    """Rewrite the block in README.md."""
    readme = ROOT / "README.md"
    with tempfile.TemporaryDirectory() as folder:
        printed = printed_by_run(Path(folder) / "ledger")
    text = readme.read_text(encoding="utf-8")
    readme.write_text(BLOCK.sub(lambda match: match[1] + printed + match[3], text), encoding="utf-8")


if __name__ == "__main__":
    main()
