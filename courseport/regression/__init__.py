"""Linear and logistic regression, one-vs-all, features, recommender systems. Imports `training`, `cost` and below."""

from courseport.regression.costs import (
    linear_cost,
    linear_cost_hessp,
    logistic_cost,
    logistic_cost_hessp,
    predict_linear,
    predict_logistic,
    predict_one_vs_all,
    train_one_vs_all,
)
from courseport.regression.features import (
    estimate_gaussian,
    feature_normalize,
    map_feature,
    poly_features,
    select_threshold,
)
from courseport.regression.least_squares import learning_curve, normal_equation, validation_curve
from courseport.regression.recommender import (
    CollaborativeCost,
    collaborative_cost,
    collaborative_cost_hessp,
    normalize_ratings,
    split_params,
)

__all__ = [
    "CollaborativeCost",
    "collaborative_cost",
    "collaborative_cost_hessp",
    "estimate_gaussian",
    "feature_normalize",
    "learning_curve",
    "linear_cost",
    "linear_cost_hessp",
    "logistic_cost",
    "logistic_cost_hessp",
    "map_feature",
    "normal_equation",
    "normalize_ratings",
    "poly_features",
    "predict_linear",
    "predict_logistic",
    "predict_one_vs_all",
    "select_threshold",
    "split_params",
    "train_one_vs_all",
    "validation_curve",
]
