"""The record of a run: the cost function as an optimiser sees it, remembering what has come, iteration by iteration."""

from __future__ import annotations

import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult

from courseport import _checks
from courseport._checks import FloatArray
from courseport.training.checkpoint import Keeper, Saved
from courseport.training.method import FAILED, MAXIMUM_REACHED, STOPPED, STOPPED_BY_CALLBACK, is_finite

CostFunction = Callable[[FloatArray], tuple[float, FloatArray]]
REMEMBERED = 2**22  # numbers kept of recent evaluations, to find J at the iterate that a method reports
INTERRUPTED = 130  # status of a result after Ctrl-C, the shell's own number for it
SAME = 1e-6  # relative difference of J that another machine's rounding may make, and other data will not
EXHAUSTED = "Maximum number of iterations has been exceeded."
DIFFERENCE = float(np.cbrt(np.finfo(np.float64).eps))  # the step that balances truncation and rounding


@dataclass(frozen=True)
class Progress:
    """Where training is, given to the callback after every iteration.

    `iteration` counts the iterations done; 0 is the start. `cost` is J of the current parameters, of which `theta_vec`
    is a copy, and `gradient_norm` the 2-norm of its gradient. `evaluations` counts the calls of the cost function, and
    `seconds` the time since training began.
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
    gradient: FloatArray


class _Warning(UserWarning):
    """What `TrainingWarning` derives from until scikit-learn is loaded; UserWarning itself could not be exchanged."""


class TrainingWarning(_Warning):
    """Training ended without convergence; a ConvergenceWarning of scikit-learn, too, once that is loaded."""


def warn_of_end(message: str = "") -> None:
    """Warn the caller of `train` that it did not converge, by a warning of scikit-learn's, too, once that is loaded."""
    exceptions = sys.modules.get("sklearn.exceptions")
    if exceptions is not None and not issubclass(TrainingWarning, exceptions.ConvergenceWarning):
        TrainingWarning.__bases__ = (exceptions.ConvergenceWarning,)
    if message:
        warnings.warn(message, TrainingWarning, stacklevel=3)


warn_of_end()  # scikit-learn may be loaded before us


class EndOfTraining(Exception):  # noqa: N818 - it ends a run, as StopIteration does, and is no error
    """Raised in the cost function or the callback to end any method, with the status and the message of the result."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


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
        self.evaluations = self.products = 0
        self.history: list[float] = []
        self.current: Evaluation | None = None
        self.state: Mapping[str, Any] = {}
        self.recent: deque[Evaluation] = deque()
        self.best: Evaluation | None = None
        self.overflowed = False  # J, its gradient or the square of that was not finite
        self.raised = False  # the user's function raised an error, which is the user's to see

    def __call__(self, theta_vec: FloatArray) -> tuple[float, FloatArray]:
        """Return the cost function's answer, and remember it."""
        if not np.isfinite(theta_vec).all():
            raise EndOfTraining(FAILED, "The method came to parameters that are not finite; x holds the best so far.")
        J, grad_vec = _checks.pair("cost", self._ask(self.cost, theta_vec))
        if np.shape(grad_vec) != theta_vec.shape:
            _checks.fail("the gradient", f"have shape {theta_vec.shape}", np.shape(grad_vec))
        self.evaluations += 1
        evaluation = self._remember(theta_vec, J, grad_vec)
        if not self.history:
            self._report(evaluation)
            if not is_finite(evaluation.cost, evaluation.gradient):
                raise EndOfTraining(FAILED, "J or its gradient is not finite at the start.")
        return J, grad_vec

    def hessp(self, theta_vec: FloatArray, p: FloatArray) -> FloatArray:
        """Return the product of the Hessian with `p`: the cost function's own, or by central differences."""
        if not np.isfinite(p).all():
            # As SciPy's trust-krylov does now and then, where J is at its minimum to the last digits.
            raise EndOfTraining(FAILED, "The method came to a direction that is not finite; x holds the best so far.")
        product = getattr(self.cost, "hessp", None)
        if product is not None:
            self.products += 1
            return self._finite(self._ask(product, theta_vec, p))
        length = float(np.linalg.norm(p))
        if length == 0.0:
            return np.zeros_like(p)
        step = DIFFERENCE * max(1.0, float(np.linalg.norm(theta_vec))) / length
        # Copies: a cost function may use its own array for the gradient again.
        after, before = (np.array(self(theta_vec + sign * step * p)[1]) for sign in (1, -1))
        return self._finite((after - before) / (2 * step))

    def hess(self, theta_vec: FloatArray) -> FloatArray:
        """Return the whole Hessian: the cost function's own, or column by column."""
        whole = getattr(self.cost, "hess", None)
        if whole is not None:
            self.products += theta_vec.size
            return self._finite(self._ask(whole, theta_vec))
        columns = np.column_stack([self.hessp(theta_vec, one) for one in np.eye(theta_vec.size)])
        return (columns + columns.T) / 2

    def _ask(self, function: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return function(*arguments)
        except Exception:
            self.raised = True
            raise

    @staticmethod
    def _finite(derivatives: ArrayLike) -> FloatArray:
        array = np.asarray(derivatives, dtype=np.float64)
        if not np.isfinite(array).all():
            raise EndOfTraining(FAILED, "Second derivatives of J are not finite; x holds the best so far.")
        return array

    def go_on(self, saved: Saved) -> None:
        """Begin where a checkpoint ended, after a look at J there: other data would give another."""
        J, grad_vec = self.cost(saved.theta_vec)
        if not np.isclose(J, saved.history[-1], rtol=SAME, atol=0.0):
            expected = f"be of these data, with J = {J:.9g} at its parameters"
            _checks.fail("checkpoint", expected, f"{saved.history[-1]:.9g}")
        self.current = self._remember(saved.theta_vec, J, grad_vec)
        self.state = saved.state
        self.history = saved.history.tolist()
        self.evaluations = saved.evaluations
        self.began -= saved.seconds

    def save(self, *, at_the_end: bool = False) -> None:
        """Write a checkpoint where there is one, and where it is time to."""
        if self.keeper is None or self.current is None or not np.isfinite(self.history).all():
            return  # nothing can go on from a J that is not finite
        if at_the_end or self.keeper.is_due(len(self.history) - 1):
            theta_vec, history = self.current.theta_vec, np.array(self.history)
            seconds = time.monotonic() - self.began
            self.keeper.save(Saved(theta_vec, history, self.evaluations, seconds, self.settings, dict(self.state)))

    def _remember(self, theta_vec: FloatArray, J: float, grad_vec: FloatArray) -> Evaluation:
        evaluation = Evaluation(np.array(theta_vec), float(J), np.array(grad_vec, dtype=np.float64))
        with np.errstate(over="ignore", invalid="ignore"):
            self.overflowed |= not np.isfinite(evaluation.cost + evaluation.gradient @ evaluation.gradient)
        self.recent.append(evaluation)
        if len(self.recent) > max(2, REMEMBERED // (2 * theta_vec.size)):
            self.recent.popleft()
        if self.best is None or evaluation.cost < self.best.cost:
            self.best = evaluation
        return evaluation

    def iterate(self, intermediate_result: OptimizeResult | FloatArray) -> None:
        """Take note of a new iterate; some methods hand over x itself."""
        x = getattr(intermediate_result, "x", intermediate_result)
        known = next((one for one in reversed(self.recent) if np.array_equal(one.theta_vec, x)), self.best)
        assert known is not None  # noqa: S101 - no iterate comes before an evaluation; told to the type checker
        self.state = getattr(intermediate_result, "state", {})
        self._report(known)

    def iterate_and_count(self, x: FloatArray) -> None:
        """Do the same for TNC, whose own limit is one of evaluations."""
        self.iterate(x)
        if len(self.history) > self.limit:
            raise EndOfTraining(MAXIMUM_REACHED, EXHAUSTED)

    def result(self, status: int, message: str) -> OptimizeResult:
        """Return, as SciPy returns its own results, where the callback stopped, else the best of all evaluations."""
        shown = self.current if status == STOPPED else self.best
        assert shown is not None  # noqa: S101 - told to the type checker; the callers know
        result = OptimizeResult()
        result.update(x=shown.theta_vec, fun=shown.cost, jac=shown.gradient, nit=len(self.history) - 1)
        result.update(nfev=self.evaluations, njev=self.evaluations, nhev=self.products)
        result.update(success=False, status=status, message=message, interrupted=status == INTERRUPTED)
        return result

    def _report(self, evaluation: Evaluation) -> None:
        self.history.append(evaluation.cost)
        self.current = evaluation
        seconds, norm = time.monotonic() - self.began, float(np.linalg.norm(evaluation.gradient))
        counts = (len(self.history) - 1, evaluation.cost, norm, self.evaluations, seconds)
        try:
            if self.callback is not None:
                self._ask(self.callback, Progress(*counts, evaluation.theta_vec.copy()))
        except StopIteration:
            # SciPy's methods treat it in several ways, and inside the cost function not at all.
            raise EndOfTraining(STOPPED, STOPPED_BY_CALLBACK) from None
        self.save()
