"""Training: optimisers, history, checkpoints, comparison, sweep. Imports `cost` and what lies below it."""

from courseport.training.checkpoint import Checkpoint, CheckpointWarning
from courseport.training.comparison import compare_methods, plot_comparison
from courseport.training.fmincg import fmincg
from courseport.training.fminunc import fminunc
from courseport.training.history import EndOfTraining, Progress, TrainingWarning
from courseport.training.method import gradient_descent
from courseport.training.sweep import Settings, Trial, plot_sweep, sweep
from courseport.training.train import CUSTOM_METHODS, METHODS, train

# Modules that are called like their function: these names are the functions.
__all__ = [
    "CUSTOM_METHODS",
    "METHODS",
    "Checkpoint",
    "CheckpointWarning",
    "EndOfTraining",
    "Progress",
    "Settings",
    "TrainingWarning",
    "Trial",
    "compare_methods",
    "fmincg",
    "fminunc",
    "gradient_descent",
    "plot_comparison",
    "plot_sweep",
    "sweep",
    "train",
]
