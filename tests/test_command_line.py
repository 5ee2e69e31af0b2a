"""What every command has in common: one line and a status for every end, JSON where it was asked for, 80 columns."""

from __future__ import annotations

import gzip
import io
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from courseport import _checks
from courseport.cli import app
from courseport.cli.app import run
from courseport.cli.tables import to_json
from courseport.datasets import load_data, load_idx, load_variables
from courseport.datasets.variables import LIMIT

COURSEPORT = [sys.executable, "-m", "courseport"]
CIRCUIT = ["circuit", "x*x", "x=2"]


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = line.replace("courseport", f"{sys.executable} -m courseport")
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, env=os.environ | environment
    )


def test_the_version_needs_no_scipy_and_no_numpy() -> None:
    code = "import sys; from courseport.__main__ import main; sys.argv[1:] = ['--version']; main(); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert re.match(r"courseport \d+\.\d+\.\d+\n", told)
    assert not {"scipy", "numpy", "typer"} & set(told.split())


def test_a_reader_that_leaves_is_no_negative_answer() -> None:
    done = shell("courseport circuit 'x*x' x=2 --json | head -c 0; exit ${PIPESTATUS[0]}")
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(("where", "why"), [(">&-", "standard output is closed"), (">/dev/full", "No space left")])
def test_an_answer_that_cannot_be_written_is_no_success(where: str, why: str) -> None:
    done = shell(f"courseport circuit 'x*x' x=2 {where}")
    assert done.returncode == 2
    assert re.fullmatch(f"courseport: .*{why}.*\n", done.stderr), done.stderr


def test_a_wrong_backend_for_windows_does_not_matter(tmp_path: Path) -> None:
    done = shell(f"courseport circuit 'x*x' x=2 --output {tmp_path}/a.png", MPLBACKEND="nonsense")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.png").is_file()


def test_a_training_is_not_lost_with_its_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("courseport.plots.plot_cost", lambda _: 1 / 0)
    assert run(["train", "--iterations", "2", "--output", str(tmp_path), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["files"] == ["theta.mat"]
    assert "could not be drawn" in told.err


@pytest.mark.parametrize("delay", [0.1, 0.3, 0.6, 1.1])
def test_ctrl_c_while_it_starts_is_one_line(delay: float, tmp_path: Path) -> None:
    command = [*COURSEPORT, "train", "--iterations", "100000", "--lambda", "0", "--quiet", "--output", str(tmp_path)]
    told = ("", "site")
    while re.search(r"\bsite\b|runpy", told[1]):  # Python itself had not started yet
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            time.sleep(delay)
            process.send_signal(signal.SIGINT)
            told = process.communicate()
        delay *= 2
    assert process.returncode == 130, told
    assert told[1] in ("", "courseport: interrupted\n")


ENDS: dict[str, list[str]] = {
    "no such option": ["train", "--nonsense", "--json"],
    "no such command": ["nonsense", "--json"],
    "a value of another type": ["train", "--iterations", "x", "--json"],
    "a missing argument": ["predict", "--json"],
    "no such file": ["train", "--data", "nowhere.csv", "--json"],
    "a bad value": ["train", "--lambda", "nan", "--json"],
    "an expression": ["circuit", "1/0 +", "--json"],
    "an infinite answer": ["circuit", "exp(x)", "x=1000", "--json"],
    "a network too large": ["train", "--layer-sizes", "400,1000000000,10", "--json"],
}


@pytest.mark.parametrize("name", ENDS)
def test_every_end_is_json_where_json_was_asked_for(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    status = run(ENDS[name])
    told = capsys.readouterr()

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} in JSON")

    answer = json.loads(told.out, parse_constant=refuse)
    if status:
        assert (status, answer["exit_status"]) == (2, 2)
        assert told.err == f"courseport: {answer['error']}\n"


def test_no_command_at_all_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    told = capsys.readouterr()
    assert "train" in told.out + told.err
    assert "courseport: " not in told.err


def test_a_value_that_is_called_as_a_command_is_no_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["ex3", "--help", "train"]) == 0
    assert "Exercise 3" in capsys.readouterr().out
    assert run(["nonsense", "train"]) == 2
    assert "nonsense" in capsys.readouterr().err


def test_json_has_no_numbers_that_it_does_not_have() -> None:
    value = {"a": [float("nan"), np.float64("inf"), 1.5], "b": (np.float64(2.0), {"c": float("-inf")})}
    assert json.loads(to_json(value)) == {"a": [None, None, 1.5], "b": [2.0, {"c": None}]}


FAULTS = {
    "bad input": (_checks.InputError("x must be 1"), "x must be 1"),
    "bad input of another type": (_checks.InputTypeError("x must be a number"), "x must be a number"),
    "a fault of ours": (TypeError("unsupported operand"), "unexpected TypeError.*fault of courseport's.*--debug"),
    "a lack of memory": (MemoryError(), "not enough memory"),
    "a system's": (FileNotFoundError(2, "No such file", "a.csv"), "a.csv: No such file"),
    "an interruption": (KeyboardInterrupt(), "interrupted"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_kind_of_error_in_its_words(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error, words = FAULTS[name]

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(app, "_run", fail)
    assert run(CIRCUIT) == (130 if isinstance(error, KeyboardInterrupt) else 2)
    assert re.fullmatch(f"courseport: .*{words}.*\n", capsys.readouterr().err)
    if isinstance(error, Exception):
        assert run([*CIRCUIT, "--debug"]) == 2
        assert "Traceback" in capsys.readouterr().err


HEADS = ("figure", "expected", "ours", "difference", "verdict", "note")


def terminal(*arguments: str, program: Sequence[str] = COURSEPORT) -> list[str]:
    """Return the lines that a terminal of 80 columns shows, each as often as it was drawn."""
    main, other = pty.openpty()
    pty_size = struct.pack("HHHH", 24, 80, 0, 0)
    import fcntl  # noqa: PLC0415 - only where there are terminals
    import termios  # noqa: PLC0415

    fcntl.ioctl(other, termios.TIOCSWINSZ, pty_size)
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    with subprocess.Popen([*program, *arguments], stdout=other, stderr=other, env=environment | {"TERM": "xterm"}):
        os.close(other)
        content = b""
        while True:
            try:
                block = os.read(main, 65536)
            except OSError:  # the end, on Linux
                break
            if not block:
                break
            content += block
    os.close(main)
    plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", content).decode()
    return [line for line in re.split(r"[\r\n]+", plain) if line.strip()]


def test_80_columns_cut_no_word_and_no_number(tmp_path: Path) -> None:
    lines = terminal("train", "--iterations", "12", "--output", str(tmp_path))
    text = " ".join(" ".join(lines).split())
    assert max(map(len, lines)) <= 80
    assert "along 5 directions here; the check is now turned off 6. Optimisation:" in text
    assert "nan" not in text
    assert "…" not in text
    assert re.search(r"12/12 .* J \d\.\d{6} \|grad\| \d\.\d\de[-+]\d\d", text)


def test_a_wide_table_is_folded_between_its_columns() -> None:
    row = ("theta, gradient descent[0]", "-3.63029143940436", "-3.63029143940437", "1.2e-15", "agrees", "a" * 30)
    code = f"from courseport.cli.tables import show_table; show_table({HEADS}, [{row}] * 2)"
    lines = terminal("-c", code, program=[sys.executable])
    assert max(map(len, lines)) <= 80
    assert all("\n".join(lines).count(cell) == 2 for cell in row)
    assert len(lines) == 6


def test_help_shows_no_values_for_flags(capsys: pytest.CaptureFixture[str]) -> None:
    for command in app.COMMANDS:
        if command != "exercises":
            assert run([command, "--help"]) == 0
            told = capsys.readouterr().out
            assert "<bool>" not in told
            assert "--json" in told


BOMBS = {
    "csv.gz": gzip.compress(b"0,0,1\n" * 400_000),
    "mat.gz": gzip.compress(bytes(3 << 20)),
    "idx.gz": gzip.compress(struct.pack(">BBBBI", 0, 0, 8, 1, 3 << 20) + bytes(3 << 20)),
    "idx.gz that says less": gzip.compress(struct.pack(">BBBBI", 0, 0, 8, 1, 5) + bytes(3 << 20)),
    "range.txt": b"# name: X\n# type: range\n# base, limit, increment\n0 1e7 1\n",
    "ranges.txt": b"".join(
        b"# name: %c\n# type: range\n# base, limit, increment\n0 60000 1\n" % name for name in b"abcdefghi"
    ),
    "plain.csv": b"0,0,1\n" * 400_000,
}


def packed_array() -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, X=np.zeros((3 << 20, 1), np.uint8))
    return stream.getvalue()


@pytest.mark.parametrize("name", [*BOMBS, "npz"])
def test_what_unpacks_to_more_than_allowed_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(packed_array() if name == "npz" else BOMBS[name])
    read = load_idx if "idx" in name else load_data if "csv" in name else load_variables
    monkeypatch.setenv(LIMIT, "2")
    with pytest.raises(ValueError, match=r"bomb"):
        read(path)
    monkeypatch.setenv(LIMIT, "100")
    if "says less" not in name and "mat" not in name:
        assert read(path) is not None


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "", "9" * 30])
def test_a_limit_that_is_none(limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.csv").write_text("1,2\n")
    monkeypatch.setenv(LIMIT, limit)
    with pytest.raises(ValueError, match=LIMIT):
        load_data(tmp_path / "own.csv")


def test_pipes_and_devices_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "link.mat").symlink_to("/dev/zero")
    for path in (tmp_path / "pipe.csv", tmp_path / "link.mat", Path("/dev/null")):
        for read in (load_data, load_variables, load_idx):
            with pytest.raises(ValueError, match="regular file"):
                read(path)


def test_a_zip_of_something_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("notes.txt", "no array")
    assert load_variables(tmp_path / "a.npz") == {}


@pytest.mark.parametrize("three", ["0 10 0", "0 nan 1", "0 1e308 1e-308", "0 10", "0 inf 1", "nan 1 1"])
def test_ranges_that_are_none(three: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"# name: X\n# type: range\n# base, limit, increment\n{three}\n")
    with pytest.raises(ValueError, match="X must"):
        load_variables(tmp_path / "a.txt")


@pytest.mark.parametrize("digit", ["١", "²", "１"])  # noqa: RUF001 - digits that int() takes, or str.isdigit
def test_thetas_are_numbered_in_ascii(digit: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"# name: Theta{digit}\n# type: matrix\n# rows: 1\n# columns: 2\n 1 2\n", "utf-8")
    assert run(["predict", str(tmp_path / "a.txt"), str(tmp_path / "a.txt")]) == 2
