"""For mkdocs: links that leave docs/ lead to files of the repository, and stand as their text in the site."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

OUTSIDE = re.compile(r"\[([^\]]+)\]\((\.\./[^)#]+)(#[^)]*)?\)")


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Take such links out, after a look at the file they lead to."""
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
