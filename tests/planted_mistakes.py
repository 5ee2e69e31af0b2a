"""Mistakes planted in a right Octave solution, as replacements in its text; each under the name it must be given.

The text is that of ``octave_solutions/vectorised/nnCostFunction.m``. What a mistake is called, and where it shows, is
``name: {"J", "gradient"}`` of its places.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

SOLUTIONS = Path(__file__).parent / "octave_solutions"
RIGHT_TEXT = (SOLUTIONS / "vectorised" / "nnCostFunction.m").read_text()

# Pieces of the right text.
J_PENALTY = "lambda / (2 * m) * (sum(sum(Theta1(:, 2:end) .^ 2)) + sum(sum(Theta2(:, 2:end) .^ 2)))"
GRADIENT_1 = "Theta1_grad(:, 2:end) = Theta1_grad(:, 2:end) + (lambda / m) * Theta1(:, 2:end);"
GRADIENT_2 = "Theta2_grad(:, 2:end) = Theta2_grad(:, 2:end) + (lambda / m) * Theta2(:, 2:end);"
GRADIENT_PENALTY = f"{GRADIENT_1}\n{GRADIENT_2}"
LOSS = "-Y .* log(h) - (1 - Y) .* log(1 - h)"
READ_1 = (
    "Theta1 = reshape(nn_params(1:hidden_layer_size * (input_layer_size + 1)), hidden_layer_size, "
    "(input_layer_size + 1));"
)
READ_2 = (
    "Theta2 = reshape(nn_params((1 + (hidden_layer_size * (input_layer_size + 1))):end), num_labels, "
    "(hidden_layer_size + 1));"
)
TARGET = "  Y(i, y(i)) = 1;"
DELTA_2 = "delta2 = (delta3 * Theta2(:, 2:end)) .* sigmoidGradient(z2);"
DELTA_3 = "delta3 = h - Y;"
UNROLL = "grad = [Theta1_grad(:); Theta2_grad(:)];"
FORWARD_2 = "a2 = [ones(m, 1) sigmoid(z2)];"


class Planted(NamedTuple):
    """Replacements in the text, and where the mistake shows."""

    edits: tuple[tuple[str, str], ...]
    places: frozenset[str]

    def write(self, text: str = RIGHT_TEXT) -> str:
        for old, new in self.edits:
            assert old in text, f"the solution has no more: {old}"
            text = text.replace(old, new)
        return text


def _in_cost(*edits: tuple[str, str]) -> Planted:
    return Planted(edits, frozenset({"J"}))


def _in_gradient(*edits: tuple[str, str]) -> Planted:
    return Planted(edits, frozenset({"gradient"}))


def _in_both(*edits: tuple[str, str]) -> Planted:
    return Planted(edits, frozenset({"J", "gradient"}))


def _gradient_penalty(new: str) -> tuple[str, str]:
    """Replace the penalty of both gradients; @ stands for 1 and 2."""
    return GRADIENT_PENALTY, "\n".join(new.replace("@", layer) for layer in "12")


PLANTED: dict[str, Planted] = {
    "bias-penalised J": _in_cost((J_PENALTY, "lambda / (2 * m) * (sum(sum(Theta1 .^ 2)) + sum(sum(Theta2 .^ 2)))")),
    "bias-penalised gradient": _in_gradient(_gradient_penalty("Theta@_grad = Theta@_grad + (lambda / m) * Theta@;")),
    "bias-penalised both": _in_both(
        (J_PENALTY, "lambda / (2 * m) * sumsq(nn_params)"),
        _gradient_penalty("Theta@_grad = Theta@_grad + (lambda / m) * Theta@;"),
    ),
    "penalty-missing J": _in_cost((f"J = J + {J_PENALTY};", "")),
    "penalty-missing gradient": _in_gradient((GRADIENT_PENALTY, "")),
    "penalty-missing both": _in_both((f"J = J + {J_PENALTY};", ""), (GRADIENT_PENALTY, "")),
    "penalty-doubled J": _in_cost(("lambda / (2 * m)", "lambda / m")),
    "penalty-without-m J": _in_cost(("lambda / (2 * m)", "lambda / 2")),
    "penalty-times-m J": _in_cost(("lambda / (2 * m)", "lambda / 2 * m")),
    "penalty-without-2m J": _in_cost(("lambda / (2 * m)", "lambda")),
    "penalty-sign J": _in_cost(("J = J + lambda", "J = J - lambda")),
    "penalty-not-squared J": _in_cost((" .^ 2", "")),
    "penalty-square-of-sum J": _in_cost(
        ("sum(sum(Theta1(:, 2:end) .^ 2))", "(sum(sum(Theta1(:, 2:end))) ^ 2)"),
        ("sum(sum(Theta2(:, 2:end) .^ 2))", "(sum(sum(Theta2(:, 2:end))) ^ 2)"),
    ),
    "penalty-without-m gradient": _in_gradient(("(lambda / m)", "lambda")),
    "penalty-halved gradient": _in_gradient(("(lambda / m)", "(lambda / (2 * m))")),
    "penalty-times-m gradient": _in_gradient(("(lambda / m)", "(lambda * m)")),
    "penalty-sign gradient": _in_gradient(("+ (lambda / m)", "- (lambda / m)")),
    "penalty-by-m-twice gradient": _in_gradient(
        ("(delta2' * a1) / m", "delta2' * a1"),
        ("(delta3' * a2) / m", "delta3' * a2"),
        (UNROLL, "grad = [Theta1_grad(:); Theta2_grad(:)] / m;"),
    ),
    "last-layer-penalised-only gradient": _in_gradient((GRADIENT_1, "")),
    "first-layer-penalised-only J": _in_cost((" + sum(sum(Theta2(:, 2:end) .^ 2))", "")),
    "last-column-not-penalised gradient": _in_gradient(
        _gradient_penalty("Theta@_grad(:, 1:end-1) = Theta@_grad(:, 1:end-1) + (lambda / m) * Theta@(:, 1:end-1);")
    ),
    "first-row-not-penalised J": _in_cost(
        ("Theta1(:, 2:end) .^", "Theta1(2:end, :) .^"), ("Theta2(:, 2:end) .^", "Theta2(2:end, :) .^")
    ),
    "m-is-length-of-X both": _in_both(("h = sigmoid(z3);", "h = sigmoid(z3);\nm = length(X);")),
    "J-without-m J": _in_cost(("J = (1 / m) * sum", "J = sum")),
    "J-by-2m J": _in_cost(("J = (1 / m)", "J = (1 / (2 * m))")),
    "J-by-mK J": _in_cost(
        ("sum(sum(-Y .* log(h) - (1 - Y) .* log(1 - h)))", "sum(mean(-Y .* log(h) - (1 - Y) .* log(1 - h), 2))")
    ),
    "gradient-without-m gradient": _in_gradient((" * a1) / m", " * a1)"), (" * a2) / m", " * a2)")),
    "log-h-twice J": _in_cost(("log(1 - h)", "log(h)")),
    "second-term-missing J": _in_cost((LOSS, "-Y .* log(h)")),
    "J-sign J": _in_cost((LOSS, "Y .* log(h) + (1 - Y) .* log(1 - h)")),
    "second-term-sign J": _in_cost((LOSS, "-(Y .* log(h) - (1 - Y) .* log(1 - h))")),
    "squared-error J": _in_cost((LOSS, "(h - Y) .^ 2")),
    "matrix-product J": _in_cost((LOSS, "-Y' * log(h) - (1 - Y)' * log(1 - h)")),
    "log10 J": _in_cost(("log(h)", "log10(h)"), ("log(1 - h)", "log10(1 - h)")),
    "first-unit-only J": _in_cost((f"sum(sum({LOSS}))", f"sum(({LOSS})(:, 1))")),
    "delta-sign gradient": _in_gradient((DELTA_3, "delta3 = Y - h;")),
    "delta-times-slope gradient": _in_gradient((DELTA_3, "delta3 = (h - Y) .* sigmoidGradient(z3);")),
    "delta-thresholded gradient": _in_gradient((DELTA_3, "delta3 = (h >= 0.5) - Y;")),
    "slope-left-out gradient": _in_gradient((" .* sigmoidGradient(z2)", "")),
    "slope-of-a gradient": _in_gradient(("sigmoidGradient(z2)", "sigmoidGradient(a2(:, 2:end))")),
    "slope-z gradient": _in_gradient(("sigmoidGradient(z2)", "z2 .* (1 - z2)")),
    "slope-1-sigmoid gradient": _in_gradient(("sigmoidGradient(z2)", "(1 - sigmoid(z2))")),
    "delta-last-column gradient": _in_gradient(("delta3 * Theta2(:, 2:end)", "delta3 * Theta2(:, 1:end-1)")),
    "Delta-of-z gradient": _in_gradient(("(delta3' * a2)", "(delta3' * [ones(m, 1) z2])")),
    "row-major-out gradient": _in_gradient((UNROLL, "grad = [Theta1_grad'(:); Theta2_grad'(:)];")),
    "gradients-exchanged gradient": _in_gradient((UNROLL, "grad = [Theta2_grad(:); Theta1_grad(:)];")),
    "gradient-negated gradient": _in_gradient((UNROLL, "grad = -[Theta1_grad(:); Theta2_grad(:)];")),
    "gradient-zero gradient": _in_gradient((UNROLL, "grad = zeros(size(nn_params));")),
    "last-example-only gradient": _in_gradient(
        ("delta2' * a1", "delta2(m, :)' * a1(m, :)"), ("delta3' * a2", "delta3(m, :)' * a2(m, :)")
    ),
    "row-major-in both": _in_both(
        (
            READ_1,
            READ_1.replace("hidden_layer_size, (input_layer_size + 1))", "input_layer_size + 1, hidden_layer_size)'"),
        ),
        (READ_2, READ_2.replace("num_labels, (hidden_layer_size + 1))", "hidden_layer_size + 1, num_labels)'")),
    ),
    "labels-one-up both": _in_both((TARGET, "  if y(i) < num_labels, Y(i, y(i) + 1) = 1; end")),
    "labels-zero-for-ten both": _in_both((TARGET, "  Y(i, mod(y(i), num_labels) + 1) = 1;")),
    "labels-one-down both": _in_both((TARGET, "  Y(i, :) = (2:num_labels + 1) == y(i);")),
    "labels-as-numbers both": _in_both((TARGET, "  Y(i, :) = y(i);")),
    "images-transposed both": _in_both(
        (
            "a1 = [ones(m, 1) X];",
            "n = sqrt(columns(X)); if n == fix(n), X = reshape(permute(reshape(X, m, n, n), [1 3 2]), m, n * n); end\n"
            "a1 = [ones(m, 1) X];",
        )
    ),
    "bias-unit-last both": _in_both(
        ("[ones(m, 1) X]", "[X ones(m, 1)]"), ("[ones(m, 1) sigmoid(z2)]", "[sigmoid(z2) ones(m, 1)]")
    ),
    "bias-unit-activated both": _in_both((FORWARD_2, "a2 = sigmoid([ones(m, 1) z2]);")),
    "hidden-not-activated both": _in_both((FORWARD_2, "a2 = [ones(m, 1) z2];")),
    "sigmoid-sign both": _in_both(
        (FORWARD_2, FORWARD_2.replace("(z2)", "(-z2)")), ("h = sigmoid(z3)", "h = sigmoid(-z3)")
    ),
    "softmax both": _in_both(("h = sigmoid(z3);", "h = exp(z3) ./ sum(exp(z3), 2);")),
    "bias-weights-zeroed both": _in_both(
        ("a1 = [ones(m, 1) X];", "Theta1(:, 1) = 0; Theta2(:, 1) = 0;\na1 = [ones(m, 1) X];")
    ),
    "delta-with-bias gradient": _in_gradient(
        (DELTA_2, "delta2 = (delta3 * Theta2) .* a2 .* (1 - a2);"),
        (GRADIENT_1, "Theta1_grad(2:end, 2:end) = Theta1_grad(2:end, 2:end) + (lambda / m) * Theta1(:, 2:end);"),
    ),
    "delta-with-bias-slope gradient": _in_gradient(
        (DELTA_2, "delta2 = (delta3 * Theta2) .* sigmoidGradient([ones(m, 1) z2]);"),
        (GRADIENT_1, "Theta1_grad(2:end, 2:end) = Theta1_grad(2:end, 2:end) + (lambda / m) * Theta1(:, 2:end);"),
    ),
}

# Two mistakes in one file; of different parts, so that both texts can be edited.
PAIRS: tuple[tuple[str, str], ...] = (
    ("bias-penalised J", "slope-left-out gradient"),
    ("bias-penalised gradient", "log-h-twice J"),
    ("bias-penalised both", "labels-zero-for-ten both"),
    ("bias-penalised gradient", "delta-sign gradient"),
    ("bias-penalised J", "J-without-m J"),
    ("penalty-missing J", "row-major-out gradient"),
    ("penalty-missing gradient", "slope-of-a gradient"),
    ("penalty-missing both", "row-major-in both"),
    ("penalty-missing J", "second-term-missing J"),
    ("penalty-doubled J", "penalty-without-m gradient"),
    ("penalty-doubled J", "J-sign J"),
    ("penalty-without-m J", "penalty-without-m gradient"),
    ("penalty-without-m J", "labels-one-up both"),
    ("penalty-times-m J", "gradient-without-m gradient"),
    ("penalty-times-m J", "log-h-twice J"),
    ("penalty-sign J", "delta-times-slope gradient"),
    ("penalty-sign gradient", "delta-last-column gradient"),
    ("penalty-without-m gradient", "row-major-out gradient"),
    ("penalty-without-m gradient", "slope-left-out gradient"),
    ("penalty-halved gradient", "labels-one-up both"),
    ("J-without-m J", "gradient-without-m gradient"),
    ("J-by-2m J", "penalty-not-squared J"),
    ("J-by-mK J", "delta-thresholded gradient"),
    ("log-h-twice J", "row-major-in both"),
    ("log10 J", "gradients-exchanged gradient"),
    ("second-term-sign J", "slope-z gradient"),
    ("squared-error J", "delta-times-slope gradient"),
    ("matrix-product J", "penalty-missing both"),
    ("row-major-in both", "row-major-out gradient"),
    ("labels-one-up both", "slope-left-out gradient"),
    ("labels-zero-for-ten both", "row-major-out gradient"),
    ("labels-as-numbers both", "penalty-missing gradient"),
    ("images-transposed both", "bias-penalised gradient"),
    ("images-transposed both", "labels-one-up both"),
    ("bias-unit-last both", "delta-sign gradient"),
    ("bias-unit-activated both", "penalty-missing J"),
    ("softmax both", "bias-penalised J"),
    ("sigmoid-sign both", "penalty-doubled J"),
    ("sigmoid-sign both", "row-major-out gradient"),
    ("hidden-not-activated both", "slope-left-out gradient"),
    ("last-example-only gradient", "J-without-m J"),
    ("gradient-negated gradient", "J-sign J"),
    ("last-layer-penalised-only gradient", "first-layer-penalised-only J"),
)
