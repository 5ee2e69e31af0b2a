"""More data than memory: any source of rows gives the same numbers, and memory does not grow with them."""

from __future__ import annotations

import gzip
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from tolerances import ALGEBRA, assert_close

import courseport as cp
from courseport.cli.app import run
from courseport.network.rows import ScaledRows

COLUMNS, FEW, MANY = 100, 50_000, 500_000
SHARE = 0.1  # of what X as float64 grows by: labels and outputs take 17 bytes a row, and two blocks more or less vary
MEASURED = """
import sys
import numpy as np
import courseport as cp
from courseport.network.rows import ScaledRows
kind, rows, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]

class Generated:
    shape, dtype = (rows, 100), np.dtype(np.float64)
    def __getitem__(self, part):
        start, stop, _ = part.indices(rows)
        return np.full((stop - start, 100), 0.5)

if kind == "generated":
    X = Generated()
elif kind == "bytes":
    X = ScaledRows(np.memmap(path, np.uint8, mode="r", shape=(rows, 100)), 1 / 255)
else:
    X = np.memmap(path, np.float64, mode="r", shape=(rows, 100))
sizes = (100, 10, 1)
theta = cp.rand_initialize_weights(sizes, seed=0)
with cp.NeuralNetworkCost(sizes, X, np.ones(rows, dtype=np.uint8), 1.0, n_threads=2) as cost:
    cost(theta)
    cp.predict(theta, sizes, X)
with open("/proc/self/status") as status:
    facts = dict(line.split(":", 1) for line in status)
print(facts["VmHWM" if kind == "generated" else "RssAnon"].split()[0])
"""


def measure(kind: str, rows: int, path: Path) -> int:
    """Return the bytes of a fresh process: its peak, or, as the system takes a mapped file's pages back, its own."""
    if kind != "generated":
        with path.open("wb") as file:
            file.truncate(rows * COLUMNS * (1 if kind == "bytes" else 8))  # sparse: zeros that take no room
    command = [sys.executable, "-c", MEASURED, kind, str(rows), str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return int(told.stdout) * 1024


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory as /proc tells it")
@pytest.mark.parametrize("kind", ["generated", "bytes", "float64"])
def test_memory_is_flat_from_50_000_to_500_000_rows(kind: str, tmp_path: Path) -> None:
    few, many = (measure(kind, rows, tmp_path / "X.bin") for rows in (FEW, MANY))
    assert many - few < SHARE * (MANY - FEW) * COLUMNS * 8  # 36 MB


def source_of(kind: str, tmp_path: Path) -> tuple[Any, np.ndarray]:
    """Return a source of rows and the same as one array."""
    whole = np.random.default_rng(0).integers(0, 256, size=(300, 12)).astype(np.uint8)
    if kind == "bytes":
        return whole, whole.astype(np.float64)
    if kind == "scaled memory map":
        whole.tofile(tmp_path / "X.bin")
        return ScaledRows(np.memmap(tmp_path / "X.bin", np.uint8, mode="r", shape=whole.shape), 1 / 255), whole / 255
    if kind == "memory map of float32":
        (whole / 255).astype(np.float32).tofile(tmp_path / "X.bin")
        mapped = np.memmap(tmp_path / "X.bin", np.float32, mode="r", shape=whole.shape)
        return mapped, np.asarray(mapped, dtype=np.float64)
    return Sliceable(whole / 255), whole / 255


class Sliceable:
    """The least that a source of rows can be; it remembers what was read."""

    def __init__(self, array: np.ndarray) -> None:
        self._array, self.read = array, []
        self.shape, self.dtype = array.shape, array.dtype

    def __getitem__(self, rows: slice) -> np.ndarray:
        self.read.append((rows.start, rows.stop))
        return self._array[rows]


KINDS = ["bytes", "scaled memory map", "memory map of float32", "own class"]


@pytest.mark.parametrize("kind", KINDS)
def test_any_source_gives_the_numbers_of_an_array(kind: str, tmp_path: Path) -> None:
    source, whole = source_of(kind, tmp_path)
    sizes, y = (12, 5, 3), np.random.default_rng(1).integers(1, 4, 300)
    theta = cp.rand_initialize_weights(sizes, seed=0)
    ours = cp.NeuralNetworkCost(sizes, source, y, 0.5, block_rows=37, n_threads=2)
    expected = cp.NeuralNetworkCost(sizes, whole, y, 0.5)
    J, grad_vec = ours(theta)
    assert_close(J, expected(theta)[0], ALGEBRA)
    assert np.linalg.norm(grad_vec - expected(theta)[1]) <= ALGEBRA.rtol * np.linalg.norm(grad_vec)
    assert_array_equal(cp.predict(theta, sizes, source), cp.predict(theta, sizes, whole))


def test_every_row_is_read_once_in_an_evaluation() -> None:
    source = Sliceable(np.random.default_rng(0).normal(size=(300, 12)))
    cost = cp.NeuralNetworkCost((12, 5, 3), source, np.ones(300), block_rows=37, n_threads=2)
    source.read.clear()
    cost(np.zeros(cost.layout.size))
    rows = [row for start, stop in source.read for row in range(start, stop)]
    assert sorted(rows) == list(range(300))
    assert max(stop - start for start, stop in source.read) <= 37


@pytest.mark.usefixtures("unrendered")
@pytest.mark.parametrize("zipped", [False, True])
def test_the_command_trains_on_mnist_s_files(zipped: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, source = tmp_path / "mnist", np.random.default_rng(0)
    folder.mkdir()

    def write(path: Path, content: bytes) -> None:
        (Path(f"{path}.gz") if zipped else path).write_bytes(gzip.compress(content) if zipped else content)

    for prefix, count in (("train", 120), ("t10k", 40)):
        labels = source.integers(0, 10, count).astype(np.uint8)
        images = source.integers(0, 30, (count, 28, 28)).astype(np.uint8)
        images[np.arange(count), labels] += 200  # a bright row tells the digit
        header = struct.pack(">4B3I", 0, 0, 8, 3, count, 28, 28)
        write(folder / f"{prefix}-images-idx3-ubyte", header + images.tobytes())
        write(folder / f"{prefix}-labels-idx1-ubyte", struct.pack(">4BI", 0, 0, 8, 1, count) + labels.tobytes())
    assert run(["train", "--data", str(folder), "--output", str(tmp_path / "out"), "--lambda", "0.1"]) == 0
    told = capsys.readouterr().out
    assert "784-25-10" in told
    assert "Held-out accuracy: 100.00 %" in told
