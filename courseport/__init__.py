"""courseport: the course's neural-network cost function for SciPy's optimisers, proven against GNU Octave.

Bad input is refused everywhere in the same way: a ValueError, or a TypeError for another kind of thing, that names the
argument, what was expected and what came, before any work is done. Docstrings list further errors only.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from courseport import cli as cli
    from courseport import crosscheck as crosscheck
    from courseport import exercises as exercises
    from courseport import integrations as integrations
    from courseport import lectures as lectures
    from courseport import octave as octave
    from courseport import plots as plots
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
    from courseport.training.checkpoint import Checkpoint
    from courseport.training.fmincg import fmincg
    from courseport.training.fminunc import fminunc
    from courseport.training.history import TrainingWarning
    from courseport.training.method import gradient_descent
    from courseport.training.train import train

__version__ = "0.1.0"

# Nothing loads before it is used: `courseport --version` needs no scipy.
_MODULES = (
    "cli",
    "crosscheck",
    "datasets",
    "exercises",
    "integrations",
    "lectures",
    "network",
    "octave",
    "plots",
    "regression",
    "training",
)
_HOMES = ("cost", "network", "datasets", "training", "regression")  # where the names of __all__ are

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


def _load(name: str) -> ModuleType:
    return import_module(f"courseport.{name}")


# Type checkers know the names by the imports above: seeing this function, they would accept any misspelt one.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in _MODULES:
            return _load(name)
        if name in __all__:
            home = next(module for module in map(_load, _HOMES) if hasattr(module, name))
            value = globals()[name] = getattr(home, name)
            return value
        raise AttributeError(f"module 'courseport' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted((*__all__, *_MODULES))
