"""How commands print: users' text is never markup, control characters stay out of terminals, any encoding will do."""

import codecs
import sys
import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

WIDTH, _WIDEST = 80, 120
#: What stands for a character that the encoding of the output does not have; "?" for any other.
_INSTEAD = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{PLUS-MINUS SIGN}": "+-",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{NO-BREAK SPACE}": " ",
    "\N{WORD JOINER}": "",
    "\N{SUPERSCRIPT TWO}": "2",
    "\N{SUPERSCRIPT THREE}": "3",
    "\N{MIDDLE DOT}": "-",
    "\N{RIGHTWARDS ARROW}": "->",
}


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = "".join(_INSTEAD.get(letter, "?") for letter in error.object[error.start : error.end])
    return text, error.end


def write_anywhere() -> None:
    """Let standard output and error write what their encoding lacks with the nearest characters that it has."""
    codecs.register_error("casim", _stand_in)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="casim")


def clean(text: str) -> str:
    """Text without control characters, which could move the cursor or turn the reading direction; lines stay lines."""
    return "".join(
        letter if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cf") else "\N{REPLACEMENT CHARACTER}"
        for letter in str(text).replace("\N{WORD JOINER}", "")
    )


def say(text: str = "", style: str = "", indent: int = 0, whole: bool = False) -> None:
    """Print a paragraph, wrapped; one that holds a path stays whole."""
    from rich.padding import Padding
    from rich.text import Text

    said = Text(clean(text), style)
    shown = Padding(said, (0, 0, 0, indent), expand=False) if indent else said
    console().print(shown, soft_wrap=whole)


def console(width: int = WIDTH):
    """A terminal of 80 columns, or of as many as it has where a table asks for more; its text is never markup."""
    from rich.console import Console

    return Console(width=width, highlight=False, markup=False, emoji=False)


def wide() -> int:
    """Columns of the terminal, from 80 to 120; 80 where the output is no terminal."""
    import shutil

    return min(max(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH), _WIDEST) if sys.stdout.isatty() else WIDTH


def _broken(text: str, room: int) -> str:
    """A pair of names that is longer than its column breaks after the dash, not within a name."""
    return " ".join(word.replace("–", "– ") if len(word) > room else word for word in text.split(" "))


class Table:
    """A table without lines: the first column is text and takes what room there is, the others are figures."""

    def __init__(self, headings: Sequence[str], title: str = "", width: int = WIDTH) -> None:
        from rich.table import Table as Rich
        from rich.text import Text

        self._text, self._width, self._title = Text, width, title
        self._table = Rich(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        self._table.add_column(Text(clean(headings[0]), "bold"), ratio=1, overflow="fold")
        self._rows: list[tuple[str, list[str]]] = []
        for heading in headings[1:]:
            self._table.add_column(Text(clean(heading), "bold"), justify="right", no_wrap=True)

    def row(self, *cells: str, style: str = "") -> None:
        """Add a row."""
        self._rows.append((style, [clean(cell) for cell in cells]))

    def print(self) -> None:
        """Print title and table."""
        if self._title:
            say(self._title, "bold")
        headings = [str(column.header) for column in self._table.columns]
        columns = list(zip_longest(*(cells for _, cells in self._rows), headings, fillvalue=""))[1:]
        room = self._width - sum(max(map(len, column)) + 2 for column in columns)
        for style, (first, *figures) in self._rows:
            self._table.add_row(*(self._text(cell, style) for cell in (_broken(first, room), *figures)))
        console(self._width).print(self._table)
