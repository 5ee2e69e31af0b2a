"""The Octave reference through oct2py, an independent bridge: it must tell the same as ours, and as the package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tolerances import OCTAVE_COST, OCTAVE_GRADIENT, assert_close

import courseport as cp
from courseport.octave import OctaveSession, find_octave, reference_path

pytestmark = pytest.mark.octave

SIZES = [(3, 5, 3), (4, 1), (2, 4, 3, 2)]
# In a process of its own: importing oct2py starts an Octave, and deletes files named octave-workspace.
PROGRAM = """
import sys
import numpy as np
from oct2py import Oct2Py
given, found = np.load(sys.argv[1]), {}
with Oct2Py() as octave:
    octave.addpath(sys.argv[2])
    for name in sorted({key.split("/")[0] for key in given.files}):
        case = {key.split("/")[1]: given[key] for key in given.files if key.startswith(name + "/")}
        theta, sizes = case["theta_vec"][:, None], case["sizes"][None].astype(float)
        found[name + "/J"], found[name + "/grad"] = octave.feval(
            "nnCostFunction", theta, sizes, case["X"], case["y"][:, None].astype(float), 0.7, nout=2)
        thetas = octave.feval("reshapeThetas", theta, sizes, nout=1)
        found[name + "/unrolled"] = octave.feval("unroll", *np.ravel(thetas).tolist(), nout=1)
        for layer, Theta in enumerate(np.ravel(thetas)):
            found[f"{name}/Theta{layer}"] = np.atleast_2d(Theta)
    found["sigmoid"] = octave.feval("sigmoid", given["0/X"], nout=1)
np.savez(sys.argv[3], **found)
"""


def test_unrolling_cost_and_gradient_through_oct2py(octave: OctaveSession, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    given = {}
    for number, sizes in enumerate(SIZES):
        layout = cp.ThetaLayout(sizes)
        case = {
            "theta_vec": rng.normal(size=layout.size),
            "sizes": np.array(sizes),
            "X": rng.normal(size=(6, sizes[0])),
            "y": rng.integers(0, 2, 6) if sizes[-1] == 1 else rng.integers(1, sizes[-1] + 1, 6),
        }
        given |= {f"{number}/{name}": value for name, value in case.items()}
    np.savez(tmp_path / "given.npz", **given)
    subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path / "given.npz", reference_path(), tmp_path / "found.npz"],
        env={**os.environ, "OCTAVE_EXECUTABLE": find_octave()},
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    found = np.load(tmp_path / "found.npz")
    assert_close(cp.sigmoid(given["0/X"]), found["sigmoid"], OCTAVE_COST)
    for number, sizes in enumerate(SIZES):
        theta_vec, X, y = (given[f"{number}/{name}"] for name in ("theta_vec", "X", "y"))
        assert np.array_equal(np.ravel(found[f"{number}/unrolled"]), theta_vec)
        for layer, Theta in enumerate(cp.reshape_thetas(theta_vec, sizes)):
            assert np.array_equal(found[f"{number}/Theta{layer}"], Theta)
        J, grad = cp.nn_cost_function(theta_vec, sizes, X, y, 0.7)
        ours = octave.feval("nnCostFunction", theta_vec, np.array(sizes), X, y, 0.7, nout=2)
        for theirs in ((found[f"{number}/J"].item(), found[f"{number}/grad"]), ours):
            assert_close(J, theirs[0], OCTAVE_COST)
            assert_close(grad, np.ravel(theirs[1]), OCTAVE_GRADIENT)
