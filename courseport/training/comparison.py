"""Optimisers compared honestly: the same cost, the same start, the same budget, every evaluation counted and timed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks, plots
from courseport._checks import FloatArray
from courseport.plots import Axes
from courseport.training.history import CostFunction, EndOfTraining
from courseport.training.method import MAXIMUM_REACHED
from courseport.training.train import Method, check_method
from courseport.training.train import run as run_quietly

if TYPE_CHECKING:
    from pandas import DataFrame

T = TypeVar("T")
SHOWN = 20  # rows in a notebook: a screen
# those whose memory and work grow in proportion to the number of parameters
COMPARED = ("fmincg", "CG", "L-BFGS-B", "TNC", "Newton-CG", "gradient_descent")
SPENT = "The budget of evaluations is spent."


class Table(list[T]):
    """A list of dataclasses that a notebook shows as a table; a row is an item's fields, or what its `row` tells."""

    def rows(self) -> list[dict[str, Any]]:
        """Return the columns of each item by name."""
        return [item.row() if hasattr(item, "row") else vars(item) for item in self]

    def to_frame(self) -> DataFrame:
        """Return a pandas.DataFrame with a row for each item."""
        frame: DataFrame = _checks.require("pandas", "notebook", "a data frame").DataFrame(self.rows())
        return frame

    def _repr_html_(self) -> str:
        def cell(value: Any) -> str:
            if isinstance(value, tuple):
                return escape("-".join(map(str, value)))
            return f"{value:.6g}" if isinstance(value, float) else escape(str(value))

        rows = self.rows()[:SHOWN]
        lines = ["".join(f"<th>{escape(name)}</th>" for name in row) for row in rows[:1]]
        lines += ["".join(f"<td>{cell(value)}</td>" for value in row.values()) for row in rows]
        more = f"<p>and {len(self) - SHOWN} more</p>" if len(self) > SHOWN else ""
        return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>{more}"


@dataclass(frozen=True)
class Run:
    """One method's run.

    `theta_vec` is where it ended, or the best of all evaluated where the budget of evaluations ended it; `cost` is J
    there, and `gradient_norm` the 2-norm of its gradient: how near the minimum is. `costs` and `seconds` are J of every
    evaluation, and when it ended, counted from the start of the run. A product with the Hessian counts as an
    evaluation, at which J stays as it was; `products` is how many there were. `message` says why the run ended, in the
    method's own words.
    """

    method: str
    theta_vec: FloatArray
    cost: float
    gradient_norm: float
    iterations: int
    costs: FloatArray
    seconds: FloatArray
    products: int
    converged: bool
    message: str

    def row(self) -> dict[str, Any]:
        """Return what a table shows of the run."""
        ended: dict[str, Any] = {"method": self.method, "iterations": self.iterations, "evaluations": len(self.costs)}
        ended |= {"products": self.products, "seconds": float(self.seconds[-1]), "cost": self.cost}
        return ended | {"gradient_norm": self.gradient_norm, "converged": self.converged, "message": self.message}


def compare_methods(
    cost: CostFunction,
    theta0: ArrayLike,
    methods: Sequence[Method] = COMPARED,
    *,
    evaluations: int | None = None,
    iterations: int | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> Table[Run]:
    """Run each method from `theta0` with the same budget.

    Parameters
    ----------
    cost : callable
        ``cost(theta_vec)`` returns (J, grad_vec). Its ``hessp`` is used by the methods that take it.
    theta0 : array_like, shape (n,)
        Where each of them starts; not changed.
    methods : sequence of str or callable
        As for `train`.
    evaluations, iterations : int
        The budget, one of them or both: the largest numbers of calls of `cost` and its ``hessp``, and of the method's
        own iterations.
    options : mapping of str to mapping, optional
        By method, its further options.

    Returns
    -------
    list of Run
        In the order of `methods`. A notebook shows it as a table; ``.to_frame()`` makes a pandas.DataFrame of it.
    """
    if evaluations is None and iterations is None:
        _checks.fail("the budget", "be given as evaluations, iterations or both", "neither")
    calls = None if evaluations is None else _checks.whole_number("evaluations", evaluations, 1)
    # without a limit of their own, iterations end by that of evaluations: each takes one or more
    limit = _checks.whole_number("iterations", calls if iterations is None else iterations, 1)
    names = [check_method("methods", method)[0] for method in methods]
    by_name = {check_method("options", method)[0]: one for method, one in (options or {}).items()}
    unused = sorted(set(by_name) - set(names))
    if unused:
        _checks.fail("options", f"be for the methods compared, {', '.join(names)}", ", ".join(unused))
    theta = _checks.real_vector("theta0", theta0)
    cost(theta.copy())  # what a first call sets up is on no method's clock
    runs: Table[Run] = Table()
    for name, method in zip(names, methods, strict=True):
        counted = _Counted(cost, calls)
        result = run_quietly(counted, theta, method=method, max_iterations=limit, options=by_name.get(name))
        costs, seconds = np.array(counted.costs), np.array(counted.seconds)
        ended = (counted.products, bool(result.success), str(result.message))
        norm = float(np.linalg.norm(np.asarray(result.jac)))
        runs.append(Run(name, result.x, float(result.fun), norm, int(result.nit), costs, seconds, *ended))
    return runs


def plot_comparison(runs: Sequence[Run]) -> Axes:
    """Draw the lowest J so far of each run, against evaluations and against time; return the left Axes."""
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

    def __init__(self, cost: Any, budget: int | None) -> None:
        self.cost, self.budget, self.products = cost, budget, 0
        self.costs: list[float] = []
        self.seconds: list[float] = []
        self.began = time.perf_counter()
        if hasattr(cost, "hessp"):
            self.hessp = self._product

    def __call__(self, theta_vec: FloatArray) -> tuple[float, FloatArray]:
        self._spend()
        J, grad_vec = self.cost(theta_vec)
        self._note(float(J))
        return J, grad_vec

    def _product(self, theta_vec: FloatArray, p: FloatArray) -> FloatArray:
        self._spend()
        product: FloatArray = self.cost.hessp(theta_vec, p)
        self.products += 1
        self._note(self.costs[-1])
        return product

    def _spend(self) -> None:
        if len(self.costs) == self.budget:
            raise EndOfTraining(MAXIMUM_REACHED, SPENT)

    def _note(self, J: float) -> None:
        self.costs.append(J)
        self.seconds.append(time.perf_counter() - self.began)
