"""Choosing lambda and architecture on a validation set: many trainings side by side, one table, one picture."""

from __future__ import annotations

from courseport.sweep.picture import plot_sweep
from courseport.sweep.search import sweep
from courseport.sweep.trials import Settings, Trial

__all__ = ["Settings", "Trial", "plot_sweep", "sweep"]
