"""The record of a run: the cost function as an optimiser sees it, remembering what has come, iteration by iteration."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import OptimizeResult

from courseport import _checks
from courseport._checks import FloatArray
from courseport.training.checkpoint import Keeper, Saved

CostFunction = Callable[[FloatArray], tuple[float, FloatArray]]
REMEMBERED = 2**22  # numbers kept of recent evaluations, to find J at the iterate that a method reports
INTERRUPTED = 130  # status of a result after Ctrl-C, the shell's own number for it
SAME = 1e-6  # relative difference of J that another machine's rounding may make, and other data will not


@dataclass(frozen=True)
class Progress:
    """Where training is, given to the callback after every iteration.

    Attributes
    ----------
    iteration : int
        Iterations done; 0 is the start.
    cost : float
        J of the current parameters.
    gradient_norm : float
        2-norm of its gradient.
    evaluations : int
        Calls of the cost function so far.
    seconds : float
        Since training began.
    theta_vec : ndarray, shape (n,)
        A copy of the current parameters.
    """

    iteration: int
    cost: float
    gradient_norm: float
    evaluations: int
    seconds: float
    theta_vec: FloatArray


class Evaluation(NamedTuple):
    """One call of the cost function."""

    theta_vec: FloatArray
    cost: float
    gradient_norm: float


class Record:
    """The cost function as SciPy sees it, remembering what has come."""

    def __init__(
        self,
        cost: CostFunction,
        limit: int,
        callback: Callable[[Progress], object] | None,
        keeper: Keeper | None,
        settings: Mapping[str, Any],
    ) -> None:
        self.cost, self.limit, self.callback = cost, limit, callback
        self.keeper, self.settings = keeper, dict(settings)
        self.began = time.monotonic()
        self.evaluations = 0
        self.history: list[float] = []
        self.current: Evaluation | None = None
        self.state: Mapping[str, Any] = {}
        self.recent: deque[Evaluation] = deque()
        self.best: Evaluation | None = None
        self.best_gradient: FloatArray | None = None

    def __call__(self, theta_vec: FloatArray) -> tuple[float, FloatArray]:
        """Return the cost function's answer, and remember it."""
        J, grad_vec = _checks.pair("cost", self.cost(theta_vec))
        if np.shape(grad_vec) != theta_vec.shape:
            _checks.fail("the gradient", f"have shape {theta_vec.shape}", np.shape(grad_vec))
        self.evaluations += 1
        evaluation = self._remember(theta_vec, J, grad_vec)
        if not self.history:
            self._report(evaluation)
        return J, grad_vec

    def go_on(self, saved: Saved) -> None:
        """Begin where a checkpoint ended, after a look at J there: other data would give another."""
        J, grad_vec = self.cost(saved.theta_vec)
        if not np.isclose(J, saved.history[-1], rtol=SAME, atol=0.0):
            _checks.fail(
                "checkpoint", f"be of these data, with J = {J:.9g} at its parameters", f"{saved.history[-1]:.9g}"
            )
        self.current = self._remember(saved.theta_vec, J, grad_vec)
        self.state = saved.state
        self.history = saved.history.tolist()
        self.evaluations = saved.evaluations
        self.began -= saved.seconds

    def save(self, *, at_the_end: bool = False) -> None:
        """Write a checkpoint where there is one, and where it is time to."""
        if self.keeper is None or self.current is None:
            return
        if at_the_end or self.keeper.is_due(len(self.history) - 1):
            theta_vec, history = self.current.theta_vec, np.array(self.history)
            seconds = time.monotonic() - self.began
            self.keeper.save(Saved(theta_vec, history, self.evaluations, seconds, self.settings, dict(self.state)))

    def _remember(self, theta_vec: FloatArray, J: float, grad_vec: FloatArray) -> Evaluation:
        evaluation = Evaluation(np.array(theta_vec), float(J), float(np.linalg.norm(grad_vec)))
        self.recent.append(evaluation)
        if len(self.recent) > max(2, REMEMBERED // theta_vec.size):
            self.recent.popleft()
        if self.best is None or evaluation.cost < self.best.cost:
            self.best, self.best_gradient = evaluation, np.array(grad_vec)
        return evaluation

    def iterate(self, intermediate_result: OptimizeResult | FloatArray) -> None:
        """Take note of a new iterate; SciPy's older SLSQP hands over x itself."""
        x = getattr(intermediate_result, "x", intermediate_result)
        known = next((one for one in reversed(self.recent) if np.array_equal(one.theta_vec, x)), self.best)
        assert known is not None  # noqa: S101 - no iterate comes before an evaluation; told to the type checker
        self.state = getattr(intermediate_result, "state", {})
        self._report(known)

    def iterate_and_count(self, x: FloatArray) -> None:
        """Do the same for TNC, whose own limit is one of evaluations."""
        self.iterate(x)
        if len(self.history) > self.limit:
            raise StopIteration("Maximum number of iterations has been exceeded.")

    def result(self, status: int, message: str) -> OptimizeResult:
        """Return the best of all evaluations as SciPy returns its own results."""
        assert self.best is not None  # noqa: S101 - told to the type checker; the callers know
        result = OptimizeResult()
        result.update(
            x=self.best.theta_vec,
            fun=self.best.cost,
            jac=self.best_gradient,
            nit=len(self.history) - 1,
            nfev=self.evaluations,
            njev=self.evaluations,
            success=False,
            status=status,
            message=message,
            interrupted=status == INTERRUPTED,
        )
        return result

    def _report(self, evaluation: Evaluation) -> None:
        self.history.append(evaluation.cost)
        self.current = evaluation
        if self.callback is not None:
            seconds = time.monotonic() - self.began
            norm = evaluation.gradient_norm
            theta_vec = evaluation.theta_vec.copy()
            self.callback(Progress(len(self.history) - 1, evaluation.cost, norm, self.evaluations, seconds, theta_vec))
        self.save()
