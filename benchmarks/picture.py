"""The measurements as one picture: ratios at the shapes, training, memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from benchmarks.peers import LIMIT, OURS, TITLES
from benchmarks.turns import ALL_CORES, ratios

COLOURS = dict(zip(TITLES, mpl.color_sequences["tab10"], strict=False)) | {OURS: "black", LIMIT: "darkgrey"}
MARKERS = dict(zip(TITLES, "s_oDv^P*", strict=True))


def draw(results: dict[str, Any], path: Path) -> None:
    """Draw the picture of `results` into the PNG file `path`."""
    figure, axes = plt.subplots(1, 3, figsize=(15, 5), layout="constrained")
    _draw_ratios([one for one in results["evaluations"] if one["mode"] == ALL_CORES], axes[0])
    _draw_training([one for one in results["training"] if one["mode"] == ALL_CORES], axes[1])
    _draw_memory(results["growth"], axes[2])
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _draw_ratios(found: list[dict[str, Any]], axes: Axes) -> None:
    """Draw a column of marks for each shape: how many times as long as ours each peer takes."""
    for name in TITLES:
        points = [(i, ratios(one["times"])[name]) for i, one in enumerate(found) if name in one["times"]]
        if points and name != OURS:
            axes.plot(
                *zip(*points, strict=True),
                MARKERS[name],
                color=COLOURS[name],
                label=TITLES[name],
                markersize=9,
                markeredgewidth=1.5,
            )
    axes.axhline(1.0, color=COLOURS[OURS], label=TITLES[OURS])
    axes.set(yscale="log", title="One J and gradient, all cores", ylabel="time / time of courseport")
    axes.set_xticks(range(len(found)), [one["shape"] for one in found])
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_yticks([0.5, 1, 2, 5, 10, 20, 50])
    axes.grid(axis="y", alpha=0.3)


def _draw_training(found: list[dict[str, Any]], axes: Axes) -> None:
    """Draw bars of seconds, one group for each number of iterations."""
    names = [name for name in TITLES if any(name in one["times"] for one in found)]
    width = 0.8 / len(names)
    for i, one in enumerate(found):
        for j, name in enumerate(names):
            if name in one["times"]:
                axes.bar(i + (j + 0.5) * width - 0.4, one["times"][name]["seconds"], width, color=COLOURS[name])
    axes.set(title="Training at A, all cores, nothing set", ylabel="seconds", yscale="log")
    axes.set_xticks(range(len(found)), [f"{one['iterations']} iterations" for one in found])
    axes.yaxis.set_major_formatter("{x:g}")
    axes.grid(axis="y", alpha=0.3)


def _draw_memory(found: list[dict[str, Any]], axes: Axes) -> None:
    """Draw the peak memory of one evaluation above the data, against the number of examples."""
    for name in TITLES:
        points = [(one["m"], one["peers"][name]["bytes"] / 2**20) for one in found if name in one["peers"]]
        if points:
            axes.plot(*zip(*points, strict=True), f"{MARKERS[name]}-", color=COLOURS[name])
    axes.set(xscale="log", yscale="log", title="Memory above the data", xlabel="examples of 400 numbers", ylabel="MiB")
    axes.yaxis.set_major_formatter("{x:,g}")
    axes.grid(alpha=0.3)
