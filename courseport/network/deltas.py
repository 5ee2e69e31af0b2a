"""The deltas of backpropagation in the open: what each node contributes to the error of each example."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike

from courseport._checks import FloatArray
from courseport.network import lecture as formulas
from courseport.network.examples import check_examples
from courseport.network.model import build_model


def node_deltas(
    theta_vec: ArrayLike,
    layer_sizes: Sequence[int],
    X: ArrayLike,
    y: ArrayLike,
    *,
    hidden_activation: str = "sigmoid",
    output_activation: str = "sigmoid",
    loss: str = "cross_entropy",
) -> list[FloatArray]:
    """Return delta_j(l) = dcost(i)/dz_j(l) of every node j, layer l >= 2 and example i.

    cost(i) is the loss of example i alone, without 1/m and penalty. delta(L) = a(L) - y for the cross-entropy, times
    g'(z(L)) for the squared error; delta_j(l) = (sum_i Theta_ij(l) delta_i(l+1)) g'(z_j(l)), as in the lecture's
    intuition. The gradient of J without penalty is 1/m delta(l+1)' [1 a(l)], with a(l) from `forward_propagate`.

    Parameters
    ----------
    theta_vec : array_like, shape (n,)
        The parameters, unrolled.
    layer_sizes, X, y, hidden_activation, output_activation, loss
        As for `NeuralNetworkCost`.

    Returns
    -------
    list of ndarray
        delta(2), ..., delta(L), each of shape (m, s_l): a row for each example. The bias units have none.
    """
    model = build_model(layer_sizes, hidden_activation, output_activation, loss)
    thetas = model.layout.reshape(theta_vec)
    return formulas.deltas(thetas, model, check_examples(model, X, y))
