"""Features: new ones from given ones, as the course makes them, and which examples they show to be strange.

None of the new ones has the column of ones: every cost function of this package brings the intercept itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray

HIGHEST_DEGREE = 1000  # far beyond what polynomials are good for, and half a million columns of two features
THRESHOLDS = 1000  # steps between the smallest and the largest probability, the course's


def map_feature(x1: ArrayLike, x2: ArrayLike, degree: int = 6) -> FloatArray:
    """Return all products of powers of two features up to a degree, the course's mapFeature without its ones.

    Parameters
    ----------
    x1, x2 : array_like, shape (m,)
        The two features.
    degree : int, default 6
        Largest sum of both powers, >= 1.

    Returns
    -------
    ndarray of float64, shape (m, (degree + 1) (degree + 2) / 2 - 1)
        The columns x1, x2, x1^2, x1 x2, x2^2, x1^3, ..., x2^degree: 27 for degree 6, and the intercept is the 28th.
    """
    first = _checks.real_vector("x1", x1)
    second = _checks.real_vector("x2", x2, first.size, ", one value for each of x1")
    highest = _degree(degree)
    powers = [(i - j, j) for i in range(1, highest + 1) for j in range(i + 1)]
    with np.errstate(over="ignore", invalid="ignore"):
        return _checks.finite("the products", np.column_stack([first**p * second**q for p, q in powers]))


def poly_features(x: ArrayLike, degree: int) -> FloatArray:
    """Return ``x, x^2, ..., x^degree`` of one feature of shape (m,) or (m, 1), shape (m, degree): polyFeatures."""
    feature = _checks.column_vector("x", x)
    exponents = np.arange(1, _degree(degree) + 1)
    with np.errstate(over="ignore"):
        return _checks.finite("the powers of x", feature[:, None] ** exponents)


def feature_normalize(X: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the features with mean 0 and standard deviation 1, and both as they were.

    New examples are scaled by the same numbers: ``(X_new - mu) / sigma``.

    Parameters
    ----------
    X : array_like, shape (m, n)
        One example a row, m >= 2; no column may hold one value only.

    Returns
    -------
    X_norm : ndarray of float64, shape (m, n)
    mu, sigma : ndarray of float64, shape (n,)
        The mean and the standard deviation of each column, with the divisor m - 1, which is Octave's and the course's.
    """
    matrix = _checks.real_matrix("X", X)
    if len(matrix) < 2:
        _checks.fail("X", "have at least two rows, for a standard deviation", len(matrix))
    mu = matrix.mean(axis=0)
    constant = np.flatnonzero(np.ptp(matrix, axis=0) == 0)
    if constant.size:
        expected = "have no column of equal values, which has no deviation to divide by"
        _checks.fail("X", expected, f"column {constant[0]}")
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        sigma = matrix.std(axis=0, ddof=1)
    odd = np.flatnonzero(~np.isfinite(sigma) | (sigma == 0))
    if odd.size:
        _checks.fail("X", "have deviations that float64 can hold", f"{sigma[odd[0]]:g} in column {odd[0]}")
    return (matrix - mu) / sigma, mu, sigma


def _degree(degree: int) -> int:
    if _checks.whole_number("degree", degree, 1) > HIGHEST_DEGREE:
        _checks.fail("degree", f"be at most {HIGHEST_DEGREE}", degree)
    return degree


def estimate_gaussian(X: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the mean and the variance of each column of X, both of shape (n,): the course's estimateGaussian.

    ``mu_j = 1/m sum_i x_j(i)`` and ``sigma2_j = 1/m sum_i (x_j(i) - mu_j)^2``: by m, not by m - 1.
    """
    matrix = _checks.real_matrix("X", X)
    return matrix.mean(axis=0), matrix.var(axis=0)


def select_threshold(yval: ArrayLike, pval: ArrayLike) -> tuple[float, float]:
    """Return the threshold with the largest F1 on a validation set, and this F1: the course's selectThreshold.

    An example is called an anomaly where its probability is below the threshold. ``F1 = 2 P R / (P + R)`` with the
    precision ``P = tp / (tp + fp)`` and the recall ``R = tp / (tp + fn)``, that is ``2 tp / (2 tp + fp + fn)``. The
    thresholds tried are the smallest of `pval` and 1000 equal steps up to the largest; of the best ones the first is
    returned, or 0 and 0 where none finds an anomaly.

    Parameters
    ----------
    yval : array_like, shape (m,) or (m, 1)
        1 for an anomaly, else 0.
    pval : array_like, shape (m,) or (m, 1)
        The probability of each example.
    """
    probabilities = _checks.column_vector("pval", pval)
    if probabilities.size == 0:
        _checks.fail("pval", "have at least one entry", "none")
    anomalies = _checks.column_vector("yval", yval, probabilities.size, ", one for each entry of pval")
    if not np.isin(anomalies, (0.0, 1.0)).all():
        _checks.fail("yval", "hold 0 and 1 only", repr(anomalies[~np.isin(anomalies, (0.0, 1.0))][0]))
    low, high = probabilities.min(), probabilities.max()
    epsilons = low + (high - low) / THRESHOLDS * np.arange(THRESHOLDS + 1)
    # The probabilities in order: how many examples, and how many anomalies, lie below each threshold.
    order = np.argsort(probabilities)
    called = np.searchsorted(probabilities[order], epsilons)
    hits = np.concatenate([[0.0], np.cumsum(anomalies[order])])[called]
    # 2 tp + fp + fn is the number called anomalies plus the number that are.
    F1 = 2 * hits / np.maximum(called + anomalies.sum(), 1)
    best = int(F1.argmax())
    return (float(epsilons[best]), float(F1[best])) if F1[best] > 0 else (0.0, 0.0)
