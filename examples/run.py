"""Run the notebooks of this folder and store their outputs in them: `python examples/run.py [NAME ...]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

FOLDER = Path(__file__).parent


def run(notebook: Any) -> Any:
    """Run a notebook from start to end, in place, with no trace of when."""
    with tempfile.TemporaryDirectory() as folder:
        # Over files of its own, not over the network: two kernels in one folder would answer each other's questions.
        own_files = Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}})
        waits = {"timeout": 600, "startup_timeout": 600, "iopub_timeout": 600}  # seconds, for a machine however busy
        NotebookClient(notebook, kernel_name="python3", config=own_files, record_timing=False, **waits).execute()
    notebook.metadata.pop("language_info", None)
    return notebook


def main() -> None:
    """Run the notebooks named, or all of them."""
    for path in sorted(FOLDER.glob("*.ipynb")):
        if not sys.argv[1:] or path.stem in sys.argv[1:]:
            nbformat.write(run(nbformat.read(path, as_version=4)), path)
            print(path.name)


if __name__ == "__main__":
    main()
