"""Lines of docs/model.md that scripts compute, between comments that name them; used by the other scripts here."""

from pathlib import Path

PAGE = Path(__file__).parents[1] / "model.md"


def _bounds(text: str, mark: str) -> tuple[int, int]:
    begin, end = f"<!-- {mark}: computed -->\n", f"<!-- {mark}: end -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise LookupError(f"{PAGE.name} has no place for '{mark}'")
    return text.index(begin) + len(begin), text.index(end)


def on_page(mark: str) -> list[str]:
    """The lines that the page holds under a name; raises LookupError if it has no such place."""
    text = PAGE.read_text(encoding="utf-8")
    first, last = _bounds(text, mark)
    return text[first:last].splitlines()


def put_into_page(mark: str, lines: list[str]) -> None:
    """Replace what the page holds under a name, and print it; raises LookupError if it has no such place."""
    text = PAGE.read_text(encoding="utf-8")
    first, last = _bounds(text, mark)
    new = "\n".join(lines)
    print(new, end="\n\n")
    PAGE.write_text(f"{text[:first]}{new}\n{text[last:]}", encoding="utf-8")
