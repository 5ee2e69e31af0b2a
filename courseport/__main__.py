"""`python -m courseport` and the `courseport` command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; without its packages, say in one line what to install."""
    from courseport._checks import require  # noqa: PLC0415 - the import order is the point: check first

    try:
        require("typer", "cli", "The command line")
        require("rich", "cli", "The command line")
    except ModuleNotFoundError as error:
        sys.stderr.write(f"courseport: {error}\n")
        return 2
    from courseport.cli.app import run  # noqa: PLC0415 - imports typer, which may be missing

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
