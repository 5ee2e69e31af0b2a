"""The ways to hand the cases over; all of them are the same mathematics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.costs.cases import Case
from courseport.crosscheck.costs.mistakes.formulas import read, unroll


@dataclass(frozen=True)
class Presentation:
    """A way to hand the cases over; all of them are the same mathematics.

    Attributes
    ----------
    y : tuple of str
        The forms of y, one after the other; empty for the usual one.
    X, theta : str
        The form of each; empty for the usual one.
    by_rows : bool
        Whether theta and the gradient are unrolled row by row.
    """

    y: tuple[str, ...] = ()
    X: str = ""
    theta: str = ""
    by_rows: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What to say about it where it is not the usual one."""
        found = (("y", " and ".join(self.y)), ("X", self.X), ("theta", self.theta))
        return tuple(f"it takes {name} {form}" for name, form in found if form)

    def change(self, case: Case) -> Case:
        """Return the case as it is handed over."""
        values = dict(case.values)
        for form in self.y:
            values["y"] = _Y[form](values["y"], int(values.get("num_labels", 1)))
        if self.X:
            values["X"] = _X[self.X](values["X"])
        if self.by_rows:
            values["theta"] = by_rows(values["theta"], values["shapes"])
        if self.theta == AS_COLUMN:
            values["theta"] = values["theta"][:, None]
        elif self.theta == AS_MATRICES:
            values["theta"] = read(case.values["theta"], values["shapes"])
        return replace(case, values=values)


USUAL = Presentation()
AS_COLUMN, AS_MATRICES = "as a column, (n, 1)", "as a list of its matrices"
FROM_ZERO, ONE_HOT, COLUMN = "as labels 0 to K - 1", "one-hot, (m, K)", "as a column, (m, 1)"
_Y: dict[str, Callable[[FloatArray, int], FloatArray]] = {
    FROM_ZERO: lambda y, _: y - 1.0,
    ONE_HOT: lambda y, K: (y[:, None] == np.arange(1, K + 1)).astype(np.float64),
    "one-hot, (K, m)": lambda y, K: (np.arange(1, K + 1)[:, None] == y).astype(np.float64),
    COLUMN: lambda y, _: y[:, None],
    "as a row, (1, m)": lambda y, _: y[None, :],
}
_X: dict[str, Callable[[FloatArray], FloatArray]] = {
    "with its column of ones": lambda X: np.hstack([np.ones((len(X), 1)), X]),
    "without its column of ones": lambda X: X[:, 1:],
    "as (n, m)": lambda X: X.T.copy(),
}


def by_rows(theta: FloatArray, shapes: Sequence[tuple[int, int]], *, back: bool = False) -> FloatArray:
    """Return theta unrolled row by row, not column by column; or, where `back` is set, the other way."""
    return unroll(read(theta, shapes, "C" if back else "F"), "F" if back else "C")


def presentations(kind: str, *, python: bool) -> list[Presentation]:
    """Return the ways to hand over the cases of this kind, the usual one first, and the likelier before the others."""
    if kind == "cofi":
        thetas = ("", AS_COLUMN) if python else ("",)
        return [Presentation(theta=theta, by_rows=rows) for theta in thetas for rows in ((False, True)[: 1 + python])]
    network = kind == "network"
    ys: tuple[tuple[str, ...], ...] = ((), (FROM_ZERO,), (ONE_HOT,)) if network else ((),)
    Xs = ("", "with its column of ones" if network else "without its column of ones")
    if not python:
        return [Presentation(y, X) for X in Xs for y in ys]
    ys = ((), (COLUMN,), *ys[1:], *(((FROM_ZERO, COLUMN),) if network else ()))
    thetas = ("", AS_COLUMN, *((AS_MATRICES,) if network else ()))
    orders = (False, True) if network else (False,)
    found = [Presentation(y, X, t, r) for r, X, t, y in product(orders, Xs, thetas, ys)]
    ys = ((), ("as a row, (1, m)",), (COLUMN,), *((("one-hot, (K, m)",), (FROM_ZERO,)) if network else ()))
    found += [Presentation(y, "as (n, m)", t, r) for r, t, y in product(orders, thetas, ys)]
    return [p for p in found if not (p.by_rows and p.theta == AS_MATRICES)]
