"""A .m cost function as a Python callable: in SciPy, in the gradient check, in training, and after it was lost."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from tolerances import FIGURE, MINIMUM, OCTAVE_COST, OCTAVE_GRADIENT, assert_close

import courseport as cp
from courseport.octave import OctaveCostFunction, OctaveDiedError, OctaveEvaluationError, octave_fminunc

pytestmark = pytest.mark.octave
ROOT = Path(__file__).parents[1]
GENERAL = ROOT / "octave_reference" / "nnCostFunction.m"
COURSE = ROOT / "octave_reference" / "course" / "nnCostFunction.m"
SIZES = (2, 2, 4)
THETA = np.arange(1, 19) / 10
X = np.cos([[1, 2], [3, 4], [5, 6]])
Y = np.array([4, 2, 3])
SMALL_J = 19.4736365227324  # of the small case that needs no data, lambda 4


@pytest.fixture(scope="module")
def course() -> Iterator[OctaveCostFunction]:
    with OctaveCostFunction(COURSE, layer_sizes=SIZES, X=X, y=Y, lambda_=4.0) as function:
        yield function


@pytest.fixture
def square(tmp_path: Path) -> Path:
    path = tmp_path / "square.m"
    path.write_text(
        "function [J, grad] = square(theta, y)\n  J = sum((theta - y) .^ 2) / 2;\n  grad = theta - y;\nend\n"
    )
    return path


def test_it_gives_the_figures_and_our_own_answer(course: OctaveCostFunction) -> None:
    J, grad_vec = course(THETA)
    ours = cp.NeuralNetworkCost(SIZES, X, Y, 4.0)(THETA)
    assert_close(J, SMALL_J, FIGURE)
    assert_close(J, ours[0], OCTAVE_COST)
    assert_close(grad_vec, ours[1], OCTAVE_GRADIENT)
    assert isinstance(J, float)
    assert grad_vec.dtype == np.float64
    assert_close(course.cost(THETA), J, OCTAVE_COST)


def test_each_gradient_is_a_new_array(course: OctaveCostFunction) -> None:
    first, second = course(THETA)[1], course(THETA)[1]
    assert not np.shares_memory(first, second)
    first[:] = 0.0
    assert np.any(course(THETA)[1])


def test_scipy_finds_the_minimum_that_octaves_fminunc_finds(course: OctaveCostFunction) -> None:
    theta0 = np.full(18, 0.1)
    ours = minimize(cp.NeuralNetworkCost(SIZES, X, Y, 4.0), theta0, jac=True, method="BFGS", options={"gtol": 1e-9})
    over_the_bridge = minimize(course, theta0, jac=True, method="BFGS", options={"gtol": 1e-9})
    octaves = octave_fminunc(course, theta0)
    assert octaves.success, octaves.message
    for result in (over_the_bridge, octaves):
        assert_close(result.fun, ours.fun, MINIMUM)
        assert np.abs(result.jac).max() < 1e-5
    assert octaves.nit >= 1
    assert octaves.nfev >= octaves.nit
    assert octaves.x.shape == (18,)


def test_fminunc_says_when_it_stops_early(course: OctaveCostFunction) -> None:
    stopped = octave_fminunc(course, np.full(18, 0.1), max_iterations=1)
    assert not stopped.success
    assert stopped.message == "Iteration limit exceeded."
    assert course.session.time_limit == 60.0
    with pytest.raises(ValueError, match="max_iterations must be a whole number >= 1, got 0"):
        octave_fminunc(course, THETA, max_iterations=0)


def test_the_gradient_checker_and_train_take_it(course: OctaveCostFunction) -> None:
    assert cp.check_gradient(course, THETA).relative_difference < 1e-9
    assert cp.train(course, THETA, max_iterations=300).fun < SMALL_J / 5


def test_the_general_signature_is_understood(course: OctaveCostFunction) -> None:
    with OctaveCostFunction(GENERAL, layer_sizes=SIZES, X=X, y=Y, lambda_=4) as general:
        assert_close(general(THETA)[1], course(THETA)[1], OCTAVE_GRADIENT)
        assert general.call == "nnCostFunction (theta_vec, layer_sizes, X, y, lambda)"


def test_a_call_template_may_be_any_expression_of_the_data() -> None:
    template = "nnCostFunction(theta, [2 2 4], X(:, 1:end), labels, 2 * strength)"
    with OctaveCostFunction(GENERAL, call=template, X=X, labels=Y, strength=2.0) as function:
        assert_close(function(THETA)[0], SMALL_J, OCTAVE_COST)


def test_an_unused_argument_is_passed(tmp_path: Path) -> None:
    path = tmp_path / "lrCostFunction.m"
    path.write_text(
        "function [J, grad] = lrCostFunction(theta, X, ~, ~)\n  J = sum(X * theta);\n  grad = sum(X)';\nend\n"
    )
    with OctaveCostFunction(path, X=np.eye(2), y=[0, 1], lambda_=1.0) as function:
        assert function.call == "lrCostFunction (theta, X, y, lambda)"
        assert function([2.0, 3.0])[0] == 5.0


def test_regression_and_ratings_are_understood() -> None:
    reference = ROOT / "octave_reference"
    theta, ones = np.array([-2.0, -1.0, 1.0, 2.0]), np.ones((5, 1))
    X1 = np.hstack([ones, np.arange(1.0, 16.0).reshape(5, 3, order="F") / 10])
    with OctaveCostFunction(reference / "lrCostFunction.m", X=X1, y=[1, 0, 1, 0, 1], lambda_=3) as logistic:
        J, grad = logistic(theta)
    assert_close(J, 2.534819396109744, OCTAVE_COST)
    assert_close(grad[:2], np.array([0.146561367924898, -0.54855841185316]), OCTAVE_GRADIENT)
    with OctaveCostFunction(reference / "computeCost.m", X=X1, y=[1, 0, 1, 0, 1]) as cost:
        assert cost.cost(theta) > 0
        with pytest.raises(ValueError, match=r"computeCost.m returns J alone, without a gradient; use its cost\(\)"):
            cost(theta)


def test_the_data_is_a_copy_that_is_sent_once(square: Path) -> None:
    y = np.array([1.0, 2.0])
    with OctaveCostFunction(square, y=y) as function:
        y[:] = 100.0
        assert function(np.array([1.0, 2.0]))[0] == 0.0
        pushed: list[str] = []
        push = function.session.push
        function.session.push = lambda name, value: (pushed.append(name), push(name, value))  # type: ignore[method-assign, func-returns-value, assignment] # a spy
        function(np.zeros(2))
        assert pushed == []
        engine = function.session._engine
        assert engine is not None
        engine.kill()
        with pytest.raises(OctaveDiedError):
            function(np.zeros(2))
        assert function(np.array([1.0, 4.0]))[0] == 2.0
        assert pushed == ["y"]


def test_an_edited_file_is_read_again(square: Path) -> None:
    with OctaveCostFunction(square, y=[0.0, 0.0]) as function:
        assert function([1.0, 1.0])[0] == 1.0
        for factor in (3, 5, 7):  # several times within a second, which is all that Octave's clock resolves
            time.sleep(0.02)
            square.write_text(f"function [J, grad] = square(theta, y)\n  J = {factor}; grad = theta - y;\nend\n")
            assert function([1.0, 1.0])[0] == factor


def test_a_copy_made_by_pickle_works(square: Path) -> None:
    with OctaveCostFunction(square, y=[1.0, 1.0]) as function:
        function([0.0, 0.0])
        with pickle.loads(pickle.dumps(function)) as copy:
            assert copy([0.0, 0.0])[0] == 1.0


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("J = [1 2]; grad = theta;", "J of f.m must be one real number, got real numbers of shape"),
        ("J = 1i; grad = theta;", "J of f.m must be one real number, got complex numbers"),
        ("J = 'a'; grad = theta;", "J of f.m must be one real number, got text"),
        ("J = 1; grad = theta(1:2);", "the gradient of f.m must be 3 real numbers in a column"),
        ("J = 1; grad = 1i * theta;", "the gradient of f.m must be 3 real numbers .* got complex numbers"),
        ("J = 1; grad = [];", "the gradient of f.m must be 3 real numbers"),
    ],
)
def test_what_is_no_cost_and_gradient_is_refused(tmp_path: Path, body: str, error: str) -> None:
    (tmp_path / "f.m").write_text(f"function [J, grad] = f(theta)\n  {body}\nend\n")
    with OctaveCostFunction(tmp_path / "f.m") as function, pytest.raises(ValueError, match=error):
        function([1.0, 2.0, 3.0])


def test_a_row_is_taken_and_a_single_parameter(tmp_path: Path) -> None:
    (tmp_path / "f.m").write_text("function [J, grad] = f(theta)\n  J = sum(theta); grad = ones(size(theta))';\nend\n")
    with OctaveCostFunction(tmp_path / "f.m") as function:
        assert function([1.0, 2.0])[1].tolist() == [1.0, 1.0]
        assert function([3.0])[1].tolist() == [1.0]


def test_errors_of_the_file_pass_through(tmp_path: Path) -> None:
    (tmp_path / "f.m").write_text("function [J, grad] = f(theta)\n  error('no luck');\nend\n")
    with OctaveCostFunction(tmp_path / "f.m") as function:
        with pytest.raises(OctaveEvaluationError, match=r"no luck \(f, line 2\)"):
            function([1.0])
        with pytest.raises(ValueError, match="theta_vec must have shape"):
            function([[1.0]])


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"X": X}, TypeError, "needs layer_sizes; given: X"),
        ({"X": X, "y": Y, "lambda_": 1, "layer_sizes": SIZES, "foo": 3}, TypeError, "takes no foo"),
        ({"X": None, "y": Y, "lambda_": 1, "layer_sizes": SIZES}, TypeError, "X must be numbers or text, got NoneType"),
        ({"call": "nnCostFunction"}, ValueError, "call must be a call such as"),
        ({"call": "nnCostFunction(a, b)", "a": 1, "b": 2}, ValueError, "call must name the parameters, such as theta"),
    ],
)
def test_data_that_does_not_fit_is_refused_before_octave_starts(
    arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        OctaveCostFunction(GENERAL, **arguments)


def test_files_that_cannot_be_called_are_refused(tmp_path: Path) -> None:
    (tmp_path / "two words.m").write_text("function J = f(theta)\n")
    with pytest.raises(ValueError, match=r"path must name a \.m file whose name Octave can call"):
        OctaveCostFunction(tmp_path / "two words.m")
    (tmp_path / "strange.m").write_text("function J = strange(a, b, c)\n")
    with pytest.raises(ValueError, match=r"arguments of .*strange\(a, b, c\) are not understood.*call='strange"):
        OctaveCostFunction(tmp_path / "strange.m")
    with pytest.raises(FileNotFoundError):
        OctaveCostFunction(tmp_path / "nowhere.m")


def test_the_files_folder_comes_first(tmp_path: Path) -> None:
    (tmp_path / "sin.m").write_text("function J = sin(theta)\n  J = 1;\nend\n")
    with OctaveCostFunction(tmp_path / "sin.m") as function:
        assert function.cost([1.0]) == 1.0
