"""The bridge to GNU Octave: drive it, and hand its cost functions to SciPy's optimisers.

Nothing here starts Octave before the first call.
"""

from __future__ import annotations

from courseport.octave.cost import OctaveCostFunction
from courseport.octave.errors import (
    OctaveDiedError,
    OctaveError,
    OctaveEvaluationError,
    OctaveNotFoundError,
    OctaveTimeoutError,
)
from courseport.octave.finding import find_octave, reference_path
from courseport.octave.optimise import octave_fminunc
from courseport.octave.session import OctaveSession

__all__ = [
    "OctaveCostFunction",
    "OctaveDiedError",
    "OctaveError",
    "OctaveEvaluationError",
    "OctaveNotFoundError",
    "OctaveSession",
    "OctaveTimeoutError",
    "find_octave",
    "octave_fminunc",
    "reference_path",
]
