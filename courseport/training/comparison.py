"""Optimisers compared honestly: the same cost, the same start, the same budget, every evaluation counted and timed."""

from __future__ import annotations

import time
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks, plots
from courseport._checks import FloatArray
from courseport.training.history import CostFunction
from courseport.training.train import METHODS, TrainingWarning, train

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# those whose memory and work grow in proportion to the number of parameters
COMPARED = ("fmincg", "CG", "L-BFGS-B", "TNC", "Newton-CG", "gradient_descent")
SPENT = "The budget of evaluations is spent."


class Run(NamedTuple):
    """One method's run.

    Attributes
    ----------
    method : str
    theta_vec : ndarray, shape (n,)
        Where it ended; where the budget of evaluations ended it, the best of all evaluated.
    cost : float
        J there.
    iterations : int
    costs, seconds : ndarray, shape (evaluations,)
        J of every evaluation, and when it ended, counted from the start of the run.
    converged : bool
    message : str
        Why it ended, in the method's own words.
    """

    method: str
    theta_vec: FloatArray
    cost: float
    iterations: int
    costs: FloatArray
    seconds: FloatArray
    converged: bool
    message: str


def compare_methods(
    cost: CostFunction,
    theta0: ArrayLike,
    methods: Sequence[str] = COMPARED,
    *,
    evaluations: int | None = None,
    iterations: int | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Run]:
    """Run each method from `theta0` with the same budget.

    Parameters
    ----------
    cost : callable
        ``cost(theta_vec)`` returns (J, grad_vec).
    theta0 : array_like, shape (n,)
        Where each of them starts; not changed.
    methods : sequence of str
        As for `train`.
    evaluations, iterations : int
        The budget, one of them or both: the largest numbers of calls of `cost`, and of the method's own iterations.
    options : mapping of str to mapping, optional
        By method, its further options.

    Returns
    -------
    list of Run
        In the order of `methods`.
    """
    if evaluations is None and iterations is None:
        _checks.fail("the budget", "be given as evaluations, iterations or both", "neither")
    calls = None if evaluations is None else _checks.whole_number("evaluations", evaluations, 1)
    # without a limit of their own, iterations end by that of evaluations: each takes one or more
    limit = _checks.whole_number("iterations", calls if iterations is None else iterations, 1)
    for method in methods:
        _checks.choice("methods", method, METHODS)
    unused = sorted(set(options or {}) - set(methods))
    if unused:
        _checks.fail("options", f"be for the methods compared, {', '.join(methods)}", ", ".join(unused))
    theta = _checks.real_vector("theta0", theta0)
    cost(theta.copy())  # what a first call sets up is on no method's clock
    return [_run(_Counted(cost, calls), theta, method, limit, (options or {}).get(method)) for method in methods]


def plot_comparison(runs: Sequence[Run]) -> Axes:
    """Draw the lowest J so far of each run, against evaluations and against time.

    Returns
    -------
    Axes
        The left one of the figure's two.
    """
    figure: Any = plots.new_axes(11.0, 4.8).figure
    figure.clear()
    left, right = figure.subplots(1, 2, sharey=True)
    for run in runs:
        lowest = np.minimum.accumulate(run.costs)
        marker = "o" if lowest.size == 1 else None  # a line of one point would not be seen
        left.plot(np.arange(1, lowest.size + 1), lowest, label=run.method, marker=marker)
        right.plot(run.seconds, lowest, label=run.method, marker=marker)
    left.set(xlabel="evaluations of J and its gradient", ylabel="lowest cost J so far", yscale="log")
    right.set(xlabel="time (s)")
    for axes in (left, right):
        axes.yaxis.set_minor_formatter("{x:.3g}")
        axes.yaxis.set_major_formatter("{x:.3g}")
        axes.grid(alpha=0.3, which="both")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=min(6, len(runs)))
    figure.suptitle("The same start and the same budget")
    axes_left: Axes = left
    return axes_left


class _Counted:
    """A cost function that notes J and the time of every call, and ends the run when its budget is spent."""

    def __init__(self, cost: CostFunction, budget: int | None) -> None:
        self.cost, self.budget = cost, budget
        self.costs: list[float] = []
        self.seconds: list[float] = []
        self.began = 0.0

    def __call__(self, theta_vec: FloatArray) -> tuple[float, FloatArray]:
        if len(self.costs) == self.budget:
            raise StopIteration(SPENT)  # `train` then returns the best so far
        J, grad_vec = self.cost(theta_vec)
        self.costs.append(float(J))
        self.seconds.append(time.perf_counter() - self.began)
        return J, grad_vec


def _run(counted: _Counted, theta0: FloatArray, method: str, limit: int, options: Mapping[str, Any] | None) -> Run:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)  # the run says how it ended
        counted.began = time.perf_counter()
        result = train(counted, theta0, method=method, max_iterations=limit, options=options)
    costs, seconds = np.array(counted.costs), np.array(counted.seconds)
    message, converged = str(result.message), bool(result.success)
    return Run(method, result.x, float(result.fun), int(result.nit), costs, seconds, converged, message)
