"""Is this function right? Cost functions against ours, solutions of exercises, any port against its Octave."""

from __future__ import annotations

from courseport.crosscheck.costs.check import crosscheck, crosscheck_many, crosscheck_python
from courseport.crosscheck.costs.report import Report
from courseport.crosscheck.running.limits import Limits

__all__ = ["Limits", "Report", "crosscheck", "crosscheck_many", "crosscheck_python"]
