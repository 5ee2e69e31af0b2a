"""Data: the shipped digits and iris, a user's own files (MAT, CSV, NPZ, Octave text, IDX), and trained weights."""

from __future__ import annotations

from courseport.datasets.own_files import DataWarning, load_data
from courseport.datasets.shipped import (
    course_features,
    course_labels,
    load_digit_images,
    load_digits,
    load_idx,
    load_iris,
    load_mnist,
    resize_matrix,
)
from courseport.datasets.thetas import TrainedNetwork, load_network, load_theta, save_network, save_theta
from courseport.datasets.variables import load_variables

__all__ = [
    "DataWarning",
    "TrainedNetwork",
    "course_features",
    "course_labels",
    "load_data",
    "load_digit_images",
    "load_digits",
    "load_idx",
    "load_iris",
    "load_mnist",
    "load_network",
    "load_theta",
    "load_variables",
    "resize_matrix",
    "save_network",
    "save_theta",
]
