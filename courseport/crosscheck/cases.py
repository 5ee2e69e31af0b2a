"""The cases a cost function is compared on: networks and data sets of several shapes, lambdas 0 and not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from courseport._checks import FloatArray
from courseport.datasets import load_digits
from courseport.network.initialize import debug_initialize_weights

Values = Mapping[str, Any]  # by what an argument stands for: theta, X, y, lambda, ...
DIGITS = "digits"


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
    """

    name: str
    values: Values
    numeric: bool = False
    small: bool = True


def network_cases(*, layers: bool, regularised: bool, digits: bool, random: int, seed: int) -> list[Case]:
    """Return the checkNNGradients network, random networks, and the digits.

    `layers` tells that the function takes any number of layers; `regularised` that it takes lambda.
    """
    rng = np.random.default_rng(seed)
    cases = [_random_network(rng, layers, index) for index in range(random)]
    cases[1:1] = [
        Case(
            f"checkNNGradients, lambda {strength:g}", _debug_network(strength), numeric=strength > 0 or not regularised
        )
        for strength in ((0.0, 3.0) if regularised else (0.0,))
    ]
    if digits:
        cases.append(_digits(1.0 if regularised else 0.0))
    return cases if regularised else [_without_penalty(case) for case in cases]


def regression_cases(*, linear: bool, regularised: bool, random: int, seed: int) -> list[Case]:
    """Return the course's test case and random data sets; X holds its column of ones, as in the course."""
    rng = np.random.default_rng(seed)
    cases = [_random_regression(rng, linear, index) for index in range(random)]
    ones = np.ones((5, 1))
    X = np.hstack([ones, np.arange(1.0, 16.0).reshape(5, 3, order="F") / 10.0])
    y = np.array([1.0, 0.0, 1.0, 0.0, 1.0])
    theta = np.array([-2.0, -1.0, 1.0, 2.0])
    cases[1:1] = [
        Case(f"the course's test, lambda {strength:g}", {"theta": theta, "X": X, "y": y, "lambda": strength})
        for strength in ((0.0, 3.0) if regularised else (0.0,))
    ]
    return cases if regularised else [_without_penalty(case) for case in cases]


def cofi_cases(*, regularised: bool, random: int, seed: int) -> list[Case]:
    """Return random ratings; Y is 0 where R is 0, as in the course."""
    rng = np.random.default_rng(seed)
    cases = [_random_ratings(rng, index) for index in range(random)]
    return cases if regularised else [_without_penalty(case) for case in cases]


@dataclass(frozen=True)
class Presentation:
    """A way to hand the cases over; all of them are the same mathematics.

    `column` gives a Python function its y as (m, 1); `ones` tells whether X has its column of ones.
    """

    column: bool = False
    ones: bool = True

    @property
    def notes(self) -> tuple[str, ...]:
        """What to say about it where it is not the usual one."""
        column = ("y was given as (m, 1)",) if self.column else ()
        return column if self.ones else (*column, "X was given without its column of ones")

    def change(self, case: Case) -> Case:
        """Return the case as it is handed over."""
        return case if self.ones else replace(case, values={**case.values, "X": case.values["X"][:, 1:]})


def presentations(kind: str, *, python: bool) -> list[Presentation]:
    """Return the ways to hand over the cases of this kind, the usual one first."""
    columns = (False, True) if python and kind != "cofi" else (False,)
    ones = (True, False) if kind in {"logistic", "linear"} else (True,)
    return [Presentation(column, one) for column in columns for one in ones]


def _without_penalty(case: Case) -> Case:
    return Case(case.name.partition(", lambda")[0], {**case.values, "lambda": 0.0}, case.numeric, case.small)


def _network_values(sizes: tuple[int, ...], theta: FloatArray, X: FloatArray, y: FloatArray, strength: float) -> Values:
    return {
        "theta": theta,
        "X": X,
        "y": y,
        "lambda": strength,
        "layer_sizes": np.array(sizes, dtype=np.float64),
        "input_layer_size": float(sizes[0]),
        "hidden_layer_size": float(sizes[1]),
        "num_labels": float(sizes[-1]),
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
    sizes = (inputs, *hidden, labels)
    n = sum((a + 1) * b for a, b in pairwise(sizes))
    y = rng.permutation(np.concatenate([np.arange(1.0, labels + 1), rng.integers(1, labels + 1, size=m - labels)]))
    strength = 0.0 if index % 3 == 1 else float(rng.uniform(0.1, 5.0))
    values = _network_values(sizes, rng.uniform(-1.0, 1.0, n), rng.uniform(-1.5, 1.5, (m, inputs)), y, strength)
    return Case(f"{'-'.join(map(str, sizes))}, m = {m}, lambda {strength:.3g}", values)


def _digits(strength: float) -> Case:
    X, y = load_digits()
    theta = debug_initialize_weights((400, 25, 10))
    values = _network_values((400, 25, 10), theta, X, y.astype(np.float64), strength)
    return Case(f"{DIGITS}, 400-25-10, m = 5000, lambda {strength:g}", values, small=False)


def _random_regression(rng: np.random.Generator, linear: bool, index: int) -> Case:
    n, m = int(rng.integers(2, 7)), int(rng.integers(5, 15))
    if index % 4 == 2:  # fewer examples than columns, as in a network's cases
        n, m = 7, int(rng.integers(4, 7))
    X = np.hstack([np.ones((m, 1)), rng.uniform(-1.5, 1.5, (m, n))])
    y = rng.uniform(-3.0, 3.0, m) if linear else rng.permutation(np.arange(m) % 2).astype(np.float64)
    strength = 0.0 if index % 3 == 1 else float(rng.uniform(0.1, 5.0))
    values = {"theta": rng.uniform(-1.5, 1.5, n + 1), "X": X, "y": y, "lambda": strength}
    return Case(f"{m} examples, {n} features, lambda {strength:.3g}", values, numeric=index == 0)


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
    }
    name = f"{users} users, {movies} movies, {features} features, lambda {strength:.3g}"
    return Case(name, values, numeric=index == 0)
