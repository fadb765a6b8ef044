"""Results of a benchmark as a picture: where the time of an article goes by size of the corpus, and memory beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

STAGES = ("ingest", "clean", "extract", "resolve", "publish", "checks", "start and rest")
COLOURS = ("#8da0cb", "#66c2a5", "#4c72b0", "#dd8452", "#937860", "#c44e52", "#cccccc")


def milliseconds(run: dict[str, Any]) -> dict[str, float]:
    """Wall time an article, a stage."""
    spent = {name: run["stages"].get(name, 0.0) for name in STAGES[:-2]} | {"checks": run["checks"]}
    spent["start and rest"] = max(0.0, run["wall"] - sum(spent.values()))
    return {name: 1000 * seconds / run["articles"] for name, seconds in spent.items()}


def draw(found: dict[str, Any], path: Path) -> None:
    """Write the picture as SVG."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.hashsalt": "conflict-ledger", "font.size": 9, "font.family": "sans-serif"}
    from matplotlib import pyplot as plt

    runs = sorted((run for run in found["runs"] if run["name"] == "growth"), key=lambda run: run["articles"])
    names = [f"{run['articles']:,}" for run in runs]
    figure, (time, memory) = plt.subplots(1, 2, figsize=(9, 3.6), width_ratios=(2, 1), layout="constrained")
    bottom = [0.0] * len(runs)
    for stage, colour in zip(STAGES, COLOURS, strict=True):
        heights = [milliseconds(run)[stage] for run in runs]
        time.bar(names, heights, 0.6, bottom=bottom, color=colour, label=stage)
        bottom = [low + height for low, height in zip(bottom, heights, strict=True)]
    for number, height in enumerate(bottom):
        time.annotate(f"{height:.1f}", (number, height), ha="center", va="bottom")
    time.set(title="Time an article, two workers", xlabel="articles", ylabel="milliseconds (wall)")
    time.margins(y=0.12)
    handles, labels = time.get_legend_handles_labels()
    time.legend(handles[::-1], labels[::-1], frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    memory.bar(names, [run["peak_mb"] for run in runs], 0.6, color=COLOURS[2])
    for number, run in enumerate(runs):
        memory.annotate(f"{run['peak_mb']:,.0f}", (number, run["peak_mb"]), ha="center", va="bottom")
    memory.set(title="Most memory, all processes", xlabel="articles", ylabel="MB")
    memory.margins(y=0.12)
    for axes in (time, memory):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
