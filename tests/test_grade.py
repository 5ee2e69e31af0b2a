"""Grading: right solutions in two styles, starters, planted mistakes, ports, and what a class hands in."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from assignments import PLANTED, solutions, write
from tolerances import TWELVE_DIGITS, assert_close

from courseport.crosscheck.grade import Grade, PartGrade, grade, grade_class, grade_functions
from courseport.crosscheck.grade.assignments import ASSIGNMENTS
from courseport.crosscheck.grade.judge import judge, without_penalty
from courseport.crosscheck.running.calls import Answer, Call, make_calls, octave_program
from courseport.crosscheck.running.limits import Limits
from courseport.octave import reference_path

octave = pytest.mark.octave
PARTS = [part for parts in ASSIGNMENTS.values() for part in parts]


def by_part(found: Grade) -> dict[tuple[str, str], PartGrade]:
    return {(part.exercise, part.part): part for part in found.parts}


# --- what is right ---

MAGIC3 = np.array([[8.0, 1, 6], [3, 5, 7], [4, 9, 2]])
FIGURES = {  # part: case, output, figures; from the formulas, computed apart from this package
    ("ex1", "Cost, one variable"): (0, 0, [11.945]),
    ("ex1", "Cost, several variables"): (1, 0, [7.0175]),
    ("ex1", "Gradient descent, one variable"): (1, 0, [1.70986321934, 0.19229353765]),
    ("ex1", "Gradient descent, several variables"): (0, 0, [0.251751381254, 0.537785355488, 0.322821214345]),
    ("ex1", "Normal equations"): (0, 0, [0.008385744235, 0.568134171908, 0.486373165618]),
    ("ex2", "Sigmoid function"): (3, 0, [0.006692850924, 0.5, 0.993307149076, 0.982013790038, 0.997527376843]),
    ("ex3", "One-vs-all classifier prediction"): (0, 0, [1, 2, 2, 1]),
    ("ex3", "Neural network prediction function"): (0, 0, [4, 1, 1, 4, 4, 4, 4, 2]),
    ("ex5", "Regularized linear regression gradient"): (1, 1, [-1.4, -8.266666666667, -3.633333333333, -7]),
    ("ex5", "Learning curve"): (
        *(0, 0),
        [0, 0.010065440789, 0.007848103236, 0.007260206450, 0.013714732927, 0.037095792425],
    ),
    ("ex8", "Select threshold"): (0, 0, [0.4004]),
    ("ex8", "Collaborative filtering cost"): (0, 0, [311.62915]),
    ("ex8", "Regularized cost"): (1, 0, [342.07915]),
}


@pytest.mark.parametrize("key", FIGURES, ids=str)
def test_what_is_called_right_has_the_verified_figures(key: tuple[str, str]) -> None:
    part = next(part for part in PARTS if (part.exercise, part.title) == key)
    case, output, figures = FIGURES[key]
    assert_close(np.ravel(part.ours(*part.cases[case].arguments)[output]), figures, TWELVE_DIGITS)


def test_the_points_are_the_handouts() -> None:
    assert {name: sum(part.points for part in parts) for name, parts in ASSIGNMENTS.items()} == dict.fromkeys(
        ("ex1", "ex2", "ex3", "ex4", "ex5", "ex8"), 100
    )


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.exercise}-{part.title}")
def test_no_two_known_mistakes_of_a_part_look_alike(part: object) -> None:
    for mistake in (mistake for mistake in part.mistakes if mistake.seen is None):
        with np.errstate(all="ignore"):
            outputs = [mistake.wrong(*case.arguments) for case in part.cases if case.required]
        answers = [
            Answer(tuple(np.zeros(1) if value is None else np.asarray(value) for value in one)) for one in outputs
        ]
        padded = iter(answers)
        given = [next(padded) if case.required else Answer(error="left out") for case in part.cases]
        found = judge(part, given)
        assert found.status in ("wrong", "right"), mistake.name
        if found.status == "wrong" and all(value is not None for one in outputs for value in one):
            assert found.mistake == mistake.name


# --- solutions, starters, mistakes ---


@octave
@pytest.mark.parametrize("style", ["vectorised", "loops"])
def test_right_solutions_get_all_the_points(style: str, tmp_path: Path) -> None:
    found = grade(write(tmp_path, solutions(style)))
    assert (found.points, found.of, found.exit_status) == (600, 600, 0)
    assert {part.status for part in found.parts} == {"right"}


@octave
def test_starters_are_not_done_yet(tmp_path: Path) -> None:
    found = grade(write(tmp_path, solutions("starters")))
    assert (found.points, found.of, found.exit_status) == (0, 600, 1)
    assert {part.status for part in found.parts} == {"not done yet"}


@octave
@pytest.mark.parametrize("exercise", ASSIGNMENTS)
def test_planted_mistakes_are_caught_and_named(exercise: str, tmp_path: Path) -> None:
    """All of an exercise's in one process, each function in a place of its own."""
    right = solutions("vectorised")
    parts = {part.title: part for part in ASSIGNMENTS[exercise]}
    plants = [
        (parts[title], *plant) for (where, title), plants in PLANTED.items() if where == exercise for plant in plants
    ]
    assert {part.title for part, *_ in plants} == {
        part.title for part in ASSIGNMENTS[exercise] if part.mistakes or (part.kind and part.check is None)
    }
    places, calls = {}, []
    for number, (part, file, old, new, _) in enumerate(plants):
        text = right[f"{exercise}/{file}"]
        assert old in text
        (tmp_path / f"{number}.m").write_text(text.replace(old, new))
        places[f"plant{number}"] = [(part.function, tmp_path / f"{number}.m")]
        cases = (*part.cases, *(without_penalty(part) if part.without else []))
        calls += [Call(part.function, case.arguments, part.outputs, f"plant{number}") for case in cases]
    program = octave_program(places, [reference_path()], called=[part.function for part, *_ in plants])
    answers = iter(make_calls(program, calls, Limits(seconds=120))[0])
    for part, file, _, new, word in plants:
        given = [next(answers) for _ in part.cases]
        unpenalised = [next(answers) for _ in part.cases] if part.without else []
        found = judge(part, given, without=unpenalised)
        assert found.status == "wrong", (file, new)
        assert found.why
        assert (word in found.mistake) if word else not found.mistake, (file, new, found.mistake)
        assert bool(found.remedy) == bool(word)


@octave
def test_one_mistake_costs_one_part(tmp_path: Path) -> None:
    files = {name: text for name, text in solutions("vectorised").items() if name[:3] in ("ex1", "ex2", "ex5")}
    files["ex2/sigmoid.m"] = files["ex2/sigmoid.m"].replace("exp(-z)", "exp(z)")
    files["ex1/computeCost.m"] = files["ex1/computeCost.m"].replace("(2 * m)", "m")
    files["ex5/linearRegCostFunction.m"] = files["ex5/linearRegCostFunction.m"].replace("/ (2 * m)", "/ m")
    found = grade(write(tmp_path, files))
    assert [part.part for part in found.parts if part.status != "right"] == [
        "Cost, one variable",
        "Sigmoid function",
        "Regularized linear regression cost function",
    ]
    assert found.points == 300 - 40 - 5 - 25


@octave
def test_what_hangs_crashes_or_is_no_function_costs_its_own_part(tmp_path: Path) -> None:
    files = {name: text for name, text in solutions("vectorised").items() if name.startswith("ex2")}
    files["ex2/predict.m"] = "function p = predict(theta, X)\nwhile true\nend\nend\n"
    files["ex2/sigmoid.m"] = "function g = sigmoid(z)\ng = 1 ./ (1 + exp(-z)\nend\n"
    files["ex2/costFunctionReg.m"] = "function [J, grad] = costFunctionReg(theta, X, y, lambda)\nexit(0);\nend\n"
    files |= {"ex2/size.m": "function s = size(varargin)\ns = 7;\nend\n", "ex2/fread.m": "x = 1;\n"}
    found = by_part(grade(write(tmp_path, files), limits=Limits(seconds=2.5)))
    status = {part: one.status for (_, part), one in found.items()}
    assert status["Predict"] == "could not be run"
    assert "did not end within 2.5 s" in found["ex2", "Predict"].why
    assert status["Sigmoid function"] == "could not be run"
    assert status["Regularized cost"] == "could not be run"
    assert status["Logistic regression cost"] == "right"  # with our sigmoid in the other's place


# --- Python ---

PORT = """
import numpy as np
import no_such_module_of_theirs
from scipy.optimize import minimize

data = np.loadtxt("not_here.txt")

def warmUpExercise():
    return np.eye(5)

def compute_cost(X, y, theta):
    return np.sum((X @ theta - y) ** 2) / (2 * len(y))

def gradientDescent(X, y, theta, alpha, num_iters):
    J_history = []
    for _ in range(num_iters):
        theta = theta - alpha / len(y) * X.T @ (X @ theta - y)
        J_history.append(compute_cost(X, y, theta))
    return theta, J_history

def featureNormalize(X):
    return (X - X.mean(0)) / X.std(0), X.mean(0), X.std(0)

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def lrCostFunction(theta, X, y, lambda_):
    m, h = len(y), sigmoid(X @ theta)
    t = np.r_[0, theta[1:]]
    J = np.mean(-y * np.log(h) - (1 - y) * np.log(1 - h)) + lambda_ / (2 * m) * t @ t
    return J, X.T @ (h - y) / m + lambda_ / m * t

def one_vs_all(X, y, num_labels, lambda_):
    X = np.c_[np.ones(len(X)), X]
    return np.array([
        minimize(lrCostFunction, np.zeros(X.shape[1]), (X, 1.0 * (y == c), lambda_), jac=True).x
        for c in range(num_labels)
    ])

def predictOneVsAll(all_theta, X):
    return np.argmax(np.c_[np.ones(len(X)), X] @ all_theta.T, axis=1)

raise SystemExit("the script's own end")
"""


def notebook(code: str) -> str:
    cells = [
        {"cell_type": "markdown", "source": ["# Exercise"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "!ls"]},
    ]
    cells += [{"cell_type": "code", "source": [block]} for block in code.split("\n\n")]
    cells.append({"cell_type": "code", "source": ["def unfinished(:"]})
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


@pytest.mark.parametrize("file", ["solutions.py", "Exercises.ipynb"])
def test_ports_by_either_spelling_with_labels_from_0(file: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(notebook(PORT) if file.endswith("nb") else PORT)
    found = by_part(grade(tmp_path))
    right = {part for (_, part), one in found.items() if one.status == "right"}
    assert right == {
        "Warm up exercise",
        "Cost, one variable",
        "Gradient descent, one variable",
        "Feature normalization",
        "Regularized logistic regression",
        "One-vs-all classifier training",
        "One-vs-all classifier prediction",
    }
    assert "std divides by m here" in found["ex1", "Feature normalization"].notes[0]
    assert found["ex1", "Normal equations"].status == "not done yet"


ONE_FUNCTION = {  # computeCost as ports have it, and a word of why it is not right, where it is not
    "order of arguments by their names": (
        "def computeCost(theta, X, y):\n    return ((X @ theta - y) ** 2).mean() / 2",
        "",
    ),
    "columns": (
        "def computeCost(X, y, theta):\n    return float((X @ theta - y).T @ (X @ theta - y)) / (2 * len(y))",
        "",
    ),
    "matrices": (
        "import numpy as np\ndef computeCost(X, y, theta):\n    X, y, theta = map(np.matrix, (X, y, theta))\n"
        "    return np.sum(np.power(X * theta - y, 2)) / (2 * len(X))",
        "",
    ),
    "in place": ("def computeCost(X, y, theta):\n    y -= X @ theta\n    return (y ** 2).mean() / 2", ""),
    "a lambda": ("HALF = [0.5]\ncomputeCost = lambda X, y, theta: HALF[0] * ((X @ theta - y) ** 2).mean()", ""),
    "a factor": ("def computeCost(X, y, theta):\n    return ((X @ theta - y) ** 2).mean()", "1/(2m)"),
    "an error": ("def computeCost(X, y, theta):\n    return X @ thetas", "NameError: name 'thetas' is not defined"),
    "too many arguments": ("def computeCost(X, y, theta, w, b):\n    return 0", "it takes (X, y, theta, w, b)"),
    "text": ("def computeCost(X, y, theta):\n    return 'J'", "returned str"),
}


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # np.matrix
@pytest.mark.parametrize("name", ONE_FUNCTION)
def test_ports_of_one_function(name: str, tmp_path: Path) -> None:
    """In this process; those that lean on their file, or on the process they run in, from a file."""
    code, word = ONE_FUNCTION[name]
    if name in ("a lambda", "an error"):
        (tmp_path / "ex1.py").write_text(code)
        graded = grade(tmp_path)
        word += " (computeCost, line 2: return X @ thetas)" if name == "an error" else ""
    else:
        space: dict[str, object] = {}
        exec(code, space)
        graded = grade_functions(space, "ex1")
    found = by_part(graded)["ex1", "Cost, one variable"]
    assert found.status == ("right" if not word else "wrong" if name == "a factor" else "could not be run")
    assert word in found.why


def test_one_mistake_of_a_port_costs_one_part(tmp_path: Path) -> None:
    (tmp_path / "ex.py").write_text(PORT.replace("np.exp(-z)", "np.exp(z)").replace("(2 * len(y))", "len(y)"))
    found = by_part(grade(tmp_path))
    assert {part for (_, part), one in found.items() if one.status == "wrong"} == {"Cost, one variable"}
    assert found["ex3", "Regularized logistic regression"].status == "right"
    assert found["ex1", "Gradient descent, one variable"].status == "right"


NETWORK = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def sigmoidGradient(z):
    g = np.zeros(z.shape)
    g = sigmoid(z) * (1 - sigmoid(z))
    return g

def nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_=0.0):
    split = hidden_layer_size * (input_layer_size + 1)
    Theta1 = np.reshape(nn_params[:split], (hidden_layer_size, input_layer_size + 1))
    Theta2 = np.reshape(nn_params[split:], (num_labels, hidden_layer_size + 1))
    m = y.size
    a1 = np.concatenate([np.ones((m, 1)), X], axis=1)
    a2 = np.concatenate([np.ones((m, 1)), sigmoid(a1 @ Theta1.T)], axis=1)
    a3 = sigmoid(a2 @ Theta2.T)
    Y = np.eye(num_labels)[y.astype(int).ravel() - FIRST]
    J = -np.sum(np.log(a3) * Y + np.log(1 - a3) * (1 - Y)) / m
    J += lambda_ / (2 * m) * (np.sum(Theta1[:, 1:] ** 2) + np.sum(Theta2[:, 1:] ** 2))
    d3 = a3 - Y
    d2 = d3 @ Theta2[:, 1:] * sigmoidGradient(a1 @ Theta1.T)
    grads = [d2.T @ a1 / m, d3.T @ a2 / m]
    for grad, Theta in zip(grads, (Theta1, Theta2)):
        grad[:, 1:] += lambda_ / m * Theta[:, 1:]
    return J, np.concatenate([grads[0].ravel(ORDER), grads[1].ravel(ORDER)])

def cofiCostFunc(params, Y, R, num_users, num_movies, num_features, lambda_=0.0):
    X = params[: num_movies * num_features].reshape(num_movies, num_features)
    Theta = params[num_movies * num_features :].reshape(num_users, num_features)
    e = (X @ Theta.T - Y) * R
    J = np.sum(e**2) / 2 + lambda_ / 2 * (np.sum(X**2) + np.sum(Theta**2))
    return J, np.concatenate([(e @ Theta + lambda_ * X).ravel(), (e.T @ X + lambda_ * Theta).ravel()])
"""


@pytest.mark.parametrize(("first", "order", "points"), [("1", "'C'", 100), ("0", "'F'", 50)])
def test_networks_row_by_row_are_right_with_a_note(first: str, order: str, points: int, tmp_path: Path) -> None:
    (tmp_path / "exercise4.py").write_text(f"FIRST = {first}\nORDER = {order}\n{NETWORK}")
    found = grade(tmp_path)
    parts = by_part(found)
    assert sum(part.points for part in found.parts if part.exercise == "ex4") == points
    assert "row by row" in parts["ex4", "Feedforward and cost function"].notes[-1]
    assert parts["ex8", "Gradient with regularization"].status == "right"
    assert parts["ex4", "checkNNGradients (no points)"].status == ("right" if points == 100 else "wrong")


def test_functions_of_this_process() -> None:
    space: dict[str, object] = {"predict": 7}
    code = PORT.partition("raise SystemExit")[0].replace("import no_such_module_of_theirs", "")
    exec(code.replace("data = ", "# "), space)
    found = grade_functions(space, "ex1")
    assert found.points == 100
    assert "right             ex1 Cost, one variable, 40 of 40" in str(found)
    assert {part.status for part in grade_functions({}, "ex2").parts} == {"not done yet"}
    lr_cost = {"cost_function": space["lrCostFunction"]}  # takes lambda, which ex2's costFunction is not given
    assert grade_functions(lr_cost, "ex2").points == 60


# --- what a class hands in ---


@octave
def test_a_class_in_folders_zip_files_and_odd_names(tmp_path: Path) -> None:
    right = {name: text for name, text in solutions("vectorised").items() if name.startswith("ex3")}
    write(tmp_path / "Ann Lee_12345_assignsubmission_file_", {f"deep/er/{name}": text for name, text in right.items()})
    renamed = {name.replace(".m", f"_{number}.m"): text for number, (name, text) in enumerate(right.items())}
    write(tmp_path / "renamed", renamed)
    write(tmp_path / "empty", {"notes.txt": "nothing"})
    with zipfile.ZipFile(tmp_path / "bob.zip", "w") as archive:
        for name, text in right.items():
            archive.writestr(f"../../{name}", text)
        archive.writestr("__MACOSX/ex3/._predict.m", "junk")
    (tmp_path / "broken.zip").write_bytes(b"PK no zip")
    students = sorted(path for path in tmp_path.iterdir())
    results = tmp_path / "grades.json"
    done: list[str] = []
    grades = grade_class(students, results=results, told=lambda _, found: done.append(found.source))
    points = {Path(found.source).name: found.error or found.points for found in grades}
    assert points["Ann Lee_12345_assignsubmission_file_"] == points["renamed"] == points["bob.zip"] == 100
    assert "no function" in points["empty"]
    assert "cannot be unpacked" in points["broken.zip"]
    assert len(done) == 5
    before = results.read_text()
    again = grade_class(students, results=results, limits=Limits(seconds=1e-3))  # nothing is run again
    assert [found.as_dict() for found in again] == [found.as_dict() for found in grades]
    assert results.read_text() == before


@octave
def test_hostile_students_cost_their_own_lines(tmp_path: Path) -> None:
    good = "function g = sigmoidGradient(z)\ns = 1 ./ (1 + exp(-z));\ng = s .* (1 - s);\nend\n"
    bad = {
        "hangs": "while true, end",
        "exits": "exit(0);",
        "dies": "kill(getpid(), 9);",
        "babbles": "while true, disp(rand(100)); end",
        "writes": "for k = 0:99, fid = fopen(fullfile(fileparts(pwd()), sprintf('answer_%04d', k)), 'w');"
        " fputs(fid, 'junk'); fclose(fid); end, g = z;",
    }
    for name, body in bad.items():
        write(tmp_path / name, {"sigmoidGradient.m": f"function g = sigmoidGradient(z)\n{body}\nend\n"})
    for number in range(3):
        write(tmp_path / f"good{number}", {"sigmoidGradient.m": good})
    students = sorted(tmp_path.iterdir())
    grades = grade_class(students, limits=Limits(seconds=2), exercise="ex4")
    for student, found in zip(students, grades, strict=True):
        status = by_part(found)["ex4", "Sigmoid gradient"].status
        assert status == "right" if student.name.startswith("good") else status != "right", student.name


def test_bad_input_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="exercise"):
        grade(tmp_path, exercise="ex6")
    (tmp_path / "mine.json").write_text("{}")
    with pytest.raises(ValueError, match="--results"):
        grade_class([tmp_path], results=tmp_path / "mine.json")
    assert grade(tmp_path).exit_status == 2
    os.mkfifo(tmp_path / "pipe.m")
    assert grade(tmp_path).error
