"""The description of a network: its layout, activations, loss and penalty, checked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict, get_args

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.network import activations
from courseport.network.activations import Activation, ActivationName
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
    """Check the parts of a network's description and put them together.

    The cross-entropy is computed from the logits of a sigmoid: it is refused with another output.
    """
    layout = ThetaLayout(_checks.layer_sizes(layer_sizes))
    _checks.choice("loss", loss, get_args(LossName))
    _checks.choice("penalty", penalty, get_args(PenaltyName))
    hidden = activations.get(hidden_activation, "hidden_activation")
    output = activations.get(output_activation, "output_activation")
    if loss == "cross_entropy" and output.name != "sigmoid":
        _checks.fail("output_activation", "be 'sigmoid' for the cross-entropy loss", repr(output.name))
    return Model(layout, hidden, output, loss, penalty)
