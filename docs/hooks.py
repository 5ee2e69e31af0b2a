"""For mkdocs: notebooks and the commands' help become pages; links that leave docs/ stand as their text."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.structure.files import File

from courseport.cli.app import load
from courseport.crosscheck.ports.slips import SLIPS

EXAMPLES = Path(__file__).parents[1] / "examples"
COMMANDS = "<!-- commands -->"  # where their help goes
SLIPS_TABLE = "<!-- slips -->"  # where the slips of ports go
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)
OUTSIDE = re.compile(r"\[([^\]]+)\]\((\.\./[^)#]+)(#[^)]*)?\)")


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Take out links that leave docs/, after a look at the file they lead to, and put the commands in."""
    if page.file.abs_src_path is None:  # a notebook's page
        return markdown
    folder = Path(page.file.abs_src_path).parent
    docs = Path(config["docs_dir"])

    def as_text(link: re.Match[str]) -> str:
        target = (folder / link[2]).resolve()
        if target.is_relative_to(docs):
            return link[0]
        if not target.exists():
            raise FileNotFoundError(f"{page.file.src_path} links to {link[2]}, which is not there")
        return link[1]

    if page.file.src_uri == "formulas.md":
        markdown = FORMULA.sub(as_mathml, markdown)
    if COMMANDS in markdown:
        markdown = markdown.replace(COMMANDS, "\n\n".join(_commands()))
    if SLIPS_TABLE in markdown:
        rows = [f"| `{slip.name}` | {slip.meaning} | {slip.remedy} |".replace("\\", "&#92;") for slip in SLIPS]
        markdown = markdown.replace(
            SLIPS_TABLE, "\n".join(["| Slip | What the port does | Instead |", "|---|---|---|", *rows])
        )
    return OUTSIDE.sub(as_text, markdown)


def on_files(files: Any, config: Any) -> Any:
    """Add a page for each notebook, with the outputs that are stored in it."""
    for path in sorted(EXAMPLES.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        page = "\n\n".join(as_markdown(cell, path.stem) for cell in cells)
        files.append(File.generated(config, f"notebooks/{path.stem}.md", content=page))
    return files


def as_markdown(cell: dict[str, Any], name: str) -> str:
    """Return a cell, and what stands below it: text, and pictures as they are."""
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return FORMULA.sub(as_mathml, source)
    parts = [f"```python\n{source}\n```"]
    for output in cell["outputs"]:
        data = output.get("data", {})
        if "image/png" in data:
            parts.append(
                f'<img alt="A picture of {name}" src="data:image/png;base64,{"".join(data["image/png"]).strip()}">'
            )
        else:
            text = "".join(output.get("text", data.get("text/plain", ""))).rstrip()
            parts.append(f"```text\n{text}\n```")
    return "\n\n".join(parts)


def as_mathml(formula: re.Match[str]) -> str:
    """Return a formula of TeX as MathML, which browsers draw without a script from another host."""
    if formula[1]:
        return f"<div style='margin: 1em 0'>{convert(formula[1].strip(), display='block')}</div>"
    return convert(formula[2])


def _commands() -> Iterator[str]:
    """Give a section for each command: its help, its arguments and its options."""
    for name, command in load([]).commands.items():
        yield f"## courseport {name}\n\n{inspect.cleandoc(command.help or '')}"
        rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
        yield "\n".join(["| Option | What it says |", "|---|---|", *rows])


def _row(parameter: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    if parameter.param_type_name == "argument":
        names = f"`{parameter.metavar or parameter.name.upper()}`"
    default = parameter.default
    shown = "" if default is None or isinstance(default, bool) or callable(default) else f" Default: `{default}`."
    return f"| {names} | {(parameter.help or '').replace('|', '/')}{shown} |"
