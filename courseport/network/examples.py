"""The data of a cost function: examples, targets and weights, checked together."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.network.model import Model
from courseport.network.rows import RowSource, check_rows
from courseport.network.targets import Targets, check_targets


@dataclass(frozen=True)
class Examples:
    """m examples.

    Attributes
    ----------
    X : row source, shape (m, s_1)
        The user's own, not a copy, where it is float64 or large.
    targets : Targets
        What the network should answer.
    weights : ndarray of float64, shape (m,), or None
        Weight of each example; None for 1 each.
    m : int
        Number of rows.
    total : float
        Sum of the weights: what the losses are divided by.
    """

    X: RowSource
    targets: Targets
    weights: FloatArray | None
    m: int
    total: float


def check_examples(
    model: Model, X: ArrayLike | RowSource, y: ArrayLike, sample_weight: ArrayLike | None = None
) -> Examples:
    """Check data against the network they are for; see `NeuralNetworkCost` for what each may be."""
    sizes = model.layout.layer_sizes
    rows = check_rows(X, sizes[0], f" for layer sizes {sizes}")
    m = int(rows.shape[0])
    targets = check_targets(y, m, model.units, model.loss)
    if sample_weight is None:
        return Examples(rows, targets, None, m, float(m))
    weights = np.array(_checks.real_vector("sample_weight", sample_weight, m, ", one for each row of X"))
    if weights.min() < 0 or not weights.any():
        _checks.fail("sample_weight", "hold weights >= 0, not all zero", f"a smallest weight of {weights.min():g}")
    with np.errstate(over="ignore"):
        total = float(weights.sum())
    if not sys.float_info.min <= total < np.inf:
        _checks.fail("sample_weight", "have a sum that float64 can hold and divide by", f"{total:g}")
    return Examples(rows, targets, weights, m, total)
