"""Choosing lambda and architecture on a validation set: many trainings side by side, one table, one picture."""

from __future__ import annotations

from courseport.training.sweep.picture import plot_sweep
from courseport.training.sweep.search import sweep
from courseport.training.sweep.trials import Settings, Trial

__all__ = ["Settings", "Trial", "plot_sweep", "sweep"]
