"""Putting computed tables into docs/water.md, between comments that name them; used by the other scripts here."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "water.md"


def put_into_page(mark: str, lines: list[str]) -> None:
    """Replace what stands between the page's comments of that name, and print it."""
    print("\n".join(lines), end="\n\n")
    text = PAGE.read_text(encoding="utf-8")
    block = f"<!-- {mark}: computed -->\n" + "\n".join(lines) + f"\n<!-- {mark}: end -->"
    pattern = re.compile(f"<!-- {mark}: computed -->.*?<!-- {mark}: end -->", re.DOTALL)
    if not pattern.search(text):
        raise SystemExit(f"{PAGE.name} has no place for '{mark}'")
    PAGE.write_text(pattern.sub(lambda _: block, text), encoding="utf-8")
