"""Checkpoints: a file that holds all that a training run needs to go on after it was killed.

The file is written beside itself and put in its place in one step: whenever the process is killed, what is there is
whole. `fmincg` and `gradient_descent` save their state, and go on to the very numbers of a run without interruption.
SciPy's own methods start anew from the saved parameters: what they had learned of the curvature is lost, some
iterations later it is learned again, and J never rises above the saved one.
"""

from __future__ import annotations

import io
import json
import os
import time
import warnings
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from courseport import _checks
from courseport._checks import FloatArray
from courseport._files import atomic_path, is_ours, remove_abandoned, sole_writer
from courseport.network.model import Model

FORMAT = "courseport checkpoint 1"
EVERY_SECONDS = 10.0
_STATE = "state_"  # before the names of the optimiser's own numbers


class CheckpointWarning(UserWarning):
    """A checkpoint could not be written; training goes on."""


@dataclass(frozen=True)
class Checkpoint:
    """Where and how often `train` saves its state.

    Parameters
    ----------
    path : path-like
        The file.
    every_seconds : float, default 10.0
        Save at the first iteration that ends so long after the last save.
    every_iterations : int, optional
        Save also after so many iterations.
    """

    path: str | os.PathLike[str]
    every_seconds: float = EVERY_SECONDS
    every_iterations: int | None = None

    def __post_init__(self) -> None:
        _checks.number("every_seconds", self.every_seconds, minimum=0.0)
        if self.every_iterations is not None:
            _checks.whole_number("every_iterations", self.every_iterations, 1)


@dataclass(frozen=True)
class Saved:
    """What a checkpoint holds."""

    theta_vec: FloatArray  # after the last iteration
    history: FloatArray  # J at the start and after every iteration
    evaluations: int  # calls of the cost function so far
    seconds: float  # of training so far
    settings: dict[str, Any]  # the method, its options and what describes the cost function
    state: dict[str, Any] = field(default_factory=dict)  # the optimiser's own, where it can go on from it; else empty

    @property
    def iterations(self) -> int:
        """Iterations done."""
        return self.history.size - 1


def save_checkpoint(path: str | os.PathLike[str], saved: Saved) -> None:
    """Write `saved` in one step; OSError where it cannot be written."""
    contents: dict[str, Any] = {"theta_vec": saved.theta_vec, "history": saved.history}
    contents |= {_STATE + name: np.asarray(value) for name, value in saved.state.items()}
    facts = {"evaluations": saved.evaluations, "seconds": saved.seconds, "settings": saved.settings}
    Path(path).parent.mkdir(parents=True, exist_ok=True)  # it may have been removed since the last time
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        np.savez(stream, **contents, facts=json.dumps(facts), **{FORMAT: True})


def load_checkpoint(path: str | os.PathLike[str]) -> Saved:
    """Return what `save_checkpoint` wrote; OSError where the file cannot be opened."""
    stream = io.BytesIO(Path(path).read_bytes())
    try:
        with zipfile.ZipFile(stream) as archive:
            packed = any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist())
        with np.load(stream, allow_pickle=False) as file:
            contents = {} if packed else {name: file[name] for name in file.files}  # ours are not packed
        contents.pop(FORMAT)
        facts = json.loads(str(contents.pop("facts")))
        theta_vec = _checks.real_vector("theta_vec", contents.pop("theta_vec"))
        history = _checks.real_vector("history", contents.pop("history"))
        evaluations = _checks.whole_number("evaluations", facts.pop("evaluations"), 1)
        seconds = _checks.number("seconds", facts.pop("seconds"), minimum=0.0)
        settings = facts.pop("settings")
        state = {name.removeprefix(_STATE): value for name, value in contents.items()}
        of_the_end = not state or (state["nit"] == history.size - 1 and np.array_equal(state["x"], theta_vec))
        if facts or not of_the_end or history.size == 0 or not isinstance(settings, dict):
            _checks.fail("the checkpoint", "hold what training saves", "something else")
        return Saved(theta_vec, history, evaluations, seconds, settings, state)
    except Exception:  # noqa: BLE001 - damaged bytes make zip, numpy and JSON raise a dozen kinds; none is ours
        raise _checks.InputError(f"checkpoint must be a file that training has saved, got {os.fspath(path)}") from None


class Keeper:
    """Saves the state of a run when it is time to, and says where it cannot; the file is its own until `close`."""

    def __init__(self, checkpoint: Checkpoint, *, resume: bool) -> None:
        self.checkpoint, self.path = checkpoint, Path(checkpoint.path)
        self._last_time, self._last_iteration = -np.inf, -1
        self._told = ""
        self._lock = ExitStack()
        if self.path.is_file() and not resume and not is_ours(self.path):
            _checks.fail("checkpoint", "be a new file, or one that training has saved", self.path)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.enter_context(sole_writer(self.path))
            remove_abandoned(self.path.parent)
        except BlockingIOError:
            _checks.fail("checkpoint", "be the file of one training at a time", f"{self.path}, which another has")
        except OSError:  # a folder that cannot be written to is told when it is saved to
            pass

    def close(self) -> None:
        """Leave the file to other runs."""
        self._lock.close()

    def is_due(self, iteration: int) -> bool:
        """Say whether this iteration is to be saved; the first one always is, so that a bad path shows at once."""
        every = self.checkpoint.every_iterations
        late = time.monotonic() - self._last_time >= self.checkpoint.every_seconds
        return late or (every is not None and iteration - self._last_iteration >= every)

    def save(self, saved: Saved) -> None:
        """Write the checkpoint; a full disk or a read-only folder is a warning, told once."""
        if saved.iterations == self._last_iteration and self.path.exists():
            return
        self._last_time, self._last_iteration = time.monotonic(), saved.iterations
        try:
            save_checkpoint(self.path, saved)
        except OSError as error:
            self._last_iteration = -1  # the end of training tries again
            message = f"the checkpoint {self.path} could not be written: {error.strerror or error}"
            if message != self._told:
                self._told = message
                warnings.warn(f"{message}; training goes on", CheckpointWarning, stacklevel=2)


def describe(cost: object, method: str, **arguments: Any) -> dict[str, Any]:
    """Return what a resumed run must have in common with the one before, as JSON has it."""
    options = {key: repr(value) for key, value in (arguments.pop("options") or {}).items()}
    settings: dict[str, Any] = {"method": method, "options": options}
    settings |= {name: repr(value) for name, value in arguments.items() if value is not None}
    settings |= {name: getattr(cost, name) for name in ("layer_sizes", "lambda_", "m") if hasattr(cost, name)}
    model = getattr(cost, "model", None)
    if isinstance(model, Model):
        settings |= {"hidden_activation": model.hidden.name, "output_activation": model.output.name}
        settings |= {"loss": model.loss, "penalty": model.penalty}

    def plain(value: Any) -> Any:  # of a user's own cost function
        return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else repr(value)

    as_in_the_file: dict[str, Any] = json.loads(json.dumps(settings, default=plain))  # tuples become lists
    return as_in_the_file


def check_same(saved: Saved, settings: Mapping[str, Any], size: int) -> None:
    """Raise ValueError where a checkpoint belongs to another training."""
    for name in sorted(settings.keys() | saved.settings.keys()):
        before, now = saved.settings.get(name), settings.get(name)
        if before != now:
            _checks.fail("checkpoint", f"be of a training with {name} {now!r}", f"one with {before!r}")
    if saved.theta_vec.shape != (size,):
        _checks.fail("checkpoint", f"hold {size} parameters", saved.theta_vec.size)
