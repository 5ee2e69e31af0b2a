"""The package is a port of the Octave reference: each function of both, compared as any port is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from networks import Case, cases, check_network, random_case
from systems import HIDDEN, System, draw_system, systems
from tolerances import ALGEBRA, OCTAVE_GRADIENT, ROUNDING, Tolerance

import courseport as cp
from courseport._checks import FloatArray
from courseport.crosscheck import Limits, compare_recording
from courseport.crosscheck.ports.cases import draw_cases, read_cases
from courseport.crosscheck.ports.recording import Recording
from courseport.crosscheck.running.calls import Call, make_calls, octave_program
from courseport.lectures import circuit
from courseport.lectures.beginnings import descend, gradient
from courseport.lectures.deep_notation import deep_cost_function
from courseport.lectures.regression_lecture import backprop_nodes, backprop_vectors, batch_gradient_descent
from courseport.network import activations
from courseport.octave.signature import read_signature
from courseport.training.fmincg import Point, extrapolate, interpolate

COUNT = 25  # cases drawn for each
FOLDER = Path(__file__).parents[1] / "octave_reference"
EXACT = Tolerance(0.0, 0.0)
SOLVED = Tolerance(1e-9, 1e-10)  # least squares of well-conditioned random matrices by two algorithms
LOOSE = Tolerance(1e-6, 1e-8)  # few examples may be fitted to any condition number
COST = (1e-12, None)  # J and gradient: exp and the BLAS differ in their last bits; 1e-13 of the largest near zero
NAMES = ("hidden_activation", "output_activation", "loss", "penalty")
FORM = "function y = form (v), y = 2 * v(1) ^ 2 + 3 * v(1) * v(2) + 5 * v(2) ^ 2; end"

values = st.lists(st.floats(-800, 800), min_size=1, max_size=20).map(np.array)
small = st.lists(st.floats(-50, 50), min_size=2, max_size=20).map(np.array)
eighths, falls, rises = (st.integers(*ends).map(lambda k: k / 8) for ends in ((-40, 40), (-40, -1), (1, 40)))
seeds = st.integers(0, 2**32 - 1)
m_rows, n_columns, degrees = st.integers(2, 30), st.integers(1, 6), st.integers(1, 8)
lambdas = st.sampled_from([0.0, 0.1, 0.3, 3.0, 10.0])
few_sizes = st.lists(st.integers(1, 5), min_size=2, max_size=4).map(np.array)
few_networks = st.builds(lambda sizes, m, seed: random_case(tuple(sizes), m, 0.5, seed), few_sizes, degrees, seeds)


@dataclass(frozen=True)
class Port:
    """A function of ours, with the arguments of an Octave file, and the cases that both are called with."""

    file: str
    ours: Callable[..., Any]
    cases: Any
    tolerance: tuple[float, float | None] = COST


def with_ones(X: FloatArray) -> FloatArray:
    return np.column_stack([np.ones(len(X)), X])


def normal(rng: np.random.Generator, *shape: int) -> FloatArray:
    return rng.standard_normal(shape)


def drawn(build: Callable[..., Any], *strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return cases made by `build` of a random generator and what the strategies give."""
    return st.tuples(seeds, *strategies).map(lambda given: build(np.random.default_rng(given[0]), *given[1:]))


# The arguments as the .m files take them.


def of_network(case: Case, *first: Any) -> tuple[Any, ...]:
    return (*first, case.theta_vec, np.array(case.layer_sizes), case.X, case.y, case.lambda_)


def with_direction(case: Case) -> tuple[Any, ...]:
    theta, *rest = of_network(case)
    return theta, np.cos(np.arange(1.0, theta.size + 1)), *rest


def thetas_of(case: Case) -> tuple[Any, ...]:
    return tuple(cp.reshape_thetas(case.theta_vec, case.layer_sizes))


def of_system(system: System) -> tuple[Any, ...]:
    options = (system.options[name] for name in NAMES)
    return (system.theta_vec, np.array(system.layer_sizes), system.X, system.y, system.lambda_, *options)


@st.composite
def regressions(draw: st.DrawFn, *, labels: bool) -> tuple[Any, ...]:
    m, n = draw(st.integers(1, 40)), draw(st.integers(1, 8))
    spread, rng = draw(st.sampled_from([0.01, 1.0, 50.0])), np.random.default_rng(draw(seeds))
    y = rng.integers(0, 2, m).astype(np.float64) if labels else normal(rng, m)
    return spread * normal(rng, n + 1), normal(rng, m, n), y, draw(lambdas)


def as_network(regression: tuple[Any, ...]) -> tuple[Any, ...]:
    theta, *rest = regression
    return theta, np.cos(np.arange(theta.size)), np.array([theta.size - 1, 1]), *rest


@st.composite
def of_examples(draw: st.DrawFn, rows: int, *more: float) -> tuple[Any, ...]:
    """Draw W, b, examples in columns, and the activations, as the regression lecture has them."""
    sizes = tuple(draw(st.lists(st.integers(1, 5), min_size=2, max_size=5)))
    names = {"hidden_activation": draw(st.sampled_from(HIDDEN)), "output_activation": draw(st.sampled_from(HIDDEN))}
    options = names | {"loss": "squared_error", "penalty": "lambda/2"}
    system = draw_system(sizes, rows, 0.0, options, np.random.default_rng(draw(seeds)))
    W, b = cp.lectures.thetas_to_wb(cp.reshape_thetas(system.theta_vec, sizes))
    return W, b, system.X.T, system.y.T, *more, *names.values()


def flowers(rng: np.random.Generator, m: int, n: int) -> tuple[Any, ...]:
    return rng.random((m, n)), rng.random(m), rng.random((3, n)), rng.random(3), rng.random(n), 0.05, 20


def iris_run() -> tuple[Any, ...]:
    """The lecture's run on iris: 40 flowers of each species to learn from, 5 to validate."""
    X, y = cp.load_iris()
    kinds = np.arange(3)[:, None] * 50
    train, validate = (np.ravel(kinds + np.arange(first, last)) for first, last in ((0, 40), (40, 45)))
    start = np.random.RandomState(37).random_sample(4)
    return X[train], y[train] - 1.0, X[validate], y[validate] - 1.0, start, 0.03, 100


def digits(lambda_: float) -> tuple[Any, ...]:
    X, y = cp.load_digits()
    return cp.rand_initialize_weights((400, 25, 10), epsilon=0.5, seed=3), np.array([400, 25, 10]), X, y, lambda_


def ratings(rng: np.random.Generator, movies: int, users: int, features: int, lambda_: float) -> tuple[Any, ...]:
    Y, R = rng.integers(1, 6, (movies, users)).astype(np.float64), (rng.random((movies, users)) < 0.6) * 1.0
    return normal(rng, (movies + users) * features), Y, R, users, movies, features, lambda_


def one_of_each(rng: np.random.Generator, m: int, n: int, K: int) -> tuple[Any, ...]:
    y = np.concatenate([np.arange(1, K + 1), rng.integers(1, K + 1, m - K)])
    return normal(rng, m, n), y, K, 1.0, {"MaxIter": 4}


def curves(rng: np.random.Generator, m: int, n: int, last: Any) -> tuple[Any, ...]:
    return with_ones(normal(rng, m, n)), normal(rng, m), with_ones(normal(rng, 9, n)), normal(rng, 9), last, "normalEqn"


# Our functions with the arguments of the .m files.


def network_cost(theta: Any, sizes: Any, X: Any, y: Any, lambda_: float, *names: str) -> Any:
    return cp.nn_cost_function(theta, sizes, X, y, lambda_, **dict(zip(NAMES, names, strict=False)))


def deep_cost(theta: Any, sizes: Any, X: Any, y: Any, lambda_: float, *names: str) -> Any:
    return deep_cost_function(theta, sizes, X, y, lambda_, **dict(zip(NAMES, names, strict=True)))


def deltas(theta: Any, sizes: Any, x: Any, y: Any, *names: str) -> Any:
    found = cp.node_deltas(theta, sizes, x[None], y[None], **dict(zip(NAMES, names, strict=False)))
    return [layer[0] for layer in found]


def network_hessp(theta: Any, p: Any, sizes: Any, X: Any, y: Any, lambda_: float) -> Any:
    return cp.NeuralNetworkCost(sizes, X, y, lambda_).hessp(theta, p)


def logistic_hessp(theta: Any, p: Any, _: Any, X: Any, y: Any, lambda_: float) -> Any:
    return cp.regression.logistic_cost_hessp(theta, p, X, y, lambda_)


def slopes(name: str, theta: Any, sizes: Any, X: Any, y: Any, lambda_: float) -> Any:
    assert name == "nnCostFunction"
    return cp.compute_numerical_gradient(cp.NeuralNetworkCost(sizes, X, y, lambda_), theta)


def lecture_example() -> Any:
    theta_vec = cp.unroll([np.full((10, 11), 1.0), np.full((10, 11), 2.0), np.full((1, 11), 3.0)])
    return theta_vec, *cp.reshape_thetas(theta_vec, (10, 10, 10, 1))


def draw_weights(sizes: Any, epsilon: float, seed: int) -> Any:
    return cp.rand_initialize_weights(sizes, epsilon, seed=np.random.RandomState([seed]))


def backprop(algorithm: Callable[..., Any]) -> Callable[..., Any]:
    return lambda W, b, x, y, hidden, output: algorithm(
        W, b, np.ravel(x), np.ravel(y), hidden_activation=hidden, output_activation=output
    )


def batch_steps(W: Any, b: Any, X: Any, Y: Any, alpha: float, lambda_: float, count: int, *names: str) -> Any:
    named = dict(zip(NAMES, names, strict=False))
    W, b, history = batch_gradient_descent(W, b, X, Y, alpha=alpha, lambda_=lambda_, iterations=count, **named)
    return W, b, history[1:]


def steps(name: str, theta: Any, alpha: float, count: int, *arguments: Any) -> Any:
    assert name == "nnCostFunction"
    cost = cp.NeuralNetworkCost(*arguments)
    result = cp.gradient_descent(cost, theta, jac=True, alpha=alpha, maxiter=count)
    return result.x, result.history[1:]


def interpolated(f1: float, f2: float, d2: float, f3: float, d3: float, z3: float) -> float:
    return interpolate(f1, point(f2, d2), point(f3, d3), z3)


def extrapolated(z1: float, f2: float, d2: float, f3: float, d3: float, z3: float, limit: float | None) -> float:
    return extrapolate(z1, point(f2, d2), point(f3, d3), z3, limit)


def point(value: float, slope: float) -> Point:
    return Point(np.empty(0), value, np.empty(0), slope)


def form_slopes(name: str, x: Any, step: float = 1e-6) -> Any:
    assert name == "form"
    return gradient(lambda v: float(2 * v[0] ** 2 + 3 * v[0] * v[1] + 5 * v[1] ** 2), x, step)


def descent(X: Any, y: Any, X_val: Any, y_val: Any, w: Any, alpha: float, count: int) -> Any:
    return descend(w, (X, y), (X_val, y_val), alpha=alpha, n_steps=count)


def neuron(w: Any, x: Any) -> Any:
    at = dict(zip(("w0", "w1", "w2", "x0", "x1"), (*w, *x), strict=True))
    table = circuit.gate_table(circuit.parse("1/(1 + exp(-(w0*x0 + w1*x1 + w2)))", at))
    own = {gate.name: gate.gradient for gate in table}
    dw, dx = np.split(np.array([own[name] for name in at]), [3])
    gates = table[5:]
    return (
        table[-1].value,
        dw,
        dx,
        np.array([gate.value for gate in gates]),
        np.array([gate.gradient for gate in gates]),
    )


def product(x: float, y: float, z: float) -> Any:
    gates = {gate.name: gate for gate in circuit.gate_table(circuit.parse("(x + y) * z", {"x": x, "y": y, "z": z}))}
    return gates["g2"].value, np.array([gates[name].gradient for name in ("x", "y", "z", "g1")]), gates["g1"].value


def mapped(x1: Any, x2: Any, degree: int) -> Any:
    return with_ones(cp.map_feature(x1, x2, degree))


def normal_equation(X: Any, y: Any, lambda_: float = 0.0) -> Any:
    return cp.normal_equation(X[:, 1:], y, lambda_)


def learning(X: Any, y: Any, X_val: Any, y_val: Any, lambda_: float, _: str) -> Any:
    return cp.regression.learning_curve(X[:, 1:], y, X_val[:, 1:], y_val, lambda_)


def validation(X: Any, y: Any, X_val: Any, y_val: Any, strengths: Any, _: str) -> Any:
    return strengths, *cp.regression.validation_curve(X[:, 1:], y, X_val[:, 1:], y_val, strengths)


def one_vs_all(X: Any, y: Any, K: int, lambda_: float, options: Any) -> Any:
    return cp.regression.train_one_vs_all(X, y, K, lambda_, max_iterations=options["MaxIter"])


def ratings_cost(params: Any, Y: Any, R: Any, _users: int, _movies: int, features: int, lambda_: float) -> Any:
    return cp.collaborative_cost(params, Y, R, features, lambda_)


choices = st.sampled_from(HIDDEN)
of_networks, of_systems = cases().map(of_network), systems().map(of_system)
PORTS = [
    Port("sigmoid", cp.sigmoid, st.tuples(values), ROUNDING),
    # The course's g (1 - g) has the rounding error of 1 - g, one unit in the last place of 1.
    Port("sigmoidGradient", cp.sigmoid_gradient, st.tuples(values), (1e-14, 2.3e-16)),
    Port("activation", lambda name, z: activations.get(name).value(z), st.tuples(choices, small), ROUNDING),
    # Octave's 1 - tanh(z)^2 and g (1 - g) lose what lies below 1e-16.
    Port("activationGradient", lambda name, z: activations.get(name).derivative(z), st.tuples(choices, small), ALGEBRA),
    Port("unroll", lambda *thetas: cp.unroll(thetas), cases().map(thetas_of), EXACT),
    Port("reshapeThetas", cp.reshape_thetas, of_networks.map(lambda c: c[:2]), EXACT),
    Port("unrollingExample", lecture_example, [()], EXACT),
    Port("debugInitializeThetas", cp.debug_initialize_weights, [(np.array([3, 5, 3]),)], (1e-15, 0.0)),
    Port("randInitializeThetas", draw_weights, st.tuples(few_sizes, st.sampled_from([0.12, 0.7]), seeds), EXACT),
    Port("nnCostFunction", network_cost, of_networks),
    Port("nnCostFunctionLoop", network_cost, of_networks),
    Port("nnCostFunction", network_cost, [digits(0.0), digits(1.0)]),
    Port("nnCostFunctionGeneral", network_cost, of_systems),
    Port("deepCostFunction", deep_cost, of_systems),
    Port("predict", cp.predict, of_networks.map(lambda c: c[:3]), EXACT),
    Port("predict", cp.predict, [digits(0.0)[:3]], EXACT),
    # Both divide rounding errors of J, 2e-16, by the step 2e-4.
    Port("computeNumericalGradient", slopes, [of_network(check_network(1.0), "nnCostFunction")], (0.0, 2e-11)),
    Port("nodeDeltas", deltas, systems().map(lambda s: (*of_system(s)[:2], s.X[-1], s.y[-1], *of_system(s)[5:8]))),
    Port("nnHessianProduct", network_hessp, cases(5, 10).map(with_direction), (1e-9, None)),
    Port("nnHessianProduct", logistic_hessp, regressions(labels=True).map(as_network), OCTAVE_GRADIENT),
    *(Port(name, cp.logistic_cost, regressions(labels=True)) for name in ("logisticCost", "logisticCostLoop")),
    *(Port(name, cp.linear_cost, regressions(labels=False)) for name in ("linearCost", "linearCostLoop")),
    *(
        Port("regressionBackpropNodes", backprop(algorithm), of_examples(1))
        for algorithm in (backprop_nodes, backprop_vectors)
    ),
    Port("regressionGradientDescent", batch_steps, of_examples(7, 0.001, 0.3, 5)),
    Port(
        "gradientDescent",
        steps,
        few_networks.map(lambda c: ("nnCostFunction", c.theta_vec, 0.1, 30, *of_network(c)[1:])),
        OCTAVE_GRADIENT,
    ),
    Port("fmincgInterpolate", interpolated, st.tuples(eighths, eighths, eighths, eighths, falls, falls), ALGEBRA),
    Port(
        "fmincgExtrapolate",
        extrapolated,
        st.tuples(rises, eighths, falls, eighths, falls, falls, st.none() | rises),
        ALGEBRA,
    ),
    # The rounding of f, of order 1e-14, is divided by the step.
    Port(
        "forwardDifference",
        form_slopes,
        drawn(lambda rng: ("form", rng.uniform(-3, 3, 2), 1e-3)),
        (0.0, 1e-10),
    ),
    Port(
        "forwardDifference",
        form_slopes,
        drawn(lambda rng: ("form", rng.uniform(-3, 3, 2))),
        (0.0, 1e-7),
    ),
    Port("meanSquaredErrorDescent", descent, drawn(flowers, m_rows, n_columns)),
    Port("meanSquaredErrorDescent", descent, [iris_run()], (1e-11, None)),
    Port("productCircuit", product, st.tuples(*[st.floats(-9, 9)] * 3), EXACT),
    Port("neuronCircuit", neuron, drawn(lambda rng: (rng.uniform(-3, 3, 3), rng.uniform(-3, 3, 2)))),
    Port(
        "mapFeature",
        mapped,
        drawn(lambda rng, m, degree: (*rng.uniform(-2, 2, (2, m)), degree), m_rows, degrees),
        ROUNDING,
    ),
    Port(
        "polyFeatures",
        cp.poly_features,
        drawn(lambda rng, m, degree: (rng.uniform(-2, 2, m), degree), m_rows, degrees),
        ROUNDING,
    ),
    Port(
        "featureNormalize",
        cp.feature_normalize,
        drawn(lambda *sizes: (normal(*sizes) * 100 + 7,), m_rows, n_columns),
        (1e-12, 1e-12),
    ),
    Port(
        "normalEqn",
        normal_equation,
        drawn(lambda rng, m, s: (with_ones(normal(rng, m, 4)), normal(rng, m), s), st.integers(8, 30), lambdas),
        SOLVED,
    ),
    # Of many best theta both give the shortest.
    Port(
        "normalEqn",
        normal_equation,
        drawn(lambda rng, m, n: (with_ones(normal(rng, m, n)), normal(rng, m)), st.integers(1, 4), st.integers(4, 6)),
        LOOSE,
    ),
    Port("learningCurve", learning, drawn(curves, st.integers(2, 12), st.integers(1, 3), lambdas), LOOSE),
    Port(
        "validationCurve",
        validation,
        drawn(curves, st.integers(2, 12), st.integers(1, 3), st.just(np.array([0.1, 1.0, 10.0]))),
        LOOSE,
    ),
    Port("oneVsAll", one_vs_all, drawn(one_of_each, st.integers(10, 40), st.integers(1, 5), st.integers(2, 4)), LOOSE),
    Port(
        "predictOneVsAll",
        cp.regression.predict_one_vs_all,
        drawn(lambda rng, m, n: (normal(rng, 3, n + 1), normal(rng, m, n)), m_rows, n_columns),
        EXACT,
    ),
    Port(
        "cofiCostFunc", ratings_cost, drawn(ratings, st.integers(1, 9), st.integers(1, 8), st.integers(1, 5), lambdas)
    ),
    Port(
        "normalizeRatings",
        cp.regression.normalize_ratings,
        drawn(lambda *sizes: ratings(*sizes, 1, 0.0)[1:3], m_rows, n_columns),
        ALGEBRA,
    ),
    Port(
        "estimateGaussian",
        cp.regression.estimate_gaussian,
        drawn(lambda *sizes: (normal(*sizes),), m_rows, n_columns),
        ALGEBRA,
    ),
    Port(
        "selectThreshold",
        cp.regression.select_threshold,
        drawn(lambda rng, m: ((rng.random(m) < 0.3) * 1.0, rng.random(m)), m_rows),
        ALGEBRA,
    ),
]


@cache
def recordings() -> list[Recording]:
    """Return what Octave gives in every case of every port: one Octave makes all the calls."""
    made, calls = [], []
    for port in PORTS:
        path = FOLDER / f"{port.file}.m"
        signature = read_signature(path)
        read = read_cases if isinstance(port.cases, list) else partial(draw_cases, count=COUNT)
        found = read(port.cases, signature.inputs)
        made.append(Recording(port.file, str(path), "", signature.outputs, "", tuple(found), ()))
        calls += [Call(port.file, case.octave, len(signature.outputs)) for case in found]
    program = octave_program({"all": []}, called=[port.file for port in PORTS], first=[FOLDER], setup=FORM)
    answers = iter(make_calls(program, calls, Limits(seconds=600.0))[0])
    return [replace(recording, answers=tuple(islice(answers, len(recording.cases)))) for recording in made]


@pytest.mark.octave
@pytest.mark.parametrize("number", range(len(PORTS)), ids=[f"{port.file}-{n}" for n, port in enumerate(PORTS)])
def test_a_function_is_the_reference_s(number: int) -> None:
    rtol, atol = PORTS[number].tolerance
    report = compare_recording(recordings()[number], PORTS[number].ours, rtol=rtol, atol=atol)
    assert report.agrees, str(report)
