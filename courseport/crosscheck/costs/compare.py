"""Comparing one answer with ours: J, the gradient, and the gradient with the slope of the file's own J."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from courseport._checks import FloatArray
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
    case : str
        Its name.
    error : str
        Why there is nothing to compare: the error the file raised.
    where : str
        The function and the line of the error.
    ours, theirs : float or None
        J.
    J_trouble, gradient_trouble : str
        What makes it no real number, or no vector like theta; empty otherwise.
    J_right, gradient_right : bool or None
        Whether they agree with ours; None where there is none, or the file has failed.
    difference : Difference or None
        Of the gradients.
    belongs : float or None
        Relative difference between the gradient and the slope of the file's own J, where that was computed.
    constant : bool
        Whether that slope is 0 everywhere.
    our_gradient, their_gradient : ndarray or None
        Unrolled.
    blocks : tuple of Block
        The matrices they are unrolled from.
    seconds : float
        Time of the call.
    changed : tuple of str
        The arguments that it changed in place.
    """

    case: str
    error: str = ""
    where: str = ""
    ours: float | None = None
    theirs: float | None = None
    J_trouble: str = ""
    gradient_trouble: str = ""
    J_right: bool | None = None
    gradient_right: bool | None = None
    difference: Difference | None = None
    belongs: float | None = None
    constant: bool = False
    our_gradient: FloatArray | None = None
    their_gradient: FloatArray | None = None
    blocks: tuple[Block, ...] = ()
    seconds: float = 0.0
    changed: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether J and the gradient, where there is one, are both right."""
        told = {self.J_right, self.gradient_right}
        return True in told and False not in told

    @property
    def only_shape_wrong(self) -> bool:
        """Whether J and the numbers of the gradient are right, and the gradient's shape is not."""
        ours, theirs = self.our_gradient, self.their_gradient
        numbers = ours is not None and theirs is not None and close(theirs, ours)
        return self.J_right is not False and self.gradient_right is False and numbers


def compare(
    case: str, ours: tuple[float, FloatArray], answer: Answer, blocks: tuple[Block, ...], shape: tuple[int, ...]
) -> Comparison:
    """Compare one answer with ours; `shape` is what the gradient should have, that of theta."""
    if answer.message:
        return Comparison(case, error=answer.message, where=answer.where, seconds=answer.seconds)
    J, grad = ours
    J_trouble = cost_trouble(answer) if answer.J_class != "none" else ""
    theirs = float(answer.J[0].real) if answer.J is not None and not J_trouble else None
    gradient_trouble = gradient_trouble_of(answer, shape) if answer.grad_class != "none" else ""
    vector, slope = usable_gradient(answer, grad.size), answer.slope
    right = not gradient_trouble and vector is not None and close(vector, grad)
    return Comparison(
        case,
        ours=J,
        theirs=theirs,
        J_trouble=J_trouble,
        gradient_trouble=gradient_trouble,
        J_right=None if answer.J_class == "none" else theirs is not None and close(theirs, J),
        gradient_right=None if answer.grad_class == "none" else right,
        difference=None if vector is None else _difference(vector, grad, blocks),
        belongs=None if vector is None or slope is None else relative_difference(vector, slope),
        constant=slope is not None and not slope.any(),
        our_gradient=grad,
        their_gradient=vector,
        blocks=blocks,
        seconds=answer.seconds,
        changed=answer.changed,
    )


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


def usable_gradient(answer: Answer, size: int) -> FloatArray | None:
    """Return the gradient as a vector if it is one of `size` real numbers, in a column, a row or flat."""
    grad = answer.grad
    if grad is None or grad.dtype != np.float64 or grad.size != size or max(answer.grad_shape, default=1) != size:
        return None
    return grad


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
