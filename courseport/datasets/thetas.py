"""Trained weights in a file: Theta1, Theta2, ... as in the course's ``ex4weights.mat``, and what goes with them."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.io
from numpy.typing import ArrayLike, NDArray

from courseport import _checks
from courseport._checks import FloatArray, InputError, IntArray
from courseport._files import MARK, atomic_path
from courseport.datasets.variables import Variables, read_variables
from courseport.network.activations import ACTIVATIONS, ActivationName
from courseport.network.prediction import hypothesis, predict
from courseport.network.unrolling import check_thetas, layer_sizes_of, unroll

_FACTS = "model_info"  # a text of JSON: what is no matrix of numbers


@dataclass(frozen=True)
class TrainedNetwork:
    """All that is needed to use a trained network again.

    `thetas` holds Theta_l of shape (s_{l+1}, s_l + 1). `classes` says what the labels 1..K, or 0 and 1 of one unit,
    stand for; it is empty where they stand for themselves. `features` are the names of the inputs, where they have
    some. Of shape (s_1,), `fill` stands in for missing values, and ``(X - mu) / sigma`` are the features scaled.
    `facts` tells where the network comes from: whatever JSON can hold.
    """

    thetas: list[FloatArray]
    classes: tuple[str | int, ...] = ()
    features: tuple[str, ...] = ()
    fill: FloatArray | None = None
    mu: FloatArray | None = None
    sigma: FloatArray | None = None
    hidden_activation: ActivationName = "sigmoid"
    output_activation: ActivationName = "sigmoid"
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Units per layer without bias."""
        return layer_sizes_of(self.thetas)

    def prepare(self, X: FloatArray) -> FloatArray:
        """Return examples as the network takes them: missing values filled in, features scaled."""
        inputs = self.layer_sizes[0]
        if X.ndim != 2 or X.shape[1] != inputs:
            _checks.fail("X", f"have shape (m, {inputs}), for the network's {inputs} inputs", X.shape)
        if self.fill is not None:
            X = np.where(np.isnan(X), self.fill, X)
        if self.mu is not None and self.sigma is not None:
            X = (X - self.mu) / self.sigma
        return X

    def probabilities(self, X: FloatArray) -> FloatArray:
        """Return h(x) of prepared examples, shape (m, K)."""
        return hypothesis(unroll(self.thetas), self.layer_sizes, X, **self._activations())

    def predict(self, X: FloatArray) -> IntArray:
        """Return the labels 1..K, or 0 and 1, of prepared examples."""
        return predict(unroll(self.thetas), self.layer_sizes, X, **self._activations())

    def names(self, labels: NDArray[Any]) -> NDArray[Any]:
        """Return the user's own labels for 1..K, or 0 and 1."""
        if not self.classes:
            return labels
        first = 0 if self.layer_sizes[-1] == 1 else 1
        own: NDArray[Any] = np.array(self.classes)[labels - first]
        return own

    def _activations(self) -> dict[str, Any]:
        return {"hidden_activation": self.hidden_activation, "output_activation": self.output_activation}


def load_network(path: str | os.PathLike[str]) -> TrainedNetwork:
    """Return the trained network in a MAT, NPZ or Octave text file; where it has Thetas alone all else is as usual."""
    path = _checks.path("path", path)
    contents = read_variables(path)
    arrays: Variables = {name: value for name, value in contents.items() if isinstance(value, np.ndarray)}
    numbers = sorted(
        int(name[5:]) for name in contents if name[:5] == "Theta" and name[5:].isdecimal() and name.isascii()
    )
    if numbers != list(range(1, len(numbers) + 1)) or not numbers:
        holds = ", ".join(contents) or "no variables"
        raise InputError(f"{path} must hold Theta1, Theta2, ... without a gap, and holds {holds}")
    thetas = check_thetas([np.asarray(contents[f"Theta{number}"]) for number in numbers], f" in {path}")
    inputs, units = thetas[0].shape[1] - 1, len(thetas[-1])
    vectors: dict[str, Any] = {
        name: _checks.real_vector(f"{name} in {path}", arrays[name].ravel(), inputs)
        for name in ("fill", "mu", "sigma")
        if name in arrays
    }
    try:
        facts = json.loads(str(contents.get(_FACTS, "{}")))
    except (ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict):
        _checks.fail(f"{_FACTS} in {path}", "be a text of JSON that courseport wrote", repr(contents[_FACTS])[:60])
    classes, features = facts.pop("classes", []), facts.pop("features", [])
    activations = {name: facts.pop(name, "sigmoid") for name in ("hidden_activation", "output_activation")}
    for name, activation in activations.items():
        _checks.choice(f"{name} in {path}", activation, ACTIVATIONS)
    for name, names, size in (("classes", classes, max(2, units)), ("features", features, inputs)):
        if not isinstance(names, list) or not all(isinstance(one, (str, int)) for one in names):
            _checks.fail(f"{name} in {path}", "be a list of names", repr(names)[:60])
        if names and len(names) != size:
            _checks.fail(f"{name} in {path}", f"be {size} names", len(names))
    return TrainedNetwork(thetas, tuple(classes), tuple(map(str, features)), **vectors, **activations, facts=facts)


def load_theta(path: str | os.PathLike[str]) -> list[FloatArray]:
    """Return the weight matrices Theta_l, shape (s_{l+1}, s_l + 1), in a file, as `load_network` reads them."""
    return load_network(path).thetas


def save_network(
    path: str | os.PathLike[str],
    network: TrainedNetwork,
    *,
    lambda_: float | None = None,
    cost_history: ArrayLike | None = None,
) -> None:
    """Write a trained network to a MAT file (v7) that Octave's ``load`` reads, or to an NPZ file, in one step.

    Beside Theta1, Theta2, ..., `fill`, `mu` and `sigma` the file holds the text ``model_info``, which Octave's
    ``jsondecode`` reads: classes, features, activations, facts.

    `path` ends in ``.mat`` or ``.npz``. `lambda_` is written as ``lambda``, and `cost_history`, J after each iteration,
    as a column.
    """
    path = _checks.path("path", path)
    suffix = _checks.choice("the suffix of path", path.suffix.lower(), (".mat", ".npz"))
    matrices = check_thetas(network.thetas)
    contents: dict[str, Any] = {f"Theta{number}": theta for number, theta in enumerate(matrices, start=1)}
    contents["layer_sizes"] = np.array([layer_sizes_of(matrices)], dtype=np.float64)
    for name in ("fill", "mu", "sigma"):
        if (vector := getattr(network, name)) is not None:
            contents[name] = _checks.real_vector(name, vector, matrices[0].shape[1] - 1)[None, :]
    if lambda_ is not None:
        contents["lambda"] = np.array([[_checks.lambda_(lambda_)]])
    if cost_history is not None:
        history = _checks.real_array("cost_history", cost_history, "a vector").astype(np.float64)
        if history.ndim != 1:
            _checks.fail("cost_history", "have shape (k,)", history.shape)
        contents["cost_history"] = history[:, None]  # of a training that overflowed J may be inf
    facts = {
        "written": MARK,
        "hidden_activation": network.hidden_activation,
        "output_activation": network.output_activation,
        "classes": list(network.classes),
        "features": list(network.features),
        **network.facts,
    }
    activations = {network.hidden_activation, network.output_activation}
    if network.facts or network.classes or network.features or activations != {"sigmoid"}:
        contents[_FACTS] = json.dumps(facts, allow_nan=False)  # escapes keep it ASCII
    with atomic_path(path) as temporary:
        if suffix == ".mat":
            scipy.io.savemat(temporary, contents, do_compression=True)
            with temporary.open("rb+") as stream:  # the first 116 bytes of a MAT file are text of the writer's
                stream.write(f"MATLAB 5.0 MAT-file, {MARK}".ljust(116).encode("ascii"))
        else:
            np.savez_compressed(temporary, **contents)
            with zipfile.ZipFile(temporary, "a") as archive:
                archive.comment = MARK.encode("ascii")


def save_theta(
    path: str | os.PathLike[str],
    thetas: Sequence[ArrayLike],
    *,
    layer_sizes: Sequence[int] | None = None,
    lambda_: float | None = None,
    cost_history: ArrayLike | None = None,
) -> None:
    """Write the weight matrices Theta1, Theta2, ... alone, as `save_network` does.

    `layer_sizes` is checked against them where it is given. The file holds ``layer_sizes`` in either case.
    """
    matrices = check_thetas(thetas)
    sizes = layer_sizes_of(matrices)
    if layer_sizes is not None and _checks.layer_sizes(layer_sizes) != sizes:
        _checks.fail("layer_sizes", f"be those of thetas, {sizes}", tuple(layer_sizes))
    save_network(path, TrainedNetwork(matrices), lambda_=lambda_, cost_history=cost_history)
