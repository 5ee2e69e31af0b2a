"""Is this function right? Cost functions against ours, solutions of exercises, any port against its Octave."""

from __future__ import annotations

from courseport.crosscheck.costs.check import crosscheck, crosscheck_python
from courseport.crosscheck.costs.report import Report
from courseport.crosscheck.ports.conventions import Conventions
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
    "record_port",
]
