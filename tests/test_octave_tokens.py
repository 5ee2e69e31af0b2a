"""Octave's text as tokens, and the changes that are written into it."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseport.crosscheck.ports.slips import SLIPS
from courseport.crosscheck.ports.slips.code import Code, apply
from courseport.crosscheck.ports.slips.mutants import (
    call_changes,
    changes,
    files_of,
    mutants,
    operator_changes,
    read_code,
)
from courseport.octave.finding import find_octave, quoted
from courseport.octave.tokens import tokenize

PORTS = sorted((Path(__file__).parent / "ports").glob("*.m"))


def kinds(text: str, kind: str) -> list[str]:
    return [token.text for token in tokenize(text) if token.kind == kind]


@pytest.mark.parametrize(
    ("text", "transposes", "strings"),
    [
        ("x = a'; y = 'it''s';", ["'"], ["'it''s'"]),
        ("z = [a' b' 'c' d.'];", ["'", "'", ".'"], ["'c'"]),
        ("z = [a 'b'; c' 'd'];", ["'"], ["'b'", "'d'"]),
        ("w = x(end)' * y{1}' + s.f' - 2';", ["'"] * 4, []),
        ('printf ("it\'s %d%% # \\"no\\"\\n", a\');', ["'"], ['"it\'s %d%% # \\"no\\"\\n"']),
        ("a = {'x', \"y'\"}';", ["'"], ["'x'", '"y\'"']),
        ("if x, y = 'a', end, z = y';", ["'"], ["'a'"]),
        ("a = 1./b' % don't\nc = 'd' # isn't", ["'"], ["'d'"]),
        ("%{\n it's = 'x'\n%{\n'\n%}\n'%}\n%}\na = b';", ["'"], []),
        ("a = [1 ... it's\n 2]'; b = 'c';\r\nd = a';\r\n", ["'", "'"], ["'c'"]),
        ("x = a.b'.'; disp ('x') % 'y'", ["'", ".'"], ["'x'"]),
        ("case 'a'\n return'", [], ["'a'", "'"]),
    ],
)
def test_a_transpose_is_told_from_a_quote(text: str, transposes: list[str], strings: list[str]) -> None:
    assert kinds(text, "transpose") == transposes
    assert kinds(text, "string") == strings


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("hold on; x = 1;", ["hold on"]),
        ("close all\nclear -all, format long", ["close all", "clear -all", "format long"]),
        ("a = 3\na -1\nb - 1\nc == 2\nd (3)\ne = 4", []),
        ("pkg load statistics % sum (x)\nwarning off", ["pkg load statistics % sum (x)", "warning off"]),
    ],
)
def test_a_command_is_told_from_an_expression(text: str, commands: list[str]) -> None:
    assert kinds(text, "command") == commands


def test_a_space_separates_the_elements_of_a_matrix_alone() -> None:
    assert [token.text for token in tokenize("[a -b, c - d; f (x) 3]") if token.kind == "separator"] == [
        "",
        ",",
        ";",
        "",
        "",
    ]
    assert [token.text for token in tokenize("f (a - b)")] == ["f", "(", "a", "-", "b", ")"]


@given(st.text(alphabet="ab1.,;'\"[](){}%#+-*/\\^=~!&|<>:@ \t\r\n\u00e9", max_size=60))
def test_any_text_is_read_and_written_back(text: str) -> None:
    tokens = tokenize(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert all(one.end <= other.start for one, other in pairwise(tokens))
    code = Code(text)
    assert apply(text, []) == text
    for slip in SLIPS[:12]:
        for source in slip.source:
            apply(text, changes(code, source))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("y = std (x);", [1]),
        ("std = 3;\ny = std (2);", []),
        ("[std, k] = max (x); y = std (1);", []),
        ("for std = 1:3, y = std (1); end", []),
        ("f = @(std) std (1);", []),
        ("f = @std; y = f (x);", [1]),
        ("s.std (1) = 2; y = s.std (1);", []),
        ("% std (x)\ny = 'std (x)'; z = \"std (x)\";", []),
        ("function std = f (x)\nstd (1) = 2;\nend", []),
        ("function y = f (x)\ny = std (x);\nend\nfunction std (a)\nstd = 2;\nend", [2]),
        ("y = [std (x)];", []),
        ("y = [std(x), (std (x))];", [1, 1]),
        ("global std\ny = std (1);", []),
        ("y = a.(std (x));", [1]),
    ],
)
def test_a_call_is_told_from_a_variable_a_field_and_a_text(text: str, lines: list[int]) -> None:
    assert [change.line for change in call_changes(Code(text), "std", "x")] == lines


@pytest.mark.parametrize(
    ("text", "operator", "wanted"),
    [
        ("y = a + b * c ^ 2 - d;", "*", "y = a + F(b , c ^ 2) - d;"),
        ("y = -a * -b';", "*", "y = F(-a , -b');"),
        ("y = a * b * c;", "*", "y = F(F(a , b) , c);"),
        ("y = [a * b c];", "*", "y = [F(a , b) c];"),
        ("y = x(1:end-1) - s.f{2}(3).g;", "-", "y = F(x(1:F(end,1)) , s.f{2}(3).g);"),
        ("if (a * (b + 2) > 3) disp hi", "*", "if (F(a , (b + 2)) > 3) disp hi"),
        ("y = [a -b];", "-", "y = [a -b];"),
        ("y = 2^-a * b;", "*", "y = F(2^-a , b);"),
        ("f = @(t) t * 2;", "*", "f = @(t) F(t , 2);"),
        ("y = a * ... more\n  b;", "*", "y = F(a , ... more\n  b);"),
        ("x *= 2; y = x ** 2;", "*", "x *= 2; y = x ** 2;"),
    ],
)
def test_an_operator_takes_its_operands_along(text: str, operator: str, wanted: str) -> None:
    found = operator_changes(Code(text), operator, "x")
    own = found[0].functions[0][0] if found else ""
    assert apply(text, found).replace(own, "F") == wanted if own else text == wanted


@pytest.mark.octave
def test_octave_reads_every_changed_source(tmp_path: Path) -> None:
    count = 0
    for path in PORTS:
        codes = {path.stem: read_code(path)}
        for slip in SLIPS:
            for family in mutants(slip, codes):
                text = files_of(family[0], path.stem, codes, f"changed_{count}")[f"changed_{count}"]
                (tmp_path / f"changed_{count}.m").write_bytes(text.encode("latin-1"))
                count += 1
    check = (
        f"files = glob ([{quoted(tmp_path)} '/*.m']); for k = 1:numel (files), try, __parse_file__ (files{{k}}); "
        "catch err, disp (files{k}); disp (err.message); end; end; printf ('read %d', numel (files));"
    )
    done = subprocess.run(
        [find_octave(), "--norc", "--quiet", "--eval", check], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.stdout == f"read {count}"
