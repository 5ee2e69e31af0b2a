"""Anomaly detection: a normal distribution for each feature, and the probability below which an example is strange."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray

THRESHOLDS = 1000  # steps between the smallest and the largest probability, the course's


def estimate_gaussian(X: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the mean and the variance of each feature, the course's estimateGaussian.

    ``mu_j = 1/m sum_i x_j(i)`` and ``sigma2_j = 1/m sum_i (x_j(i) - mu_j)^2``: by m, not by m - 1.

    Parameters
    ----------
    X : array_like, shape (m, n)
        One example a row.

    Returns
    -------
    mu, sigma2 : ndarray of float64, shape (n,)
    """
    matrix = _checks.real_matrix("X", X)
    return matrix.mean(axis=0), matrix.var(axis=0)


def select_threshold(yval: ArrayLike, pval: ArrayLike) -> tuple[float, float]:
    """Return the threshold with the largest F1 on a validation set, and this F1: the course's selectThreshold.

    An example is called an anomaly where its probability is below the threshold. ``F1 = 2 P R / (P + R)`` with the
    precision ``P = tp / (tp + fp)`` and the recall ``R = tp / (tp + fn)``, that is ``2 tp / (2 tp + fp + fn)``. The
    thresholds tried are the smallest of `pval` and 1000 equal steps up to the largest.

    Parameters
    ----------
    yval : array_like, shape (m,) or (m, 1)
        1 for an anomaly, else 0.
    pval : array_like, shape (m,) or (m, 1)
        The probability of each example.

    Returns
    -------
    epsilon, F1 : float
        The first of the best thresholds; 0 and 0 where no threshold finds an anomaly.
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
