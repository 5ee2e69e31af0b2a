"""scikit-learn estimators over the cost function: pipelines, grid searches, cross-validation.

They need scikit-learn (``pip install 'courseport[sklearn]'``), which is imported here and never by `import courseport`.
"""

from __future__ import annotations

from courseport import _checks

_checks.require("sklearn", "sklearn", "courseport.integrations.estimators")

from courseport.integrations.estimators.logistic import LogisticRegression  # noqa: E402 - after the check that says what to install
from courseport.integrations.estimators.network import NeuralNetworkClassifier, NeuralNetworkRegressor  # noqa: E402 - the same

__all__ = ["LogisticRegression", "NeuralNetworkClassifier", "NeuralNetworkRegressor"]
