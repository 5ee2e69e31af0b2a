"""Results as a list that a notebook shows as a table, and pandas takes as one."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

from courseport import _checks

if TYPE_CHECKING:
    from pandas import DataFrame

T = TypeVar("T")
SHOWN = 20  # rows in a notebook: a screen


class Table(list[T]):
    """A list of dataclasses; each is a row, of its fields or of what its own `row` tells."""

    def rows(self) -> list[dict[str, Any]]:
        """Return the columns of each item by name."""
        return [item.row() if hasattr(item, "row") else vars(item) for item in self]

    def to_frame(self) -> DataFrame:
        """Return a pandas.DataFrame with a row for each item."""
        frame: DataFrame = _checks.require("pandas", "notebook", "a data frame").DataFrame(self.rows())
        return frame

    def _repr_html_(self) -> str:
        rows = self.rows()[:SHOWN]
        lines = [_line("th", rows[0])] if rows else []
        lines += [_line("td", map(_text, row.values())) for row in rows]
        more = f"<p>and {len(self) - SHOWN} more</p>" if len(self) > SHOWN else ""
        return f"<table>{''.join(lines)}</table>{more}"


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return "-".join(map(str, value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _line(tag: str, cells: Iterable[object]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(str(cell))}</{tag}>" for cell in cells) + "</tr>"
