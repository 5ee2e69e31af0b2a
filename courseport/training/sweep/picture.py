"""The picture of a sweep: J on the training and the validation set against lambda, one colour an architecture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from courseport.plots import new_axes
from courseport.training.sweep.trials import Trial

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_sweep(trials: Sequence[Trial], axes: Axes | None = None) -> Axes:
    """Draw J without penalty against lambda: validation set solid, training set dashed, the best trial ringed.

    Parameters
    ----------
    trials : sequence of Trial
        As `sweep` returns them.
    axes : Axes, optional
        Where to draw.
    """
    axes = axes or new_axes(7.2, 4.8)
    positive = [trial.lambda_ for trial in trials if trial.lambda_ > 0]
    if positive:
        axes.set_xscale("symlog", linthresh=min(positive))  # shows lambda = 0, too
    for number, sizes in enumerate(sorted({trial.layer_sizes for trial in trials})):
        line = sorted((trial for trial in trials if trial.layer_sizes == sizes), key=lambda trial: trial.lambda_)
        lambdas, colour = [trial.lambda_ for trial in line], f"C{number}"
        name = "-".join(map(str, sizes))
        axes.plot(lambdas, [trial.validation_cost for trial in line], "o-", color=colour, label=name)
        axes.plot(lambdas, [trial.training_cost for trial in line], ".--", color=colour, alpha=0.6)
    best = min(trials, key=lambda trial: trial.validation_cost)
    axes.plot([best.lambda_], [best.validation_cost], "o", ms=14, mfc="none", mec="black", label="best")
    ticks = np.unique([trial.lambda_ for trial in trials])
    if ticks.size <= 12:
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
    axes.set(xlabel="lambda", ylabel="J without penalty", title="Validation set (solid) and training set (dashed)")
    axes.grid(alpha=0.3)
    axes.legend()
    return axes
