"""Weights in a file: Theta1, Theta2, ..., as the course's ``ex4weights.mat`` has them."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io
from numpy.typing import ArrayLike, NDArray

from courseport import _checks
from courseport._checks import FloatArray
from courseport._files import MARK, atomic_path
from courseport.datasets.variables import load_variables


def load_theta(path: str | os.PathLike[str]) -> list[FloatArray]:
    """Return the weight matrices Theta1, Theta2, ... in a MAT, NPZ or Octave text file.

    Returns
    -------
    list of ndarray of float64
        Theta_l of shape (s_{l+1}, s_l + 1), column 0 for the bias unit.

    Raises
    ------
    ValueError, TypeError
        The file is damaged, has no Theta1, a matrix between Theta1 and the last is missing, two do not fit together, or
        values are not finite real numbers.
    OSError
        The file cannot be opened.
    """
    variables = load_variables(path)
    numbers = sorted(int(name[5:]) for name in variables if name[:5] == "Theta" and name[5:].isdecimal())
    if numbers != list(range(1, len(numbers) + 1)) or not numbers:
        holds = ", ".join(variables) or "no variables"
        raise ValueError(f"{path} must hold Theta1, Theta2, ... without a gap, and holds {holds}")
    return _checked([(f"Theta{number} in {path}", variables[f"Theta{number}"]) for number in numbers])


def save_theta(
    path: str | os.PathLike[str],
    thetas: Sequence[ArrayLike],
    *,
    layer_sizes: Sequence[int] | None = None,
    lambda_: float | None = None,
    cost_history: ArrayLike | None = None,
) -> None:
    """Write weight matrices to a MAT file (v7) that Octave's ``load`` reads, or to an NPZ file, in one step.

    Parameters
    ----------
    path : path-like
        Ends in ``.mat`` or ``.npz``.
    thetas : sequence of array_like
        Theta1, Theta2, ..., Theta_l of shape (s_{l+1}, s_l + 1). They get these names in the file.
    layer_sizes : sequence of int, optional
        Checked against `thetas` where given. The file holds ``layer_sizes`` in either case.
    lambda_ : float, optional
        Written as ``lambda``.
    cost_history : array_like, shape (k,), optional
        J after each iteration, written as a column ``cost_history``.

    Raises
    ------
    ValueError, TypeError
        An argument has the wrong shape or values.
    OSError
        The file cannot be written.
    """
    path = Path(path)
    suffix = _checks.choice("the suffix of path", path.suffix.lower(), (".mat", ".npz"))
    matrices = _checked([(f"thetas[{index}]", np.asarray(theta)) for index, theta in enumerate(thetas)])
    sizes = (*(theta.shape[1] - 1 for theta in matrices), matrices[-1].shape[0])
    if layer_sizes is not None and _checks.layer_sizes(layer_sizes) != sizes:
        _checks.fail("layer_sizes", f"be those of thetas, {sizes}", tuple(layer_sizes))
    contents: dict[str, Any] = {f"Theta{number}": theta for number, theta in enumerate(matrices, start=1)}
    contents["layer_sizes"] = np.array([sizes], dtype=np.float64)
    if lambda_ is not None:
        contents["lambda"] = np.array([[_checks.lambda_(lambda_)]])
    if cost_history is not None:
        contents["cost_history"] = _checks.real_vector("cost_history", cost_history)[:, None]
    with atomic_path(path) as temporary:
        if suffix == ".mat":
            scipy.io.savemat(temporary, contents, do_compression=True)
            with temporary.open("rb+") as stream:  # the first 116 bytes of a MAT file are text of the writer's
                stream.write(f"MATLAB 5.0 MAT-file, {MARK}".ljust(116).encode("ascii"))
        else:
            np.savez_compressed(temporary, **contents)
            with zipfile.ZipFile(temporary, "a") as archive:
                archive.comment = MARK.encode("ascii")


def _checked(named: Sequence[tuple[str, NDArray[Any]]]) -> list[FloatArray]:
    """Return the matrices as float64, after checking that each has a column for every unit before it and the bias."""
    if not named:
        _checks.fail("thetas", "hold at least one matrix", "none")
    matrices: list[FloatArray] = []
    for name, value in named:
        theta = _checks.real_matrix(name, value)
        if theta.shape[1] < 2:
            _checks.fail(name, "have at least two columns, the bias and one unit", theta.shape[1])
        if matrices and theta.shape[1] != len(matrices[-1]) + 1:
            units = len(matrices[-1])
            _checks.fail(name, f"have {units + 1} columns, the bias and {units} units before it", theta.shape[1])
        matrices.append(theta)
    return matrices
