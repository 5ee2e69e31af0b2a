"""The trials of a sweep that have ended, in memory and in a file that a later sweep goes on from."""

from __future__ import annotations

import json
import os
import warnings
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from courseport import _checks
from courseport._files import atomic_path
from courseport.training.checkpoint import CheckpointWarning
from courseport.training.sweep.trials import Pair, Set, Settings, Trial

CHECKED_ROWS = 4096  # read at once for the checksum of the data


class Results:
    """The trials that have ended; those of the file at `path` are there from the start."""

    def __init__(self, path: str | os.PathLike[str] | None, training: Set, validation: Set, settings: Settings) -> None:
        self.path = None if path is None else Path(path)
        self.trials: dict[Pair, Trial] = {}
        self._told = ""
        if self.path is not None:
            self._facts = asdict(settings) | {"training": _checksum(training), "validation": _checksum(validation)}
            self.trials = _load(self.path, self._facts)

    def add(self, trial: Trial) -> None:
        """Keep a trial; a full disk or a read-only folder is a warning, told once, and the next trial tries again."""
        self.trials[trial.layer_sizes, trial.lambda_] = trial
        if self.path is None:
            return
        try:
            _save(self.path, self._facts, list(self.trials.values()))
        except OSError as error:
            message = f"the results {self.path} could not be written: {error.strerror or error}"
            if message != self._told:
                self._told = message
                warnings.warn(f"{message}; the sweep goes on", CheckpointWarning, stacklevel=3)


def _checksum(data: Set) -> int:
    X, y = data
    value = zlib.crc32(repr(tuple(X.shape)).encode() + np.ascontiguousarray(y).tobytes())
    for start in range(0, X.shape[0], CHECKED_ROWS):
        value = zlib.crc32(np.ascontiguousarray(X[start : start + CHECKED_ROWS]).tobytes(), value)
    return value


def _load(path: Path, facts: dict[str, Any]) -> dict[Pair, Trial]:
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text())
        trials = [Trial(**one | {"layer_sizes": tuple(one["layer_sizes"])}) for one in content["trials"]]
        before = content["settings"]
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"results must be a file that a sweep has written, got {path}") from None
    for name, value in facts.items():
        if before.get(name) != value:
            what = f"other {name} data" if name in ("training", "validation") else f"{name} {before.get(name)!r}"
            _checks.fail("results", "hold trials of these data and settings (or not be there)", f"{path} of {what}")
    return {(trial.layer_sizes, trial.lambda_): trial for trial in trials}


def _save(path: Path, facts: dict[str, Any], trials: list[Trial]) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps({"settings": facts, "trials": [asdict(one) for one in trials]}, indent=1))
