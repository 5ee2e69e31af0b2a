"""The ways to give a part's data to a Python port, all of them the same mathematics, and to take its answer back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from courseport.crosscheck.grade.parts import Case, Part
from courseport.crosscheck.running.calls import Answer

# Vectors flat or as columns, labels from 1 or from 0.
FLAT, COLUMNS, MIXED = "vectors as (n,)", "vectors as (n, 1)", "theta as (n,) and y as (m, 1)"
LABELS_FROM_0 = "labels from 0"
ROW_BY_ROW = "the matrices in theta row by row"  # as NumPy's ravel and reshape have it
_LABELLED = ("oneVsAll", "predictOneVsAll", "nnCostFunction")


def ways_of(part: Part) -> list[str]:
    """Return the ways to give a part's data to a Python port, the usual one first."""
    vectors = any(
        isinstance(value, np.ndarray) and value.shape[1] == 1 for case in part.cases for value in case.arguments
    )
    ways = [FLAT, COLUMNS] if vectors else [FLAT]
    if {"theta", "nn_params"} & set(part.inputs) and "y" in part.inputs:
        ways.append(MIXED)
    labelled = part.function in _LABELLED or "Theta1" in part.inputs
    if labelled:
        ways += [f"{way}, {LABELS_FROM_0}" for way in ways]
    if part.kind in ("network", "cofi"):
        ways += [f"{way}, {ROW_BY_ROW}" for way in ways]
    return ways


def presented(part: Part, case: Case, way: str) -> tuple[Any, ...]:
    """Return the arguments of a case as they are given."""
    if not way:
        return case.arguments
    values: list[Any] = []
    for name, value in zip(part.inputs, case.arguments, strict=True):
        if name in ("nn_params", "params") and ROW_BY_ROW in way:
            value = value[_row_by_row(part, case)]  # noqa: PLW2901 - the same values in the port's order
        if isinstance(value, np.ndarray):
            shown = value - 1 if LABELS_FROM_0 in way and name == "y" and part.function in _LABELLED else value
            flat = way.startswith(FLAT) or (way.startswith(MIXED) and name != "y")
            values.append(shown.ravel() if flat and shown.shape[1] == 1 else shown)
        else:
            whole = name in ("num_iters", "num_labels", "p", "L_in", "L_out") or name.startswith(
                ("num_", "input_", "hidden_")
            )
            values.append(int(value) if whole else np.float64(value))  # which has a shape, as Octave's numbers do
    return tuple(values)


def translated(part: Part, case: Case, answer: Answer, way: str) -> Answer:
    """Return an answer as the assignment has it: labels from 1, the gradient column by column."""
    if answer.error or not answer.outputs:
        return answer
    if LABELS_FROM_0 in way and part.function in ("predictOneVsAll", "predict"):
        return replace(answer, outputs=(np.asarray(answer.outputs[0]) + 1,))
    if ROW_BY_ROW in way and len(answer.outputs) > 1 and np.size(answer.outputs[1]) == np.size(case.arguments[0]):
        gradient = np.empty(np.size(answer.outputs[1]))
        gradient[_row_by_row(part, case)] = np.real(answer.outputs[1]).ravel()
        return replace(answer, outputs=(answer.outputs[0], gradient))
    return answer


def _row_by_row(part: Part, case: Case) -> NDArray[np.intp]:
    """Return where the entries of theta, taken row by row, stand in it."""
    named = {name: value for name, value in zip(part.inputs, case.arguments, strict=True) if isinstance(value, float)}
    if part.kind == "network":
        a, b, c = (int(named[name]) for name in ("input_layer_size", "hidden_layer_size", "num_labels"))
        shapes = [(b, a + 1), (c, b + 1)]
    else:
        shapes = [(int(named[name]), int(named["num_features"])) for name in ("num_movies", "num_users")]
    places, start = [], 0
    for rows, columns in shapes:
        places.append(start + np.arange(rows * columns).reshape(rows, columns, order="F").ravel())
        start += rows * columns
    return np.concatenate(places)
