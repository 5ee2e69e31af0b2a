"""The cost function over a Dask array, on one machine or a cluster.

Every worker keeps its rows. For one evaluation theta goes out, each worker computes the sums of its rows by the same
kernel as `NeuralNetworkCost`, and the partial sums are added in a tree, whose root is all that comes back: J and the
gradient. SciPy drives. A part whose worker is lost is built anew from its rows by another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.cost import NetworkCost, NeuralNetworkCost
from courseport.network.model import ModelNames, build_model, check_examples

FAN_IN = 8  # partial sums that one task of the tree adds
WEIGHTS = "sample_weight"
ROWS_AT_ONCE = 50_000  # rows of a part made of an array that is no Dask array

# The sum of the losses of some rows, and the sum of their gradients.
Partial = tuple[float, FloatArray]


class Part(NeuralNetworkCost):
    """The cost function of some rows, on the worker that keeps them."""

    def __sizeof__(self) -> int:
        # Dask asks: it moves what is small to where there is time, and brings the work to what is large.
        X = self.examples.X
        return object.__sizeof__(self) + int(np.prod(X.shape)) * X.dtype.itemsize


class DistributedCost(NetworkCost):
    """`NeuralNetworkCost` over the chunks of a Dask array: ``cost(theta_vec) -> (J, grad_vec)``.

    It runs on the cluster of `client`, or of the `distributed.Client` that is active; without one, in this process.

    Parameters
    ----------
    layer_sizes, lambda_, **model
        As for `NeuralNetworkCost`; `model` are its hidden_activation, output_activation, loss and penalty.
    X : dask.array.Array or array_like, shape (m, s_1)
        A part is a chunk of rows. An array in memory is sent in parts of 50,000 rows. For data larger than this
        process give an array whose chunks the workers read for themselves.
    y : dask.array.Array or array_like, shape (m,) or (m, K)
        As for `NeuralNetworkCost`.
    sample_weight : dask.array.Array or array_like of shape (m,), optional
        As for `NeuralNetworkCost`.
    client : distributed.Client, optional
        Of the cluster.
    n_threads : int, optional
        Threads that work on one part. On a cluster 1: its workers run a part in each of their threads.

    Attributes
    ----------
    layout, m
        As for `NeuralNetworkCost`.
    n_parts : int
        Number of chunks.

    Examples
    --------
    >>> import dask.array as da
    >>> X = da.from_array(np.array([[0.0, 1.0], [1.0, 0.0]]), chunks=(1, 2))
    >>> with DistributedCost((2, 1), X, [0, 1]) as cost:
    ...     J, grad_vec = cost(np.zeros(3))
    >>> round(J, 6), grad_vec.tolist()
    (0.693147, [0.0, -0.25, 0.25])
    """

    def __init__(
        self,
        layer_sizes: Sequence[int],
        X: Any,
        y: Any,
        lambda_: float = 0.0,
        *,
        sample_weight: Any = None,
        client: Any = None,
        n_threads: int | None = None,
        **model: Unpack[ModelNames],
    ) -> None:
        self._client = client
        if client is None:
            with suppress(ValueError):  # where none is active
                self._client = _checks.require("distributed", "dask", "DistributedCost").default_client()
        self.model = build_model(layer_sizes, **model)
        self.lambda_ = _checks.lambda_(lambda_)
        rows = _as_chunks(X, self.layer_sizes[0])
        self.m = int(rows.shape[0])
        chunks = rows.chunks[0]
        settings = dict(model) | {"n_threads": 1 if n_threads is None and self._client is not None else n_threads}
        weights = [None] * len(chunks) if sample_weight is None else _like_rows(WEIGHTS, sample_weight, chunks)
        pieces = zip(rows.to_delayed().ravel(), _like_rows("y", y, chunks), weights, strict=True)
        firsts = np.cumsum([0, *chunks[:-1]]).tolist()
        # The parts are built where their rows are to stay; with a client these are futures, kept until `close`.
        dask = _checks.require("dask", "dask", "DistributedCost")
        build = dask.delayed(_build_part, pure=False)
        parts = [build(self.layer_sizes, *data, settings) for data in zip(pieces, firsts, strict=True)]
        built = list(dask.compute(*parts) if self._client is None else self._client.compute(parts))
        totals = self._gather([self._submit(_weight_of, part) for part in built])
        self.n_parts = len(built)
        self.total = float(sum(totals))
        if self.total == 0.0:
            _checks.fail(WEIGHTS, "hold weights >= 0, not all zero", "a sum of 0")
        self._parts = [part for part, total in zip(built, totals, strict=True) if total]
        self._slopes = self.model.penalty_slopes(self.lambda_, self.total)

    def __call__(self, theta_vec: ArrayLike) -> tuple[float, FloatArray]:
        """Return J and its gradient at `theta_vec`; see `NeuralNetworkCost`."""
        vector = self.layout.check(theta_vec)
        loss, gradient = self._sum_over_parts("gradient", vector)
        penalty_gradient = self._slopes * vector
        return loss / self.total + float(penalty_gradient @ vector) / 2, gradient / self.total + penalty_gradient

    def cost(self, theta_vec: ArrayLike) -> float:
        """Return J alone, without backpropagation."""
        vector = self.layout.check(theta_vec)
        loss, _ = self._sum_over_parts("cost", vector)
        return loss / self.total + float((self._slopes * vector) @ vector) / 2

    def hessp(self, theta_vec: ArrayLike, p: ArrayLike) -> FloatArray:
        """Return the Hessian of J at `theta_vec` times the vector `p`; see `NeuralNetworkCost.hessp`."""
        vector, direction = self.layout.check(theta_vec), self.layout.check(p, "p")
        _, product = self._sum_over_parts("product", vector, direction)
        return product / self.total + self._slopes * direction

    def close(self) -> None:
        """Let the workers forget the rows; a later call is refused."""
        self._parts = []

    def __repr__(self) -> str:
        return f"DistributedCost({self.layer_sizes}, m={self.m}, lambda_={self.lambda_:g}, n_parts={self.n_parts})"

    def _submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Have a function called, where most of its arguments lie."""
        if self._client is None:
            return function(*arguments)
        return self._client.submit(function, *arguments, pure=False)

    def _gather(self, value: Any) -> Any:
        return value if self._client is None else self._client.gather(value)

    def _sum_over_parts(self, wanted: str, *vectors: FloatArray) -> Partial:
        if not self._parts:
            _checks.fail("the cost function", "be open: build a new DistributedCost", "a call after close()")
        # theta goes out once, as a task: the workers pass it on to one another, and a lost copy is made anew.
        sent = [self._submit(np.array, vector) for vector in vectors]
        level = [self._submit(_evaluate, part, wanted, *sent) for part in self._parts]
        while len(level) > 1:
            level = [self._submit(_add, level[start : start + FAN_IN]) for start in range(0, len(level), FAN_IN)]
        total: Partial = self._gather(level[0])
        return total


def _as_chunks(X: Any, columns: int) -> Any:
    """Return X as a Dask array with chunks of whole rows."""
    array = _checks.require("dask.array", "dask", "DistributedCost")
    if hasattr(getattr(X, "_meta", X), "todense"):
        _checks.fail_type("X", "be dense, in every chunk", X)
    if not isinstance(X, array.Array):
        # What has a dtype is sliced as it lies, a mapped file for one.
        sliced = isinstance(getattr(X, "dtype", None), np.dtype) and hasattr(X, "ndim")
        X = X if sliced else _checks.real_matrix("X", X)
        X = array.from_array(X, chunks=(ROWS_AT_ONCE, *X.shape[1:]))
    if X.ndim != 2 or X.shape[1] != columns:
        _checks.fail("X", f"have shape (m, {columns})", X.shape)
    X = X.compute_chunk_sizes() if np.isnan(X.shape[0]) else X
    if X.shape[0] == 0:
        _checks.fail("X", "have at least one row", f"shape {X.shape}")
    return X.rechunk({1: -1}) if X.numblocks[1] > 1 else X


def _like_rows(name: str, value: Any, chunks: tuple[int, ...]) -> list[Any]:
    """Return `value` in pieces that belong to the chunks of X."""
    array = _checks.require("dask.array", "dask", "DistributedCost")
    if isinstance(value, array.Array):
        value = value.compute_chunk_sizes() if np.isnan(value.shape[0]) else value
    else:
        value = _checks.real_array(name, value, f"an array of shape ({sum(chunks)},)")
    if value.ndim == 0 or value.shape[0] != sum(chunks):
        _checks.fail(name, f"have {sum(chunks)} entries, one for each row of X", value.shape)
    if isinstance(value, np.ndarray):
        return np.split(value, np.cumsum(chunks)[:-1])
    value = value.rechunk({0: chunks, **dict.fromkeys(range(1, value.ndim), -1)})
    return list(value.to_delayed().ravel())


def _build_part(
    layer_sizes: tuple[int, ...], data: tuple[Any, Any, Any], first: int, settings: dict[str, Any]
) -> Part | None:
    """Check X, y and the weights of one part on the worker that keeps them; its first row is row `first` of all."""
    X, y, weights = data
    if X.shape[0] == 0 or (weights is not None and not np.any(weights)):
        return None
    try:
        return Part(layer_sizes, X, y, sample_weight=weights, **settings)
    except (ValueError, TypeError):
        # Say it again with the row of X, where it is a row that is wrong.
        names = {name: value for name, value in settings.items() if name != "n_threads"}
        check_examples(build_model(layer_sizes, **names), X, y, weights, first)
        raise


def _weight_of(part: Part | None) -> float:
    return 0.0 if part is None else part.examples.total


def _evaluate(part: Part, wanted: str, *vectors: FloatArray) -> Partial:
    """Return the sums of one part: its means, taken back."""
    if wanted == "cost":
        J, means = part.cost(*vectors), np.zeros(0)
    elif wanted == "product":
        J, means = 0.0, part.hessp(*vectors)
    else:
        J, means = part(*vectors)
    return J * part.examples.total, means * part.examples.total


def _add(partials: Sequence[Partial]) -> Partial:
    """Return the sum of some partial sums, always in their order."""
    return sum(loss for loss, _ in partials), np.sum([gradient for _, gradient in partials], axis=0)
