"""What can go wrong between Python and Octave, each with its own class."""

from __future__ import annotations


class OctaveError(RuntimeError):
    """Base of the errors below."""


class OctaveNotFoundError(OctaveError):
    """Octave is not installed, or is too old."""


class OctaveEvaluationError(OctaveError):
    """Octave ran the code, and the code failed: ``error(...)``, a syntax error, an undefined name.

    The session stays as it is. `message` and `identifier` are Octave's; `where` lists the functions it was in,
    innermost first, as ``name, line 3``.
    """

    def __init__(self, message: str, identifier: str = "", where: tuple[str, ...] = ()) -> None:
        super().__init__(message, identifier, where)
        self.message = message
        self.identifier = identifier
        self.where = where

    def __str__(self) -> str:
        return f"Octave: {self.message}{f' ({self.where[0]})' if self.where else ''}"


class OctaveTimeoutError(OctaveError, TimeoutError):
    """The call took longer than the limit. Its Octave was ended; the next call starts another one."""


class OctaveDiedError(OctaveError):
    """Octave ended during the call, or gave an answer to another call. The next call starts another one."""
