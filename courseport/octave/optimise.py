"""Octave's own fminunc, run from Python on an Octave cost function, for comparison with SciPy's optimisers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult

from courseport import _checks
from courseport.octave.cost import OctaveCostFunction

# fminunc's `info`, in the words of Octave's manual
MESSAGES = {
    1: "Converged to a solution point.",
    2: "Last relative step size was less than tol_x.",
    3: "Last relative decrease in J was less than tol_fun.",
    0: "Iteration limit exceeded.",
    -1: "The algorithm was terminated by its output function.",
    -3: "The trust region radius became excessively small.",
}


def octave_fminunc(
    cost_function: OctaveCostFunction,
    theta0: ArrayLike,
    *,
    max_iterations: int = 400,
    tol_x: float = 1e-12,
    tol_fun: float = 1e-12,
    time_limit: float | None = 600.0,
) -> OptimizeResult:
    """Minimise an Octave cost function with Octave's fminunc, all of it inside Octave.

    Parameters
    ----------
    cost_function : OctaveCostFunction
        Its session does the work.
    theta0 : array_like, shape (n,)
        Where to begin. fminunc keeps an n x n matrix: 10,285 parameters take 1.7 GB.
    max_iterations, tol_x, tol_fun
        MaxIter, TolX and TolFun. Octave's own tolerances are 1e-6 and stop at a gradient of about 1e-4.
    time_limit : float or None
        Seconds the whole run may take.

    Returns
    -------
    scipy.optimize.OptimizeResult
        x, fun, jac, nit, nfev, success, message, and fminunc's `info` as status.
    """
    theta = _checks.real_vector("theta0", theta0)
    limits = (_checks.number("tol_x", tol_x, minimum=0.0), _checks.number("tol_fun", tol_fun, minimum=0.0))
    iterations = _checks.whole_number("max_iterations", max_iterations, 1)
    session = cost_function.prepare()
    usual, session.time_limit = session.time_limit, time_limit
    try:
        x, J, info, nit, nfev, grad = session.feval(
            "courseport_fminunc", theta, cost_function.theta_name, cost_function.call, iterations, *limits, nout=6
        )
    finally:
        session.time_limit = usual
    result = OptimizeResult()
    result.update(
        x=np.array(x).reshape(theta.size),
        fun=J,
        jac=np.array(grad).reshape(theta.size),
        nit=int(nit),
        nfev=int(nfev),
        status=int(info),
        success=info > 0,
        message=MESSAGES.get(int(info), f"fminunc ended with info {info:g}."),
    )
    return result
