"""Exercise 4: the network 400-25-10, its cost, backpropagation, and training by fmincg."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from courseport._checks import FloatArray, IntArray
from courseport.cost import NeuralNetworkCost
from courseport.exercises.ex3 import LAYER_SIZES, draw_digits, given_network, h_by_numpy, load_course_digits
from courseport.exercises.record import Exercise, Sheet
from courseport.network.activations import sigmoid_gradient
from courseport.network.gradient_check import check_gradient
from courseport.network.prediction import accuracy, predict
from courseport.network.unrolling import debug_initialize_weights, reshape_thetas
from courseport.plots import plot_cost, plot_hidden_units
from courseport.training import fmincg

MISREAD = 3 / 5000 * 100 / 94.36  # examples that rounding may move after 50 iterations
GIVEN = {0: "0.287629165161319", 1: "0.383769859090923", 3: "0.576051246950133"}  # J by lambda
CHECKED = {0: "2.10095056990246", 1: "2.1160869849431", 3: "2.14635981502436"}
CHECKED_GRADIENT = """
    -0.00927825235798855 0.00889911959566955 -0.00836010761746488 0.0076281355108297 -0.00674798370031873
    -3.04978913519708e-06 1.42869442534125e-05 -2.59383100023537e-05 3.69883234431411e-05 -4.68759768851705e-05
    -0.000175060082340578 0.000233146356524616 -0.00028746872934512 0.000335320347216194 -0.000376215586743409
    -9.62660619530045e-05 0.00011798266579571 -0.000137149706034393 0.000153247081600126 -0.00016656029419676
    0.314544970053852 0.111056588217144 0.0974006969644392 0.164090818795005 0.0575736493494124 0.0504575854862287
    0.16456793228789 0.0577867378497112 0.0507530172908855 0.158339333883892 0.0559235296009807 0.0491620841150116
    0.151127527466251 0.0536967009102824 0.0471456248525281 0.149568334716819 0.053154205242622 0.0465597186259366"""
SMALL = {0: "7.40696985606575", 4: "19.4736365227324"}
SMALL_GRADIENT = """
    0.766138369630136 0.979896866040661 0.372460384114365 0.497489124382247 0.64173788392568 0.746138306027472
    0.883417207679397 0.568762344914511 0.584667662135129 0.598139236978449 1.92598021596304 1.94461818252469
    1.98964666453579 2.17855172954545 2.47833662315287 2.50225374001961 2.52643728860077 2.72233088910992"""
# J after so many iterations of fmincg, and the relative difference allowed: rounding grows from step to step
TRAINED = {
    1: ("3.30326187239382", 1e-9),
    5: ("2.80349129234025", 1e-9),
    10: ("2.39778254124904", 1e-9),
    20: ("1.38388115993824", 1e-6),
    50: ("0.538981681550077", 1e-5),
}


def run(data: Path | None = None) -> Exercise:
    """Run the exercise on the user's own course files, or on the shipped digits."""
    X, y, used = load_course_digits(data)
    sheet = Sheet("ex4")
    given, known, name = given_network(data)
    sheet.step(f"Feedforward and cost, with {name}")
    sheet.known = known
    for lambda_, printed in GIVEN.items():
        J = NeuralNetworkCost(LAYER_SIZES, X, y, float(lambda_)).cost(given)
        sheet.figure(f"J, given weights, lambda {lambda_}", printed, J, _cost_by_numpy(given, X, y, lambda_))
    sheet.known = True

    sheet.step("sigmoidGradient")
    for z, slope in {1.0: "0.196611933241482", 0.5: "0.235003712201594", 0.0: "0.250000000000000"}.items():
        sheet.figure(f"sigmoidGradient at {z:g}", slope, sigmoid_gradient(z))

    sheet.step("Cost and backpropagation on a case of three examples")
    case = (2, 2, 4), np.cos([[1, 2], [3, 4], [5, 6]]), np.array([4, 2, 3])
    theta = np.arange(1, 19) / 10
    for lambda_, printed in SMALL.items():
        sheet.figure(f"J, 2-2-4, lambda {lambda_}", printed, NeuralNetworkCost(*case, float(lambda_)).cost(theta))
    sheet.figure("gradient, 2-2-4, lambda 4", SMALL_GRADIENT, NeuralNetworkCost(*case, 4.0)(theta)[1])

    sheet.step("checkNNGradients: backpropagation beside the numerical gradient")
    case = (3, 5, 3), np.sin(np.arange(1, 16)).reshape(5, 3, order="F") / 10, np.array([2, 3, 1, 2, 3])
    theta = debug_initialize_weights((3, 5, 3))
    for lambda_, printed in CHECKED.items():
        sheet.figure(f"J, 3-5-3, lambda {lambda_}", printed, NeuralNetworkCost(*case, float(lambda_)).cost(theta))
    cost = NeuralNetworkCost(*case)
    sheet.figure("gradient, 3-5-3, lambda 0", CHECKED_GRADIENT, cost(theta)[1])
    difference = check_gradient(cost, theta).relative_difference
    sheet.figure("difference from the numerical gradient", "0", difference, rtol=1e-9)

    theta0 = debug_initialize_weights(LAYER_SIZES)
    with NeuralNetworkCost(LAYER_SIZES, X, y, 1.0) as cost:
        sheet.step("Regularised cost and gradient of all 5000 digits, from debugInitializeWeights")
        J, grad = cost(theta0)
        sheet.figure("J, debug weights, lambda 1", "7.00828210776011", J)
        sheet.figure("sum of its gradient", "54.7653743568204", grad.sum())
        sheet.figure("norm of its gradient", "3.46156241434892", np.linalg.norm(grad))
        text = "The order in which J is summed moves J after 50 iterations by up to 3e-6 of it."
        sheet.step("Learning: 50 iterations of fmincg from the debug weights, lambda 1", text)
        result = fmincg(cost, theta0, jac=True, maxiter=50)
    for k, (printed, rtol) in TRAINED.items():
        sheet.figure(f"J after {k} iteration{'s' * (k > 1)}", printed, result.history[k], rtol=rtol)
    sheet.figure("evaluations in 50 iterations", "78", result.nfev)
    reached = accuracy(predict(result.x, LAYER_SIZES, X), y)
    sheet.figure("accuracy %, 50 iterations", "94.36", reached, rtol=MISREAD)
    Theta1 = result.x[: 25 * 401].reshape(25, 401, order="F")
    pictures = {
        "ex4_digits.png": partial(draw_digits, X),
        "ex4_cost.png": partial(plot_cost, result.history),
        "ex4_hidden_units.png": partial(plot_hidden_units, Theta1),
    }
    return Exercise("ex4", "Neural network learning", used, sheet.steps, pictures)


def _cost_by_numpy(theta_vec: FloatArray, X: FloatArray, y: IntArray, lambda_: float) -> float:
    """Return J as the handout's formula stands."""
    h, Y = h_by_numpy(theta_vec, X), np.eye(10)[y - 1]
    squares = sum(np.sum(theta[:, 1:] ** 2) for theta in reshape_thetas(theta_vec, LAYER_SIZES))
    return float(-np.sum(Y * np.log(h) + (1 - Y) * np.log(1 - h)) / len(y) + lambda_ / (2 * len(y)) * squares)
