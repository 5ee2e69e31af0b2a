"""A .m cost function as a Python callable ``theta_vec -> (J, grad_vec)``, its data kept in Octave."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.octave.call import names_in
from courseport.octave.session import OctaveSession
from courseport.octave.signature import Signature, named, read_signature, role_of, roles_of
from courseport.octave.values import Sendable, as_doubles


class OctaveCostFunction:
    """The cost function of a .m file, for SciPy's optimisers: ``minimize(cost, theta0, jac=True)``.

    Parameters
    ----------
    path : path
        The .m file. Its folder is put on Octave's path, so that its helpers are found.
    call : str, optional
        How to call it, in Octave: ``"myCost(theta, X, y, lambda)"``. Needed only where the arguments do not speak for
        themselves. One of its names must stand for the parameters (``theta``, ``nn_params``, ...).
    time_limit : float or None
        Seconds one evaluation may take.
    output : callable, optional
        Called with each line the file prints, such as ``print``.
    **data
        The other arguments, by the names the file gives them or by the course's (``X``, ``y``, ``lambda_``,
        ``input_layer_size``, ...). ``layer_sizes=(400, 25, 10)`` stands for the three sizes.

    Notes
    -----
    The data is sent once, as a copy, and sent again only to an Octave that replaces a lost one. A file that is edited
    is read again at the next call. The object can be pickled; the copy starts an Octave of its own.

    Each object has a session of its own (`session`). What runs is the file's code, with your rights.

    Raises
    ------
    ValueError, TypeError
        The file is a script, its arguments are not understood, or data is missing, unused or not numbers.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        call: str | None = None,
        time_limit: float | None = 60.0,
        output: Callable[[str], None] | None = None,
        **data: Sendable,
    ) -> None:
        self.path = Path(path).resolve()
        self.signature = read_signature(self.path)
        _check_file_name(self.path)
        self.call, self.theta_name = _template(call) if call else _course_call(self.path, self.signature)
        self.data = _match_data(self.call, self.theta_name, data)
        self.session = OctaveSession(time_limit=time_limit, output=output)
        self._sent_to: int | None = None

    def __call__(self, theta_vec: ArrayLike) -> tuple[float, FloatArray]:
        """Return J and the gradient, float64 of shape (n,), a new array.

        Raises
        ------
        ValueError
            The file returns J alone, or something other than a real number and a vector of n real numbers.
        OctaveError
            The file failed, took too long, or ended its Octave.
        """
        theta = _checks.real_vector("theta_vec", theta_vec)
        if len(self.signature.outputs) < 2 and "varargout" not in self.signature.outputs:
            raise _checks.InputError(f"{self.path.name} returns J alone, without a gradient; use its cost() instead")
        J, grad = self._evaluate(theta, nout=2)
        return self._number(J), self._vector(grad, theta.size)

    def cost(self, theta_vec: ArrayLike) -> float:
        """Return J alone."""
        return self._number(self._evaluate(_checks.real_vector("theta_vec", theta_vec), nout=1))

    def prepare(self) -> OctaveSession:
        """Start Octave and send the data where that has not been done; return the session."""
        if self._sent_to != self.session.generation:
            self.session.addpath(self.path.parent)
            for name, value in self.data.items():
                self.session.push(name, value)
            found = self.session.feval("which", self.path.stem)
            if not found or Path(found).resolve() != self.path:
                raise _checks.InputError(
                    f"Octave calls {found or 'nothing'} by the name {self.path.stem}, not {self.path}"
                )
            self._sent_to = self.session.generation
        return self.session

    def close(self) -> None:
        """End the Octave behind this function; a later call starts another one."""
        self.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_sent_to": None}

    def _evaluate(self, theta: FloatArray, nout: int) -> Any:
        return self.prepare().feval("courseport_cost", theta, self.theta_name, self.call, nout=nout)

    def _number(self, J: object) -> float:
        if not isinstance(J, float):
            _checks.fail(f"J of {self.path.name}", "be one real number", _described(J))
        return J

    def _vector(self, grad: object, size: int) -> FloatArray:
        array = np.asarray(grad)
        if array.dtype != np.float64 or array.shape not in {(size, 1), (1, size), ()} or array.size != size:
            expected = f"be {size} real numbers in a column, as theta is"
            _checks.fail(f"the gradient of {self.path.name}", expected, _described(grad))
        return np.array(array, dtype=np.float64).reshape(size)


def _check_file_name(path: Path) -> None:
    if path.suffix != ".m" or not re.fullmatch(r"[A-Za-z]\w*", path.stem, re.ASCII):
        _checks.fail("path", "name a .m file whose name Octave can call, such as nnCostFunction.m", path.name)


def _course_call(path: Path, signature: Signature) -> tuple[str, str]:
    """Return the call of a function whose arguments are understood, and which of them is theta."""
    roles = roles_of(signature.name, signature.inputs)
    if roles is None:
        raise _checks.InputError(
            f"the arguments of {signature} are not understood; say how to call it, as in "
            f"call='{path.stem}(theta, X, y, lambda)'"
        )
    names = named(signature.inputs, roles)
    return f"{path.stem} ({', '.join(names)})", names[roles.index("theta")]


def _template(call: str) -> tuple[str, str]:
    """Return the call of a template, and which of its names is theta."""
    call = call.strip().rstrip(";")
    if "\n" in call or not re.fullmatch(r"[A-Za-z]\w*\s*\(.*\)", call):
        _checks.fail("call", "be a call such as 'myCost(theta, X, y, lambda)'", repr(call))
    thetas = [name for name, _ in names_in(call) if role_of(name) == "theta"]
    if not thetas:
        _checks.fail("call", "name the parameters, such as theta", repr(call))
    return call, thetas[0]


def _match_data(call: str, theta_name: str, data: dict[str, Sendable]) -> dict[str, Any]:
    """Return the data by the names the call uses; nothing may be missing and nothing left over."""
    given = {**_sizes(data), **data}
    by_role = {_role(name): name for name in given}
    named = [name for name, bracket in names_in(call) if not bracket or name in given]
    wanted = [name for name in dict.fromkeys(named) if name != theta_name]
    matched, used = {}, set()
    for name in wanted:
        source = name if name in given else by_role.get(_role(name))
        if source is None:
            raise _checks.InputTypeError(f"{call} needs {name}; given: {', '.join(data) or 'no data'}")
        used.add(source)
        value = as_doubles(given[source], name)
        matched[name] = copy.deepcopy(value)
    unused = set(data) - used - ({"layer_sizes"} if used & set(_sizes(data)) else set())
    if unused:
        raise _checks.InputTypeError(f"{call} takes no {', '.join(sorted(unused))}")
    return matched


def _role(name: str) -> str:
    return role_of(name) or name


def _sizes(data: dict[str, Sendable]) -> dict[str, Sendable]:
    """Return the course's three sizes where layer_sizes gives them."""
    if "layer_sizes" not in data:
        return {}
    given: Any = data["layer_sizes"]  # it is checked in the next line
    sizes = _checks.layer_sizes(given)
    names = ("input_layer_size", "hidden_layer_size", "num_labels")
    return dict(zip(names, map(float, sizes), strict=True)) if len(sizes) == 3 else {}


def _described(value: object) -> str:
    """Say what a file returned, in a few words."""
    array = np.asarray(value)
    kind = "text" if array.dtype.kind in "US" else "complex numbers" if array.dtype.kind == "c" else "real numbers"
    return f"{kind} of shape {array.shape}"
