"""One HTML page of results, whatever was checked: self-contained, and readable on a phone and in the dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from courseport._files import MARK

_STYLE = """
:root {
  color-scheme: light dark;
  --line: #8888; --right: #1a7f37; --wrong: #b42318; --open: #6b6b6b; --failed: #8a5a00;
}
@media (prefers-color-scheme: dark) {
  :root { --right: #56d364; --wrong: #ff8f87; --open: #a8a8a8; --failed: #e3b341; }
}
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3 { line-height: 1.2; overflow-wrap: anywhere; } a { color: inherit; } section { margin-top: 2.5rem; }
table { border-collapse: collapse; } .wide { overflow-x: auto; margin: 1rem 0; }
th, td { padding: .2rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
pre { background: #8882; padding: .6rem; overflow-x: auto; font-size: .85rem; }
.right { color: var(--right); } .wrong { color: var(--wrong); }
.open { color: var(--open); } .failed { color: var(--failed); }
"""


def document(title: str, body: str, style: str = "") -> str:
    """Return a page of its title and `body`, which is HTML; `style` is what this page's own parts look like."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="generator" content="{MARK}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_STYLE}{style}</style></head>\n<body><h1>{escape(title)}</h1>\n{body}</body></html>\n"
    )


def table(heads: Sequence[str], rows: Iterable[str]) -> str:
    """Return a table, which a narrow screen scrolls on its own; a row is the HTML of its cells."""
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    lines = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{head}</tr>{lines}</table></div>\n'
