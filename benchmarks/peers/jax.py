"""JAX on the CPU: J and gradient, or the Hessian times a direction, compiled."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.peers import Peer
from benchmarks.peers.formula import make_cost
from benchmarks.shapes import Problem


def build(problem: Problem, *, dtype: str = "float64", product: str | None = None) -> Peer:
    jax.config.update("jax_enable_x64", dtype == "float64")
    X, Y = jnp.asarray(problem.X, dtype=dtype), jnp.asarray(problem.targets, dtype=dtype)
    p = jnp.asarray(problem.direction, dtype=dtype)

    # The data are arguments: closed over, they would be constants of the compiled program.
    @jax.jit
    def value_and_gradient(theta_vec: Any, X: Any, Y: Any) -> Any:
        return jax.value_and_grad(make_cost(jnp, problem, X, Y))(theta_vec)

    @jax.jit
    def hessian_product(theta_vec: Any, X: Any, Y: Any) -> Any:
        cost = make_cost(jnp, problem, X, Y)
        return jnp.vdot(p, Hp := jax.jvp(jax.grad(cost), (theta_vec,), (p,))[1]), Hp

    compiled = value_and_gradient if product is None else hessian_product

    def call(theta_vec: Any) -> Any:
        J, grad_vec = compiled(jnp.asarray(theta_vec, dtype=dtype), X, Y)
        return float(J), np.asarray(grad_vec, dtype=np.float64)

    return Peer(call)
