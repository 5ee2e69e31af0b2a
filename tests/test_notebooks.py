"""The notebooks of examples/: their stored outputs are what they show when run, and right answers are called right."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from courseport.exercises import check_answer

FOLDER = Path(__file__).parents[1] / "examples"
# by notebook: a line that it prints, and the number of its pictures
PROMISED = {
    "linear_regression": (r"normal equation +theta 1\.19933 0\.73393", 2),
    "logistic_regression": (r"27 features and the intercept", 1),
    "one_vs_all": (r"lambda 10\.0: accuracy 9\d % in training, 8\d % on others", 3),
    "neural_network": (r"J 0\.53898 after 50 iterations and 78 evaluations\ntraining accuracy 94\.4 %", 2),
    "bias_and_variance": (r"least error of validation \d\.\d, at lambda", 3),
    "recommender": (r"mean rating of the recommended 4\.\d, of all unseen 2\.\d", 1),
}
# Answers to the tasks, by the function's name, as a reader would write them: with loops or without.
ANSWERS = {
    "compute_cost": "errors = X @ theta - y; return errors @ errors / (2 * len(y))",
    "gradient_descent": """for _ in range(iterations):
        theta = theta - alpha / len(y) * X.T @ (X @ theta - y)
    return theta""",
    "normal_equation": "return np.linalg.inv(X.T @ X) @ X.T @ y",
    "sigmoid": "return 1 / (1 + np.exp(-z))",
    "cost_function": """h, rest = 1 / (1 + np.exp(-X @ theta)), np.append(0, theta[1:])
    J = -np.mean(y * np.log(h) + (1 - y) * np.log(1 - h)) + lambda_ / (2 * len(y)) * rest @ rest
    return J, X.T @ (h - y) / len(y) + lambda_ / len(y) * rest""",
    "predict_one_vs_all": "return np.argmax(all_theta[:, 0] + X @ all_theta[:, 1:].T, axis=1) + 1",
    "cost": """J = 0
    for row, label in zip(X, y):
        a2 = 1 / (1 + np.exp(-Theta1 @ np.append(1, row)))
        h = 1 / (1 + np.exp(-Theta2 @ np.append(1, a2)))
        for k in range(len(h)):
            J -= np.log(h[k]) if k + 1 == label else np.log(1 - h[k])
    return J / len(y) + lambda_ / (2 * len(y)) * ((Theta1[:, 1:] ** 2).sum() + (Theta2[:, 1:] ** 2).sum())""",
    "gradients": """grad1, grad2 = np.zeros_like(Theta1), np.zeros_like(Theta2)
    for row, label in zip(X, y):
        a1 = np.append(1, row)
        a2 = np.append(1, 1 / (1 + np.exp(-Theta1 @ a1)))
        delta3 = 1 / (1 + np.exp(-Theta2 @ a2)) - np.eye(len(Theta2))[label - 1]
        delta2 = (Theta2.T @ delta3 * a2 * (1 - a2))[1:]
        grad1, grad2 = grad1 + np.outer(delta2, a1), grad2 + np.outer(delta3, a2)
    grad1[:, 1:] += lambda_ * Theta1[:, 1:]
    grad2[:, 1:] += lambda_ * Theta2[:, 1:]
    return grad1 / len(y), grad2 / len(y)""",
    "learning_curve": """train, val = [], []
    for m in range(2, len(y) + 1):
        theta = fit(x[:m], y[:m])
        train.append(np.mean((theta[0] + theta[1] * x[:m] - y[:m]) ** 2) / 2)
        val.append(np.mean((theta[0] + theta[1] * x_val - y_val) ** 2) / 2)
    return train, val""",
    "estimate_gaussian": "return sum(X) / len(X), np.var(X, axis=0)",
    "cofi_cost": "return (((X @ Theta.T - Y) * R) ** 2).sum() / 2 + lambda_ / 2 * ((X**2).sum() + (Theta**2).sum())",
}
FUNCTION = re.compile(r"def (\w+)\((.*)\):\n    return None.*")


def test_each_notebook_is_known_and_the_other_way_round() -> None:
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(PROMISED)


@cache
def stored(name: str) -> Any:
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    return notebook


def code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(notebook: Any) -> list[tuple[str, list[str], int]]:
    """Return what stands below each cell: its text, and how many pictures."""
    outputs = [[output for output in cell.outputs if output.get("name") != "stderr"] for cell in code(notebook)]
    return [
        (
            "".join(output.get("text", "") for output in below),
            [output.data["text/plain"] for output in below if "data" in output],
            sum("image/png" in output.get("data", {}) for output in below),
        )
        for below in outputs
    ]


@pytest.mark.parametrize("name", PROMISED)
def test_the_stored_outputs_are_those_of_a_run(name: str) -> None:
    spec = importlib.util.spec_from_file_location("run_notebooks", FOLDER / "run.py")
    assert spec is not None
    assert spec.loader is not None
    runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    fresh = runner.run(nbformat.read(FOLDER / f"{name}.ipynb", as_version=4))
    assert shown(fresh) == shown(stored(name)), f"python examples/run.py {name} stores the outputs of today"
    assert not [output for cell in code(fresh) for output in cell.outputs if output.get("name") == "stderr"]
    pattern, pictures = PROMISED[name]
    printed = "".join(text for text, _, _ in shown(fresh))
    assert re.search(pattern, printed), printed
    assert sum(number for *_, number in shown(fresh)) == pictures


@pytest.mark.parametrize("name", PROMISED)
def test_right_answers_are_called_right_and_missing_ones_not_done_yet(name: str) -> None:
    cells = code(stored(name))
    tasks = [cell.source for cell in cells if cell.source.startswith("# TASK")]
    assert 1 <= len(tasks) == sum(cell.source.startswith("# CHECK") for cell in cells)
    space: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        last = max(place for place, cell in enumerate(cells) if cell.source.startswith("# CHECK"))
        for cell in cells[: last + 1]:
            source = cell.source.replace("%matplotlib inline\n", "")
            if source.startswith("# TASK"):
                source = FUNCTION.sub(lambda found: f"def {found[1]}({found[2]}):\n    {ANSWERS[found[1]]}", source)
                assert "return None" not in source
            exec(source, space)
    missing = re.findall(r"(.+): not done yet\n", "".join(text for text, _, _ in shown(stored(name))))
    assert missing
    assert re.findall(r"(.+): right\n", printed.getvalue()) == missing


def test_the_line_has_bias_both_errors_meet() -> None:
    texts = "".join(text for text, _, _ in shown(stored("bias_and_variance")))
    found = re.search(r"with 200 examples (\d+) in training and (\d+) in", texts)
    assert found is not None
    assert int(found[1]) == pytest.approx(int(found[2]), rel=0.1)


@pytest.mark.parametrize(
    ("answer", "expected", "said"),
    [
        (None, 1.0, "J: not done yet"),
        (1.0 + 1e-7, 1.0, "J: right"),
        ([[1.0], [2.0]], [1.0, 2.0], "J: right"),
        (1.1, 1.0, "J: expected 1, got 1.1"),
        ([1.0, np.nan], [1.0, 2.0], "J: expected 2 at [1], got nan"),
        ([1.0], [1.0, 2.0], "J: expected shape (2,), got ()"),
        ("one", 1.0, "J: expected numbers, got str"),
        ([[1.0], [1.0, 2.0]], 1.0, "J: expected numbers, got list"),
        (0.0, 0.0, "J: right"),
        (1e-9, 0.0, "J: expected 0, got 1e-09"),
    ],
)
def test_what_is_said_of_an_answer(answer: Any, expected: Any, said: str) -> None:
    assert check_answer("J", answer, expected) == said
