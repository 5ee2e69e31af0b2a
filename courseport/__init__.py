"""courseport: the course's neural-network cost function for SciPy's optimisers, proven against GNU Octave.

Bad input is refused everywhere in the same way: a ValueError, or a TypeError for another kind of thing, that names the
argument, what was expected and what came, before any work is done. Docstrings list further errors only.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from courseport.cost import NeuralNetworkCost, nn_cost_function
from courseport.datasets import load_data, load_digits, load_iris, load_theta, save_theta
from courseport.network import (
    ThetaLayout,
    accuracy,
    check_gradient,
    complex_step_gradient,
    compute_numerical_gradient,
    debug_initialize_weights,
    forward_propagate,
    hypothesis,
    node_deltas,
    predict,
    rand_initialize_weights,
    reshape_thetas,
    sigmoid,
    sigmoid_gradient,
    unroll,
)
from courseport.regression import (
    CollaborativeCost,
    collaborative_cost,
    feature_normalize,
    linear_cost,
    logistic_cost,
    map_feature,
    normal_equation,
    poly_features,
)
from courseport.training import Checkpoint, TrainingWarning, fmincg, fminunc, gradient_descent, train

if TYPE_CHECKING:
    from courseport import cli as cli
    from courseport import crosscheck as crosscheck
    from courseport import exercises as exercises
    from courseport import integrations as integrations
    from courseport import lectures as lectures
    from courseport import octave as octave
    from courseport import plots as plots

__version__ = "0.1.0"

_LAZY = ("cli", "crosscheck", "exercises", "integrations", "lectures", "octave", "plots")  # loaded at first use

__all__ = [
    "Checkpoint",
    "CollaborativeCost",
    "NeuralNetworkCost",
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
    "linear_cost",
    "load_data",
    "load_digits",
    "load_iris",
    "load_theta",
    "logistic_cost",
    "map_feature",
    "nn_cost_function",
    "node_deltas",
    "normal_equation",
    "poly_features",
    "predict",
    "rand_initialize_weights",
    "reshape_thetas",
    "save_theta",
    "sigmoid",
    "sigmoid_gradient",
    "train",
    "unroll",
]


# Type checkers know the sub-packages by the imports above: seeing this function, they would accept any misspelt name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> ModuleType:
        if name in _LAZY:
            return import_module(f"courseport.{name}")
        raise AttributeError(f"module 'courseport' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted((*__all__, *_LAZY, "datasets", "network", "regression", "training"))
