"""Tables for notebooks: a title, lines of text, rows."""

from collections.abc import Sequence
from html import escape


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column is text and whose others are figures; a row of one cell is a heading of its own."""
    head = "".join(
        f'<th style="text-align:{"left" if k == 0 else "right"}">{escape(each)}</th>' for k, each in enumerate(headings)
    )
    lines = []
    for row in rows:
        if len(row) == 1:
            lines.append(f'<tr><th colspan="{len(headings)}" style="text-align:left">{escape(row[0])}</th></tr>')
            continue
        cells = (
            f'<td style="text-align:{"left" if k == 0 else "right"}">{escape(each)}</td>' for k, each in enumerate(row)
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def page(title: str, lines: Sequence[str], *tables: str) -> str:
    """A title, lines below it, and tables."""
    said = "".join(f"<div>{escape(line)}</div>" for line in lines)
    return f"<div><b>{escape(title)}</b>{said}{''.join(tables)}</div>"
