"""The peers: one module each, imported only in the process that measures it.

A module has ``build(problem) -> Peer``. A peer whose package is not installed raises ModuleNotFoundError there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from benchmarks.shapes import Problem
from courseport._checks import FloatArray


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Peer:
    """One way to evaluate J and its gradient.

    Attributes
    ----------
    call : callable
        What is timed: takes the parameters in the peer's own form, and returns J and gradient in its own form.
    native : callable
        theta_vec in the peer's own form; not timed.
    read : callable
        Returns (J, grad_vec) of what `call` returned; not timed.
    train : callable, optional
        ``train(iterations)`` returns the final J and the number of evaluations; where it is None, SciPy's L-BFGS-B is
        given `call`.
    """

    call: Callable[[Any], Any]
    native: Callable[[FloatArray], Any] = _same
    read: Callable[[Any], Any] = _same
    train: Callable[[int], tuple[float, int]] | None = None


OURS, LIMIT = "courseport", "bare products"
TITLES = {
    OURS: "courseport",
    LIMIT: "bare products",
    "naive": "naive numpy",
    "sklearn": "scikit-learn",
    "autograd": "HIPS autograd",
    "torch": "PyTorch",
    "jax": "JAX",
    "octave": "GNU Octave",
}
MODULES = {OURS: "ours", LIMIT: "bare"}
PEERS = tuple(name for name in TITLES if name not in (OURS, LIMIT))

# Others of the same modules: products with the Hessian, and single precision. Title, module and options of each.
VARIANTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "product": ("Hessian product, same theta_vec", "ours", {"product": "same"}),
    "product-moved": ("Hessian product, new theta_vec", "ours", {"product": "moved"}),
    "product-jax": ("JAX: jvp of grad", "jax", {"product": "same"}),
    "float32": ("float32", "ours", {"dtype": "float32"}),
    "float32-torch": ("PyTorch float32", "torch", {"dtype": "float32"}),
    "float32-jax": ("JAX float32", "jax", {"dtype": "float32"}),
}
ALL_TITLES = TITLES | {name: title for name, (title, _, _) in VARIANTS.items()}


def build(name: str, problem: Problem) -> Peer:
    """Return the peer called `name`, ready to be called; a name with a dot is a module of its own, for tests."""
    _, module, options = VARIANTS.get(name, ("", MODULES.get(name, name), {}))
    peer: Peer = import_module(module if "." in module else f"benchmarks.peers.{module}").build(problem, **options)
    return peer
