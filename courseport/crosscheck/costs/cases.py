"""The cases a cost function is compared on, each with what is special about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.costs.mistakes.formulas import Values, read
from courseport.datasets import load_digits
from courseport.network.unrolling import debug_initialize_weights

KIND_NAMES = ("network", "logistic", "linear", "cofi")
DIGITS = "digits"
LARGE, SATURATED = 100.0, 3.0  # a lambda, and a theta: from here on they count as large


@dataclass(frozen=True)
class Case:
    """One call of a cost function.

    Attributes
    ----------
    name : str
        What the case is, in a few words.
    values : mapping
        The arguments, by what they stand for.
    numeric : bool
        Whether J is differentiated numerically here, to see whether the gradient belongs to it.
    small : bool
        Whether it is small enough for the diagnosis to compute hundreds of times.
    aside : str
        Why a disagreement here is no mistake but a remark; empty where it is a mistake.
    """

    name: str
    values: Values
    numeric: bool = False
    small: bool = True
    aside: str = ""

    @property
    def traits(self) -> frozenset[str]:
        """What is special about it, in words that follow "where"."""
        v = self.values
        found = {f"lambda is {'0' if v['lambda'] == 0 else 'not 0'}": True, "lambda is large": v["lambda"] >= LARGE}
        found["lambda is small"] = 0 < v["lambda"] < 0.05
        found["there are 5000 examples"] = self.name.startswith(DIGITS)
        if "X" in v:
            m, n = v["X"].shape
            found |= {"X has fewer rows than columns": m < n, "X has at least as many rows as columns": m >= n}
            found |= {"there is one example": m == 1, "units are saturated": np.abs(v["theta"]).max() >= SATURATED}
        if "layer_sizes" in v:
            K, y = int(v["num_labels"]), v["y"]
            last, first = K not in y and m > 1, 1 not in y and m > 1
            found |= {"K = 2": K == 2, "K is not 2": K != 2, "there are more than 9 labels": K > 9}
            found |= {"the last label does not occur": last, "the first label does not occur": first}
            found |= {"every label occurs": len(np.unique(y)) == K, "a label does not occur": len(np.unique(y)) < K}
            found["there are fewer examples than labels"] = m < K
        elif "X" in v:
            found |= {"there is 1 feature": n == 2, "there are 2 features": n == 3}
            found["there is more than 1 feature"] = n > 2
        return frozenset(words for words, true in found.items() if true)


def make_cases(kind: str, roles: Sequence[str], *, digits: bool = True, random: int = 8, seed: int = 0) -> list[Case]:
    """Return the cases for a function of this kind that takes these arguments."""
    rng = np.random.default_rng(seed)
    regularised = "lambda" in roles
    strengths = (0.0, 3.0) if regularised else (0.0,)
    if kind == "network" and not {"layer_sizes", "input_layer_size", "num_labels", "shapes", "Theta1"} & set(roles):
        cases = [_digits(s, rng) for s in (0.0, 1.0, 3.0)]  # a function that knows its sizes has the exercise's
    elif kind == "network":
        layers = "layer_sizes" in roles
        cases = [_random_network(rng, layers, index) for index in range(random)]
        cases[1:1] = [
            Case(f"checkNNGradients, lambda {s:g}", _debug_network(s), numeric=s > 0 or not regularised)
            for s in strengths
        ]
        cases += _special_networks(rng)
        cases += [_digits(1.0 if regularised else 0.0)] if digits else []
    elif kind == "cofi":
        cases = [_random_ratings(rng, index) for index in range(random)]
    else:
        linear = kind == "linear"
        cases = [_random_regression(rng, linear, index) for index in range(random)]
        cases[1:1] = [Case(f"the course's test, lambda {s:g}", _course_regression(s)) for s in strengths]
        cases += _special_regressions(rng, linear)
    if regularised:
        return cases
    return [
        replace(case, name=case.name.partition(", lambda")[0], values={**case.values, "lambda": 0.0}) for case in cases
    ]


def _network_values(sizes: tuple[int, ...], theta: FloatArray, X: FloatArray, y: FloatArray, strength: float) -> Values:
    shapes = [(b, a + 1) for a, b in pairwise(sizes)]
    return {
        "theta": theta,
        "X": X,
        "y": y,
        "lambda": strength,
        "m": float(len(y)),
        "layer_sizes": np.array(sizes, dtype=np.float64),
        "input_layer_size": float(sizes[0]),
        "hidden_layer_size": float(sizes[1]),
        "num_labels": float(sizes[-1]),
        "shapes": shapes,
        **{f"Theta{n}": T for n, T in enumerate(read(theta, shapes), start=1)},
    }


def _debug_network(strength: float) -> Values:
    X = debug_initialize_weights((2, 5)).reshape((5, 3), order="F")  # the course makes X as it makes a Theta
    y = 1.0 + np.arange(1.0, 6.0) % 3
    return _network_values((3, 5, 3), debug_initialize_weights((3, 5, 3)), X, y, strength)


def _random_network(rng: np.random.Generator, layers: bool, index: int) -> Case:
    """Return one hidden layer, or now and then none or two; the first has square images and a lambda.

    The third, and every fourth after it, has fewer examples than inputs, which tells length(X) from the number of
    examples. No layer has one unit and no set one example: vectors in the place of matrices are another subject.
    """
    inputs = 9 if index % 4 == 0 else int(rng.integers(2, 9))
    hidden: tuple[int, ...] = (int(rng.integers(2, 7)),)
    if layers and index:
        hidden = tuple(int(n) for n in rng.integers(2, 6, size=rng.integers(0, 3)))
    labels = int(rng.integers(3, 6))
    m = labels + int(rng.integers(1, 9))
    if index % 4 == 2:
        inputs, labels, m = 8, 3, int(rng.integers(4, 8))
    y = rng.permutation(np.concatenate([np.arange(1.0, labels + 1), rng.integers(1, labels + 1, size=m - labels)]))
    return _network(rng, (inputs, *hidden, labels), y, 0.0 if index % 3 == 1 else float(rng.uniform(0.1, 5.0)))


def _special_networks(rng: np.random.Generator) -> list[Case]:
    """Return what mistakes hide behind: few and many labels, labels that do not occur, extreme lambdas and weights."""
    some = np.array([2.0, 1.0, 3.0, 2.0, 3.0, 1.0, 2.0])
    one = _network(rng, (4, 3, 3), np.array([2.0]), 1.0)
    return [
        _network(rng, (4, 3, 2), np.array([1.0, 2.0, 2.0, 1.0, 2.0, 1.0, 1.0]), 1.5),
        _network(rng, (5, 4, 12), np.concatenate([np.arange(12.0, 0.0, -1.0), [3.0, 12.0]]), 0.7),
        _network(rng, (4, 5, 4), some, 0.0),
        _network(rng, (4, 5, 4), some + 1.0, 2.0),
        _network(rng, (3, 4, 6), np.array([6.0, 1.0, 4.0, 1.0]), 1.0),
        _network(rng, (4, 3, 3), some, 1000.0),
        _network(rng, (4, 3, 3), some, 0.01),
        _network(rng, (4, 3, 3), some, 1.0, scale=4.0),
        replace(one, aside="with one example"),
    ]


def _network(
    rng: np.random.Generator, sizes: tuple[int, ...], y: FloatArray, strength: float, scale: float = 1.0
) -> Case:
    n = sum((a + 1) * b for a, b in pairwise(sizes))
    X = rng.uniform(-1.5, 1.5, (len(y), sizes[0])) / max(1.0, scale / 2)
    values = _network_values(sizes, rng.uniform(-1.0, 1.0, n) * scale, X, y, strength)
    return Case(f"{'-'.join(map(str, sizes))}, m = {len(y)}, lambda {strength:.3g}", values)


def _digits(strength: float, rng: np.random.Generator | None = None) -> Case:
    """Return ex4's own network on all the digits; or, at random weights, on 20 of them."""
    X, y = load_digits()
    theta, name = debug_initialize_weights((400, 25, 10)), f"{DIGITS}, 400-25-10, m = 5000, lambda {strength:g}"
    if rng is not None:
        some = np.concatenate([rng.integers(0, len(y), 10), np.arange(250, 5000, 500)])
        X, y, theta = X[some], y[some], rng.uniform(-0.5, 0.5, theta.size)
        name = f"20 digits, 400-25-10, lambda {strength:g}"
    values = _network_values((400, 25, 10), theta, X, y.astype(np.float64), strength)
    return Case(name, values, small=False)


def _course_regression(strength: float) -> Values:
    X = np.hstack([np.ones((5, 1)), np.arange(1.0, 16.0).reshape(5, 3, order="F") / 10.0])
    theta, y = np.array([-2.0, -1.0, 1.0, 2.0]), np.array([1.0, 0.0, 1.0, 0.0, 1.0])
    return {"theta": theta, "X": X, "y": y, "lambda": strength, "m": 5.0}


def _random_regression(rng: np.random.Generator, linear: bool, index: int) -> Case:
    n, m = int(rng.integers(2, 7)), int(rng.integers(5, 15))
    if index % 4 == 2:  # fewer examples than columns, as in a network's cases
        n, m = 7, int(rng.integers(4, 7))
    return _regression(rng, linear, (m, n), 0.0 if index % 3 == 1 else float(rng.uniform(0.1, 5.0)), numeric=index == 0)


def _special_regressions(rng: np.random.Generator, linear: bool) -> list[Case]:
    """Return the exercises' own sizes, extreme lambdas and weights, and one example, as learningCurve begins."""
    own = 1 if linear else 2
    return [
        *(_regression(rng, linear, (m, own), strength) for m, strength in ((6, 0.0), (9, 0.0), (7, 1.0))),
        _regression(rng, linear, (8, 3), 1000.0),
        _regression(rng, linear, (8, 3), 0.01),
        _regression(rng, linear, (8, 3), 1.0, scale=4.0),
        replace(_regression(rng, linear, (1, 3), 1.0), aside="with one example"),
    ]


def _regression(
    rng: np.random.Generator,
    linear: bool,
    shape: tuple[int, int],
    strength: float,
    *,
    numeric: bool = False,
    scale: float = 1.0,
) -> Case:
    m, n = shape
    X = np.hstack([np.ones((m, 1)), rng.uniform(-1.5, 1.5, (m, n)) / scale])
    y = rng.uniform(-3.0, 3.0, m) if linear else rng.permutation(np.arange(m) % 2).astype(np.float64)
    theta = rng.uniform(0.2, 1.5, n + 1) * rng.choice([-1.0, 1.0], n + 1) * scale  # none too small to show
    if scale > 1.0:
        theta[-1] = SATURATED + 1.0  # at least one that counts
    values = {"theta": theta, "X": X, "y": y, "lambda": strength, "m": float(m)}
    features = "1 feature" if n == 1 else f"{n} features"
    return Case(f"{m} example{'s'[: m > 1]}, {features}, lambda {strength:.3g}", values, numeric)


def _random_ratings(rng: np.random.Generator, index: int) -> Case:
    users, movies, features = (int(n) for n in rng.permutation([2, 3, 4, 5, 6, 7])[:3])
    R = (rng.uniform(size=(movies, users)) < 0.6).astype(np.float64)
    R[0, 0], R[-1, -1] = 1.0, 0.0
    strength = 0.0 if index % 3 == 1 else float(rng.uniform(0.1, 5.0))
    values = {
        "theta": rng.uniform(-1.5, 1.5, (users + movies) * features),
        "Y": rng.integers(1, 6, R.shape) * R,
        "R": R,
        "num_users": float(users),
        "num_movies": float(movies),
        "num_features": float(features),
        "lambda": strength,
        "shapes": [(movies, features), (users, features)],
    }
    words = f"{users} users, {movies} movies, {features} features, lambda {strength:.3g}"
    return Case(words, values, numeric=index == 0)


def own_cases(data: Values) -> list[Case]:
    """Return cases on the data that a function of theta alone has itself."""
    own = dict(data)
    X = own["X"] = np.asarray(own["X"], dtype=np.float64)
    own["y"] = np.asarray(own["y"], dtype=np.float64).ravel()
    own |= {"lambda": float(np.ravel(own.get("lambda", 0.0))[0]), "m": float(len(X))}
    rng = np.random.default_rng(0)
    thetas = [rng.uniform(-0.5, 0.5, X.shape[1]) for _ in range(4)]
    return [
        Case(f"its own data, {len(X)} examples, theta {number}", {**own, "theta": theta}, numeric=number == 1)
        for number, theta in enumerate(thetas, start=1)
    ]
