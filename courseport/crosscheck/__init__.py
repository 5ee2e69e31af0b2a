"""Is this cost function right? Comparison with ours, and the name of the mistake where it is a known one."""

from __future__ import annotations

from courseport.crosscheck.check import crosscheck, crosscheck_many, crosscheck_python
from courseport.crosscheck.limits import Limits
from courseport.crosscheck.report import Report

__all__ = ["Limits", "Report", "crosscheck", "crosscheck_many", "crosscheck_python"]
