"""The last digits of J and its gradient, against 77: ``python -m benchmarks.last_digits``.

Random networks of every activation and loss, at four scales of their weights; then blocks of units that all have the
same loss. The same seed gives the same networks: run it on another version (`PYTHONPATH`) to compare the two.
"""

from __future__ import annotations

import argparse
import sys
from itertools import product
from typing import Any

import mpmath
import numpy as np

from benchmarks.report import markdown_table
from courseport import NeuralNetworkCost, ThetaLayout, reshape_thetas
from courseport._checks import FloatArray

DIGITS = 77
SIZES = (3, 4, 3, 2)
ROWS = 6
SCALES = (0.1, 1.0, 3.0, 10.0)
HIDDEN = ("sigmoid", "tanh", "relu", "leaky_relu", "linear")
OUTPUTS = (("sigmoid", "cross_entropy"), *((name, "squared_error") for name in HIDDEN))
UNIT_LOSSES = (1e-6, 1e-3, 0.003, 0.012, 0.03, 0.1, 0.2, 0.5, 1.0, 3.0)

# Each activation as (g(z), g'(z)) of a number of many digits.
EXACT: dict[str, Any] = {
    "sigmoid": lambda z: (1 / (1 + mpmath.exp(-z)), 1 / ((1 + mpmath.exp(-z)) * (1 + mpmath.exp(z)))),
    "tanh": lambda z: (mpmath.tanh(z), mpmath.sech(z) ** 2),
    "relu": lambda z: (z, 1) if z > 0 else (0 * z, 0),
    "leaky_relu": lambda z: (z, 1) if z > 0 else (mpmath.mpf(0.01) * z, mpmath.mpf(0.01)),
    "linear": lambda z: (z, 1),
}


def log_1p_exp(z: Any) -> Any:
    return mpmath.log1p(mpmath.exp(z))


def exact(theta_vec: FloatArray, X: FloatArray, Y: FloatArray, kind: tuple[str, str, str]) -> tuple[Any, Any]:
    """Return J and the unrolled gradient of the network without penalty, as numbers of `DIGITS` digits.

    `kind` holds the hidden activation, the output activation and the loss.
    """
    hidden, output, loss = kind
    thetas = [np.vectorize(mpmath.mpf, otypes=[object])(theta) for theta in reshape_thetas(theta_vec, SIZES)]
    gradients = [np.zeros_like(theta) for theta in thetas]
    J = mpmath.mpf(0)
    for x, y in zip(X, Y, strict=True):
        activations, slopes = [np.array([mpmath.mpf(1), *map(mpmath.mpf, x)])], []
        for layer, theta in enumerate(thetas):
            z = theta @ activations[-1]
            pairs = [EXACT[hidden if layer < len(thetas) - 1 else output](value) for value in z]
            activations.append(np.array([mpmath.mpf(1), *(g for g, _ in pairs)]))
            slopes.append(np.array([slope for _, slope in pairs]))
        h = activations[-1][1:]
        if loss == "cross_entropy":
            J += sum(t * log_1p_exp(-value) + (1 - t) * log_1p_exp(value) for t, value in zip(y, z, strict=True))
            delta = h - y
        else:
            J += sum((h - y) ** 2) / 2
            delta = (h - y) * slopes[-1]
        for layer in reversed(range(len(thetas))):
            gradients[layer] += np.outer(delta, activations[layer])
            if layer:
                delta = (delta @ thetas[layer])[1:] * slopes[layer - 1]
    return J / len(X), np.concatenate([gradient.ravel(order="F") for gradient in gradients]) / len(X)


def errors_of_network(
    hidden: str, output: str, loss: str, scale: float, rng: np.random.Generator
) -> tuple[float, float]:
    """Return J's error in ulp, and the gradient's in its norm."""
    theta_vec = scale * rng.standard_normal(ThetaLayout(SIZES).size)
    X, Y = rng.standard_normal((ROWS, SIZES[0])), rng.random((ROWS, SIZES[-1]))
    cost = NeuralNetworkCost(SIZES, X, Y, hidden_activation=hidden, output_activation=output, loss=loss)
    J, grad_vec = cost(theta_vec)
    exact_J, exact_gradient = exact(theta_vec, X, Y, (hidden, output, loss))
    ulp = abs(mpmath.mpf(J) - exact_J) / mpmath.mpf(float(np.spacing(float(exact_J))))
    norm = mpmath.sqrt(sum(value**2 for value in exact_gradient))
    difference = mpmath.sqrt(sum((mpmath.mpf(a) - b) ** 2 for a, b in zip(grad_vec, exact_gradient, strict=True)))
    # A gradient below the smallest normal number has no digits to compare.
    return float(ulp), float(difference / max(norm, mpmath.mpf(sys.float_info.min)))


def errors_of_units(unit_loss: float, m: int = 2000, units: int = 10) -> float:
    """Return J's error in ulp where every unit of every example has the loss `unit_loss`."""
    z = np.full(units, np.log(np.expm1(unit_loss)))
    z[0] *= -1
    cost = NeuralNetworkCost((1, units), np.zeros((m, 1)), np.ones(m, dtype=np.intp))
    J = cost.cost(np.concatenate([z, np.zeros(units)]))
    expected = units * mpmath.log1p(mpmath.exp(mpmath.mpf(float(z[1]))))
    return float(abs(J - expected) / mpmath.mpf(float(np.spacing(float(expected)))))


def measure(networks: int, seed: int) -> dict[tuple[str, str, float], list[tuple[float, float]]]:
    """Return the errors of `networks` networks of every kind, by (output, loss, scale)."""
    rng = np.random.default_rng(seed)
    found: dict[tuple[str, str, float], list[tuple[float, float]]] = {}
    for (output, loss), scale, hidden in product(OUTPUTS, SCALES, HIDDEN):
        errors = [errors_of_network(hidden, output, loss, scale, rng) for _ in range(networks)]
        found.setdefault((output, loss, scale), []).extend(errors)
    return found


def tables(networks: int, seed: int) -> str:
    """Return the tables as Markdown."""
    with mpmath.workdps(DIGITS):
        found = measure(networks, seed)
        units = [[f"{loss:g}", f"{errors_of_units(loss):.1f}"] for loss in UNIT_LOSSES]
    parts = []
    for column, title in enumerate(("J, in ulp", "gradient, relative in its norm")):
        cells = {kind: _summary([error[column] for error in errors]) for kind, errors in found.items()}
        rows = [[f"{output}, {loss}", *(cells[output, loss, scale] for scale in SCALES)] for output, loss in OUTPUTS]
        rows.append(["all", _summary([error[column] for errors in found.values() for error in errors]), "", "", ""])
        head = ["output, loss", *(f"weights of {scale:g}" for scale in SCALES)]
        parts.append(f"## {title}: median, 95 %, worst\n\n{markdown_table(head, rows)}")
    parts.append(f"## J of 20,000 units with one loss, in ulp\n\n{markdown_table(['loss of a unit', 'error'], units)}")
    return "\n".join(parts)


def _summary(errors: list[float]) -> str:
    return " / ".join(f"{value:.2g}" for value in np.quantile(errors, [0.5, 0.95, 1.0]))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.last_digits", description=__doc__)
    parser.add_argument("--networks", type=int, default=8, help="networks of each kind (8: 960 in all)")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    print(tables(arguments.networks, arguments.seed))


if __name__ == "__main__":
    main()
