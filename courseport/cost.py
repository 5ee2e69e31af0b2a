"""The cost function: theta_vec -> (J, grad_vec).

Conventions
-----------
J is the mean loss of the m examples plus the penalty. For the course's network (cross-entropy, penalty "lambda/2m")::

    J = 1/m sum_i sum_k [-y_k log h_k - (1 - y_k) log(1 - h_k)] + lambda/(2m) sum of squared weights

without the weights of bias units. ``grad_vec`` is its gradient, unrolled like ``theta_vec``. The cost is computed from
the logits, so that saturated units give the right finite value.

The same formulas, line by line: `network/lecture.py`. Here they are summed by blocks of rows and on threads (`kernel`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self, Unpack

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.kernel.evaluation import Evaluation
from courseport.network import lecture
from courseport.network.activations import ActivationName
from courseport.network.model import CostOptions, FloatName, LossName, Model, PenaltyName, build_model, check_examples
from courseport.network.rows import RowSource
from courseport.network.unrolling import ThetaLayout

MOST_HESSIAN = 2000  # rows and columns of the largest Hessian that `hess` builds, 32 MB


class NetworkCost:
    """What the cost functions of a network share: its sizes, and an end of their work by ``with``."""

    model: Model

    @property
    def layout(self) -> ThetaLayout:
        """Where each Theta stands in theta_vec."""
        return self.model.layout

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Units per layer without bias."""
        return self.model.layout.layer_sizes

    def close(self) -> None:
        """Free what the work needed."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class NeuralNetworkCost(NetworkCost):
    """The cost function of a network on given data: ``cost(theta_vec) -> (J, grad_vec)``.

    Built once, where everything is checked, and called thousands of times. It is safe to call from several threads, can
    be pickled, and never changes what it was given.

    Parameters
    ----------
    layer_sizes : sequence of int
        Units per layer without bias, ``(s_1, ..., s_L)``, L >= 2.
    X : array_like or row-sliceable source, shape (m, s_1)
        One example a row, without a column of ones. An array of type `dtype` is used where it lies, not copied: leave
        it unchanged while the cost function is in use.
    y : array_like
        Shape (m,) or (m, 1): labels 1..K for K >= 2 output units; 0/1 for one unit (real values with the squared
        error). Shape (m, K): a matrix of targets. Copied.
    lambda_ : float, default 0.0
        Strength of the penalty, >= 0. Biases are never penalised.
    hidden_activation, output_activation : str, default "sigmoid"
        "sigmoid", "tanh", "relu", "leaky_relu" or "linear". The cross-entropy needs a sigmoid output.
    loss : str, default "cross_entropy"
        Or "squared_error", half the squared distance of an example.
    penalty : str, default "lambda/2m"
        The factor of the sum of squared weights: the course's, or "lambda/2".
    sample_weight : array_like of shape (m,), optional
        Weights >= 0 of the examples, not all 0; their sum takes the place of m.
    block_rows, n_threads : int, optional
        Rows in a block and threads; chosen from the sizes and the machine where not given. The result depends on them
        only in its last bits, and is the same bit for bit from call to call.
    dtype : {"float64", "float32"}, default "float64"
        "float32": X is kept, and all is multiplied, in single precision: half the memory and about half the time. J is
        right to about 1e-6, summed in float64; theta_vec and the gradient, right to about 1e-6 of its norm, stay
        float64.

    Attributes
    ----------
    layout : ThetaLayout
        Shapes and places of the Thetas in theta_vec.
    m : int
        Number of examples.
    block_rows, n_threads : int
        What was chosen.

    Examples
    --------
    >>> import numpy as np
    >>> cost = NeuralNetworkCost((2, 1), [[0.0, 1.0], [1.0, 0.0]], [0, 1])
    >>> J, grad_vec = cost(np.zeros(3))
    >>> round(J, 6), grad_vec.tolist()
    (0.693147, [0.0, -0.25, 0.25])
    """

    def __init__(
        self,
        layer_sizes: Sequence[int],
        X: ArrayLike | RowSource,
        y: ArrayLike,
        lambda_: float = 0.0,
        *,
        hidden_activation: ActivationName = "sigmoid",
        output_activation: ActivationName = "sigmoid",
        loss: LossName = "cross_entropy",
        penalty: PenaltyName = "lambda/2m",
        sample_weight: ArrayLike | None = None,
        block_rows: int | None = None,
        n_threads: int | None = None,
        dtype: FloatName | type[np.float64 | np.float32] = "float64",
    ) -> None:
        float_type = _checks.choice("dtype", getattr(dtype, "__name__", dtype), ("float64", "float32"))
        self.model = build_model(layer_sizes, hidden_activation, output_activation, loss, penalty)
        self.lambda_ = _checks.lambda_(lambda_)
        self.examples = check_examples(self.model, X, y, sample_weight, dtype=np.dtype(float_type))
        for name, number in (("block_rows", block_rows), ("n_threads", n_threads)):
            if number is not None:
                _checks.whole_number(name, number, 1)
        how: Any = {"block_rows": block_rows, "n_threads": n_threads, "dtype": np.dtype(float_type)}
        self._evaluation = Evaluation(self.model, self.examples, self.lambda_, **how)
        self.m: int = self.examples.m
        self.block_rows, self.n_threads = self._evaluation.block_rows, self._evaluation.n_threads

    def __call__(self, theta_vec: ArrayLike) -> tuple[float, FloatArray]:
        """Return J and its gradient at `theta_vec`, from one pass over the data.

        `theta_vec` holds finite real numbers, shape (layout.size,); grad_vec is a fresh float64 array of its shape.
        """
        return self._evaluation.cost_and_gradient(theta_vec)

    def cost(self, theta_vec: ArrayLike) -> float:
        """Return J alone, without backpropagation."""
        return self._evaluation.cost_and_gradient(theta_vec, gradient=False)[0]

    def hessp(self, theta_vec: ArrayLike, p: ArrayLike, *, gauss_newton: bool = False) -> FloatArray:
        """Return the Hessian of J at `theta_vec` times the vector `p`, exactly and without the Hessian.

        By Pearlmutter's R-operator, in the same pass by blocks and threads: for about the time of two gradients, or of
        one where theta_vec is that of the last call. For ``minimize(cost, theta0, jac=True, hessp=cost.hessp, method=
        "trust-krylov")``, and for "Newton-CG", "trust-ncg" and "trust-constr". With `gauss_newton` it is the product
        with the Gauss-Newton matrix, J'' without the curvature of the units, which is positive semidefinite. Vectors
        have the shape (layout.size,); the product is a fresh array.
        """
        return self._evaluation.hessian_product(theta_vec, p, gauss_newton=gauss_newton)

    def hess(self, theta_vec: ArrayLike, *, gauss_newton: bool = False) -> FloatArray:
        """Return the Hessian of J at `theta_vec`, symmetric, for the methods "dogleg" and "trust-exact".

        One product of `hessp` a column: for networks of at most 2000 parameters.
        """
        vector = self.layout.check(theta_vec)
        if vector.size > MOST_HESSIAN:
            _checks.fail("theta_vec", f"have at most {MOST_HESSIAN} entries for hess (larger: hessp)", vector.size)
        columns = [self.hessp(vector, direction, gauss_newton=gauss_newton) for direction in np.eye(vector.size)]
        H = np.array(columns)
        return (H + H.T) / 2

    def formula_cost(self, theta_vec: ArrayLike) -> Any:
        """Return J by the plain formulas, for real or complex `theta_vec`: what a complex step differentiates.

        It takes several times the memory of X, and is slow: for small checks.
        """
        vector = np.asarray(theta_vec)
        self.layout.check(vector.real)
        self.layout.check(vector.imag)
        with np.errstate(over="ignore", under="ignore"):
            return lecture.cost(vector, self.model, self.examples, self.lambda_)

    def close(self) -> None:
        """End the threads and free the workspaces; a later call starts new ones."""
        self._evaluation.close()

    def __repr__(self) -> str:
        return (
            f"NeuralNetworkCost({self.layer_sizes}, m={self.m}, lambda_={self.lambda_:g}, "
            f"block_rows={self.block_rows}, n_threads={self.n_threads})"
        )


def nn_cost_function(
    theta_vec: ArrayLike,
    layer_sizes: Sequence[int],
    X: ArrayLike | RowSource,
    y: ArrayLike,
    lambda_: float = 0.0,
    **options: Unpack[CostOptions],
) -> tuple[float, FloatArray]:
    """Return J and its gradient: `NeuralNetworkCost` with its parameters, as a function of theta_vec, shape (n,).

    For ``minimize(nn_cost_function, theta0, args=(layer_sizes, X, y, lambda_), jac=True)``. The data are checked at
    every call; where it is called many times, build a `NeuralNetworkCost` once.
    """
    build_model(layer_sizes).layout.check(theta_vec)  # before the data, which take longer
    with NeuralNetworkCost(layer_sizes, X, y, lambda_, **options) as cost:
        return cost(theta_vec)
