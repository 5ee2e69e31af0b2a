"""What the set-up scripts say where a step cannot be done."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("bash", "id", "env", "rm", "true")


def run_with(folder: Path, script: str, fakes: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script of .ci/ where the PATH holds a few tools and `fakes` alone."""
    for name in TOOLS:
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, body in fakes.items():
        fake = folder / name
        fake.unlink(missing_ok=True)
        fake.write_text(f"#!{shutil.which('bash')}\n{body}\n")
        fake.chmod(0o755)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHON"} | {"PATH": str(folder)}
    command = [str(shutil.which("bash")), str(ROOT / ".ci" / script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_no_python_is_said(tmp_path: Path) -> None:
    done = run_with(tmp_path, "make_venv", {}, str(tmp_path / "venv"))
    assert done.returncode == 1
    assert "no Python >= 3.11 was found. Install one" in done.stderr


def test_an_old_python_is_not_taken(tmp_path: Path) -> None:
    done = run_with(tmp_path, "make_venv", {"python3": "exit 1"}, str(tmp_path / "venv"))
    assert done.returncode == 1
    assert "no Python >= 3.11 was found" in done.stderr


def test_a_python_without_venv_is_said(tmp_path: Path) -> None:
    fake = '[ "$1" = -c ] && exit 0; [ "$1" = --version ] && { echo Python 3.12.0; exit 0; }; exit 1'
    done = run_with(tmp_path, "make_venv", {"python3": fake}, str(tmp_path / "venv"))
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr


def test_octave_that_is_there_is_left_alone(tmp_path: Path) -> None:
    done = run_with(tmp_path, "install_octave", {"octave-cli": "exit 0", "apt-get": "exit 9"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_no_right_to_install_is_said(tmp_path: Path) -> None:
    done = run_with(tmp_path, "install_octave", {"id": "echo 1000", "sudo": "exit 1", "apt-get": "exit 0"})
    assert done.returncode == 1
    assert "this user may not install system packages" in done.stderr
    assert "https://octave.org/download" in done.stderr


def test_no_known_package_manager_is_said(tmp_path: Path) -> None:
    done = run_with(tmp_path, "install_octave", {"id": "echo 0"})
    assert done.returncode == 1
    assert "no known package manager (apt-get, dnf, pacman, zypper, brew) was found" in done.stderr


@pytest.mark.parametrize("manager", ["apt-get", "dnf", "pacman", "zypper"])
def test_each_package_manager_is_asked_for_octave_and_openblas(tmp_path: Path, manager: str) -> None:
    log = tmp_path / "log"
    octave = tmp_path / "octave-cli"
    chmod = shutil.which("chmod")
    fake = f'echo "$@" >> {log}; echo "#!{shutil.which("bash")}" > {octave}; {chmod} +x {octave}'
    done = run_with(tmp_path, "install_octave", {"id": "echo 0", manager: fake})
    assert done.returncode == 0, done.stderr
    asked = log.read_text()
    assert " octave" in asked
    assert "openblas" in asked


def test_an_install_that_brings_no_octave_is_said(tmp_path: Path) -> None:
    done = run_with(tmp_path, "install_octave", {"id": "echo 0", "apt-get": "exit 0"})
    assert done.returncode == 1
    assert "octave-cli is still missing" in done.stderr
