"""`python -m courseport` and the `courseport` command."""

from __future__ import annotations

import os
import signal
import sys


def main() -> int:
    """Run the command line; without its packages, say in one line what to install."""
    # numpy and scipy take a second or two to load. Python's own Ctrl-C would end this with a traceback, or an
    # ImportError of a module that was loaded half.
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _interrupted)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - for the rest of the process
    if sys.stdout is None:
        sys.stderr.write("courseport: standard output is closed; give it a file or /dev/null\n")
        return 2
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from courseport import __version__  # noqa: PLC0415 - needs nothing else

        sys.stdout.write(f"courseport {__version__}\n")
        return 0
    # Pictures are written to files; a backend for windows, right or wrong, is of no use.
    os.environ["MPLBACKEND"] = "agg"
    from courseport._checks import require  # noqa: PLC0415 - the import order is the point: check first

    try:
        require("typer", "cli", "The command line")
        require("rich", "cli", "The command line")
    except ModuleNotFoundError as error:
        sys.stderr.write(f"courseport: {error}\n")
        return 2
    from courseport.cli.app import load, run  # noqa: PLC0415 - imports typer, which may be missing

    load(arguments)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, before)
    return run(arguments)


def _interrupted(*_: object) -> None:
    """End at once: nothing has been done that could be lost."""
    os.write(2, b"courseport: interrupted\n")
    os._exit(130)


if __name__ == "__main__":
    sys.exit(main())
