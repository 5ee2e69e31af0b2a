"""The notebooks of examples/: they run from start to end, tell what they promise, and store no outputs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

FOLDER = Path(__file__).parents[1] / "examples"
# by notebook: a line that it prints, and the number of its pictures
PROMISED = {
    "linear_regression": (r"normal equation +theta \[1\.19933\d* 0\.73393\d*", 2),
    "logistic_regression": (r"27 features and the intercept", 1),
    "one_vs_all": (r"lambda 10\.0: accuracy 9\d\.\d % in training, 8\d\.\d % on other digits", 3),
    "neural_network": (r"J 0\.53898\d after 50 iterations and 78 evaluations\ntraining accuracy 94\.36 %", 2),
    "bias_and_variance": (r"least error of validation \d\.\d\d, at lambda", 3),
    "recommender": (r"relative difference of the gradient \d\.\de-1[01]", 1),
}


def test_each_notebook_is_known_and_the_other_way_round() -> None:
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(PROMISED)


@pytest.mark.parametrize("name", PROMISED)
def test_a_notebook_stores_no_outputs_and_is_short(name: str) -> None:
    notebook = _read(name)
    assert not [cell for cell in _code(notebook) if cell.outputs or cell.execution_count is not None]
    assert len(notebook.cells) <= 12
    assert notebook.cells[0].cell_type == "markdown"


@pytest.mark.parametrize("name", PROMISED)
def test_a_notebook_runs_and_shows_what_it_promises(name: str) -> None:
    notebook = _read(name)
    over_files = Config({"KernelManager": {"transport": "ipc"}})  # not over the network
    NotebookClient(notebook, timeout=600, kernel_name="python3", config=over_files).execute()
    outputs = [output for cell in _code(notebook) for output in cell.outputs]
    printed = "".join(output.text for output in outputs if output.get("name") == "stdout")
    pattern, pictures = PROMISED[name]
    assert re.search(pattern, printed), printed
    assert sum("image/png" in output.get("data", {}) for output in outputs) == pictures
    assert not [output.text for output in outputs if output.get("name") == "stderr"]


def _read(name: str) -> Any:
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    return notebook


def _code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
