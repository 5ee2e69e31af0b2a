"""What a .m file says of itself: its function, its arguments, and what they stand for."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseport.octave.call import names_in
from courseport.octave.signature import COURSE, Signature, named, read_signature, roles_of

NETWORK = ("theta", "input_layer_size", "hidden_layer_size", "num_labels", "X", "y", "lambda")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("function [J, grad] = f(theta, X)\n", Signature("f", ("theta", "X"), ("J", "grad"))),
        ("function [J grad]=f (theta,X)", Signature("f", ("theta", "X"), ("J", "grad"))),
        ("\n\n% a comment\n# another\nfunction J = f(t) % why\n", Signature("f", ("t",), ("J",))),
        ("function[J, _g]=f(a)\r\n", Signature("f", ("a",), ("J", "_g"))),
        ("function f\n", Signature("f", (), ())),
        ("function f()\nx = 1;", Signature("f", (), ())),
        ("%{\nfunction g(a)\n%}\nfunction [J] = f(b)\n", Signature("f", ("b",), ("J",))),
        (
            "function [J, ... the cost\n          grad] = ...\n  f(a, ... one\n b)\n",
            Signature("f", ("a", "b"), ("J", "grad")),
        ),
        ("\ufefffunction [a, varargout] = f(~, varargin)\n", Signature("f", ("~", "varargin"), ("a", "varargout"))),
        ("% cost ... of a network\n\nfunction J = f(a)\n", Signature("f", ("a",), ("J",))),
        ("function J = f(a) # J ...\nb = 1;", Signature("f", ("a",), ("J",))),
        ("function\tJ =\tf(a)", Signature("f", ("a",), ("J",))),
    ],
)
def test_the_first_function_is_read(tmp_path: Path, text: str, expected: Signature) -> None:
    path = tmp_path / "f.m"
    path.write_text(text, encoding="utf-8")
    assert read_signature(path) == expected


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "f.m is empty"),
        (b"% only a comment\n", "f.m is empty"),
        (b"1;\nfunction J = f(a)\n", "f.m is a script"),
        (b"x = 3\n", "f.m is a script"),
        (b"classdef f\nend\n", "f.m defines a class"),
        (b"\xff\xfe\x00function", "f.m is a script"),
    ],
)
def test_what_is_no_function_is_refused(tmp_path: Path, content: bytes, error: str) -> None:
    path = tmp_path / "f.m"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"{error}; it must define a function"):
        read_signature(path)


def test_the_courses_functions_are_understood_by_their_arguments_names() -> None:
    course = ("nn_params", "input_layer_size", "hidden_layer_size", "num_labels", "X", "y", "lambda")
    assert roles_of("whatever", course) == NETWORK
    assert roles_of("whatever", ("theta_vec", "layer_sizes", "X", "y", "reg")) == (
        *("theta", "layer_sizes", "X", "y", "lambda"),
    )
    assert roles_of("whatever", ("X", "y", "theta")) == ("X", "y", "theta")
    for alias in ("lamb", "lambd", "regularization", "\N{GREEK SMALL LETTER LAMDA}"):
        assert roles_of("whatever", ("theta", "X", "y", alias)) == ("theta", "X", "y", "lambda")
    ratings = ("params", "Y", "R", "num_users", "num_movies", "num_features", "lambda")
    assert roles_of("whatever", ratings) == COURSE["cofiCostFunc"]


@pytest.mark.parametrize("name", COURSE)
def test_the_courses_functions_are_understood_by_their_names(name: str) -> None:
    strange = tuple(f"argument{n}" for n in range(len(COURSE[name])))
    assert roles_of(name, strange) == COURSE[name]
    assert roles_of(name, (*strange, "more")) is None


def test_names_in_python_spelling_are_the_same() -> None:
    assert roles_of("nn_cost_function", ("a", "b", "c", "d", "e", "f", "g")) == NETWORK
    assert roles_of("LRCostFunction", ("a", "b", "c", "d")) == COURSE["lrCostFunction"]


def test_names_count_before_the_functions_own() -> None:
    assert roles_of("linearRegCostFunction", ("theta", "X", "y", "lambda")) == ("theta", "X", "y", "lambda")


def test_what_is_not_understood_is_not_guessed() -> None:
    assert roles_of("sigmoid", ("z",)) is None
    assert roles_of("f", ("theta", "X", "other")) is None
    assert roles_of("f", ("theta", "w", "y")) is None  # two for the parameters
    assert roles_of("f", ()) is None


def test_an_unused_argument_goes_by_what_it_stands_for() -> None:
    inputs = ("nn_params", "~", "hidden_layer_size", "num_labels", "X", "y", "lambda")
    assert roles_of("nnCostFunction", inputs) == NETWORK
    assert named(inputs, NETWORK) == ("nn_params", *NETWORK[1:])
    assert roles_of("lrCostFunction", ("X", "~", "y", "lambda")) is None  # X where theta belongs, and no other
    assert roles_of("whatever", ("theta", "~", "y")) is None


@pytest.mark.parametrize(
    ("call", "names"),
    [
        ("f(theta, X', [y; y'])", "theta X y y"),
        ("f(theta(1:end), size(X, 1), true, pi, 1e5)", "theta( size( X"),
        ("f(@(z) z' * lambda(1) + z(2), z, @sin)", "lambda( z"),
        ("f(@(a) {a, @(b, c) a + b + c + d}, a)", "d a"),
        ("""f("two words", 'it''s', ["a" 'b'], s.field, x)""", "s x"),
    ],
)
def test_the_names_in_a_call_are_those_of_data(call: str, names: str) -> None:
    assert " ".join(name + "(" * bracket for name, bracket in names_in(call.partition("(")[2])) == names
