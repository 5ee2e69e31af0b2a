"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

Force = Annotated[bool, typer.Option("--force", help="Replace output files that courseport did not write.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
