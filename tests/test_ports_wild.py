"""Functions as they are in the wild: each gets a verdict in plain words, and nothing is a traceback."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from courseport.crosscheck import Conventions, Limits, PortReport, compare_port, compare_recording, record_port

pytestmark = pytest.mark.octave
AGREES, DIFFERS, LOST = "agrees", "disagrees", "could not be run"
TWO: list[tuple[Any, ...]] = [(1.0,), (np.array([1.0, 2.0]),)]


def one_more(x: Any, *_: Any) -> Any:
    return x + 1


def outputs(*values: Any) -> Any:
    return tuple(value + 1 for value in values)


# Files by name, the function's first; or the text of f.m alone.
OCTAVE: dict[str, tuple[dict[str, str | bytes] | str | bytes, str, str]] = {
    "Latin-1, tabs, ends of lines, no end, a function below": (
        b"% \xb0C\r\n%{\r\nfunction z = old(x)\r\n%}\r\nfunction\ty=f( x )\r\n\ty=g(x); disp('\xb0C');\r\n"
        b"function z=g(x)\r\n\tz=x+1;\r\n",
        AGREES,
        "2 cases",
    ),
    "a byte order mark, a long line": (
        "\ufefffunction [y ...\n] = f (x, ... it\n k)\ny = x + 1;\n",
        AGREES,
        "",
    ),
    "prints, draws, changes folder and path": (
        "function y = f(x)\ndisp(x); fprintf('%d\\n', 3); y = x + 1\nfigure; plot(1:3); hold on; set(gca, 'x', 1);\n"
        "close all; clc; more off; cd('/'); restoredefaultpath();\n",
        AGREES,
        "",
    ),
    "an input parser, default arguments": (
        "function y = f(varargin)\np = inputParser; p.addRequired('x'); p.addParameter('k', 1);\n"
        "p.parse(varargin{:}); if ~exist('k', 'var') || isempty(k), k = p.Results.k; end\ny = p.Results.x + k;\n",
        AGREES,
        "",
    ),
    "no name for Octave, private, a handle besides": (
        {
            "my thing (1).m": "function [y, h] = f(x)\ny = help1(x); h = @(z) z;\n",
            "private/help1.m": "function y = help1(x)\ny = x + 1;\n",
        },
        AGREES,
        "",
    ),
    "a package": (
        {"+p/f.m": "function y = f(x)\ny = p.g(x);\n", "+p/g.m": "function y = g(x)\ny = x + 1;\n"},
        AGREES,
        "",
    ),
    "names of Octave's, data beside it": (
        {
            "f.m": "function y = f(x)\ny = fieldnames(x) + load('k.txt');\n",
            **dict.fromkeys(("fieldnames.m", "repmat.m", "fullfile.m", "strsplit.m"), "function y = g(x)\ny = x;\n"),
            "k.txt": "1\n",
        },
        AGREES,
        "",
    ),
    "input": ("function y = f(x)\ny = x + input('k? ');\n", LOST, "nobody is there to answer"),
    "a missing function": ("function y = f(x)\ny = nosuch(x) + 1;\n", LOST, "'nosuch' undefined"),
    "a missing package": ("function y = f(x)\npkg load nosuch\ny = x + 1;\n", LOST, "nosuch is not installed"),
    "MATLAB's own syntax": ("function y = f(x)\narguments\n x double\nend\ny = x + 1;\nend\n", LOST, "parse error"),
    "a script": ("x = 1;\ny = x + 1\n", LOST, "f.m is a script, and no function"),
    "a class": ("classdef f\nproperties\nx\nend\nend\n", LOST, "f.m defines a class, and no function"),
    "nothing": ("", LOST, "f.m is empty, and no function"),
    "no text": (bytes(range(256)), LOST, "no function"),
    "crashes": ("function y = f(x)\nkill(getpid(), 11);\n", LOST, "signal"),
    "takes no arguments": ("function y = f()\ny = 2;\n", LOST, "called with too many inputs"),
    "refuses": ("function y = f(x)\nerror('my:id', 'not %d', x(1));\n", DIFFERS, "Python does not: not 1"),
    "remembers": ("function y = f(x)\npersistent n\nn = [n, 1]; y = x + numel(n);\n", DIFFERS, "1 of 2 cases"),
    "only prints": ("function f(x)\ndisp(x)\n", LOST, "nothing to compare"),
}


def told(report: PortReport) -> str:
    """Return all words of a report, which is strict JSON and fits a screen, too."""
    json.dumps(report.as_dict(), allow_nan=False)
    assert len(str(report).splitlines()) <= 25
    assert "Traceback" not in str(report)
    return f"{report}\n{report.finding}"


@pytest.mark.parametrize("name", OCTAVE)
def test_octave_functions_of_any_kind(tmp_path: Path, name: str) -> None:
    files, status, words = OCTAVE[name]
    files = files if isinstance(files, dict) else {"f.m": files}
    for file, text in files.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    report = compare_port(tmp_path / next(iter(files)), one_more, TWO)
    assert report.status == status, str(report)
    assert words in told(report)
    assert report.exit_status == (AGREES, DIFFERS, LOST).index(status)


def test_a_call_that_hangs_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "f.m").write_text("function y = f(x)\nwhile numel(x) == 2, end\ny = x + 1;\n")
    report = compare_port(tmp_path / "f.m", one_more, [*TWO, (3.0,)], limits=Limits(seconds=1))
    assert report.status == LOST
    assert [case.agrees for case in report.cases] == [True, False, True]
    assert "within 1 s" in report.finding


def test_setup_folders_and_globals(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "helper.m").write_text("function y = helper(x)\nglobal K\ny = x + K;\n")
    (tmp_path / "f.m").write_text("function y = f(x)\ny = helper(x);\n")
    report = compare_port(tmp_path / "f.m", one_more, TWO, setup="global K\nK = 1;", folders=[tmp_path / "more"])
    assert report.agrees, str(report)
    failed = compare_port(tmp_path / "f.m", one_more, TWO, setup="error('no luck')")
    assert failed.status == LOST
    assert "the setup code failed: no luck" in failed.finding


PORT = """
import collections, dataclasses, functools, os, sys, types, warnings
import numpy as np
Pair = collections.namedtuple("Pair", "a b")
@dataclasses.dataclass
class Data:
    b: object
    a: object
class Class:
    def method(self, x): return x + 1, 2 * x
    @staticmethod
    def static(x): return x + 1, 2 * x
    @classmethod
    def of_class(cls, x): return x + 1, 2 * x
class Needs:
    def __init__(self, what): pass
    def method(self, x): return x + 1, 2 * x
def both(x): return x + 1, 2 * x
def listed(x): return [x + 1, 2 * x]
def pair(x): return Pair(x + 1, 2 * x)
def by_name(x): return {"b": 2 * x, "a": x + 1}
def data(x): return Data(2 * x, x + 1)
def space(x): return types.SimpleNamespace(a=x + 1, b=2 * x)
def masked(x): return np.ma.masked_array(x + 1), np.matrix(2 * x).T
def generated(x): yield x + 1; yield 2 * x
def defaults(x, k=1, *, factor=2): return x + k, factor * x
def first(x): return x + 1
def prints(x): print("hello"); return both(x)
def warns(x): warnings.warn("careful"); return both(x)
def in_place(x): x += 1; return x, 2 * x - 2
def nothing(x): return None
def swapped(x): return 2 * x, x + 1
def raises(x): raise ValueError("no\\nluck")
def leaves(x): sys.exit(3)
def more_arguments(x, y): return both(x)
def imports(x): import nosuch
def recursion(x): return recursion(x)
def function(x): return both
def dies(x): os._exit(5)
lambda_ = lambda x: (x + 1, 2 * x)
partial = functools.partial(defaults, k=1)
number = 3
"""
CALLABLES = {
    **dict.fromkeys(("both", "listed", "pair", "by_name", "data", "space", "masked", "generated"), (AGREES, "a, b")),
    **dict.fromkeys(("defaults", "lambda_", "partial", "prints"), (AGREES, "a, b")),
    "first": (AGREES, "Python returns 1 of 2 outputs"),
    "warns": (AGREES, "Python warns: UserWarning: careful"),
    "in_place": (AGREES, "changes its arguments in place"),
    "nothing": (DIFFERS, "None in Python"),
    "swapped": (DIFFERS, "2 of 2 cases differ"),
    "raises": (DIFFERS, "ValueError: no luck (raises, line"),
    "leaves": (DIFFERS, "SystemExit: 3"),
    "recursion": (DIFFERS, "RecursionError"),
    "function": (DIFFERS, "nothing like Python's function"),
    "more_arguments": (LOST, "missing 1 required positional argument"),
    "imports": (LOST, "No module named 'nosuch'"),
}
NAMED = {
    **dict.fromkeys(("port:Class.method", "port:masked", "{folder}/package/inside.py:both"), (AGREES, "a, b")),
    "port:Needs.method": (LOST, "Needs() failed"),
    "port:nosuch": (LOST, "nosuch"),
    "leaving:both": (LOST, "SystemExit"),
    "{folder}/none.py:both": (LOST, "none.py"),
    "port:dies": (LOST, "status 5"),
}


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Any:
    file = tmp_path_factory.mktemp("recorded") / "f.m"
    file.write_text("function [a, b] = f(x)\na = x + 1; b = 2*x;\n")
    return record_port(file, [(np.array([1.0, 4.0]),), (np.arange(3.0),)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {
        "port.py": PORT,
        "broken.py": "def both(x:\n",
        "leaving.py": "import sys; sys.exit(1)\n",
        "package/__init__.py": "",
        "package/inside.py": "from .beside import one\ndef both(x): return x + one, 2 * x\n",
        "package/beside.py": "one = 1\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "port", raising=False)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", CALLABLES)
def test_python_functions_of_any_kind(recording: Any, name: str) -> None:
    report = compare_recording(recording, getattr(importlib.import_module("port"), name))
    status, words = CALLABLES[name]
    assert report.status == status, str(report)
    assert words in told(report)


@pytest.mark.parametrize("name", NAMED)
def test_python_functions_by_name(recording: Any, folder: Path, name: str) -> None:
    report = compare_recording(recording, name.format(folder=folder))
    status, words = NAMED[name]
    assert report.status == status, str(report)
    assert words in told(report)


def test_errors_on_both_sides_agree_if_asked(tmp_path: Path) -> None:
    (tmp_path / "root.m").write_text(
        "function y = root(x)\nif x < 0, error('root:neg', 'negative'); end\ny = sqrt(x);\n"
    )

    def root(x: float) -> float:
        if x < 0:
            raise ValueError("negative")
        return float(np.sqrt(x))

    cases = [(4.0,), (-1.0,)]
    asked = compare_port(tmp_path / "root.m", root, cases, conventions=Conventions(errors_agree=True))
    usual = compare_port(tmp_path / "root.m", root, cases)
    lenient = compare_port(tmp_path / "root.m", abs, cases, conventions=Conventions(errors_agree=True))
    assert asked.agrees, str(asked)
    assert (asked.cases[1].octave_error, asked.cases[1].python_error[:20]) == (
        "negative (root, line 2)",
        "ValueError: negative",
    )
    assert [case.agrees for case in usual.cases] == [True, False]
    assert [case.agrees for case in lenient.cases] == [False, False]


def test_an_error_that_is_no_answer_never_agrees(tmp_path: Path) -> None:
    (tmp_path / "f.m").write_text("function y = f(x)\ny = nosuch(x);\n")

    def fails(x: float) -> float:
        raise ValueError(x)

    report = compare_port(tmp_path / "f.m", fails, [(1.0,)], conventions=Conventions(errors_agree=True))
    assert report.status == LOST, str(report)


def test_what_is_printed_is_compared_if_asked(tmp_path: Path) -> None:
    (tmp_path / "say.m").write_text("function y = say(x)\nfprintf('x is %d  \\n', x); warning('loud'); y = x;\n")

    def say(x: float, what: str = "x") -> float:
        sys.stdout.write(f"{what} is {int(x)}\n")
        return x

    printed = Conventions(printed=True)
    right = compare_port(tmp_path / "say.m", say, [(3.0,)], conventions=printed)
    wrong = compare_port(tmp_path / "say.m", lambda x: say(x, "y"), [(3.0,)], conventions=printed)
    assert right.agrees, str(right)
    assert right.cases[0].printed[1] == "x is 3\n"
    assert wrong.status == DIFFERS
    assert "Octave prints 'x is 3', Python 'y is 3'" in str(wrong)


@pytest.mark.parametrize(
    ("nout", "port", "status"),
    [
        (None, lambda x: (x + 1, 2 * x), AGREES),
        (None, lambda x: x + 1, AGREES),
        (2, lambda x: x + 1, DIFFERS),
        (1, lambda x: (x + 1, "not compared"), AGREES),
        (None, lambda x: (x + 1, 2 * x) if x > 1 else (x + 1,), DIFFERS),
        (None, lambda x: (x + 1, 2 * x, "further"), AGREES),
        (2, lambda x: (x + 1, 3 * x), DIFFERS),
    ],
)
def test_how_many_outputs_are_compared(tmp_path: Path, nout: int | None, port: Any, status: str) -> None:
    (tmp_path / "f.m").write_text("function [a, b] = f(x)\na = x + 1; b = 2*x;\n")
    assert compare_port(tmp_path / "f.m", port, [(1.0,), (2.0,)], nout=nout).status == status


def test_outputs_that_octave_leaves_unset_and_varargout(tmp_path: Path) -> None:
    (tmp_path / "f.m").write_text("function [a, b] = f(x)\na = x + 1; if x > 1, b = 2; end\n")
    (tmp_path / "v.m").write_text(
        "function varargout = v(varargin)\nfor k = 1:nargout, varargout{k} = varargin{k}+1; end"
    )
    unset = compare_port(tmp_path / "f.m", lambda x: (x + 1, 2.0 if x > 1 else None), [(1.0,), (2.0,)])
    always = compare_port(tmp_path / "f.m", lambda x: (x + 1, 2.0), [(1.0,), (2.0,)])
    several = compare_port(tmp_path / "v.m", outputs, [(1.0, 2.0), (3.0,), (1.0, 2.0, 3.0)])
    assert unset.agrees, str(unset)
    assert [case.agrees for case in always.cases] == [False, True]
    assert several.agrees, str(several)
    assert [len(case.outputs) for case in several.cases] == [2, 1, 3]


def test_other_ways_to_give_the_arguments_are_tried(tmp_path: Path) -> None:
    (tmp_path / "padded.m").write_text("function y = padded(x)\ny = [0, x, 0];\n")
    (tmp_path / "total.m").write_text("function y = total(x, n)\ny = sum(x(1:n));\n")
    vector = np.array([1.0, 2.0, 3.0])
    as_row = compare_port(tmp_path / "padded.m", lambda x: np.concatenate([[0], x, [0]]), [(vector,)])
    as_int = compare_port(tmp_path / "total.m", lambda x, n: sum(x[i] for i in range(n)), [(vector, 2.0)])
    as_matrix = compare_port(tmp_path / "total.m", lambda x, n: x[: int(n), 0].sum(), [(vector, 2)])
    wrong = compare_port(tmp_path / "padded.m", lambda x: np.concatenate([x, [0, 0]]), [(vector,)])
    assert (as_row.agrees, as_int.agrees, as_matrix.agrees, wrong.agrees) == (True, True, True, False)
    assert any("send_vectors='row'" in note for note in as_row.notes)
    assert any("as int" in note for note in as_int.notes)
    assert any("vectors='exact'" in note for note in as_matrix.notes)
