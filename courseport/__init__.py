"""courseport: the course's neural-network cost function for SciPy's optimisers, proven against GNU Octave."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from courseport.activations import sigmoid, sigmoid_gradient
from courseport.checkpoint import Checkpoint, CheckpointWarning
from courseport.cost import NeuralNetworkCost, nn_cost_function
from courseport.datasets import load_data, load_digits, load_iris, load_mnist, load_theta, save_theta
from courseport.deltas import node_deltas
from courseport.features import feature_normalize, map_feature, poly_features
from courseport.gradient_check import GradientCheck, check_gradient, complex_step_gradient, compute_numerical_gradient
from courseport.initialize import (
    debug_initialize_weights,
    rand_initialize_weights,
    small_random_weights,
    zero_weights,
)
from courseport.least_squares import learning_curve, normal_equation, validation_curve
from courseport.one_vs_all import predict_one_vs_all, train_one_vs_all
from courseport.optimizers import fmincg, fminunc, gradient_descent
from courseport.prediction import accuracy, forward_propagate, hypothesis, predict
from courseport.recommender import CollaborativeCost, collaborative_cost, normalize_ratings, split_params
from courseport.record import Progress
from courseport.regression import linear_cost, logistic_cost, predict_linear, predict_logistic
from courseport.training import TrainingWarning, train
from courseport.unrolling import ThetaLayout, reshape_thetas, unroll
from courseport.wb import thetas_to_wb, wb_to_thetas

if TYPE_CHECKING:
    from courseport import beginnings as beginnings
    from courseport import circuit as circuit
    from courseport import crosscheck as crosscheck
    from courseport import octave as octave
    from courseport import plots as plots
else:

    def __getattr__(name: str) -> ModuleType:
        """Import a submodule when it is first used."""
        if name in {"beginnings", "circuit", "crosscheck", "octave", "plots"}:
            return import_module(f"courseport.{name}")
        raise AttributeError(f"module 'courseport' has no attribute {name!r}")


__version__ = "0.1.0"

__all__ = [
    "Checkpoint",
    "CheckpointWarning",
    "CollaborativeCost",
    "GradientCheck",
    "NeuralNetworkCost",
    "Progress",
    "ThetaLayout",
    "TrainingWarning",
    "accuracy",
    "check_gradient",
    "collaborative_cost",
    "complex_step_gradient",
    "compute_numerical_gradient",
    "debug_initialize_weights",
    "feature_normalize",
    "fmincg",
    "fminunc",
    "forward_propagate",
    "gradient_descent",
    "hypothesis",
    "learning_curve",
    "linear_cost",
    "load_data",
    "load_digits",
    "load_iris",
    "load_mnist",
    "load_theta",
    "logistic_cost",
    "map_feature",
    "nn_cost_function",
    "node_deltas",
    "normal_equation",
    "normalize_ratings",
    "poly_features",
    "predict",
    "predict_linear",
    "predict_logistic",
    "predict_one_vs_all",
    "rand_initialize_weights",
    "reshape_thetas",
    "save_theta",
    "sigmoid",
    "sigmoid_gradient",
    "small_random_weights",
    "split_params",
    "thetas_to_wb",
    "train",
    "train_one_vs_all",
    "unroll",
    "validation_curve",
    "wb_to_thetas",
    "zero_weights",
]
