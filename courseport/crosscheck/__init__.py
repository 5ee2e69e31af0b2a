"""Is this function right? Cost functions against ours, solutions of exercises, any port against its Octave."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from courseport.crosscheck.costs.check import crosscheck, crosscheck_python
    from courseport.crosscheck.costs.report import Report
    from courseport.crosscheck.ports.conventions import Conventions
    from courseport.crosscheck.ports.golden import read_golden, write_golden
    from courseport.crosscheck.ports.port import compare_port, compare_recording, record_port
    from courseport.crosscheck.ports.report import PortReport
    from courseport.crosscheck.running.limits import Limits
    from courseport.crosscheck.running.side_by_side import crosscheck_many

__all__ = [
    "Conventions",
    "Limits",
    "PortReport",
    "Report",
    "compare_port",
    "compare_recording",
    "crosscheck",
    "crosscheck_many",
    "crosscheck_python",
    "read_golden",
    "record_port",
    "write_golden",
]

# Loaded when they are used: a process that calls somebody's functions imports running/ alone, and starts at once.
_HOMES = {
    "costs.check": ("crosscheck", "crosscheck_python"),
    "costs.report": ("Report",),
    "ports.conventions": ("Conventions",),
    "ports.golden": ("read_golden", "write_golden"),
    "ports.port": ("compare_port", "compare_recording", "record_port"),
    "ports.report": ("PortReport",),
    "running.limits": ("Limits",),
    "running.side_by_side": ("crosscheck_many",),
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        for home, names in _HOMES.items():
            if name in names:
                value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
