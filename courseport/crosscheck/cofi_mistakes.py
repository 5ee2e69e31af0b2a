"""The known mistakes in collaborative filtering, as data; parts and ways are those of `cofi_formula`."""

from __future__ import annotations

from courseport.crosscheck.mistakes import BOTH, GRADIENT, SCALE, J, Mistake

_COST = "J = sum(sum(((X * Theta' - Y) .* R) .^ 2)) / 2 + lambda/2 * (sum of the squares of X and of Theta)."
_ORDER = "[X(:); Theta(:)], column by column; in NumPy say order='F'."

COFI_MISTAKES = (
    *(mistake for mistake in SCALE if mistake.way != "1/m twice"),
    *(
        Mistake(name, part, way, BOTH, text, _COST)
        for name, part, way, text in (
            ("R-left-out", "error", "R left out", "R is left out: movies that were not rated count too"),
            ("penalty-missing", "penalty", "missing", "the penalty is missing"),
            ("penalty-doubled", "penalty", "doubled", "the penalty is twice what it should be"),
            ("penalty-halved", "penalty", "halved", "the penalty is half what it should be"),
            ("penalty-by-m", "penalty", "1/m", "the penalty is divided by the number of movies"),
            ("penalty-sign", "penalty", "sign", "the penalty is subtracted"),
            ("X-penalised-only", "penalised layers", "X only", "only X is penalised"),
            ("Theta-penalised-only", "penalised layers", "Theta only", "only Theta is penalised"),
        )
    ),
    *(
        Mistake(name, part, way, (J,), text, _COST)
        for name, part, way, text in (
            ("J-not-halved", "average", "not halved", "J's data term lacks its 1/2"),
            ("J-by-ratings", "average", "by the ratings", "J's data term is divided by the number of ratings"),
            ("J-by-m", "average", "1/m", "J's data term is divided by the number of movies"),
            ("J-sign", "average", "sign", "J's data term has the wrong sign"),
            ("J-not-squared", "loss", "not squared", "the errors are not squared in J"),
            ("penalty-not-squared", "squares", "not squared", "the penalty in J is of the sum, not of the squares"),
            ("penalty-absolute", "squares", "absolute", "the penalty in J sums absolute values, not squares"),
        )
    ),
    Mistake("row-major-in", "read", "row-major", BOTH, "the parameters are reshaped row by row", _ORDER),
    Mistake("thetas-exchanged-in", "read", "last Theta first", BOTH, "Theta is read before X", _ORDER),
    Mistake("row-major-out", "unroll", "row-major", (GRADIENT,), "the gradient is unrolled row by row", _ORDER),
    Mistake(
        "gradients-exchanged", "unroll", "exchanged", (GRADIENT,), "the gradients of X and Theta are exchanged", _ORDER
    ),
    Mistake(
        "gradients-exchanged-row-major",
        *("unroll", "exchanged, row-major", (GRADIENT,)),
        "the gradients of X and Theta are exchanged, and unrolled row by row",
        _ORDER,
    ),
    Mistake("delta-sign", "output delta", "sign", (GRADIENT,), "the sign of the error is wrong in the gradient", _COST),
)
