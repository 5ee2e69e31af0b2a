"""What a comparison of ports costs: ``python -m benchmarks.ports``; needs Octave.

A thousand calls with 1 kB each, and one call with 100 MB there and back: seconds of all, and Octave's own of them.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from courseport.crosscheck import Limits, compare_port

FUNCTION = "function y = twice (x)\ny = 2 * x;\n"


def twice(x: Any) -> Any:
    """Return 2x."""
    return 2 * x


def main() -> None:
    """Print a line for each size."""
    rng = np.random.default_rng(0)
    sizes = {
        "1,000 calls with 1 kB": [(rng.standard_normal(128),) for _ in range(1000)],
        "1 call with 100 MB": [(rng.standard_normal(12_500_000),)],
    }
    with tempfile.TemporaryDirectory() as name:
        file = Path(name, "twice.m")
        file.write_text(FUNCTION)
        for what, cases in sizes.items():
            started = time.perf_counter()
            report = compare_port(file, twice, cases, limits=Limits(120.0, 4096.0))
            seconds = time.perf_counter() - started
            own = sum(case.octave_seconds for case in report.cases)
            print(f"{what}: {seconds:.2f} s, Octave's own {own:.2f} s, {report.status}")


if __name__ == "__main__":
    main()
