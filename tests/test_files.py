"""Files are written whole or not at all, the user's own are spared, and what killed writers left is told apart."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import courseport as cp
from courseport import plots
from courseport._files import atomic_path, is_ours, output_file, output_folder, remove_abandoned
from courseport.cli.app import run

THETAS = [np.ones((2, 3))]
WRITERS: dict[str, Callable[[Path], None]] = {
    "theta.mat": lambda path: cp.save_theta(path, THETAS),
    "theta.npz": lambda path: cp.save_theta(path, THETAS),
    **{f"p.{kind}": lambda path: plots.save_picture(plots.plot_cost([2, 1]), path) for kind in ("png", "pdf", "svg")},
}


def write(path: Path, text: str = "new") -> None:
    with atomic_path(path) as temporary:
        temporary.write_text(text)


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(OSError, match="no half"), atomic_path(tmp_path / "a.txt") as temporary:
        (temporary / "no half").write_text("half")
    assert (tmp_path / "a.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("chain", [1, 2])
@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_written_through(tmp_path: Path, chain: int, there: bool) -> None:
    (tmp_path / "folder").mkdir()
    real = tmp_path / "folder" / "real.txt"
    if there:
        real.write_text("old")
    links = [tmp_path / f"link{number}" for number in range(chain)]
    for link, target in zip(links, [real, *links], strict=False):
        link.symlink_to(target)
    write(links[-1])
    assert all(link.is_symlink() for link in links)
    assert real.read_text() == "new"


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755, 0o666])
def test_a_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(mode)
    write(tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == mode


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_mode_of_the_umask_which_is_never_changed(
    tmp_path: Path, umask: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, set_umask = os.umask(umask), os.umask
    try:
        monkeypatch.setattr(os, "umask", lambda _: pytest.fail("the umask was set"))
        write(tmp_path / "a")
    finally:
        set_umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("kind", ["folder", "pipe", "device"])
def test_only_regular_files_are_replaced(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/null")
    for attempt in (lambda: write(path), lambda: output_file("--output", path, force=True)):
        with pytest.raises((ValueError, OSError), match="regular file"):
            attempt()
    assert not Path("/dev/null").is_file()


KILLED = """
import os, signal, sys
from courseport._files import atomic_path
with atomic_path(sys.argv[1]) as temporary:
    temporary.write_text("half")
    print("writing", flush=True)
    sys.stdin.read()
"""


def test_what_killed_writers_leave_goes_and_what_living_ones_write_stays(tmp_path: Path) -> None:
    bystanders = [".run-20240101.npz", ".run-abcdefgh.npz", ".courseport-notes.npz", "[ab].npz"]
    for name in bystanders:
        (tmp_path / name).write_text("the user's")
    command = [sys.executable, "-c", KILLED, str(tmp_path / "run.npz")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline()
        remove_abandoned(tmp_path)
        (living,) = {path.name for path in tmp_path.iterdir()} - set(bystanders)
        writer.kill()
    remove_abandoned(tmp_path)
    assert not (tmp_path / living).exists()
    assert {path.name for path in tmp_path.iterdir()} == set(bystanders)


@pytest.mark.parametrize("name", WRITERS)
def test_what_courseport_wrote_is_replaced_without_asking(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    assert is_ours(tmp_path / name)
    assert output_file("--output", tmp_path / name) == tmp_path / name


@pytest.mark.parametrize("content", [b"mine", b"\x89PNG\r\n\x1a\n" + bytes(200_000), b"about courseport\n"])
def test_what_it_did_not_write_is_replaced_only_by_force(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "theta.mat").write_bytes(content)
    with pytest.raises(ValueError, match=r"--output.*--force"):
        output_folder("--output", tmp_path, ["theta.mat"])
    assert output_folder("--output", tmp_path, ["theta.mat", "cost.png"], force=True) == tmp_path


@pytest.mark.parametrize("make", [os.link, os.symlink, lambda _, path: path])
def test_an_input_is_never_an_output_under_whatever_name(tmp_path: Path, make: Callable[[Path, Path], Any]) -> None:
    source = tmp_path / "a.m"
    source.write_text("x = 1;")
    other = tmp_path / "b.html"
    name = source if make(source, other) else other
    with pytest.raises(ValueError, match="--html must be another file"):
        output_file("--html", name, inputs=[source], force=True)


COMMANDS = {
    "crosscheck": (["crosscheck", "a.m", "--html", "a.m"], "a.m"),
    "crosscheck, another file": (["crosscheck", "a.m", "--html", "notes.html"], "notes.html"),
    "circuit": (["circuit", "x*x", "x=2", "--output", "mine.png"], "mine.png"),
    "symmetry": (["symmetry", "--output", "mine.png"], "mine.png"),
    "train": (["train", "--output", "out"], "out/theta.mat"),
    "train, a picture": (["train", "--output", "out"], "out/confusion.png"),
    "train, its checkpoint": (["train", "--output", "out"], "out/checkpoint.npz"),
    "compare": (["compare", "--output", "out"], "out/comparison.png"),
    "sweep": (["sweep", "--output", "out"], "out/sweep.png"),
    "ex1": (["ex1", "--output", "out"], "out/ex1_fit.png"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_spares_the_user_s_files(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COURSEPORT_COURSE_DATA", raising=False)
    arguments, spared = COMMANDS[name]
    Path("out").mkdir()
    for path in ("a.m", spared):
        Path(path).write_text("the user's own work")
    assert run(arguments) == 2
    assert Path(spared).read_text() == "the user's own work"
    assert spared in capsys.readouterr().err
