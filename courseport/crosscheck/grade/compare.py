"""One answer of a part against what is expected, and against the known wrong ways to answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.costs.cases import Case as CostCase
from courseport.crosscheck.costs.diagnosis import Finding, Trial, explain
from courseport.crosscheck.costs.kinds import KINDS
from courseport.crosscheck.costs.mistakes.mistake import GRADIENT, J
from courseport.crosscheck.grade.parts import Case, Mistake, Outputs, Part
from courseport.crosscheck.running.calls import Answer

Given = Sequence[tuple[Case, Answer]]
TINY = 1e-12  # absolute: what rounding leaves of a 0


def difference(part: Part, expected: Outputs, answer: Answer, judged: Sequence[int] = ()) -> str:
    """Say where an answer differs from what is expected in the outputs that are judged, or nothing."""
    if answer.error:
        return error_of(answer)
    for place in judged or part.judged:
        name = f"output {place + 1}" if part.outputs > 1 else "the answer"
        if place >= len(answer.outputs):
            return f"{name} was not returned"
        theirs, ours = numbers_of(answer.outputs[place]), np.atleast_2d(np.asarray(expected[place], dtype=np.float64))
        if theirs is None:
            return f"{name} is not numbers"
        # A vector is a vector, in a row or a column.
        vectors = max(theirs.shape) == theirs.size and max(ours.shape) == ours.size
        if theirs.shape != ours.shape and not (vectors and theirs.size == ours.size):
            return f"{name} is {shape_of(theirs)}, expected {shape_of(ours)}"
        got, wanted = theirs.ravel(order="F"), ours.ravel(order="F")
        allowed = part.rtol * np.max(np.abs(wanted), initial=0.0, where=np.isfinite(wanted)) + TINY
        bad = np.flatnonzero(~((np.abs(got - wanted) <= allowed) | (np.isnan(got) & np.isnan(wanted))))
        if bad.size:
            first = int(bad[0])
            row, column = np.unravel_index(first, ours.shape, order="F")
            index = f"({first + 1})" if 1 in ours.shape else f"({row + 1}, {column + 1})"
            where = f" at {index}" if ours.size > 1 else ""
            return f"{name} is {got[first]:.6g}{where}, expected {wanted[first]:.6g}"
    return ""


def gives(way: Callable[..., Outputs], part: Part, given: Given, judged: Sequence[int] = ()) -> bool:
    """Tell whether a way gives these outputs of every case; a way that has nothing to say of them does not."""
    with np.errstate(all="ignore"):
        outputs = [outputs_of(way, case) for case, _ in given]
    told = all(values[place] is not None for values in outputs for place in judged or part.judged)
    pairs = zip(outputs, given, strict=True)
    return told and not any(difference(part, values, answer, judged) for values, (_, answer) in pairs)


def explain_part(part: Part, given: Given) -> Mistake | None:
    """Return the known mistake that gives, in every case, the outputs that are wrong; or their constant factor."""
    wrong = [place for place in part.judged if not gives(part.ours, part, given, [place])]
    if part.kind:
        return _cost_mistake(part, wrong[0], given) or _factor(part, given)
    for judged in (part.judged, wrong):  # one that gives all outputs comes before one that gives the wrong ones
        for mistake in part.mistakes:
            if mistake.seen is not None:
                known = all(_seen(mistake.seen, case, answer) for case, answer in given)
            else:
                known = gives(mistake.wrong, part, given, judged)
            if known:
                return mistake
    return _factor(part, given)


def _seen(seen: Callable[[tuple[Any, ...], Outputs], bool], case: Case, answer: Answer) -> bool:
    outputs = tuple(numbers_of(value) for value in answer.outputs)
    return not answer.error and all(value is not None for value in outputs) and seen(case.arguments, outputs)


def _cost_mistake(part: Part, output: int, given: Given) -> Mistake | None:
    """Return what the cross-check of cost functions knows to give this output, J or the gradient, of every case."""
    trials = []
    for case, answer in given:
        theirs = output_of(answer, output)
        if theirs is None or (output == 0 and theirs.size != 1):
            return None
        named = {"lambda": 0.0, **dict(zip(part.inputs, case.arguments, strict=True))}
        theta = next(np.ravel(named[name]) for name in ("theta", "nn_params", "params") if name in named)
        sizes = [named[name] for name in ("input_layer_size", "hidden_layer_size", "num_labels") if name in named]
        data = {"y": named["y"].ravel()} if "y" in named else {}
        known = CostCase(case.name, {**named, **data, "theta": theta, "layer_sizes": sizes})
        vector = theirs.ravel(order="F")
        trials.append(Trial(known, float(vector[0]), None) if output == 0 else Trial(known, None, vector))
    where = (J, GRADIENT)[output]
    explanations = explain(KINDS[part.kind], where, trials)
    if not 0 < len(explanations) <= 2:
        return None
    findings = [sorted(combo, key=lambda mistake: mistake.name) for combo in explanations]
    names = (" + ".join(str(Finding(mistake, (where,))) for mistake in combo) for combo in findings)
    remedies = dict.fromkeys(mistake.remedy for combo in findings for mistake in combo)
    return Mistake(", or ".join(names), " ".join(remedies), part.ours)


def _factor(part: Part, given: Given) -> Mistake | None:
    """Return the mistake of a constant factor, where one gives the judged output of every case."""
    place, factors = part.judged[0], []
    for case, answer in given:
        ours = np.ravel(np.asarray(outputs_of(part.ours, case)[place], dtype=np.float64))
        theirs = output_of(answer, place)
        if len(part.judged) != 1 or theirs is None or theirs.size != ours.size or not np.any(ours):
            return None
        factors.append(float(np.dot(theirs.ravel(order="F"), ours) / np.dot(ours, ours)))
        if not np.allclose(theirs.ravel(order="F"), factors[0] * ours, rtol=1e-6, atol=1e-9):
            return None
    if abs(factors[0]) < TINY:
        return None
    return Mistake(f"it is {factors[0]:.6g} times what it should be", "Look for this factor.", lambda *_: ())


def outputs_of(function: Callable[..., Outputs], case: Case) -> Outputs:
    """Return what a function gives for copies of a case's arguments."""
    return function(*(np.copy(value) if isinstance(value, np.ndarray) else value for value in case.arguments))


def output_of(answer: Answer, place: int) -> FloatArray | None:
    """Return an output as an array of numbers, or None where it is none or was not set."""
    return None if answer.error or place >= len(answer.outputs) else numbers_of(answer.outputs[place])


def numbers_of(value: Any) -> FloatArray | None:
    """Return a value as an array of numbers, or None."""
    array = np.asarray(value.toarray() if hasattr(value, "toarray") else value)
    if array.dtype.kind not in "biufc" or (array.dtype.kind == "c" and np.any(array.imag)):
        return None
    return np.atleast_2d(array.real.astype(np.float64))


def error_of(answer: Answer) -> str:
    """Return an answer's error, and where it was."""
    return answer.error + (f" ({answer.where})" if answer.where else "")


def shape_of(array: FloatArray) -> str:
    """Write a shape: 3x1."""
    return "x".join(map(str, array.shape))
