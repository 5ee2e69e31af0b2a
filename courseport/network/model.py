"""What J is made of, checked once: the network's layout, activations, loss and penalty, and the examples.

Labels 1..K of K >= 2 output units, and 0/1 of a single unit, are kept as numbers. They are expanded to the course's
matrix of 0s and 1s only where that matrix is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from courseport import _checks
from courseport._checks import FloatArray
from courseport.network import activations
from courseport.network.activations import Activation, ActivationName
from courseport.network.rows import FLOAT64, RowSource, check_rows
from courseport.network.unrolling import ThetaLayout

LossName = Literal["cross_entropy", "squared_error"]
PenaltyName = Literal["lambda/2m", "lambda/2"]
FloatName = Literal["float64", "float32"]


class ActivationNames(TypedDict, total=False):
    """The activations, for ``**options``: an editor sees a misspelt one."""

    hidden_activation: ActivationName
    output_activation: ActivationName


class ModelNames(ActivationNames, total=False):
    """All options of a cost function that are names."""

    loss: LossName
    penalty: PenaltyName


class CostOptions(ModelNames, total=False):
    """All options of a cost function."""

    sample_weight: ArrayLike | None
    block_rows: int | None
    n_threads: int | None
    dtype: FloatName | type[np.float64 | np.float32]


@dataclass(frozen=True)
class Model:
    """What J is made of, without the data."""

    layout: ThetaLayout
    hidden: Activation
    output: Activation
    # The sum over units of -y log h - (1 - y) log(1 - h), or of (h - y)^2 / 2; J holds its mean over the examples.
    loss: LossName
    # The factor of the sum of squared weights, biases left out: the course's, or the regression lecture's lambda/2.
    penalty: PenaltyName

    @property
    def units(self) -> int:
        """Number of output units, K."""
        return self.layout.layer_sizes[-1]

    def penalty_factor(self, lambda_: float, m: float) -> float:
        """Return c in J = ... + c/2 (sum of squared weights), whose gradient is c Theta (penaltyFactor.m)."""
        return lambda_ / m if self.penalty == "lambda/2m" else lambda_

    def penalty_slopes(self, lambda_: float, m: float) -> FloatArray:
        """Return the vector that makes theta_vec the penalty's gradient: the factor, and 0 for the biases."""
        slopes = np.full(self.layout.size, self.penalty_factor(lambda_, m))
        for transposed in self.layout.transposed_views(slopes):
            transposed[0] = 0.0
        return slopes


def build_model(
    layer_sizes: Sequence[int],
    hidden_activation: ActivationName = "sigmoid",
    output_activation: ActivationName = "sigmoid",
    loss: LossName = "cross_entropy",
    penalty: PenaltyName = "lambda/2m",
) -> Model:
    """Check the parts of a network's description and put them together."""
    layout = ThetaLayout(_checks.layer_sizes(layer_sizes))
    _checks.choice("loss", loss, get_args(LossName))
    _checks.choice("penalty", penalty, get_args(PenaltyName))
    hidden = activations.get(hidden_activation, "hidden_activation")
    output = activations.get(output_activation, "output_activation")
    # The cross-entropy is computed from the logits of a sigmoid.
    if loss == "cross_entropy" and output.name != "sigmoid":
        _checks.fail("output_activation", "be 'sigmoid' for the cross-entropy loss", repr(output.name))
    return Model(layout, hidden, output, loss, penalty)


@dataclass(frozen=True)
class Targets:
    """Targets of m examples and K output units, either as labels or as values."""

    units: int  # K
    labels: NDArray[Any] | None = None  # shape (m,): for K >= 2 the true unit, from 0; for K = 1 the class, 0 or 1
    values: FloatArray | None = None  # shape (m, K)

    def matrix(self, start: int = 0, stop: int | None = None) -> FloatArray:
        """Return the targets of rows start..stop as a matrix, one example a row: the course's Y."""
        if self.values is not None:
            return self.values[start:stop]
        assert self.labels is not None  # noqa: S101 - one of the two forms is always there; told to the type checker
        labels = self.labels[start:stop]
        if self.units == 1:
            return labels[:, None].astype(np.float64)
        matrix = np.zeros((labels.size, self.units))
        matrix[np.arange(labels.size), labels] = 1.0
        return matrix


@dataclass(frozen=True)
class Examples:
    """m examples, checked."""

    X: RowSource  # shape (m, s_1): the user's own, not a copy, where it is of the type asked for, or large
    targets: Targets
    weights: FloatArray | None  # shape (m,); None for 1 each
    m: int
    total: float  # sum of the weights: what the losses are divided by

    def matrix(self) -> FloatArray:
        """Return all of X as one float64 array."""
        return np.asarray(self.X[:], dtype=np.float64)

    def column_of_weights(self) -> FloatArray:
        """Return the weights, shape (m, 1); a single 1 where all are equal."""
        return np.ones((1, 1)) if self.weights is None else self.weights[:, None]


def check_examples(
    model: Model,
    X: ArrayLike | RowSource,
    y: ArrayLike,
    sample_weight: ArrayLike | None = None,
    first_row: int = 0,
    *,
    dtype: np.dtype[Any] = FLOAT64,
) -> Examples:
    """Check data against the network they are for; see `NeuralNetworkCost` for what each may be.

    Errors count the rows from `first_row`; X is kept for numbers of type `dtype`.
    """
    sizes = model.layout.layer_sizes
    rows = check_rows(X, sizes[0], f" for layer sizes {sizes}", first_row, dtype)
    m = int(rows.shape[0])
    targets = check_targets(y, m, model.units, model.loss, first_row)
    if sample_weight is None:
        return Examples(rows, targets, None, m, float(m))
    why = ", one for each row of X"
    weights = np.array(_checks.real_vector("sample_weight", sample_weight, m, why, first_row))
    if weights.min() < 0 or not weights.any():
        _checks.fail("sample_weight", "hold weights >= 0, not all zero", f"a smallest weight of {weights.min():g}")
    with np.errstate(over="ignore"):
        total = float(weights.sum())
    if not sys.float_info.min <= total < np.inf:
        _checks.fail("sample_weight", "have a sum that float64 can hold and divide by", f"{total:g}")
    return Examples(rows, targets, weights, m, total)


def check_targets(y: ArrayLike, rows: int, units: int, loss: str, first_row: int = 0) -> Targets:
    """Check `y`, as `NeuralNetworkCost` tells it, against the number of examples, of output units K and the loss."""
    for_units = "for one output unit" if units == 1 else f"for {units} output units"
    shapes = f"have shape ({rows},)" + (f" or ({rows}, {units})" if units > 1 else "")
    array = _checks.real_array("y", y, f"an array of shape ({rows},)")
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim == 1 and array.shape[0] != rows:
        _checks.fail("y", f"have {rows} entries, one for each row of X", array.shape[0])
    if array.ndim != 1 and (units == 1 or array.shape != (rows, units)):
        _checks.fail("y", f"{shapes} {for_units}", array.shape)
    if array.ndim == 1 and not (units == 1 and loss == "squared_error"):
        low, high = (0, 1) if units == 1 else (1, units)
        wrong = ~((array >= low) & (array <= high))
        if array.dtype.kind == "f":
            wrong |= array != np.floor(array)
        if wrong.any():
            row = int(np.argmax(wrong))
            expected = f"hold labels 0 or 1 {for_units}" if units == 1 else f"hold whole labels 1..{units}"
            hint = " (the course labels digit 0 as 10: relabel 0 as K)" if units > 1 and array[row] == 0 else ""
            _checks.fail("y", expected, f"{array[row]:g} in row {row + first_row}{hint}")
        # A copy, of one byte an example for up to 255 units; of K units the first is 0 here.
        return Targets(units, labels=array.astype(np.min_scalar_type(high)) - (units > 1))
    # A copy: like labels, a matrix of targets is the user's to change afterwards.
    values = _checks.finite("y", np.array(array, dtype=np.float64, order="C"), first_row).reshape(rows, units)
    if loss == "cross_entropy" and (values.min() < 0 or values.max() > 1):
        worst = values.min() if values.min() < 0 else values.max()
        _checks.fail("y", "hold targets between 0 and 1 for the cross-entropy", f"{worst:g}")
    return Targets(units, values=values)
