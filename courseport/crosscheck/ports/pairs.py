"""Many ports at once: the pairs that a TOML file lists, and the comparison of each, side by side.

rtol = 1e-8                    # for all that do not say otherwise

[[port]]
octave = "sw_dens.m"           # a path, from the TOML file's folder, or the name of one of Octave's own functions
python = "seawater:dens"       # module:function, or file.py:function
cases = "cases.mat"
"""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from courseport import _checks
from courseport._files import StrPath
from courseport.crosscheck.ports.conventions import USUAL, Conventions
from courseport.crosscheck.ports.golden import read_golden
from courseport.crosscheck.ports.port import compare_port
from courseport.crosscheck.ports.report import NOT_RUN, PortReport
from courseport.crosscheck.ports.scripts import has_tests
from courseport.crosscheck.running.limits import Limits

_NUMBERS = {"rtol": 0.0, "atol": 0.0, "time_limit": None, "memory_limit": None}  # with the smallest, or above 0
KEYS = ("octave", "python", "cases", "record", "golden", "setup", "folders", "nout", *_NUMBERS, "conventions")
_SETTINGS = ("cases", "record", "golden", "setup", "folders", "nout", "rtol", "atol", "conventions")
_OF_ONE = ("octave", "python")  # what no default can say


@dataclass(frozen=True)
class Pair:
    """An Octave function, a Python function, and how they are compared: the arguments of `compare_port`."""

    octave: str
    python: str
    cases: Any = None
    record: str | None = None
    golden: str | None = None
    setup: str = ""
    folders: tuple[str, ...] = ()
    nout: int | None = None
    rtol: float | None = None
    atol: float | None = None
    conventions: Conventions = USUAL
    time_limit: float = 30.0
    memory_limit: float = 2048.0

    def compare(self, *, update: bool = False, cancelled: threading.Event | None = None) -> PortReport:
        """Return the report on the pair; whatever goes wrong with it is its own verdict, and stops no other pair.

        With `update` Octave is asked in any case, and the golden file, where the pair has one, is written.
        """
        try:
            settings = {key: getattr(self, key) for key in _SETTINGS if getattr(self, key) is not None}
            limits = Limits(self.time_limit, self.memory_limit, cancelled)
            if update and self.golden:
                golden, source = Path(self.golden), Path(self.octave)
                golden.parent.mkdir(parents=True, exist_ok=True)
                tests = source.is_file() and has_tests(source.read_bytes())
                if golden.exists() and not tests and not settings.keys() & {"cases", "record"}:
                    settings["cases"] = read_golden(golden, self.conventions).cases
            report = compare_port(self.octave, self.python, **settings, limits=limits, update=update)
            return replace(report, octave=self.octave)
        except OSError as error:
            why = f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)
        except (ValueError, RuntimeError, ModuleNotFoundError, MemoryError) as error:
            why = str(error) or type(error).__name__
        except Exception as error:  # noqa: BLE001 - a fault of ours with one pair must not hide the other pairs
            why = f"unexpected {type(error).__name__}, a fault of courseport's: {error}"
        return PortReport(self.octave, self.python, NOT_RUN, why)


def read_pairs(path: StrPath, defaults: Mapping[str, Any] | None = None) -> list[Pair]:
    """Return the pairs of a TOML file; what stands above the first ``[[port]]`` holds for all that do not say it.

    Parameters
    ----------
    path : path-like
        The TOML file. Paths in it are those from its folder.
    defaults : dict, optional
        What holds where the file says nothing, by the keys of the file.
    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            told = tomllib.load(stream)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        _checks.fail(str(path), "be a TOML file", f"one that is none: {error}")
    ports = told.pop("port", None)
    if not isinstance(ports, list) or not ports or not all(isinstance(port, dict) for port in ports):
        got = "none" if ports is None or ports == [] else "[port], which is one table, or another value"
        _checks.fail(str(path), "hold a table [[port]] for each pair, in double brackets", got)
    above = {**(defaults or {}), **_checked(str(path), told, path.parent, [key for key in KEYS if key not in _OF_ONE])}
    pairs = []
    for number, port in enumerate(ports, 1):
        name = port.get("octave")
        where = f"{path}, port {number}" + (f" ({name})" if isinstance(name, str) else "")
        own = _checked(where, port, path.parent, KEYS)
        for key in _OF_ONE:
            if key not in own:
                _checks.fail(where, f"have the key {key}", "none")
        own["python"] = python_reference(own["python"], own["octave"], path.parent)
        if {"cases", "record"} <= own.keys():
            _checks.fail(f"{where}: cases", "stand without record", "both")
        if "conventions" in own:
            own["conventions"] = {**above.get("conventions", {}), **own["conventions"]}
        # A port that says where its cases are does not want those that stand above.
        inherited = {
            key: value
            for key, value in above.items()
            if not (key in {"cases", "record"} and {"cases", "record"} & own.keys())
        }
        values = {**inherited, **own}
        values["conventions"] = Conventions(**values.get("conventions", {}))
        pairs.append(Pair(**values))
    return pairs


def _checked(where: str, table: Mapping[str, Any], folder: Path, keys: list[str] | tuple[str, ...]) -> dict[str, Any]:
    """Return the values of a table, paths from `folder`; each error names the port and the key."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{where}: {key}"
        if key not in keys:
            _checks.fail(f"{where}: a key", f"be one of {', '.join(keys)}", repr(key))
        elif key in _NUMBERS:
            smallest = _NUMBERS[key]
            found[key] = _checks.number(name, value, **({"above": 0.0} if smallest is None else {"minimum": smallest}))
        elif key == "nout":
            found[key] = _checks.whole_number(name, value, 0)
        elif key == "folders":
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                _checks.fail(name, 'be a list of texts, such as ["lib", "../shared"]', repr(value))
            found[key] = tuple(str(folder / one) for one in value)
        elif key == "conventions":
            found[key] = conventions_of(name, value)
        elif key == "cases" and not isinstance(value, str):
            if not isinstance(value, list) or not value or not all(isinstance(case, list) for case in value):
                _checks.fail(name, "be a path, or a list of cases, each a list of arguments", repr(value))
            found[key] = value
        elif not isinstance(value, str) or not value.strip():
            _checks.fail(name, "be a text that is not empty", repr(value))
        elif key in {"python", "setup"} or (key == "octave" and not value.endswith(".m")):
            found[key] = value
        else:
            found[key] = str(folder / value)
    return found


def python_reference(told: str, octave: str, folder: Path = Path()) -> str:
    """Return module:function, a file's path from `folder`; a module alone means its function of the .m file's name."""
    module, _, function = told.rpartition(":")
    if not module or function.endswith((".py", ".ipynb")):
        module, function = told, Path(octave).stem
    return f"{folder / module if module.endswith(('.py', '.ipynb')) else module}:{function}"


def conventions_of(where: str, told: Any) -> dict[str, Any]:
    """Return the conventions of a table, each of the type that its default has."""
    if not isinstance(told, dict):
        _checks.fail(where, 'be a table, such as {vectors = "exact"}', repr(told))
    known = {field.name: field.default for field in fields(Conventions)}
    for key, value in told.items():
        if key not in known:
            _checks.fail(f"{where}: a key", f"be one of {', '.join(known)}", repr(key))
        if type(value) is not type(known[key]):
            expected = "true or false" if isinstance(known[key], bool) else "a text"
            _checks.fail(f"{where}.{key}", f"be {expected}", repr(value))
    try:
        Conventions(**told)
    except _checks.InputError as error:
        raise _checks.InputError(f"{where}: {error}") from error
    return told
