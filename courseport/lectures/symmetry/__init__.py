"""What the start does to the hidden units: measured through training, and drawn."""

from courseport.lectures.symmetry.measure import (
    SymmetryRecord,
    compare_starts,
    theta1_rank,
    unit_difference,
    watch_symmetry,
)
from courseport.lectures.symmetry.picture import plot_symmetry

__all__ = [
    "SymmetryRecord",
    "compare_starts",
    "plot_symmetry",
    "theta1_rank",
    "unit_difference",
    "watch_symmetry",
]
