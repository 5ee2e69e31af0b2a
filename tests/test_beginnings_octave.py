"""The hand-made beginnings, run in Octave as well."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tolerances import OCTAVE_COST

from courseport import load_iris
from courseport.lectures import circuit
from courseport.lectures.beginnings import descend, gradient, regress_iris
from courseport.octave import OctaveSession

pytestmark = pytest.mark.octave


@given(x=st.floats(-3, 3), y=st.floats(-3, 3), exponent=st.integers(-6, -2))
@settings(max_examples=15)
def test_forward_differences_are_octave_s(octave: OctaveSession, x: float, y: float, exponent: int) -> None:
    step = 10.0**exponent
    octave.push("point", np.array([x, y]))
    octave.push("step", step)
    octave.eval("slopes = forwardDifference(@(v) 2 * v(1)^2 + 3 * v(1) * v(2) + 5 * v(2)^2, point, step);")
    slopes = gradient(lambda v: float(2 * v[0] ** 2 + 3 * v[0] * v[1] + 5 * v[1] ** 2), [x, y], step)
    # The rounding of f, of order 1e-14, is divided by the step.
    np.testing.assert_allclose(slopes, np.ravel(octave.pull("slopes")), rtol=0, atol=1e-13 / step)


@given(n=st.integers(1, 5), m=st.integers(1, 20), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_descent_is_octave_s(octave: OctaveSession, n: int, m: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, y, X_val, y_val = rng.random((m, n)), rng.random(m), rng.random((3, n)), rng.random(3)
    start = rng.random(n)
    mine = descend(start, (X, y), (X_val, y_val), alpha=0.05, n_steps=20)
    theirs = octave.feval("meanSquaredErrorDescent", X, y, X_val, y_val, start, 0.05, 20.0, nout=3)
    for own, other in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(own, np.ravel(other), rtol=1e-10, atol=1e-15)


def test_the_iris_run_is_octave_s(octave: OctaveSession) -> None:
    X, y = load_iris()
    species = y - 1.0
    kinds = np.arange(3)[:, None] * 50
    train, validate = (np.ravel(kinds + np.arange(first, last)) for first, last in ((0, 40), (40, 45)))
    start = np.random.RandomState(37).random_sample(4)
    found = octave.feval(
        "meanSquaredErrorDescent", X[train], species[train], X[validate], species[validate], start, 0.03, 100.0, nout=3
    )
    for mine, theirs in zip(regress_iris(X, y)[:3], found, strict=True):
        np.testing.assert_allclose(mine, np.ravel(theirs), rtol=10 * OCTAVE_COST.rtol)


@given(x=st.floats(-9, 9), y=st.floats(-9, 9), z=st.floats(-9, 9))
@settings(max_examples=15)
def test_the_product_circuit_is_octave_s(octave: OctaveSession, x: float, y: float, z: float) -> None:
    gates = circuit.gate_table(circuit.parse("(x + y) * z", {"x": x, "y": y, "z": z}))
    f, df, q = octave.feval("productCircuit", x, y, z, nout=3)
    values, slopes = ({gate.name: getattr(gate, field) for gate in gates} for field in ("value", "gradient"))
    assert (values["g2"], values["g1"]) == (f, q)
    assert [slopes[name] for name in ("x", "y", "z", "g1")] == np.ravel(df).tolist()
