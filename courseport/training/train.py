"""Training: a cost function handed to `scipy.optimize.minimize`, with progress, history and an end that loses nothing.

What it adds to a plain call: `max_iterations` means iterations for every method (TNC counts evaluations by itself, and
L-BFGS-B stops at 15,000 of them), the history of J is kept, Ctrl-C returns the best parameters so far, the cost
function's Hessian products are used where a method takes them, and an end without convergence is a warning.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult, minimize

from courseport import _checks, _threads
from courseport._checks import FloatArray
from courseport.network.unrolling import ThetaLayout
from courseport.training.checkpoint import Checkpoint, Keeper, check_same, describe, load_checkpoint
from courseport.training.fmincg import fmincg
from courseport.training.history import (
    EXHAUSTED,
    INTERRUPTED,
    CostFunction,
    EndOfTraining,
    Progress,
    Record,
    warn_of_end,
)
from courseport.training.method import FAILED, MAXIMUM_REACHED, STOPPED, STOPPED_BY_CALLBACK, gradient_descent

FIRST_ORDER = ("L-BFGS-B", "CG", "BFGS", "TNC", "SLSQP")
NEEDS_PRODUCTS = ("trust-ncg", "trust-krylov")
NEEDS_HESSIAN = ("dogleg", "trust-exact")  # the whole matrix
TAKES_PRODUCTS = ("Newton-CG", "trust-constr")  # and do without
TAKES_BOUNDS = ("L-BFGS-B", "TNC", "SLSQP", "trust-constr")
# SciPy custom methods, by the name that `train` takes
CUSTOM_METHODS: dict[str, Callable[..., Any]] = {"fmincg": fmincg, "gradient_descent": gradient_descent}
LARGEST_INT = 2**31 - 1  # no limit, for options that become a C int
METHODS = (*FIRST_ORDER, *TAKES_PRODUCTS, *NEEDS_PRODUCTS, *NEEDS_HESSIAN, *CUSTOM_METHODS)  # all use the gradient
Method = str | Callable[..., Any] | None


def train(
    cost: CostFunction,
    theta0: ArrayLike,
    *,
    method: Method = "L-BFGS-B",
    max_iterations: int = 100,
    bounds: Any = None,
    tol: float | None = None,
    options: Mapping[str, Any] | None = None,
    callback: Callable[[Progress], object] | None = None,
    progress: bool = False,
    checkpoint: str | os.PathLike[str] | Checkpoint | None = None,
    resume: bool = False,
) -> OptimizeResult:
    """Minimise `cost` from `theta0`.

    Parameters
    ----------
    cost : callable
        ``cost(theta_vec)`` returns (J, grad_vec). Where it has ``hessp(theta_vec, p)`` or ``hess(theta_vec)``, the
        methods that take second derivatives use them. Those that cannot do without ("trust-ncg", "trust-krylov", and
        column by column "dogleg" and "trust-exact") get them by central differences of the gradient otherwise.
    theta0 : array_like, shape (n,)
        Where to start; not changed.
    method : str or callable, default "L-BFGS-B"
        A gradient method of SciPy, in upper or lower case ("L-BFGS-B", "CG", "BFGS", "TNC", "SLSQP", "Newton-CG",
        "trust-constr", "trust-ncg", "trust-krylov", "dogleg", "trust-exact"), "fmincg", "gradient_descent", or a
        callable as `scipy.optimize.minimize` takes it; None is the one that SciPy chooses.
    max_iterations : int, default 100
        Largest number of iterations, whatever the method.
    bounds, tol, options : optional
        As SciPy takes them: bounds for "L-BFGS-B", "TNC", "SLSQP" and "trust-constr", the method's tolerance, and its
        own further options.
    callback : callable, optional
        Called with a `Progress` at the start and after every iteration; StopIteration ends training, with status 99.
    progress : bool, default False
        Show a bar in the terminal or the notebook.
    checkpoint : path-like or Checkpoint, optional
        The file to save to, in one step, at the start, every ten seconds and at the end; a `Checkpoint` says how often
        else. Its folder is made where it is missing. A checkpoint that is there is replaced, unless `resume` is given.
    resume : bool, default False
        Go on from the checkpoint, if the file is there, else from `theta0`. `max_iterations`, history and counts go
        on, too. "fmincg" and "gradient_descent" come to the numbers of a run without interruption; SciPy's own methods
        start anew from the saved parameters.

    Returns
    -------
    OptimizeResult
        The method's own, with ``history`` (J at the start and after every iteration) and ``interrupted`` added. nfev
        counts the calls of `cost`, nhev the products with its Hessian; a whole Hessian is n of them. After Ctrl-C, and
        where a run was ended from outside its method, x is the best of all evaluated parameters. Where the callback
        stopped, x is where it did.

    Warns
    -----
    TrainingWarning, CheckpointWarning
        If the method did not converge, with its status and message; if a checkpoint cannot be written.
    """
    arguments: Any = {"method": method, "max_iterations": max_iterations, "bounds": bounds, "tol": tol}
    arguments |= {"options": options, "checkpoint": checkpoint, "resume": resume}
    with _bar(max_iterations, callback) if progress else nullcontext(callback) as told:
        result = run(cost, theta0, callback=told, **arguments)
    if not result.success:
        name = check_method("method", method)[0]
        message = f"{name} stopped after {result.nit} iterations without convergence: {result.message}"
        warn_of_end(f"{message} (status {result.status})")
    return result


def run(
    cost: CostFunction,
    theta0: ArrayLike,
    *,
    method: Method = "L-BFGS-B",
    max_iterations: int,
    bounds: Any = None,
    tol: float | None = None,
    options: Mapping[str, Any] | None = None,
    callback: Callable[[Progress], object] | None = None,
    checkpoint: str | os.PathLike[str] | Checkpoint | None = None,
    resume: bool = False,
) -> OptimizeResult:
    """Do what `train` does, and leave it to the result to say how it ended."""
    _checks.function("cost", cost)
    if callback is not None:
        _checks.function("callback", callback)
    name, solver = check_method("method", method, bounds)
    limit = _checks.whole_number("max_iterations", max_iterations, 1)
    settings = _settings(name, limit, options)
    layout = getattr(cost, "layout", None)
    theta = np.array(
        layout.check(theta0, "theta0") if isinstance(layout, ThetaLayout) else _checks.real_vector("theta0", theta0)
    )
    if theta.size == 0:
        _checks.fail("theta0", "hold at least one parameter", "none")
    if checkpoint is None and resume:
        _checks.fail("checkpoint", "name the file to resume from", None)
    facts = describe(cost, name, options=options, bounds=bounds, tol=tol)
    with ExitStack() as stack:
        keeper = saved = None
        if checkpoint is not None:
            where = checkpoint if isinstance(checkpoint, Checkpoint) else Checkpoint(checkpoint)
            keeper = Keeper(where, resume=resume)
            stack.callback(keeper.close)
            if resume and Path(where.path).exists():
                saved = load_checkpoint(where.path)
                check_same(saved, facts, theta.size)
        record = Record(cost, limit, callback, keeper, facts)
        stack.callback(_threads.release)  # what comes after training may measure or limit the threads itself
        stack.callback(_threads.leave)
        _threads.enter()  # for the optimiser's own work too
        stack.callback(record.save, at_the_end=True)
        counts_on = name in CUSTOM_METHODS  # iterations and evaluations, from those of the state that it resumes
        if saved is not None:
            record.go_on(saved)
            theta = saved.theta_vec
            if counts_on and saved.state:
                settings["resume"] = saved.state
            elif counts_on:
                record.evaluations = 0  # the method evaluates J at its start itself
            elif "maxiter" in settings:
                settings["maxiter"] = min(limit - saved.iterations, LARGEST_INT)
        if saved is not None and not counts_on and saved.iterations >= limit:
            result = record.result(MAXIMUM_REACHED, EXHAUSTED)
        else:
            how = {"method": solver, "options": settings, "bounds": bounds, "tol": tol}
            result = _minimize(record, theta, name, how)
        if saved is not None and not counts_on:
            result["nit"] = len(record.history) - 1
    result["history"] = np.array(record.history)
    return result


def check_method(argument: str, method: Method, bounds: Any = None) -> tuple[str, Any]:
    """Return a method's name, in one spelling, and what `minimize` takes for it."""
    if method is None:
        method = "BFGS" if bounds is None else "L-BFGS-B"
    if callable(method):
        own = [name for name, solver in CUSTOM_METHODS.items() if solver is method]
        return (own[0] if own else getattr(method, "__name__", type(method).__name__)), method
    names = {name.lower(): name for name in METHODS}
    name = names.get(str(method).lower())
    if name is None:
        _checks.fail(argument, f"be one of {', '.join(map(repr, METHODS))}", repr(method))
    if bounds is not None and name not in TAKES_BOUNDS:
        _checks.fail("bounds", f"be for one of {', '.join(TAKES_BOUNDS)}", f"bounds for {name}")
    return name, CUSTOM_METHODS.get(name, name)


def _settings(name: str, limit: int, options: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the method's options, with the limit under the name it has there."""
    settings = dict(options or {})
    if "maxiter" in settings:
        _checks.fail("options", "leave the number of iterations to max_iterations", "an option 'maxiter'")
    if name in ("TNC", "L-BFGS-B"):
        settings = {"maxfun": LARGEST_INT, **settings}
    # the record counts TNC's iterations
    return settings if name == "TNC" else {"maxiter": min(limit, LARGEST_INT), **settings}


def _minimize(record: Record, theta: FloatArray, name: str, how: dict[str, Any]) -> OptimizeResult:
    """Run the method; end it by hand where it was interrupted, or cannot be stopped by its callback."""
    if name in NEEDS_PRODUCTS or (name in TAKES_PRODUCTS and hasattr(record.cost, "hessp")):
        how["hessp"] = record.hessp
    elif name in NEEDS_HESSIAN:
        how["hess"] = record.hess
    solve: Any = minimize  # its stubs list SciPy's own methods, and know no custom one chosen by name
    try:
        # TNC's own limit is one of evaluations: its iterations are counted here.
        callback = record.iterate_and_count if name == "TNC" else record.iterate
        result: OptimizeResult = solve(record, theta, jac=True, callback=callback, **how)
    except EndOfTraining as end:
        return record.result(end.status, str(end))
    except StopIteration:  # of the cost function
        return record.result(STOPPED, STOPPED_BY_CALLBACK)
    except (ValueError, ArithmeticError, UnboundLocalError) as error:
        if record.raised or not record.overflowed:
            raise
        # Some of SciPy's methods fail in this way where J or its gradient is beyond float64.
        return record.result(FAILED, f"{name} cannot go on where J or its gradient overflows ({error}).")
    except KeyboardInterrupt:
        if record.best is None:
            raise  # before the first evaluation there is nothing to save
        return record.result(INTERRUPTED, "Interrupted; x holds the best parameters so far.")
    # SciPy counts its own calls in several ways; this is how often the cost function was called.
    result.update(interrupted=False, nfev=record.evaluations, nhev=record.products)
    return result


@contextmanager
def _bar(total: int, callback: Callable[[Progress], object] | None) -> Any:
    """Give a callback that shows a bar and calls the user's own."""
    tqdm = _checks.require("tqdm.auto", "notebook", "progress=True")
    with tqdm.tqdm(total=total, unit="iteration") as bar:

        def show(now: Progress) -> None:
            bar.set_postfix_str(f"J {now.cost:.6g}, |grad| {now.gradient_norm:.2e}", refresh=False)
            bar.update(now.iteration - bar.n)
            if callback is not None:
                callback(now)

        yield show
