"""Comparing one answer with ours: J, the gradient, and the gradient with the slope of the file's own J."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.costs.cases import Case
from courseport.crosscheck.costs.kinds import Block, entry_name
from courseport.crosscheck.costs.submission import Answer

AGREE = 1e-8  # relative: two right programs differ by 1e-15 in J, and 1e-13 of the largest entry in the gradient
BELONGS = 1e-6  # relative: what central differences with epsilon 1e-4 leave, of a right gradient
FLOOR = 1e-12  # differences below are rounding, whatever they are relative to


@dataclass(frozen=True)
class Difference:
    """The worst differences between two vectors, and where they are."""

    absolute: float
    absolute_at: str
    relative: float
    relative_at: str


@dataclass(frozen=True)
class Comparison:
    """One case compared.

    Attributes
    ----------
    case : Case
    answer : Answer
        The file's own; its error says why there is nothing to compare.
    ours, our_gradient : float, ndarray
        What is right.
    blocks : tuple of Block
        The matrices that the gradient is unrolled from.
    shape : tuple of int
        What the gradient should have, that of theta.
    """

    case: Case
    answer: Answer
    ours: float
    our_gradient: FloatArray
    blocks: tuple[Block, ...]
    shape: tuple[int, ...]

    @property
    def error(self) -> str:
        """The error that the file raised."""
        return self.answer.message

    @cached_property
    def J_trouble(self) -> str:  # noqa: N802 - J is its name
        """What makes J no real number; empty otherwise."""
        return cost_trouble(self.answer) if self.answer.J_class != "none" else ""

    @cached_property
    def gradient_trouble(self) -> str:
        """What makes the gradient no vector like theta; empty otherwise."""
        return gradient_trouble_of(self.answer, self.shape) if self.answer.grad_class != "none" else ""

    @cached_property
    def theirs(self) -> float | None:
        """J, where it is a real number."""
        return None if self.answer.J is None or self.J_trouble else float(self.answer.J[0].real)

    @cached_property
    def their_gradient(self) -> FloatArray | None:
        """The gradient, if it is a vector of as many real numbers, in a column, a row or flat."""
        grad, size = self.answer.grad, self.our_gradient.size
        if grad is None or grad.dtype != np.float64 or grad.size != size:
            return None
        return grad if max(self.answer.grad_shape, default=1) == size else None

    @cached_property
    def J_right(self) -> bool | None:  # noqa: N802 - likewise
        """Whether J agrees with ours; None where there is none, or the file has failed."""
        return None if self.answer.J_class == "none" else self.theirs is not None and close(self.theirs, self.ours)

    @cached_property
    def gradient_right(self) -> bool | None:
        """Whether the gradient agrees with ours, shape included; None likewise."""
        return None if self.answer.grad_class == "none" else self.numbers_right and not self.gradient_trouble

    @cached_property
    def numbers_right(self) -> bool:
        """Whether the numbers of the gradient are right."""
        return self.their_gradient is not None and close(self.their_gradient, self.our_gradient)

    @cached_property
    def difference(self) -> Difference | None:
        """The worst differences of the gradients."""
        theirs = self.their_gradient
        return None if theirs is None else _difference(theirs, self.our_gradient, self.blocks)

    @property
    def belongs(self) -> float | None:
        """Relative difference between the gradient and the slope of the file's own J, where that was computed."""
        if self.their_gradient is None or self.answer.slope is None:
            return None
        return relative_difference(self.their_gradient, self.answer.slope)

    @property
    def agrees(self) -> bool:
        """Whether J and the gradient, where there is one, are both right."""
        told = {self.J_right, self.gradient_right}
        return True in told and False not in told

    @property
    def only_shape_wrong(self) -> bool:
        """Whether J and the numbers of the gradient are right, and the gradient's shape is not."""
        return self.J_right is not False and self.gradient_right is False and self.numbers_right


def close(actual: float | FloatArray, expected: float | FloatArray, tolerance: float = AGREE) -> bool:
    """Tell whether all entries agree, relative to the largest; shapes included."""
    a, b = np.atleast_1d(actual), np.atleast_1d(expected)
    if a.shape != b.shape or not np.isfinite(a).all():
        return False
    return bool(np.abs(a - b).max(initial=0.0) <= tolerance * np.abs(b).max(initial=0.0) + FLOOR)


def relative_difference(a: FloatArray, b: FloatArray) -> float:
    """Return norm(a - b) / norm(a + b), the course's measure; infinite where the shapes differ."""
    if a.shape != b.shape:
        return float("inf")
    total = float(np.linalg.norm(a + b))
    return float(np.linalg.norm(a - b)) / total if total else 0.0


def cost_trouble(answer: Answer) -> str:
    """Say what makes J no real number, or nothing."""
    if answer.J is None:
        large = answer.J_class in {"double", "single"} and 0 not in answer.J_shape
        if large:
            return f"J has shape {shape_words(answer.J_shape)}, not 1x1"
        return f"J is a {answer.J_class}" if answer.J_class not in {"double", "single"} else "J is empty"
    if answer.J.size != 1:
        rows, *others = answer.J_shape
        hint = " (is a sum over the units or the examples missing?)" if 1 in answer.J_shape or not others else ""
        if others == [rows]:
            hint = " (a row is missing its sum: -y' .* log(h) makes a table; -y' * log(h) adds up)"
        return f"J has shape {shape_words(answer.J_shape)}, not 1x1{hint}"
    if answer.J.dtype.kind == "c":
        return "J is complex: a logarithm of a negative number, or J used before it is set (Octave's imaginary unit)?"
    return "" if np.isfinite(answer.J[0]) else f"J is {answer.J[0]}: a logarithm of 0, or 0 times infinity?"


def gradient_trouble_of(answer: Answer, wanted: tuple[int, ...]) -> str:
    """Say what makes the gradient no vector of real numbers like theta, or nothing."""
    if answer.grad is None and answer.grad_class not in {"double", "single"}:
        return f"the gradient is a {answer.grad_class}"
    if answer.grad is None and answer.grad_shape and answer.grad_shape != wanted and 0 not in answer.grad_shape:
        return f"the gradient has shape {shape_words(answer.grad_shape)}, not {shape_words(wanted)}"
    if answer.grad is None:
        return "the gradient is empty"
    if answer.grad_shape != wanted:
        return f"the gradient has shape {shape_words(answer.grad_shape)}, not {shape_words(wanted)}"
    if answer.grad.dtype.kind == "c":
        return "the gradient is complex"
    bad = np.flatnonzero(~np.isfinite(answer.grad))
    return f"the gradient has {bad.size} entries that are not finite" if bad.size else ""


def _difference(theirs: FloatArray, ours: FloatArray, blocks: tuple[Block, ...]) -> Difference:
    """Return the worst differences; relative ones only where there is more than rounding."""
    gap = np.nan_to_num(np.abs(theirs - ours), nan=np.inf)
    larger = np.maximum(np.abs(theirs), np.abs(ours))
    noise = FLOOR * max(1.0, float(np.abs(ours).max()))
    relative = np.where(gap > noise, gap / np.where(larger > 0, larger, 1.0), 0.0)
    worst, worst_relative = int(gap.argmax()), int(relative.argmax())
    return Difference(
        float(gap[worst]),
        entry_name(blocks, worst),
        float(relative[worst_relative]),
        entry_name(blocks, worst_relative),
    )


def shape_words(shape: tuple[int, ...]) -> str:
    """Write a shape: 3x1, or (3,)."""
    if not shape:
        return "() of a single number"
    return "x".join(map(str, shape)) if len(shape) != 1 else f"({shape[0]},)"
