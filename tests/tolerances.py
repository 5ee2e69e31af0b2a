"""The one table of tolerances: what each kind of agreement is held to, and why it is not tighter."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.testing import assert_allclose


class Tolerance(NamedTuple):
    """Arguments of `assert_allclose`: relative and absolute difference allowed."""

    rtol: float
    atol: float


ROUNDING = Tolerance(1e-14, 1e-300)  # the same sums in the same order, or an elementary function
LAST_DIGITS = Tolerance(2e-15, 1e-300)  # a few operations on numbers that all round to the same side
ALGEBRA = Tolerance(1e-12, 1e-15)  # the same mathematics in another order of summation
OCTAVE_COST = Tolerance(1e-12, 0.0)  # J: exp and the BLAS differ in their last bits
OCTAVE_GRADIENT = Tolerance(1e-9, 1e-13)  # entries near zero lose relative accuracy to cancellation
FIGURE = Tolerance(1e-12, 0.0)  # a verified figure printed with 15 digits
SINGLE = Tolerance(3e-6, 1e-30)  # float32: rounding of 6e-8 in each of some tens of operations, sums in float64
COMPLEX_STEP = Tolerance(1e-13, 0.0)  # of the gradient's norm: no difference is taken, only rounding is left
TWELVE_DIGITS = Tolerance(1e-11, 1e-11)  # a verified figure printed with 12 digits
TWO_SIDED = Tolerance(1e-9, 0.0)  # of the gradient's norm, epsilon 1e-4 on the debug network
FMINCG_STEPS = Tolerance(1e-9, 0.0)  # the same line searches; rounding grows from step to step
FMINCG_50 = Tolerance(1e-5, 0.0)  # after 50 of them; the order of the cost's sums alone moves J by 3e-6
MINIMUM = Tolerance(1e-6, 1e-7)  # different optimisers at the same minimum
SOLUTION = Tolerance(1e-4, 1e-6)  # parameters at a minimum: J, flat there, tells them to the square root of its digits
FORWARD_SOLUTION = Tolerance(1e-4, 0.0)  # of a minimum found with forward differences, whose steps are 1.5e-8
FORWARD_DIFFERENCE = Tolerance(2e-6, 2e-6)  # step 1e-6 times half a second derivative of order 1, and rounding / step
FLOAT32 = Tolerance(2e-5, 1e-6)  # sums of a few dozen products in single precision
SHOWN = Tolerance(0.02, 0.5)  # a figure quoted in the documentation, where an optimiser has magnified rounding
DIGITS = Tolerance(0.0, 1e-13)  # pixels of order 1 by another order of summation; near zero only the absolute counts


def assert_close(actual: object, expected: object, tolerance: Tolerance) -> None:
    """Assert elementwise agreement within a named tolerance, shapes included."""
    assert np.shape(actual) == np.shape(expected), f"shape {np.shape(actual)}, expected {np.shape(expected)}"
    assert_allclose(actual, expected, rtol=tolerance.rtol, atol=tolerance.atol)


def relative_difference(a: object, b: object) -> float:
    """Return norm(a - b) / norm(a + b), the course's measure; 0 where both are zero."""
    a_vec, b_vec = np.asarray(a).ravel(), np.asarray(b).ravel()
    total = float(np.linalg.norm(a_vec + b_vec))
    return 0.0 if total == 0.0 else float(np.linalg.norm(a_vec - b_vec)) / total
