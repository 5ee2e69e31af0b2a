"""JAX on the CPU: J and gradient compiled together, float64."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.peers import Peer
from benchmarks.peers.formula import make_cost
from benchmarks.shapes import Problem


def build(problem: Problem) -> Peer:
    jax.config.update("jax_enable_x64", True)
    X, Y = jnp.asarray(problem.X), jnp.asarray(problem.targets)

    # The data are arguments: closed over, they would be constants of the compiled program.
    @jax.jit
    def compiled(theta_vec: Any, X: Any, Y: Any) -> Any:
        return jax.value_and_grad(make_cost(jnp, problem, X, Y))(theta_vec)

    def call(theta_vec: Any) -> Any:
        J, grad_vec = compiled(theta_vec, X, Y)
        return float(J), np.asarray(grad_vec)

    return Peer(call)
