"""For mkdocs: links that leave docs/ lead to files of the repository; the notebooks of examples/ become pages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.structure.files import File

EXAMPLES = Path(__file__).parents[1] / "examples"
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)
OUTSIDE = re.compile(r"\[([^\]]+)\]\((\.\./[^)#]+)(#[^)]*)?\)")


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Take such links out, after a look at the file they lead to."""
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
