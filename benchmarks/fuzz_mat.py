"""Read mutated MAT files: each is read or refused by a ValueError, none ends the interpreter.

    python -m benchmarks.fuzz_mat                          20,000 files from seed 0
    python -m benchmarks.fuzz_mat --first 123 --count 1    one of them again

Every file depends on the seed and its number alone.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import struct
import sys
import tempfile
import time
import warnings
import zlib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io
import scipy.sparse

from courseport.datasets.own_files import read_examples

INTERESTING = (0, 1, 7, 8, 14, 15, 127, 128, 255, 256, 2**16, 2**31 - 1, 2**31, 2**32 - 1)


@cache
def originals() -> tuple[bytes, ...]:
    """Return whole files of every version and kind of variable."""
    rng = np.random.default_rng(0)
    X = rng.random((5, 3))
    nested = np.empty(1, dtype=object)
    nested[0] = X
    for _ in range(20):
        outer = np.empty(1, dtype=object)
        outer[0] = nested
        nested = outer
    plain: dict[str, Any] = {"X": X, "y": np.array([[1.0], [2], [1], [2], [1]])}
    more = plain | {
        "sparse": scipy.sparse.random_array((9, 7), density=0.3, rng=rng, format="csc"),
        "bytes": np.arange(24, dtype=np.uint8).reshape(2, 3, 4),
        "singles": X.astype(np.float32),
        "big": np.arange(6, dtype=np.int64),
        "logical": X > 0.5,
        "text": "Theta and Größe",
        "table": np.array(["one", "three"]),
        "empty": np.zeros((0, 3)),
    }
    cells = more | {
        "complex": X + 1j,
        "cell": nested,
        "struct": {"a": X, "b": {"c": "d"}},
        "structs": np.array([(1.0, "one"), (2.0, "two")], [("a", object), ("b", object)]),
        "parts": np.array([X > 0.5, "Größe", {"s": more["sparse"]}, np.zeros((0, 0))], object),
    }
    files = []
    for contents, options in (
        (plain, {"format": "4"}),
        (plain | {"sparse": more["sparse"], "text": "abc"}, {"format": "4"}),
        (plain, {}),
        (more, {}),
        (cells, {}),
        (cells, {"do_compression": True}),
    ):
        stream = io.BytesIO()
        scipy.io.savemat(stream, contents, **options)
        files.append(stream.getvalue())
    return (*files, _deep_cell(5000))


def mutated(seed: int, number: int) -> bytes:
    """Return one mutated file."""
    rng = np.random.default_rng([seed, number])
    whole = originals()[int(rng.integers(len(originals())))]
    content = bytearray(whole)
    if whole[128:130] == b"\x0f\0" and rng.random() < 0.7:
        return _repacked(content, rng)
    return bytes(_mutate(content, rng))


def main() -> int:
    """Read the files and say what became of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    faulthandler.enable()
    began = time.monotonic()
    counts = fuzz(options.seed, options.first, options.count)
    sys.stdout.write(f"{options.count} files in {time.monotonic() - began:.0f} s: {dict(counts)}; no crash\n")
    return 0


def fuzz(seed: int, first: int, count: int) -> Counter[str]:
    """Return how many of the files were read, and how many refused; any other end is an error."""
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error")
        path = Path(folder) / "fuzz.mat"
        for number in range(first, first + count):
            path.write_bytes(mutated(seed, number))
            try:
                read_examples(path)
            except ValueError:
                counts["refused"] += 1
            except BaseException:
                sys.stderr.write(f"file {number} of seed {seed}:\n")
                raise
            else:
                counts["read"] += 1
    return counts


def _mutate(content: bytearray, rng: np.random.Generator) -> bytearray:
    for _ in range(int(rng.integers(1, 9))):
        at = int(rng.integers(len(content)))
        how = rng.integers(5)
        if how == 0:  # a bit
            content[at] ^= 1 << int(rng.integers(8))
        elif how == 1:  # a byte
            content[at] = int(rng.integers(256))
        elif how == 2:  # a length, a type or a size
            at = at // 4 * 4
            content[at : at + 4] = struct.pack("<I", INTERESTING[int(rng.integers(len(INTERESTING)))])
        elif how == 3:  # a piece from elsewhere
            source = int(rng.integers(len(content)))
            piece = content[source : source + int(rng.integers(1, 65))]
            content[at : at + len(piece)] = piece
        elif rng.random() < 0.2:  # the end is missing
            del content[max(1, at) :]
    return content


def _repacked(content: bytearray, rng: np.random.Generator) -> bytes:
    """Return a compressed file in which what is packed was mutated: no checksum hides it."""
    out, at = content[:128], 128
    while at < len(content):
        (size,) = struct.unpack_from("<I", content, at + 4)
        inner = bytearray(zlib.decompress(content[at + 8 : at + 8 + size]))
        packed = zlib.compress(bytes(_mutate(inner, rng)))
        out += struct.pack("<II", 15, len(packed)) + packed
        at += 8 + size
    return bytes(out)


def _deep_cell(depth: int) -> bytes:
    """Return a file with cells in cells, deeper than any reader may recurse."""
    inner = b""
    for _ in range(depth):
        flags = struct.pack("<IIII", 6, 8, 1, 0)
        size = struct.pack("<IIii", 5, 8, 1, 1)
        name = struct.pack("<II", 1 | 1 << 16, ord("c"))
        body = flags + size + name + inner
        inner = struct.pack("<II", 14, len(body)) + body
    return b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\x01IM" + inner


if __name__ == "__main__":
    sys.exit(main())
