"""Solutions of the assignments: right in two styles, starters, and the mistakes planted in them."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent

STEP = "    theta = theta - alpha / m * X' * (X * theta - y);\n"
HISTORY = "    J_history(iter) = computeCostMulti(X, y, theta);\n"
SLOPES = "".join(
    f"Theta{k}_grad(:, 2:end) = Theta{k}_grad(:, 2:end) + lambda / m * Theta{k}(:, 2:end);\n" for k in (1, 2)
)
SLOPES_WITH_BIAS = "".join(f"Theta{k}_grad = Theta{k}_grad + lambda / m * Theta{k};\n" for k in (1, 2))

# By part: (file, the right text, the wrong one, a word of the mistake's name or "" where it has none).
PLANTED: dict[tuple[str, str], list[tuple[str, str, str, str]]] = {
    ("ex1", "Warm up exercise"): [
        ("warmUpExercise.m", "eye(5)", "ones(5)", "ones"),
        ("warmUpExercise.m", "eye(5)", "eye(4)", ""),
        ("warmUpExercise.m", "eye(5)", "2 * eye(5)", "2 times"),
    ],
    ("ex1", "Cost, one variable"): [
        ("computeCost.m", "/ (2 * m)", "/ m", "1/(2m)"),
        ("computeCost.m", "(X * theta - y)' * (X * theta - y)", "sum(X * theta - y) ^ 2", ""),
        ("computeCost.m", "(X * theta - y)' * (X * theta - y)", "(X * theta - y) .^ 2", ""),
    ],
    ("ex1", "Gradient descent, one variable"): [
        ("gradientDescent.m", "theta - alpha", "theta + alpha", "uphill"),
        ("gradientDescent.m", "alpha / m", "alpha", "1/m"),
        ("gradientDescent.m", "X' * (X * theta - y)", "sum(X * theta - y)", "multiplied with x"),
    ],
    ("ex1", "Feature normalization"): [
        ("featureNormalize.m", "std(X)", "var(X)", "variance"),
        ("featureNormalize.m", "std(X)", "max(X) - min(X)", "range"),
        ("featureNormalize.m", "(X - mu) ./ sigma", "X ./ sigma", "mean"),
    ],
    ("ex1", "Cost, several variables"): [
        ("computeCostMulti.m", "/ (2 * m)", "/ 2", "1/m"),
        ("computeCostMulti.m", ".^ 2", "", "not squared"),
        ("computeCostMulti.m", "sum((X * theta - y) .^ 2)", "sum(X * theta - y) ^ 2", ""),
    ],
    ("ex1", "Gradient descent, several variables"): [
        ("gradientDescentMulti.m", "alpha / m", "alpha / (2 * m)", "2*m"),
        ("gradientDescentMulti.m", "theta - alpha", "theta + alpha", "uphill"),
        (
            "gradientDescentMulti.m",
            STEP + HISTORY,
            HISTORY + STEP,
            "before each step",
        ),
    ],
    ("ex1", "Normal equations"): [
        ("normalEqn.m", "pinv(X' * X) * X' * y", "X' * y", "inverse"),
        ("normalEqn.m", "pinv(X' * X)", "X' * X", "not inverted"),
        ("normalEqn.m", "pinv(X' * X) * X' * y", "pinv(X)", "y is missing"),
    ],
    ("ex2", "Sigmoid function"): [
        ("sigmoid.m", "exp(-z)", "exp(z)", "sign"),
        ("sigmoid.m", "1 ./ (1 + exp(-z))", "exp(-z)", "alone"),
        ("sigmoid.m", "1 ./ (1", "1 / (1", ""),
    ],
    ("ex2", "Logistic regression cost"): [
        ("costFunction.m", "(1 - y)' * log(1 - h)) / m", "(1 - y)' * log(1 - h))", "1/m"),
        ("costFunction.m", "-y' * log(h) - (1 - y)' * log(1 - h)", "-y' * log(h)", "(1 - y)"),
        ("costFunction.m", "-y' * log(h) - (1", "-y' * log(h) + (1", "wrong sign"),
    ],
    ("ex2", "Logistic regression gradient"): [
        ("costFunction.m", "grad = X' * (h - y) / m", "grad = X' * (h - y)", "1/m"),
        ("costFunction.m", "(h - y)", "(y - h)", "sign"),
        ("costFunction.m", "grad = X' * (h - y) / m", "grad = X' * (X * theta - y) / m", "without the sigmoid"),
    ],
    ("ex2", "Predict"): [
        ("predict.m", ">= 0.5", "< 0.5", "exchanged"),
        ("predict.m", " >= 0.5", "", "probabilities"),
        ("predict.m", "sigmoid(X * theta)", "X * theta", "X*theta"),
    ],
    ("ex2", "Regularized cost"): [
        ("costFunctionReg.m", "[0; theta(2:end)]", "theta", "intercept"),
        ("costFunctionReg.m", "lambda / (2 * m)", "lambda / 2", "divided by m"),
        ("costFunctionReg.m", "J + lambda", "J - lambda", "subtracted"),
    ],
    ("ex2", "Regularized gradient"): [
        ("costFunctionReg.m", "[0; theta(2:end)]", "theta", "intercept"),
        ("costFunctionReg.m", "grad + lambda / m", "grad + lambda", "without 1/m"),
        ("costFunctionReg.m", "grad + lambda / m * reg", "grad", "missing"),
    ],
    ("ex3", "Regularized logistic regression"): [
        ("lrCostFunction.m", "temp(1) = 0;", "", "intercept"),
        ("lrCostFunction.m", "(h - y)", "(y - h)", "sign"),
        ("lrCostFunction.m", " + lambda / (2 * m) * sum(theta(2:end) .^ 2)", "", "penalty is missing"),
    ],
    ("ex3", "One-vs-all classifier training"): [
        ("oneVsAll.m", "(y == c), lambda", "(y == c), 0", "lambda is not"),
        ("oneVsAll.m", "(y == c)", "(y == 1)", "first label"),
        ("oneVsAll.m", "(y == c)", "(y == c - 1)", ""),
    ],
    ("ex3", "One-vs-all classifier prediction"): [
        ("predictOneVsAll.m", "[~, p] =", "p =", "largest value"),
        ("predictOneVsAll.m", "[], 2);", "[], 1); p = p(:);", "columns"),
        ("predictOneVsAll.m", "max(sigmoid", "min(sigmoid", "smallest"),
    ],
    ("ex3", "Neural network prediction function"): [
        ("predict.m", "a2 = sigmoid([ones(m, 1) X] * Theta1')", "a2 = [ones(m, 1) X] * Theta1'", "hidden layer has no"),
        ("predict.m", "[~, p] =", "p =", "largest value"),
        ("predict.m", "max(sigmoid([ones(m, 1) a2] * Theta2'), [], 2)", "max(a2, [], 2)", "label of the hidden"),
    ],
    ("ex4", "Feedforward and cost function"): [
        ("nnCostFunction.m", "log(1 - h))) / m", "log(1 - h)))", "1/m"),
        ("nnCostFunction.m", "-Y .* log(h) - (1 - Y) .* log(1 - h)", "-Y .* log(h)", "(1 - y)"),
        (
            "nnCostFunction.m",
            "-Y .* log(h) - (1 - Y) .* log(1 - h)",
            "-Y' * log(h) - (1 - Y)' * log(1 - h)",
            "matrix product",
        ),
    ],
    ("ex4", "Regularized cost function"): [
        (
            "nnCostFunction.m",
            "(:, 2:end) .^ 2",
            ".^ 2",
            "bias",
        ),
        ("nnCostFunction.m", "lambda / (2 * m) *", "lambda / 2 *", "divided by m"),
        ("nnCostFunction.m", " + sum(sum(Theta2(:, 2:end) .^ 2))", "", "only the first"),
    ],
    ("ex4", "Sigmoid gradient"): [
        ("sigmoidGradient.m", "sigmoid(z) .* (1 - sigmoid(z))", "sigmoid(z)", "itself"),
        ("sigmoidGradient.m", "sigmoid(z) .* (1 - sigmoid(z))", "z .* (1 - z)", "z (1 - z)"),
        ("sigmoidGradient.m", ".*", "*", ""),
    ],
    ("ex4", "Neural network gradient (backpropagation)"): [
        ("nnCostFunction.m", ".* sigmoidGradient(z2)", "", "left out"),
        ("nnCostFunction.m", "d3 = h - Y", "d3 = Y - h", "wrong sign"),
        (
            "nnCostFunction.m",
            "Theta1_grad = d2' * a1 / m;\nTheta2_grad = d3' * a2 / m;",
            "Theta1_grad = d2' * a1;\nTheta2_grad = d3' * a2;",
            "1/m",
        ),
    ],
    ("ex4", "Regularized gradient"): [
        (
            "nnCostFunction.m",
            SLOPES,
            SLOPES_WITH_BIAS,
            "bias",
        ),
        (
            "nnCostFunction.m",
            "Theta2_grad(:, 2:end) = Theta2_grad(:, 2:end) + lambda / m * Theta2(:, 2:end);",
            "",
            "only the first",
        ),
        ("nnCostFunction.m", "+ lambda / m *", "+ lambda *", "without 1/m"),
    ],
    ("ex5", "Regularized linear regression cost function"): [
        (
            "linearRegCostFunction.m",
            "J = (e' * e + lambda * (reg' * reg)) / (2 * m)",
            "J = e' * e / (2 * m)",
            "missing",
        ),
        ("linearRegCostFunction.m", "reg' * reg", "theta' * theta", "intercept"),
        ("linearRegCostFunction.m", "/ (2 * m)", "/ m", "1/(2m)"),
    ],
    ("ex5", "Regularized linear regression gradient"): [
        ("linearRegCostFunction.m", "grad = (X' * e + lambda * reg) / m", "grad = X' * e / m", "missing"),
        ("linearRegCostFunction.m", "grad = (X' * e + lambda * reg)", "grad = (X' * e + lambda * theta)", "intercept"),
        ("linearRegCostFunction.m", "lambda * reg) / m", "lambda * reg)", "1/m"),
    ],
    ("ex5", "Learning curve"): [
        ("learningCurve.m", "theta, 0", "theta, lambda", "contain the penalty"),
        (
            "learningCurve.m",
            "linearRegCostFunction(X(1:i, :), y(1:i), theta, 0)",
            "linearRegCostFunction(X, y, theta, 0)",
            "over all",
        ),
        (
            "learningCurve.m",
            "trainLinearReg(X(1:i, :), y(1:i), lambda)",
            "trainLinearReg(X, y, lambda)",
            "trained on all",
        ),
    ],
    ("ex5", "Polynomial feature mapping"): [
        ("polyFeatures.m", "(1:p)", "(0:p - 1)", "begin with 0"),
        ("polyFeatures.m", ".^ (1:p)", "* (1:p)", "multiples"),
        ("polyFeatures.m", "(1:p)", "(p * ones(1, p))", "highest"),
    ],
    ("ex5", "Cross validation curve"): [
        ("validationCurve.m", "theta, 0", "theta, lambda_vec(i)", "contain the penalty"),
        ("validationCurve.m", "trainLinearReg(X, y, lambda_vec(i))", "trainLinearReg(X, y, 0)", "alike"),
        ("validationCurve.m", "(Xval, yval, theta", "(X, y, theta", "training set"),
    ],
    ("ex8", "Estimate Gaussian parameters"): [
        ("estimateGaussian.m", "var(X, 1)", "var(X)", "m - 1"),
        ("estimateGaussian.m", "var(X, 1)", "std(X, 1)", "standard deviation"),
        ("estimateGaussian.m", "mean(X)'", "median(X)'", ""),
    ],
    ("ex8", "Select threshold"): [
        ("selectThreshold.m", "F1 = 2 * prec * rec / (prec + rec)", "F1 = prec", "precision"),
        ("selectThreshold.m", "F1 = 2 * prec * rec / (prec + rec)", "F1 = rec", "recall"),
        ("selectThreshold.m", "pval < epsilon", "pval > epsilon", "above"),
    ],
    ("ex8", "Collaborative filtering cost"): [
        ("cofiCostFunc.m", "J = sum(sum(e .^ 2)) / 2", "J = sum(sum(e .^ 2))", "1/2"),
        ("cofiCostFunc.m", "J = sum(sum(e .^ 2))", "J = sum(sum((X * Theta' - Y) .^ 2))", "not rated"),
        ("cofiCostFunc.m", "J = sum(sum(e .^ 2)) / 2", "J = sum(sum(e)) / 2", "not squared"),
    ],
    ("ex8", "Collaborative filtering gradient"): [
        ("cofiCostFunc.m", "[X_grad(:); Theta_grad(:)]", "[Theta_grad(:); X_grad(:)]", "exchanged"),
        ("cofiCostFunc.m", "X_grad = e", "e = X * Theta' - Y; X_grad = e", "not rated"),
        ("cofiCostFunc.m", "e = (X * Theta' - Y)", "e = (Y - X * Theta')", "sign"),
    ],
    ("ex8", "Regularized cost"): [
        ("cofiCostFunc.m", "lambda / 2 *", "lambda *", "twice"),
        ("cofiCostFunc.m", "(sum(sum(Theta .^ 2)) + sum(sum(X .^ 2)))", "sum(sum(X .^ 2))", "only X"),
        ("cofiCostFunc.m", "+ lambda / 2", "- lambda / 2", "subtracted"),
    ],
    ("ex8", "Gradient with regularization"): [
        ("cofiCostFunc.m", "+ lambda * X", "", "only Theta"),
        ("cofiCostFunc.m", "+ lambda * Theta", "", "only X"),
        (
            "cofiCostFunc.m",
            "+ lambda * X;\nTheta_grad = e' * X + lambda * Theta",
            "- lambda * X;\nTheta_grad = e' * X - lambda * Theta",
            "subtracted",
        ),
    ],
}


def solutions(style: str) -> dict[str, str]:
    """Return the files of "vectorised", "loops" or "starters" by their names, such as ex1/computeCost.m."""
    parts = (HERE / f"{style}.txt").read_text().split("### ")[1:]
    return {name: text for name, _, text in (part.partition("\n") for part in parts)}


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write files into a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder
