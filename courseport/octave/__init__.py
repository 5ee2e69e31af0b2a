"""The bridge to GNU Octave: drive it, and hand its cost functions to SciPy's optimisers.

Nothing here starts Octave before the first call.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

# Loaded when they are used: the process that calls somebody's Python functions needs `values` alone.
_HOMES = {
    "OctaveCostFunction": "cost",
    "OctaveSession": "session",
    "find_octave": "finding",
    "octave_fminunc": "optimise",
    "reference_path": "finding",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)
        return value
