"""Training: optimisers, history, checkpoints, comparison, sweep. Imports `cost` and what lies below it."""

from courseport.training.checkpoint import Checkpoint, CheckpointWarning
from courseport.training.fmincg import fmincg
from courseport.training.fminunc import fminunc
from courseport.training.gradient_descent import gradient_descent
from courseport.training.history import Progress
from courseport.training.train import CUSTOM_METHODS, METHODS, TrainingWarning, train

__all__ = [
    "CUSTOM_METHODS",
    "METHODS",
    "Checkpoint",
    "CheckpointWarning",
    "Progress",
    "TrainingWarning",
    "fmincg",
    "fminunc",
    "gradient_descent",
    "train",
]
