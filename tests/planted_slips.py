"""Octave functions, right ports of them, and ports with one slip each, written by hand in NumPy.

A wrong port's key is the name that it must be told as, with what tells it from others of the name after two spaces;
"unknown ..." must have no name. Keys with " or " are slips that give the same numbers in these cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from ports import pairs

RNG = np.random.default_rng(20)
Port = Callable[..., Any]


@dataclass(frozen=True)
class Planted:
    """An Octave function with its cases, the right port, and the wrong ones by the slip's name."""

    octave: str
    cases: list[tuple[Any, ...]]
    right: Port
    wrong: Mapping[str, Port]
    helpers: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The function's name."""
        return self.octave.partition("(")[0].replace("=", " ").split()[-1]


def normal(*shape: int) -> Any:
    """Return normal numbers."""
    return RNG.normal(size=shape)


def complex_normal(*shape: int) -> Any:
    """Return complex normal numbers."""
    return normal(*shape) + 1j * normal(*shape)


def away(x: Any) -> Any:
    """Round halves away from 0."""
    return np.sign(x) * np.floor(np.abs(x) + 0.5)


def sd(x: Any, ddof: int = 1) -> Any:
    """Return the standard deviation of each column."""
    return np.std(x, axis=0, ddof=ddof)


def wrapped(x: Any, kind: Any) -> Any:
    """Convert whole numbers to a class in which they wrap around."""
    return np.asarray(x).astype(np.int64).astype(kind)


MATRICES = [(normal(5, 3),), (normal(4, 4),), (normal(7, 2),)]
COUNTS = [(np.array([0.5, 1.5, 2.5, -0.5, -2.5, 3.2]),), (np.array([-7.0, 7.0, 4.5, -1.2]),)]
NAN = np.nan
IMAGE = np.array([[0, 100, 203], [150, 250, 2]], np.uint8)


def zscores(X: Any, mean: Any = None, ddof: int = 1) -> Any:
    mu = X.mean(0) if mean is None else mean
    return (X - mu) / sd(X, ddof), mu, sd(X, ddof)


def tide(t: Any, amplitude: Any, phase: Any, turn: float = np.pi / 180, hours: float = 12.42) -> Any:
    wt = 2 * np.pi / hours * t[:, None]
    parts = amplitude * np.cos(wt - turn * phase)
    return parts.sum(1), np.argmax(parts.sum(1)) + 1


def table_of_tides(level: Any, ddof: int = 1, half: Any = away, sign: int = 1) -> Any:
    m = level.mean(0)
    return half(100 * m) / 100, np.std(level, axis=0, ddof=ddof), np.mod(sign * 12 * m, 24.84)


def solved(X: Any, y: Any, A: Any = None) -> Any:
    return np.linalg.solve(X.T @ X if A is None else A, X.T @ y)


def spectrum(x: Any, fs: Any, scale: Any = 1.0, log: Any = np.log10, window: Any = None) -> Any:
    n = len(x)
    w = np.hanning(n) if window is None else window(n)
    p = np.abs(np.fft.fft(x * w) * (scale(n) if callable(scale) else scale)) ** 2
    half = n // 2 + 1
    return 10 * log(p[:half]), np.arange(half) * fs / n


def ranked_down(x: Any) -> Any:
    """Sort downwards, NaN first, equal values as they come."""
    order = np.argsort(np.where(np.isnan(x), -np.inf, -x), kind="stable")
    return x[order], order + 1


def ties_down(x: Any) -> Any:
    """Return the order downwards of equal values turned round."""
    return len(x) - (ranked_down(x[::-1])[1] - 1)


PLANTED = [
    Planted(
        """function [z, mu, sigma] = zscores (X)
  % standard scores of the columns; don't divide by "std (X) / mean (X)"
  mu = mean (X);
  sigma = std (X);
  z = (X - mu) ./ sigma;
end
""",
        MATRICES,
        zscores,
        {
            "population-std": lambda X: zscores(X, ddof=0),
            "over-everything": lambda X: ((X - X.mean()) / X.std(ddof=1), X.mean(), X.std(ddof=1)),
            "std-for-var": lambda X: ((X - X.mean(0)) / sd(X) ** 2, X.mean(0), sd(X) ** 2),
            "transposed": lambda X: (zscores(X)[0].T, *zscores(X)[1:]),
            "sum-for-mean": lambda X: zscores(X, mean=X.sum(0)),
            "float32": lambda X: (zscores(X)[0].astype(np.float32).astype(float), *zscores(X)[1:]),
            "float32  data": lambda X: zscores(X.astype(np.float32).astype(float)),
            "constant-factor": lambda X: (2.5 * zscores(X)[0], *zscores(X)[1:]),
            "constant-offset": lambda X: (zscores(X)[0] + 1e-3, *zscores(X)[1:]),
            "row-major": lambda X: (zscores(X)[0].ravel("F").reshape(X.shape), *zscores(X)[1:]),
            "reversed-order": lambda X: (zscores(X)[0][::-1], *zscores(X)[1:]),
            "unknown median": lambda X: zscores(X, mean=np.median(X, 0)),
            "unknown noise": lambda X: (zscores(X)[0] + np.sin(X), *zscores(X)[1:]),
            "unknown zeros": lambda X: (0 * X, *zscores(X)[1:]),
            "sum-for-mean+population-std": lambda X: zscores(X, mean=X.sum(0), ddof=0),
        },
    ),
    Planted(
        "function theta = normal_equation (X, y)\r\n\t% theta = inv(X'*X)*X'*y\r\n\ttheta = (X' * X) \\ (X' * y);\r\n",
        [(normal(6, 2), normal(6)), (normal(8, 3), normal(8)), (normal(4, 4), normal(4))],
        solved,
        {
            "elementwise-product": lambda X, y: np.linalg.solve(X.T @ X, X.T * y),
            "exchanged-division": lambda X, y: np.linalg.lstsq((X.T @ y)[:, None], X.T @ X, rcond=None)[0].ravel(),
            "elementwise-division": lambda X, y: (X.T @ y) / (X.T @ X),
            "unknown ridge": lambda X, y: solved(X, y, X.T @ X + np.eye(X.shape[1])),
        },
    ),
    Planted(
        """function [H, i] = tide_table (t, amplitude, phase)
  w = 2*pi/12.42;                     # one constituent's speed, the others' phases differ
  H = sum (amplitude' .* cos (w*t - phase'*pi/180), 2);
  [~, i] = max (H);
endfunction
""",
        [(np.arange(60.0) / 7, normal(3), 90 * normal(3)), (np.arange(80.0) / 9, normal(4), 90 * normal(4))],
        tide,
        {
            "radians-for-degrees": lambda t, a, p: tide(t, a, p, turn=1.0),
            "index-one-off": lambda t, a, p: (tide(t, a, p)[0], tide(t, a, p)[1] - 1),
            "mean-for-sum": lambda t, a, p: (tide(t, a, p)[0] / len(a), tide(t, a, p)[1]),
            "unknown sine": lambda t, a, p: tide(t, a, p - 90),
        },
    ),
    Planted(
        """function [m, s, h] = level_table (level)
% rounded means, deviations and lags of levels, a station a column
m = round (100*mean (level))/100; s = std (level);
h = mod (12*mean (level), 24.84);
""",
        [(np.array([[0.1, -3.0], [0.11, -3.2], [0.117, -0.05]]),), (np.array([[0.125, -0.125], [0.125, -0.125]]),)],
        table_of_tides,
        {
            "population-std": lambda x: table_of_tides(x, ddof=0),
            "round-half-even": lambda x: table_of_tides(x, half=np.round),
            "cut-for-round": lambda x: table_of_tides(x, half=np.floor),
            "rem-for-mod": lambda x: (*table_of_tides(x)[:2], np.fmod(12 * x.mean(0), 24.84)),
            "cut-for-round  fix": lambda x: table_of_tides(x, half=np.fix),
        },
    ),
    Planted(
        """function [P, f] = power_spectrum (x, fs)
  n = length (x);
  w = hanning (n);
  X = fft (x(:) .* w);
  P = 10*log10 (abs (X(1:floor (n/2)+1)).^2);
  f = (0:floor (n/2))' * fs / n;
end
""",
        [(normal(16), 8.0), (normal(9), 100.0)],
        spectrum,
        {
            "fft-scaling": lambda x, fs: spectrum(x, fs, lambda n: 1 / n),
            "fft-scaling  root": lambda x, fs: spectrum(x, fs, lambda n: n**-0.5),
            "natural-log": lambda x, fs: spectrum(x, fs, log=np.log),
            "log2-for-log": lambda x, fs: spectrum(x, fs, log=np.log2),
            "window-without-ends": lambda x, fs: spectrum(x, fs, window=lambda n: np.hanning(n + 2)[1:-1]),
            "periodic-window": lambda x, fs: spectrum(x, fs, window=lambda n: np.hanning(n + 1)[:-1]),
            "range-end": lambda x, fs: (spectrum(x, fs)[0][:-1], spectrum(x, fs)[1][:-1]),
            "unknown window": lambda x, fs: spectrum(x, fs, window=np.hamming),
        },
    ),
    Planted(
        "function y = bins (x)\n  y = round (x);\nend\n",
        COUNTS,
        away,
        {
            "round-half-even": np.round,
            "round-half-up": lambda x: np.floor(x + 0.5),
            "cut-for-round": np.trunc,
            "cut-for-round  floor": np.floor,
            "unknown ceil": np.ceil,
        },
    ),
    Planted(
        "function [a, b, c, d] = remainders (x, y)\n"
        "  a = mod (x, y); b = rem (x, y); c = fix (x); d = floor (x);\nend\n",
        [(np.array([5.5, -5.5, 7.0, -7.0]), 3.0), (np.array([-1.0, -2.5, 4.0]), -2.0), (np.array([1.0, -3.0]), 0.0)],
        lambda x, y: (np.mod(x, y) if y else x, np.fmod(x, y) if y else NAN * x, np.fix(x), np.floor(x)),
        {
            "rem-for-mod+mod-for-rem": lambda x, y: (
                np.fmod(x, y) if y else NAN * x,
                np.mod(x, y) if y else x,
                np.fix(x),
                np.floor(x),
            ),
            "mod-by-zero": lambda x, y: (np.mod(x, y), np.fmod(x, y) if y else NAN * x, np.fix(x), np.floor(x)),
            "floor-for-fix+fix-for-floor": lambda x, y: (
                np.mod(x, y) if y else x,
                np.fmod(x, y) if y else NAN * x,
                np.floor(x),
                np.fix(x),
            ),
        },
    ),
    Planted(
        "function [a, b, c] = logs (x)\n  a = log10 (x) + 1; b = log2 (x); c = 2 * log (x);\nend\n",
        [(np.array([0.5, 3.0, 20.0]),), (np.array([1.5, 7.0]),)],
        lambda x: (np.log10(x) + 1, np.log2(x), 2 * np.log(x)),
        {
            "natural-log": lambda x: (np.log(x) + 1, np.log(x), 2 * np.log(x)),
            "log10-for-log": lambda x: (np.log10(x) + 1, np.log10(x), 2 * np.log10(x)),
            "log2-for-log": lambda x: (np.log2(x) + 1, np.log2(x), 2 * np.log2(x)),
            "unknown log1p": lambda x: (np.log1p(x), np.log1p(x), np.log1p(x)),
        },
    ),
    Planted(
        "function [a, b, c] = bearings (x, y)\n  a = atan2 (y, x) * 180 / pi; b = sind (x); c = sin (x) .* y;\nend\n",
        [(np.array([0.5, -3.0, 2.0]), np.array([1.5, -1.0, 2.5])), (np.array([1.5, -7.0]), np.array([-0.3, 0.2]))],
        lambda x, y: (np.degrees(np.arctan2(y, x)), np.sin(np.radians(x)), np.sin(x) * y),
        {
            "radians-for-degrees": lambda x, y: (np.arctan2(y, x), np.sin(x), np.sin(x) * y),
            "degrees-for-radians": lambda x, y: (
                np.degrees(np.degrees(np.arctan2(y, x))),
                np.sin(np.radians(x)),
                np.sin(np.radians(x)) * y,
            ),
            "atan2-exchanged": lambda x, y: (np.degrees(np.arctan2(x, y)), np.sin(np.radians(x)), np.sin(x) * y),
            "atan-for-atan2": lambda x, y: (np.degrees(np.arctan(y / x)), np.sin(np.radians(x)), np.sin(x) * y),
            "unknown cosine": lambda x, y: (np.degrees(np.arctan2(y, x)), np.cos(np.radians(x)), np.cos(x) * y),
        },
    ),
    Planted(
        "function [s, m, c] = column_sums (A)\n  s = sum (A); m = mean (A, 2); c = cumsum (A);\nend\n",
        [(normal(4, 3),), (normal(3, 3),)],
        lambda A: (A.sum(0), A.mean(1), A.cumsum(0)),
        {
            "other-dimension": lambda A: (A.sum(1), A.mean(0), A.cumsum(1)),
            "over-everything": lambda A: (A.sum(), A.mean(1), A.cumsum()),
            "mean-for-sum": lambda A: (A.mean(0), A.mean(1), A.cumsum(0)),
            "sum-for-mean": lambda A: (A.sum(0), A.sum(1), A.cumsum(0)),
            "unknown product": lambda A: (A.prod(0), A.mean(1), A.cumprod(0)),
        },
    ),
    Planted(
        "function [a, b, c] = spreads (A)\n  a = std (A); b = var (A, 0, 2); c = cov (A);\nend\n",
        [(normal(4, 3),), (normal(3, 3),)],
        lambda A: (sd(A), A.var(1, ddof=1), np.cov(A, rowvar=False)),
        {
            "population-std": lambda A: (sd(A, 0), A.var(1), np.cov(A, rowvar=False, bias=True)),
            "other-dimension": lambda A: (A.std(1, ddof=1), A.var(0, ddof=1), np.cov(A, rowvar=False)),
            "std-for-var": lambda A: (A.var(0, ddof=1), A.std(1, ddof=1), np.cov(A, rowvar=False)),
            "rows-as-variables": lambda A: (sd(A), A.var(1, ddof=1), np.cov(A)),
            "over-everything": lambda A: (A.std(ddof=1), A.var(1, ddof=1), np.cov(A, rowvar=False)),
        },
    ),
    Planted(
        "function [m, i] = highest (x)\n  [m, i] = max (x);\nend\n",
        [(np.array([3.0, 1.0, NAN, 5.0, 2.0, 5.0]),), (np.array([NAN, 1.0, 2.0, 2.0, 0.0]),)],
        lambda x: (np.nanmax(x), np.nanargmax(x) + 1),
        {
            "nan-in-extremes": lambda x: (np.max(x), np.argmax(x) + 1),
            "index-one-off": lambda x: (np.nanmax(x), np.nanargmax(x)),
            "ties": lambda x: (np.nanmax(x), len(x) - np.nanargmax(x[::-1])),
            "unknown lowest": lambda x: (np.nanmin(x), np.nanargmin(x) + 1),
        },
    ),
    Planted(
        "function [s, k] = ranked (x)\n  [s, k] = sort (x, 'descend');\nend\n",
        [(np.array([3.0, 1.0, 3.0, NAN, 2.0, 2.0]),), (np.array([4.0, NAN, 4.0, 4.0]),)],
        ranked_down,
        {
            "ties": lambda x: (ranked_down(x)[0], ties_down(x)),
            "sort-nan": lambda x: (-np.sort(-x), np.argsort(-x, kind="stable") + 1),
            "sort-direction": lambda x: (np.sort(x), np.argsort(x, kind="stable") + 1),
            "index-one-off": lambda x: (ranked_down(x)[0], ranked_down(x)[1] - 1),
        },
    ),
    Planted(
        "function [a, b, c] = products (A, B)\n  a = A * B; b = A .* B; c = A ^ 2;\nend\n",
        [(normal(3, 3), normal(3, 3)), (normal(2, 2), normal(2, 2))],
        lambda A, B: (A @ B, A * B, A @ A),
        {
            "elementwise-product": lambda A, B: (A * B, A * B, A**2),
            "matrix-product": lambda A, B: (A @ B, A @ B, A @ A),
            "unknown sum": lambda A, B: (A @ B + B, A * B + B, A @ A + B),
        },
    ),
    Planted(
        "function [x, z] = solutions (A, b)\n  x = A \\ b; z = b' / A;\nend\n",
        [(normal(3, 3), normal(3)), (normal(2, 2), normal(2))],
        lambda A, b: (np.linalg.solve(A, b), np.linalg.solve(A.T, b)),
        {
            "exchanged-division  x": lambda A, b: (
                np.linalg.lstsq(b[:, None], A, rcond=None)[0].ravel(),
                np.linalg.solve(A.T, b),
            ),
            "elementwise-division": lambda A, b: (b / A, b / A),
        },
    ),
    Planted(
        "function [H, q, B] = adjoint (A, x)\n  H = (A + A')/2; q = x' * A * x; B = A.';\nend\n",
        [(complex_normal(3, 3), complex_normal(3)), (complex_normal(2, 2), complex_normal(2))],
        lambda A, x: ((A + A.conj().T) / 2, np.vdot(x, A @ x), A.T),
        {
            "conjugate-transpose": lambda A, x: ((A + A.T) / 2, x @ A @ x, A.conj().T),
            "transpose-left-out": lambda A, x: (A, np.vdot(x, A @ x), A.T),
            "transposed or conjugate-transpose": lambda A, x: (((A + A.conj().T) / 2).T, np.vdot(x, A @ x), A.T),
            "imaginary-part-lost": lambda A, x: (((A + A.conj().T) / 2).real, np.vdot(x, A @ x).real, A.T.real),
        },
    ),
    Planted(
        "function [v, R, k, y] = order (A, j)\n  v = A(:); R = reshape (A, 2, []); k = find (A > 0); y = A(j);\nend\n",
        [(normal(4, 3), np.array([2, 5, 7])), (normal(2, 4), np.array([3, 8]))],
        lambda A, j: (
            A.ravel("F"),
            A.reshape(2, -1, order="F"),
            np.flatnonzero(A.ravel("F") > 0) + 1,
            A.ravel("F")[j - 1],
        ),
        {
            "row-major": lambda A, j: (A.ravel(), A.reshape(2, -1), np.flatnonzero(A > 0) + 1, A.ravel()[j - 1]),
            "index-one-off": lambda A, j: (
                A.ravel("F"),
                A.reshape(2, -1, order="F"),
                np.flatnonzero(A.ravel("F") > 0),
                A.ravel("F")[j - 2],
            ),
            "transposed": lambda A, j: (
                A.ravel("F"),
                A.reshape(2, -1, order="F").T,
                np.flatnonzero(A.ravel("F") > 0) + 1,
                A.ravel("F")[j - 1],
            ),
        },
    ),
    Planted(
        "function y = brighter (img, by)\n  y = (uint8 (img) + by) * 1.25;\nend\n",
        [(IMAGE, 10.0), (np.arange(0, 250, 7, dtype=np.uint8), 40.0)],
        lambda img, by: np.clip(away(np.clip(away(img + by), 0, 255) * 1.25), 0, 255).astype(np.uint8),
        {
            "integer-wrap": lambda img, by: wrapped(away(wrapped(img + by, np.uint8) * 1.25), np.uint8),
            "integer-without-limits": lambda img, by: (img + by) * 1.25,
            "unknown darker": lambda img, by: np.clip(away((img - by) * 1.25), 0, 255).astype(np.uint8),
        },
    ),
    Planted(
        "function [q, c] = shares (a, b)\n  q = int32 (a) / int32 (b); c = int8 (a * 10.7);\nend\n",
        [(np.array([7.0, -7.0, 9.0, 20.0]), 2.0), (np.array([11.0, 3.0, -14.0]), 4.0)],
        lambda a, b: (away(a / b).astype(np.int32), np.clip(away(a * 10.7), -128, 127).astype(np.int8)),
        {
            "integer-division": lambda a, b: (a // b, np.clip(away(a * 10.7), -128, 127)),
            "integer-without-limits or integer-division  true": lambda a, b: (
                a / b,
                np.clip(away(a * 10.7), -128, 127),
            ),
            "integer-wrap": lambda a, b: (away(a / b), wrapped(a * 10.7, np.int8)),
            "cut-for-round": lambda a, b: (away(a / b), np.clip(np.trunc(a * 10.7), -128, 127)),
        },
    ),
    Planted(
        "function [e, r] = errors_of (y, yhat, X)\n  e = mean ((y - yhat).^2); r = X - mean (X, 2);\nend\n",
        [(normal(5), normal(5), normal(3, 3)), (normal(4), normal(4), normal(4, 4))],
        lambda y, yhat, X: (np.mean((y - yhat) ** 2), X - X.mean(1, keepdims=True)),
        {
            "flat-vector": lambda y, yhat, X: (np.mean((y[:, None] - yhat) ** 2), X - X.mean(1)),
            "flat-vector  columns": lambda y, yhat, X: (np.mean((y[:, None] - yhat) ** 2, 0), X - X.mean(1)),
            "sum-for-mean": lambda y, yhat, X: (np.sum((y - yhat) ** 2), X - X.sum(1, keepdims=True)),
        },
    ),
    Planted(
        "function D = distances (a, b)\n  D = abs (a - b');\nend\n",
        [(normal(4), normal(4)), (normal(3), normal(3))],
        lambda a, b: np.abs(a[:, None] - b),
        {
            "transpose-left-out or flat-vector": lambda a, b: np.abs(a - b),
            "transposed": lambda a, b: np.abs(a[:, None] - b).T,
        },
    ),
    Planted(
        "function C = gram (x, y)\n  C = x * y';\nend\n",
        [(normal(4), normal(4)), (normal(3), normal(3))],
        np.outer,
        {
            "inner-for-outer": lambda x, y: x @ y,
            "elementwise-product": lambda x, y: x * y,
            "transposed": lambda x, y: np.outer(y, x),
        },
    ),
    Planted(
        "function [x, r, k] = grids (a, b, n)\n  x = linspace (a, b, n); r = a:0.5:b; k = 1:n;\nend\n",
        [(0.0, 2.0, 5.0), (-1.0, 1.0, 4.0)],
        lambda a, b, n: (np.linspace(a, b, int(n)), np.arange(a, b + 0.25, 0.5), np.arange(1, n + 1)),
        {
            "range-end": lambda a, b, n: (
                np.linspace(a, b, int(n), endpoint=False),
                np.arange(a, b, 0.5),
                np.arange(1, n),
            ),
            "range-too-long": lambda a, b, n: (
                np.linspace(a, b, int(n)),
                np.arange(a, b + 0.5001, 0.5),
                np.arange(1, n + 2),
            ),
            "range-one-off": lambda a, b, n: (
                np.linspace(a, b, int(n)),
                np.arange(a, b + 0.25, 0.5),
                np.arange(n),
            ),
        },
    ),
    Planted(
        "function x = axis_of (a, b)\n  x = linspace (a, b);\nend\n",
        [(0.0, 2.0), (-1.0, 1.0)],
        lambda a, b: np.linspace(a, b, 100),
        {"linspace-count": np.linspace, "range-end": lambda a, b: np.linspace(a, b, 100, endpoint=False)},
    ),
    Planted(
        "function [Z, W] = surfaces (x, y)\n  [X, Y] = meshgrid (x, y); Z = X.^2 + Y;\n"
        "  [P, Q] = ndgrid (x, y); W = P.^2 - Q;\nend\n",
        [(normal(3), normal(4)), (normal(2), normal(5))],
        lambda x, y: (x**2 + y[:, None], x[:, None] ** 2 - y),
        {
            "ndgrid-for-meshgrid or transposed+meshgrid-for-ndgrid or transposed": lambda x, y: (
                x[:, None] ** 2 + y,
                x**2 - y[:, None],
            ),
            "unknown exchanged": lambda x, y: (x + y[:, None] ** 2, x[:, None] - y**2),
        },
    ),
    Planted(
        "function [m, q, p] = middles (x)\n"
        "  m = median (x); q = quantile (x, [0.1 0.5 0.9]); p = prctile (x, 25);\nend\n",
        [(normal(6),), (normal(8),)],
        lambda x: (
            np.median(x),
            np.quantile(x, [0.1, 0.5, 0.9], method="hazen"),
            np.percentile(x, 25, method="hazen"),
        ),
        {
            "median-of-two+linear-quantile": lambda x: (
                np.sort(x)[len(x) // 2],
                np.quantile(x, [0.1, 0.5, 0.9]),
                np.percentile(x, 25),
            ),
            "median-of-two+linear-quantile  lower": lambda x: (
                np.sort(x)[(len(x) - 1) // 2],
                np.quantile(x, [0.1, 0.5, 0.9]),
                np.percentile(x, 25),
            ),
            "unknown mean": lambda x: (x.mean(), x[:3], x[0]),
        },
    ),
    Planted(
        "function y = looked_up (xt, yt, x)\n  y = interp1 (xt, yt, x);\nend\n",
        [
            (np.arange(4.0), np.array([3.0, 1.0, 4.0, 1.0]), np.array([-1.0, 1.5, 3.5])),
            (np.arange(3.0), normal(3), np.array([0.5, 2.2])),
        ],
        lambda xt, yt, x: np.interp(x, xt, yt, left=NAN, right=NAN),
        {
            "interpolation-held": lambda xt, yt, x: np.interp(x, xt, yt),
            "extrapolated": lambda xt, yt, x: (
                np.interp(x, xt, yt)
                + np.where(x < xt[0], (x - xt[0]) * (yt[1] - yt[0]), 0)
                + np.where(x > xt[-1], (x - xt[-1]) * (yt[-1] - yt[-2]), 0)
            ),
            "unknown zeros": lambda xt, yt, x: np.interp(x, xt, yt, left=0, right=0),
        },
    ),
    Planted(
        "function [Y, y] = transforms (X)\n  Y = fft (X); y = ifft (X);\nend\n",
        [(normal(4, 3),), (normal(5, 5),)],
        lambda X: (np.fft.fft(X, axis=0), np.fft.ifft(X, axis=0)),
        {
            "fft-scaling": lambda X: (np.fft.fft(X, axis=0, norm="forward"), np.fft.ifft(X, axis=0, norm="forward")),
            "fft-scaling  root": lambda X: (np.fft.fft(X, axis=0, norm="ortho"), np.fft.ifft(X, axis=0, norm="ortho")),
            "other-dimension": lambda X: (np.fft.fft(X), np.fft.ifft(X)),
            "imaginary-part-lost": lambda X: (np.fft.fft(X, axis=0).real, np.fft.ifft(X, axis=0).real),
        },
    ),
    Planted(
        "function y = totals (x)\n  y = sum (x);\nend\n",
        [(np.array([[1.5, 2.0, 4.5]]),), (normal(3, 2),), (normal(1, 4),)],
        lambda x: x.sum() if len(x) == 1 else x.sum(0),
        {
            "always-first-dimension": lambda x: x.sum(0),
            "over-everything": np.sum,
            "unknown": lambda x: x.sum(0) + len(x),
        },
    ),
    Planted(
        "function [p, v] = trend (t, y)\n  p = polyfit (t, y, 2); v = polyval ([2 0 1], t);\nend\n",
        [(np.arange(5.0), normal(5)), (np.arange(6.0) / 3, normal(6))],
        lambda t, y: (np.polyfit(t, y, 2), 2 * t**2 + 1),
        {"polynomial-order": lambda t, y: (np.polyfit(t, y, 2)[::-1], 2 + t**2)},
    ),
    Planted(
        "function [u, i, j] = categories (x)\n  [u, i, j] = unique (x);\nend\n",
        [(np.array([3.0, 1.0, 3.0, 2.0, 1.0]),), (np.array([5.0, 4.0, 5.0, 5.0, 1.0]),)],
        lambda x: (np.unique(x), np.unique(x, return_index=True)[1] + 1, np.unique(x, return_inverse=True)[1] + 1),
        {
            "unique-last-index": lambda x: (
                np.unique(x),
                len(x) - np.unique(x[::-1], return_index=True)[1],
                np.unique(x, return_inverse=True)[1] + 1,
            ),
            "index-one-off": lambda x: (
                np.unique(x),
                np.unique(x, return_index=True)[1],
                np.unique(x, return_inverse=True)[1],
            ),
        },
    ),
    Planted(
        "function [a, b] = kernels (x)\n  % max is a variable here\n"
        "  max = numel (x); a = sqrt (x(:) - 1); b = norm (x) / max;\nend\n",
        [(normal(3, 3),), (normal(2, 4),)],
        lambda x: (np.emath.sqrt(x.ravel("F") - 1), np.linalg.norm(x, 2) / x.size),
        {
            "nan-for-complex": lambda x: (np.sqrt(x.ravel("F") - 1), np.linalg.norm(x, 2) / x.size),
            "frobenius-norm": lambda x: (np.emath.sqrt(x.ravel("F") - 1), np.linalg.norm(x) / x.size),
            "len-for-size": lambda x: (np.emath.sqrt(x.ravel("F") - 1), np.linalg.norm(x, 2) / len(x)),
            "row-major": lambda x: (np.emath.sqrt(x.ravel() - 1), np.linalg.norm(x, 2) / x.size),
        },
    ),
    Planted(
        "function y = rms_of (x)\n  y = sqrt (mean (x.^2) .* spread (x));\nend\n",
        MATRICES,
        lambda x: np.sqrt(np.mean(x**2, 0) * sd(x)),
        {
            "population-std": lambda x: np.sqrt(np.mean(x**2, 0) * sd(x, 0)),
            "over-everything": lambda x: np.sqrt(np.mean(x**2) * sd(x)),
            "over-everything  both": lambda x: np.sqrt(np.mean(x**2) * np.std(x, ddof=1)),
        },
        {
            "spread.m": "function s = spread (x)\n  s = deviation (x);\nend\n",
            "private/deviation.m": "function s = deviation (x)\n  s = std (x);\nend\n",
        },
    ),
    Planted(
        "function s = scatter (x)\n  s = sum (x.^2) - sum (x).^2 / numel (x);\nend\n",
        [(normal(5),), (normal(9),), (normal(12),)],
        lambda x: np.sum(x**2) - np.sum(x) ** 2 / len(x),
        {
            "factor-of-n": np.var,
            "factor-of-n  sample": lambda x: np.var(x, ddof=1),
            "unknown": lambda x: np.sum(x**2) + np.sum(x) ** 2,
        },
    ),
]


def still(x: Any) -> Any:
    """Return standard scores by n where a column does not vary."""
    sigma = np.where(x.std(0) == 0, 1.0, x.std(0))
    return (x - x.mean(0)) / sigma, x.mean(0), sigma


# In copies of the pairs whose right ports are proven elsewhere.
FOLDER = Path(__file__).parent / "ports"
IN_PAIRS: dict[str, dict[str, Port]] = {
    "standardize": {"population-std": still},
    "circmean": {
        "radians-for-degrees": lambda d: np.angle(np.mean(np.exp(1j * d))) * 180 / np.pi % 360,
        "rem-for-mod": lambda d: np.fmod(np.degrees(np.angle(np.mean(np.exp(1j * np.radians(d))))), 360),
    },
    "onesided": {"fft-scaling": lambda x, fs: (pairs.onesided(x, fs)[0], pairs.onesided(x, fs)[1] * len(x))},
    "safelog": {"natural-log": np.log},
    "tiedranks": {"index-one-off": lambda x: (pairs.tiedranks(x)[0], pairs.tiedranks(x)[1] - 1)},
    "daynumber": {"constant-offset": lambda y, m, d: (pairs.daynumber(y, m, d)[0] + 0.5, pairs.daynumber(y, m, d)[1])},
    "blockmean": {"transposed": lambda A, k: pairs.blockmean(A, k).T},
    "poisson1d": {"constant-factor": lambda f, h: (pairs.poisson1d(f, h)[0], 2 * pairs.poisson1d(f, h)[1])},
    "adler": {"outputs-exchanged": lambda data: (pairs.adler(data)[0], *pairs.adler(data)[:0:-1])},
}


PLANTED += [
    Planted((FOLDER / f"{name}.m").read_bytes().decode("latin-1"), pairs.PAIRS[name], getattr(pairs, name), wrong)
    for name, wrong in IN_PAIRS.items()
]
