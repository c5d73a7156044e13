"""Lines of pages in docs/ that scripts compute, between comments that name them; used by the other scripts here."""

from pathlib import Path

DOCS = Path(__file__).parents[1]
MODEL, WATER, TRADE, CALIBRATION, FORECASTS = (
    DOCS / f"{name}.md" for name in ("model", "water", "trade", "calibration", "forecasts")
)


def _bounds(page: Path, text: str, mark: str) -> tuple[int, int]:
    begin, end = f"<!-- {mark}: computed -->\n", f"<!-- {mark}: end -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise LookupError(f"{page.name} has no place for '{mark}'")
    return text.index(begin) + len(begin), text.index(end)


def on_page(page: Path, mark: str) -> list[str]:
    """The lines that a page holds under a name; raises LookupError if it has no such place."""
    text = page.read_text(encoding="utf-8")
    first, last = _bounds(page, text, mark)
    return text[first:last].splitlines()


def put_into_page(page: Path, mark: str, lines: list[str]) -> None:
    """Replace what a page holds under a name, and print it; raises LookupError if it has no such place."""
    text = page.read_text(encoding="utf-8")
    first, last = _bounds(page, text, mark)
    new = "\n".join(lines)
    print(new, end="\n\n")
    page.write_text(f"{text[:first]}{new}\n{text[last:]}", encoding="utf-8")
