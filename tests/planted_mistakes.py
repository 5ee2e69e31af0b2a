"""Mistakes planted in right Octave solutions, as replacements in their texts; each under the name it must be given.

The key is the mistake's name and where it shows: "slope-left-out gradient", "bias-penalised both".
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


# The cross-entropy's wrong ways, in the network's names.
LOSSES = {
    "log-h-twice": "-Y .* log(h) - (1 - Y) .* log(h)",
    "log-1-h-twice": "-Y .* log(1 - h) - (1 - Y) .* log(1 - h)",
    "second-term-missing": "-Y .* log(h)",
    "first-term-missing": "-(1 - Y) .* log(1 - h)",
    "h-exchanged": "-Y .* log(1 - h) - (1 - Y) .* log(h)",
    "y-twice": "-Y .* log(h) - Y .* log(1 - h)",
    "J-sign": "Y .* log(h) + (1 - Y) .* log(1 - h)",
    "second-term-sign": "-(Y .* log(h) - (1 - Y) .* log(1 - h))",
    "first-term-sign": "Y .* log(h) - (1 - Y) .* log(1 - h)",
    "squared-error": "(h - Y) .^ 2",
    "half-squared-error": "(h - Y) .^ 2 / 2",
    "log10": "-Y .* log10(h) - (1 - Y) .* log10(1 - h)",
    "log2": "-Y .* log2(h) - (1 - Y) .* log2(1 - h)",
}

PLANTED: dict[str, Planted] = {
    **{f"{name} J": _in_cost((LOSS, loss)) for name, loss in LOSSES.items()},
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
    "matrix-product J": _in_cost((LOSS, "-Y' * log(h) - (1 - Y)' * log(1 - h)")),
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
    "penalty-absolute J": _in_cost(
        ("Theta1(:, 2:end) .^ 2", "abs(Theta1(:, 2:end))"), ("Theta2(:, 2:end) .^ 2", "abs(Theta2(:, 2:end))")
    ),
    "penalty-matrix-product J": _in_cost(
        ("Theta1(:, 2:end) .^ 2", "Theta1(:, 2:end)' * Theta1(:, 2:end)"),
        ("Theta2(:, 2:end) .^ 2", "Theta2(:, 2:end)' * Theta2(:, 2:end)"),
    ),
    "penalty-halved J": _in_cost(("lambda / (2 * m)", "lambda / (4 * m)")),
    "penalty-doubled gradient": _in_gradient(("(lambda / m)", "(2 * lambda / m)")),
    "penalty-without-2m gradient": _in_gradient(("(lambda / m)", "(2 * lambda)")),
    "penalty-by-m-twice J": _in_cost(("lambda / (2 * m)", "lambda / (2 * m ^ 2)")),
    "penalty-once-more-by-m-twice gradient": _in_gradient(("(lambda / m)", "(lambda / m + lambda / m ^ 2)")),
    "penalty-once-more-by-m-twice J": _in_cost(("lambda / (2 * m)", "(lambda / (2 * m) + lambda / (2 * m ^ 2))")),
    "penalty-without-lambda J": _in_cost(("lambda / (2 * m)", "1 / (2 * m)")),
    "penalty-without-lambda both": _in_both(("lambda / (2 * m)", "1 / (2 * m)"), ("(lambda / m)", "(1 / m)")),
    "first-bias-penalised J": _in_cost(("Theta1(:, 2:end) .^ 2", "Theta1 .^ 2")),
    "last-bias-penalised J": _in_cost(("Theta2(:, 2:end) .^ 2", "Theta2 .^ 2")),
    "ones-penalised both": _in_both(
        ("sum(sum(Theta1(:, 2:end) .^ 2))", "sum(sum([ones(rows(Theta1), 1) Theta1(:, 2:end)] .^ 2))"),
        ("sum(sum(Theta2(:, 2:end) .^ 2))", "sum(sum([ones(rows(Theta2), 1) Theta2(:, 2:end)] .^ 2))"),
        _gradient_penalty("Theta@_grad += (lambda / m) * [ones(rows(Theta@), 1) Theta@(:, 2:end)];"),
    ),
    "ones-penalised gradient": _in_gradient(
        _gradient_penalty("Theta@_grad += (lambda / m) * [ones(rows(Theta@), 1) Theta@(:, 2:end)];")
    ),
    "first-element-not-penalised gradient": _in_gradient(
        _gradient_penalty("Theta@_grad(2:end) = Theta@_grad(2:end) + (lambda / m) * Theta@(2:end);")
    ),
    "J-by-m-twice J": _in_cost(("(1 / m) * sum", "(1 / m ^ 2) * sum")),
    "m-is-columns-of-X both": _in_both(("h = sigmoid(z3);", "h = sigmoid(z3);\nm = columns(X);")),
    "m-is-numel-of-Y both": _in_both(("h = sigmoid(z3);", "h = sigmoid(z3);\nm = numel(Y);")),
    "gradient-without-m-anywhere gradient": _in_gradient((UNROLL, "grad = m * [Theta1_grad(:); Theta2_grad(:)];")),
    "gradient-by-m-twice gradient": _in_gradient(("* a1) / m", "* a1) / m ^ 2"), ("* a2) / m", "* a2) / m ^ 2")),
    "gradient-halved gradient": _in_gradient((UNROLL, "grad = [Theta1_grad(:); Theta2_grad(:)] / 2;")),
    "gradient-doubled gradient": _in_gradient((UNROLL, "grad = [Theta1_grad(:); Theta2_grad(:)] * 2;")),
    "gradient-penalty-only gradient": _in_gradient(
        ("(delta2' * a1) / m", "0 * Theta1"), ("(delta3' * a2) / m", "0 * Theta2")
    ),
    "first-gradient-without-m gradient": _in_gradient(("* a1) / m", "* a1)")),
    "last-gradient-without-m gradient": _in_gradient(("* a2) / m", "* a2)")),
    "first-example-only gradient": _in_gradient(
        ("delta2' * a1", "delta2(1, :)' * a1(1, :)"), ("delta3' * a2", "delta3(1, :)' * a2(1, :)")
    ),
    "J-zero J": _in_cost(("\ndelta3 = h", "\nJ = 0;\ndelta3 = h")),
    "matrix-product-of-examples J": _in_cost((LOSS, "-Y * log(h)' - (1 - Y) * log(1 - h)'")),
    "thetas-exchanged-in both": _in_both(
        (
            READ_1,
            "n = num_labels * (hidden_layer_size + 1);\nTheta1 = reshape(nn_params(n + 1:end), hidden_layer_size, []);",
        ),
        (READ_2, "Theta2 = reshape(nn_params(1:n), num_labels, []);"),
    ),
    "gradients-exchanged-row-major gradient": _in_gradient((UNROLL, "grad = [Theta2_grad'(:); Theta1_grad'(:)];")),
    "labels-one-down-around both": _in_both((TARGET, "  Y(i, mod(y(i) - 2, num_labels) + 1) = 1;")),
    "labels-reversed both": _in_both((TARGET, "  Y(i, num_labels + 1 - y(i)) = 1;")),
    "bias-unit-zero both": _in_both((FORWARD_2, "a2 = [zeros(m, 1) sigmoid(z2)];")),
    "hidden-tanh both": _in_both((FORWARD_2, "a2 = [ones(m, 1) tanh(z2)];")),
    "output-activated-twice both": _in_both(("h = sigmoid(z3);", "h = sigmoid(sigmoid(z3));")),
    "delta-squared gradient": _in_gradient((DELTA_3, "delta3 = (h - Y) .^ 2;")),
    "slope-sigmoid gradient": _in_gradient(("sigmoidGradient(z2)", "sigmoid(z2)")),
    "slope-tanh gradient": _in_gradient(("sigmoidGradient(z2)", "(1 - a2(:, 2:end) .^ 2)")),
    "delta-last-column-and-slope gradient": _in_gradient(
        (DELTA_2, "delta2 = ((delta3 * Theta2) .* sigmoidGradient([ones(m, 1) z2]))(:, 1:end-1);")
    ),
    "delta-with-bias-1 gradient": _in_gradient(
        (DELTA_2, "delta2 = (delta3 * Theta2) .* [ones(m, 1) sigmoidGradient(z2)];"),
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

REGRESSION = """function [J, grad] = @(theta, X, y, lambda)
m = size(X, 1);
h = #;
loss = %;
J = sum(loss) / m;
w = [0; theta(2:end)];
J = J + lambda / (2 * m) * sum(w .^ 2);
e = h - y;
Delta = X' * e;
grad = Delta / m;
grad = grad + lambda / m * w;
end
"""
SIGMOID, LOG_LOSS = "1 ./ (1 + exp(-X * theta))", "-y .* log(h) - (1 - y) .* log(1 - h)"
SQUARED = "(h - y) .^ 2 / 2"
J_LINE, WEIGHTS = "J = J + lambda / (2 * m) * sum(w .^ 2);", "w = [0; theta(2:end)];"
GRADIENT_LINE, MEAN_LINE = "grad = grad + lambda / m * w;", "grad = Delta / m;"
J_FACTOR, GRADIENT_FACTOR = "lambda / (2 * m) *", "lambda / m *"
_SHARED: dict[str, Planted] = {
    "bias-penalised both": _in_both((WEIGHTS, "w = theta;")),
    "one-penalised both": _in_both((WEIGHTS, "w = [1; theta(2:end)];")),
    "last-not-penalised both": _in_both((WEIGHTS, "w = [theta(1:end-1); 0];")),
    "second-not-penalised both": _in_both((WEIGHTS, "w = [theta(1); 0; theta(3:end)];")),
    "second-penalised-only J": _in_cost(("sum(w .^ 2)", "sum(theta(2, end) .^ 2)")),
    "second-penalised-everywhere gradient": _in_gradient(
        (GRADIENT_LINE, "grad(2:end) = grad(2:end) + lambda / m * theta(2, end);")
    ),
    "penalty-missing J": _in_cost((J_LINE, "")),
    "penalty-missing both": _in_both((J_LINE, ""), (GRADIENT_LINE, "")),
    "penalty-doubled J": _in_cost((J_FACTOR, "lambda / m *")),
    "penalty-halved gradient": _in_gradient((GRADIENT_FACTOR, "lambda / (2 * m) *")),
    "penalty-without-m gradient": _in_gradient((GRADIENT_FACTOR, "lambda *")),
    "penalty-without-2m J": _in_cost((J_FACTOR, "lambda *")),
    "penalty-times-m J": _in_cost((J_FACTOR, "lambda / 2 * m *")),
    "penalty-sign gradient": _in_gradient(("grad + lambda", "grad - lambda")),
    "penalty-by-m-twice gradient": _in_gradient((GRADIENT_FACTOR, "lambda / m ^ 2 *")),
    "penalty-once-more-by-m-twice both": _in_both(
        (J_FACTOR, "(lambda / (2 * m) + lambda / (2 * m ^ 2)) *"), (GRADIENT_FACTOR, "(lambda / m + lambda / m ^ 2) *")
    ),
    "penalty-without-lambda both": _in_both((J_FACTOR, "1 / (2 * m) *"), (GRADIENT_FACTOR, "1 / m *")),
    "penalty-not-squared J": _in_cost(("sum(w .^ 2)", "sum(w)")),
    "penalty-absolute J": _in_cost(("sum(w .^ 2)", "sum(abs(w))")),
    "penalty-square-of-sum J": _in_cost(("sum(w .^ 2)", "sum(w) ^ 2")),
    "J-without-m J": _in_cost(("sum(loss) / m", "sum(loss)")),
    "J-by-m-twice J": _in_cost(("sum(loss) / m", "sum(loss) / m ^ 2")),
    "gradient-without-m gradient": _in_gradient((MEAN_LINE, "grad = Delta;")),
    "gradient-without-m-anywhere gradient": _in_gradient((GRADIENT_LINE, "grad = Delta + lambda * w;")),
    "m-is-length-of-X both": _in_both(("size(X, 1)", "length(X)")),
    "m-is-columns-of-X both": _in_both(("size(X, 1)", "size(X, 2)")),
    "last-example-only both": _in_both(("sum(loss)", "loss(end)"), ("X' * e", "X(end, :)' * e(end)")),
    "first-example-only gradient": _in_gradient(("X' * e", "X(1, :)' * e(1)")),
    "gradient-by-m-twice gradient": _in_gradient((MEAN_LINE, "grad = Delta / m ^ 2;")),
    "gradient-halved gradient": _in_gradient((GRADIENT_LINE, "grad = (grad + lambda / m * w) / 2;")),
    "gradient-doubled gradient": _in_gradient((GRADIENT_LINE, "grad = (grad + lambda / m * w) * 2;")),
    "gradient-negated gradient": _in_gradient((GRADIENT_LINE, "grad = -(grad + lambda / m * w);")),
    "gradient-penalty-only gradient": _in_gradient((GRADIENT_LINE, "grad = lambda / m * w;")),
    "gradient-zero gradient": _in_gradient((GRADIENT_LINE, "grad = zeros(size(theta));")),
    "J-zero J": _in_cost((J_LINE, "J = 0;")),
    "bias-weights-zeroed both": _in_both(("X * theta", "X * [0; theta(2:end)]")),
    "error-sign gradient": _in_gradient(("e = h - y;", "e = y - h;")),
    "error-squared gradient": _in_gradient(("e = h - y;", "e = (h - y) .^ 2;")),
    "x-left-out gradient": _in_gradient(("X' * e", "ones(size(X))' * e")),
}
LOGISTIC_TEXT = REGRESSION.replace("@", "lrCostFunction").replace("#", SIGMOID).replace("%", LOG_LOSS)
LINEAR_TEXT = REGRESSION.replace("@", "linearCost").replace("#", "X * theta").replace("%", SQUARED)
LOGISTIC = {
    **_SHARED,
    **{f"{name} J": _in_cost((LOG_LOSS, loss.replace("Y", "y"))) for name, loss in LOSSES.items()},
    "J-by-2m J": _in_cost(("sum(loss) / m", "sum(loss) / (2 * m)")),
    "sigmoid-missing gradient": _in_gradient(("e = h - y;", "e = X * theta - y;")),
    "sigmoid-sign both": _in_both(("exp(-X", "exp(X")),
    "sigmoid-twice both": _in_both((SIGMOID, "1 ./ (1 + exp(-1 ./ (1 + exp(-X * theta))))")),
    "error-times-slope gradient": _in_gradient(("e = h - y;", "e = (h - y) .* h .* (1 - h);")),
    "error-thresholded gradient": _in_gradient(("e = h - y;", "e = (h >= 0.5) - y;")),
}
LINEAR = {
    **_SHARED,
    "sigmoid-taken both": _in_both(("h = X * theta", f"h = {SIGMOID}")),
    "J-not-halved J": _in_cost((SQUARED, "(h - y) .^ 2")),
    "J-not-squared J": _in_cost((SQUARED, "(h - y) / 2")),
    "J-absolute J": _in_cost((SQUARED, "abs(h - y) / 2")),
    "J-sign J": _in_cost((SQUARED, "-(h - y) .^ 2 / 2")),
}
COFI_TEXT = """function [J, grad] = cofiCostFunc(params, Y, R, num_users, num_movies, num_features, lambda)
n = num_movies * num_features;
X = reshape(params(1:n), num_movies, num_features);
Theta = reshape(params(n + 1:end), num_users, num_features);
E = (X * Theta' - Y) .* R;
J = sum(sum(E .^ 2)) / 2;
J = J + lambda / 2 * (sum(sum(X .^ 2)) + sum(sum(Theta .^ 2)));
X_grad = E * Theta + lambda * X;
Theta_grad = E' * X + lambda * Theta;
grad = [X_grad(:); Theta_grad(:)];
end
"""
COFI_READ = (
    "X = reshape(params(1:n), num_movies, num_features);",
    "Theta = reshape(params(n + 1:end), num_users, num_features);",
)
COFI_UNROLL, COFI_PENALTY = "[X_grad(:); Theta_grad(:)]", "lambda / 2 * (sum(sum(X .^ 2)) + sum(sum(Theta .^ 2)))"


def _in_all(new: str, in_J: str) -> Planted:
    return _in_both(("lambda / 2 *", f"{in_J} *"), ("lambda * X", f"{new} * X"), ("lambda * Theta", f"{new} * Theta"))


COFI = {
    "gradient-halved gradient": _in_gradient((COFI_UNROLL, f"{COFI_UNROLL} / 2")),
    "gradient-doubled gradient": _in_gradient((COFI_UNROLL, f"{COFI_UNROLL} * 2")),
    "gradient-negated gradient": _in_gradient((COFI_UNROLL, f"-{COFI_UNROLL}")),
    "gradient-penalty-only gradient": _in_gradient(("E * Theta +", ""), ("E' * X +", "")),
    "gradient-zero gradient": _in_gradient((COFI_UNROLL, "zeros(size(params))")),
    "J-zero J": _in_cost(("\nX_grad", "\nJ = 0;\nX_grad")),
    "penalty-not-squared J": _in_cost(("sum(X .^ 2)", "sum(X)"), ("sum(Theta .^ 2)", "sum(Theta)")),
    "penalty-absolute J": _in_cost(("sum(X .^ 2)", "sum(abs(X))"), ("sum(Theta .^ 2)", "sum(abs(Theta))")),
    "R-left-out both": _in_both((" .* R;", ";")),
    "penalty-missing both": _in_both((f" + {COFI_PENALTY}", ""), (" + lambda * X", ""), (" + lambda * Theta", "")),
    "penalty-doubled both": _in_all("2 * lambda", "lambda"),
    "penalty-halved both": _in_all("lambda / 2", "lambda / 4"),
    "penalty-by-m both": _in_all("lambda / num_movies", "lambda / (2 * num_movies)"),
    "penalty-sign J": _in_cost(("J + lambda", "J - lambda")),
    "penalty-without-lambda both": _in_all("1", "1 / 2"),
    "X-penalised-only J": _in_cost((" + sum(sum(Theta .^ 2))", "")),
    "Theta-penalised-only gradient": _in_gradient((" + lambda * X", "")),
    "J-not-halved J": _in_cost(("sum(sum(E .^ 2)) / 2", "sum(sum(E .^ 2))")),
    "J-by-ratings J": _in_cost(("(E .^ 2)) / 2", "(E .^ 2)) / (2 * sum(R(:)))")),
    "J-by-m J": _in_cost(("(E .^ 2)) / 2", "(E .^ 2)) / (2 * num_movies)")),
    "J-sign J": _in_cost(("J = sum(sum(E .^ 2))", "J = -sum(sum(E .^ 2))")),
    "J-not-squared J": _in_cost(("sum(sum(E .^ 2)) / 2", "sum(sum(E)) / 2")),
    "row-major-in both": _in_both(
        (COFI_READ[0], "X = reshape(params(1:n), num_features, num_movies)';"),
        (COFI_READ[1], "Theta = reshape(params(n + 1:end), num_features, num_users)';"),
    ),
    "thetas-exchanged-in both": _in_both(
        (COFI_READ[0], "k = num_users * num_features; X = reshape(params(k + 1:end), num_movies, num_features);"),
        (COFI_READ[1], "Theta = reshape(params(1:k), num_users, num_features);"),
    ),
    "row-major-out gradient": _in_gradient((COFI_UNROLL, "[X_grad'(:); Theta_grad'(:)]")),
    "gradients-exchanged gradient": _in_gradient((COFI_UNROLL, "[Theta_grad(:); X_grad(:)]")),
    "gradients-exchanged-row-major gradient": _in_gradient((COFI_UNROLL, "[Theta_grad'(:); X_grad'(:)]")),
    "error-sign gradient": _in_gradient(("= E * Theta", "= -E * Theta"), ("= E' * X", "= -E' * X")),
}
