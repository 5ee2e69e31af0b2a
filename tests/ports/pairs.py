"""Right ports of the .m files beside this module, with cases that the usual slips do not survive."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import scipy.sparse
import scipy.sparse.linalg
from scipy import stats
from scipy.signal import hilbert

RNG = np.random.default_rng(1903)
Values = Any  # what the ports take and give is as varied as in the wild


def standardize(x: Values) -> Values:
    mu, sigma = x.mean(axis=0), x.std(axis=0, ddof=1)
    sigma = np.where(sigma == 0, 1.0, sigma)
    return (x - mu) / sigma, mu, sigma


def runmean(x: Values, w: Values) -> Values:
    half = int(w) // 2
    return np.array([np.mean(x[max(0, i - half) : i + half + 1]) for i in range(len(x))])


def fitline(t: Values, y: Values) -> Values:
    A = np.column_stack([np.ones_like(t), t])
    c, *_ = np.linalg.lstsq(A, y, rcond=None)
    r = y - A @ c
    return c, r, np.sqrt(np.mean(r**2))


def circmean(deg: Values) -> Values:
    return np.degrees(np.angle(np.mean(np.exp(1j * np.radians(deg))))) % 360


def uv(speed: Values, direction: Values) -> Values:
    return -speed * np.sin(np.radians(direction)), -speed * np.cos(np.radians(direction))


def sw_dens0(S: Values, T: Values) -> Values:
    smow = np.polyval([6.536332e-9, -1.120083e-6, 1.001685e-4, -9.095290e-3, 6.793952e-2, 999.842594], T)
    b = np.polyval([5.3875e-9, -8.2467e-7, 7.6438e-5, -4.0899e-3, 8.24493e-1], T)
    c = np.polyval([-1.6546e-6, 1.0227e-4, -5.72466e-3], T)
    return smow + b * S + c * S**1.5 + 4.8314e-4 * S**2


def wordcount(txt: Values) -> Values:
    words, counts = np.unique(re.findall(r"[a-z]+", txt.lower()), return_counts=True)
    return words.tolist(), counts


def caesar(msg: Values, key: Values) -> Values:
    def shifted(letter: str) -> str:
        if not letter.isalpha():
            return letter
        start = ord("A") if letter.isupper() else ord("a")
        return chr((ord(letter) - start + int(key)) % 26 + start)

    return "".join(map(shifted, msg))


def parsekv(line: Values) -> Values:
    found: dict[str, Any] = {}
    for part in line.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            try:
                found[name.strip()] = float(value)
            except ValueError:
                found[name.strip()] = value.strip()
    return found


def summarize(records: Values) -> Values:
    found = []
    for name in sorted({record["group"] for record in records}):
        v = np.array([record["value"] for record in records if record["group"] == name])
        found.append({"group": name, "n": len(v), "mean": v.mean(), "range": (v.min(), v.max())})
    return found


def flatten_cell(c: Values) -> Values:
    return [leaf for part in c for leaf in (flatten_cell(part) if isinstance(part, list) else [part])]


def onesided(x: Values, fs: Values) -> Values:
    n = len(x)
    amp = np.abs(np.fft.rfft(x)) / n
    amp[1 : n // 2 if n % 2 == 0 else None] *= 2
    return np.fft.rfftfreq(n, 1 / fs), amp


def analytic(x: Values) -> Values:
    z = hilbert(x, axis=0)
    return z, np.abs(z)


def lighten(img: Values, offset: Values) -> Values:
    brighter = np.clip(img.astype(np.float64) + offset, 0, 255)
    return np.clip(np.floor(brighter * 1.25 + 0.5), 0, 255).astype(np.uint8)


def adler(data: Values) -> Values:
    a, b = 1, 0
    for byte in np.ravel(data):
        a = (a + int(byte)) % 65521
        b = (b + a) % 65521
    return b << 16 | a, a, b


def poisson1d(f: Values, h: Values) -> Values:
    n = len(f)
    A = scipy.sparse.diags_array([-np.ones(n - 1), 2 * np.ones(n), -np.ones(n - 1)], offsets=[-1, 0, 1]) / h**2
    return A, scipy.sparse.linalg.spsolve(A.tocsc(), f)


def degrees(edges: Values, n: Values) -> Values:
    rows, columns = edges.astype(int).T - 1
    A = scipy.sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(int(n), int(n))).tocsr()
    A = A + A.T
    d = A.sum(axis=1)
    return A, d, np.flatnonzero(d == 0) + 1


def safelog(x: Values) -> Values:
    if isinstance(x, str):
        raise TypeError("x must be numbers")
    if np.any(np.asarray(x) <= 0):
        raise ValueError(f"x must be positive, got {np.min(x):g}")
    return np.log10(x)


def tablelookup(xt: Values, yt: Values, x: Values) -> Values:
    return np.interp(x, xt, yt, left=np.nan, right=np.nan)


def tiedranks(x: Values) -> Values:
    return stats.rankdata(x), np.argsort(x, kind="stable") + 1


def hermitian(A: Values, x: Values) -> Values:
    H = (A + A.conj().T) / 2
    return H, np.vdot(x, H @ x)


def medfilt(x: Values, w: Values) -> Values:
    w = int(w)
    y = np.full(len(x), np.nan)
    y[w - 1 :] = np.median(np.lib.stride_tricks.sliding_window_view(x, w), axis=1)
    return y


def gridsurface(nx: Values, ny: Values) -> Values:
    X, Y = np.meshgrid(np.linspace(-1, 1, int(nx)), np.linspace(0, 2, int(ny)))
    return X, Y, X**2 * np.exp(-Y)


def rescale_to(x: Values, a: Values = 0, b: Values = 1) -> Values:
    lo, hi = np.nanmin(x), np.nanmax(x)
    if hi == lo:
        return np.where(np.isnan(x), np.nan, a), lo, hi
    return a + (b - a) * (x - lo) / (hi - lo), lo, hi


def daynumber(y: Values, m: Values, d: Values) -> Values:
    leap = ((y % 4 == 0) & (y % 100 != 0)) | (y % 400 == 0)
    before = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30])
    return before[np.asarray(m, int) - 1] + d + (leap & (m > 2)), leap


def blockmean(A: Values, k: Values) -> Values:
    k = int(k)
    r, c = A.shape[0] // k, A.shape[1] // k
    return A[: r * k, : c * k].reshape(r, k, c, k).mean(axis=(1, 3))


def complex_matrix(rows: int, columns: int) -> Any:
    return RNG.standard_normal((rows, columns)) + 1j * RNG.standard_normal((rows, columns))


GRID = np.linspace(0.0, 3.0, 7)
PAIRS: dict[str, list[tuple[Any, ...]]] = {
    "standardize": [(RNG.normal(3, 2, (7, 3)),), (np.column_stack([np.arange(5.0), np.ones(5)]),)],
    "runmean": [(RNG.standard_normal(11), 3), (np.arange(8.0), 5), (np.array([1.0, 2.0]), 3)],
    "fitline": [(GRID, 2 - 0.5 * GRID + RNG.normal(0, 0.1, 7)), (np.arange(4.0), np.array([1.0, 3.0, 2.0, 5.0]))],
    "circmean": [(np.array([350.0, 20.0, 5.0]),), (np.array([190.0, 260.0]),), (RNG.uniform(0, 90, 9),)],
    "uv": [(RNG.uniform(0, 20, 6), RNG.uniform(0, 360, 6)), (3.5, 270.0), (np.ones((2, 2)), 45.0 * np.eye(2))],
    "sw_dens0": [(RNG.uniform(0, 40, (3, 4)), RNG.uniform(-2, 30, (3, 4))), (35.0, 10.0), (GRID, GRID[::-1])],
    "wordcount": [("The cat and the hat, and the bat.",), ("one",), ("B a C b  A",)],
    "caesar": [("Hello, World!", 3), ("xyz XYZ", -5), ("abc", 30)],
    "parsekv": [("a=1; b=two; c = -3.5e2",), ("name = Ada",), ("broken; x=1",)],
    "summarize": [
        ([{"group": "b", "value": 2.0}, {"group": "a", "value": 5.0}, {"group": "b", "value": 4.0}],),
        ([{"group": "x", "value": float(v)} for v in (3, 1, 2)],),
    ],
    "flatten_cell": [([["a", [1.0, "b"]], [["c"]], np.eye(2)],), (["x", ["y"]],)],
    "onesided": [(RNG.standard_normal(16), 8.0), (RNG.standard_normal(9), 100.0)],
    "analytic": [(RNG.standard_normal((8, 2)),), (RNG.standard_normal((7, 3)),)],
    "lighten": [
        (np.array([[0, 100, 203], [150, 250, 2]], np.uint8), 10.0),
        (np.arange(0, 256, 5, dtype=np.uint8), -20.0),
    ],
    "adler": [(np.frombuffer(b"Wikipedia", np.uint8),), (np.arange(250, dtype=np.uint8),)],
    "poisson1d": [(np.sin(GRID), 0.5), (RNG.standard_normal(5), 0.1)],
    "degrees": [(np.array([[1, 2], [2, 3], [5, 1]]), 6), (np.array([[4, 1], [3, 4]]), 4)],
    "safelog": [(np.array([1.0, 10.0, 500.0]),), (0.25,)],
    "tablelookup": [
        (GRID, GRID**2, np.array([-1.0, 0.2, 2.9, 3.5])),
        (np.arange(4.0), np.array([3.0, 1.0, 4.0, 1.0]), np.array([1.5])),
    ],
    "tiedranks": [(np.array([3.0, 1.0, 3.0, 2.0, 1.0]),), (np.array([10.0, 10.0, 5.0]),)],
    "hermitian": [
        (complex_matrix(3, 3), complex_matrix(3, 1).ravel()),
        (complex_matrix(2, 2), complex_matrix(2, 1).ravel()),
    ],
    "medfilt": [(RNG.standard_normal(9), 4), (np.array([5.0, 1.0, 4.0, 2.0, 3.0]), 2)],
    "gridsurface": [(4, 3), (2, 5)],
    "rescale_to": [
        (np.array([2.0, np.nan, 5.0, 3.0]),),
        (RNG.standard_normal((3, 2)), -1, 1),
        (np.array([2.0, 2.0, np.nan]), 3, 4),
    ],
    "daynumber": [
        (np.array([2000, 1900, 2023, 2024]), np.array([3, 3, 12, 2]), np.array([1, 1, 31, 29])),
        (2024, 3, 1),
    ],
    "blockmean": [(RNG.standard_normal((7, 5)), 2), (np.arange(36.0).reshape(6, 6), 3)],
}
