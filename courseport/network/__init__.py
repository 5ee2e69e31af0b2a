"""WHAT is computed. Start with `lecture`: forward propagation, cost, deltas and gradient, line by line.

Imports `_checks` alone; knows neither blocks nor threads.
"""

from courseport.network.activations import sigmoid, sigmoid_gradient
from courseport.network.gradient_check import (
    GradientCheck,
    check_gradient,
    complex_step_gradient,
    compute_numerical_gradient,
)
from courseport.network.lecture import node_deltas
from courseport.network.prediction import accuracy, forward_propagate, hypothesis, predict
from courseport.network.unrolling import (
    ThetaLayout,
    debug_initialize_weights,
    rand_initialize_weights,
    reshape_thetas,
    small_random_weights,
    unroll,
    zero_weights,
)

__all__ = [
    "GradientCheck",
    "ThetaLayout",
    "accuracy",
    "check_gradient",
    "complex_step_gradient",
    "compute_numerical_gradient",
    "debug_initialize_weights",
    "forward_propagate",
    "hypothesis",
    "node_deltas",
    "predict",
    "rand_initialize_weights",
    "reshape_thetas",
    "sigmoid",
    "sigmoid_gradient",
    "small_random_weights",
    "unroll",
    "zero_weights",
]
