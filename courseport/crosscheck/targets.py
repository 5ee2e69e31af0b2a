"""What is checked: a .m file or a Python function, its arguments understood, and how to run it apart from us."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from courseport import _checks
from courseport.crosscheck.limits import Limits, run_limited
from courseport.crosscheck.reference import KINDS
from courseport.octave.finding import SCRIPTS, find_octave
from courseport.octave.signature import ROLE_OF, plain_name, read_signature, roles_of

_NAME = re.compile(r"(?<![\w.'])[A-Za-z_]\w*(?!\w)(?!\s*\()")
_KIND_OF = {
    **dict.fromkeys(("lrcostfunction", "costfunction", "costfunctionreg"), "logistic"),
    **dict.fromkeys(("linearregcostfunction", "computecost", "computecostmulti"), "linear"),
}


class NoCostFunctionError(ValueError):
    """The function takes no parameters, or no data: a helper, perhaps."""


@dataclass(frozen=True)
class Target:
    """A cost function to be checked.

    Attributes
    ----------
    source : str
        The file or ``module:function``, as it was given.
    signature : str
        What it says of itself.
    names, roles : tuple of str
        The arguments of the call, and what each stands for.
    expression : str
        The call, in Octave.
    nout : int
        2, or 1 where it returns J alone.
    kind : str
        "network", "logistic", "linear" or "cofi".
    prepare : callable
        Puts what is needed into a folder, and returns the command that evaluates the cases there.
    gradient_name : str
        What the function calls its second output.
    code : str
        The text of a .m file.
    notes : tuple of str
        What is odd, and no mistake.
    """

    source: str
    signature: str
    names: tuple[str, ...]
    roles: tuple[str, ...]
    expression: str
    nout: int
    kind: str
    prepare: Callable[[Path], list[str]]
    gradient_name: str = "grad"
    code: str = ""
    notes: tuple[str, ...] = ()

    @property
    def python(self) -> bool:
        """Whether it is a Python function."""
        return not self.code


def octave_target(
    path: str | os.PathLike[str], *, call: str | None = None, kind: str | None = None, folders: Sequence[Path] = ()
) -> Target:
    """Return the target for a .m file.

    Raises
    ------
    OSError, ValueError
        The file cannot be read, is a script, or its arguments are not understood.
    OctaveNotFoundError
        Octave is not installed.
    """
    find_octave()
    file = Path(path)
    signature = read_signature(file)
    name = signature.name
    names, roles = _arguments(name, signature.inputs, call)
    notes = []
    if name != file.stem:
        notes.append(f"the file is {file.name} and its function {name}: Octave finds a function by its file's name")
    return Target(
        source=str(path),
        signature=str(signature),
        names=names,
        roles=roles,
        expression=call.strip().rstrip(";") if call else f"{name} ({', '.join(names)})",
        nout=1 if len(signature.outputs) == 1 and signature.outputs[0] != "varargout" else 2,
        kind=_kind(name, roles, kind),
        prepare=partial(_prepare_octave, file.resolve(), name, tuple(folder.resolve() for folder in folders)),
        gradient_name=signature.outputs[1] if len(signature.outputs) > 1 else "grad",
        code=file.read_text(encoding="utf-8", errors="replace"),
        notes=tuple(notes),
    )


def python_target(reference: str, limits: Limits, *, call: str | None = None, kind: str | None = None) -> Target:
    """Return the target for ``module:function`` or ``file.py:function``; the module is imported in another process.

    Raises
    ------
    ValueError
        There is no such function, importing it fails, or its arguments are not understood.
    """
    module, _, function = reference.rpartition(":")
    if not module or not function.isidentifier():
        _checks.fail("--python", "be module:function, such as port:nn_cost_function", repr(reference))
    with tempfile.TemporaryDirectory(prefix="courseport-") as folder:
        outcome = run_limited(_worker("describe", module, function, folder), Path(folder), limits)
        answer = Path(folder, "signature.json")
        if not answer.exists():
            reason = "took too long" if outcome.timed_out else outcome.output.strip().rpartition("\n")[2]
            raise ValueError(f"{reference} could not be imported: {reason}")
        optional = json.loads(answer.read_text())
    # An optional argument that is not understood keeps its default.
    understood = tuple(name for name in optional if not optional[name] or name.lower() in ROLE_OF)
    names, roles = _arguments(function, understood, call)
    return Target(
        source=reference,
        signature=f"{function}({', '.join(optional)})",
        names=names,
        roles=roles,
        expression="",
        nout=2,
        kind=_kind(function, roles, kind),
        prepare=partial(_worker, "evaluate", module, function),
    )


def _arguments(function: str, inputs: tuple[str, ...], call: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the call's arguments, and what they stand for."""
    if call is None:
        roles = roles_of(function, inputs)
        words = f"{function}({', '.join(inputs)})"
        if roles is None and "theta" not in {ROLE_OF.get(name.lower()) for name in inputs}:
            raise NoCostFunctionError(f"{words} is no cost function: none of its arguments stands for the parameters")
        if roles is None:
            call = f"{function}(theta, X, y, lambda)"
            raise ValueError(f'the arguments of {words} are not understood; say what they stand for: --call "{call}"')
        if not {"y", "Y"} & set(roles):
            raise NoCostFunctionError(f"{words} is no cost function: it takes no y")
        return inputs, roles
    names = tuple(dict.fromkeys(_NAME.findall(call.partition("(")[2])))
    roles = tuple(ROLE_OF.get(name.lower(), "Y" if name == "Y" else "") for name in names)
    if "" in roles or "theta" not in roles:
        _checks.fail("--call", "use theta and names such as X, y, lambda, layer_sizes, num_labels, R", repr(call))
    return names, tuple("Y" if role == "y" and "R" in roles else role for role in roles)


def _kind(function: str, roles: tuple[str, ...], wanted: str | None) -> str:
    if wanted is not None:
        return _checks.choice("kind", wanted, tuple(KINDS))
    if "R" in roles:
        return "cofi"
    if {"layer_sizes", "input_layer_size", "num_labels"} & set(roles):
        return "network"
    name = plain_name(function)
    guess = _KIND_OF.get(name) or ("linear" if "linear" in name else "logistic" if "logistic" in name else None)
    if guess is None:
        raise ValueError(f"{function} may be linear or logistic regression; say which with --kind")
    return guess


def _prepare_octave(file: Path, name: str, folders: tuple[Path, ...], folder: Path) -> list[str]:
    """Copy the file under its function's name: that is how Octave finds it, whatever it is called."""
    code = folder / "code"
    code.mkdir()
    shutil.copyfile(file, code / f"{name}.m")
    work = folder / "work"
    work.mkdir()
    path = ", ".join(map(_quoted, (code, file.parent, *folders)))
    start = (
        f"addpath ({_quoted(SCRIPTS)}); courseport_unattended (); addpath ({path}); "
        f"cd ({_quoted(work)}); courseport_batch ({_quoted(folder)});"
    )
    return [find_octave(), "--norc", "--no-history", "--no-window-system", "--quiet", "--eval", start]


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _worker(task: str, module: str, function: str, folder: str | Path) -> list[str]:
    script = Path(__file__).with_name("python_worker.py")  # by its path: importing this package takes a second
    return [sys.executable, str(script), task, module, function, str(folder), str(Path.cwd()), *sys.path]
