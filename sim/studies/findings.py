"""The page of findings: what became of each claim, in sentences, and what the model cannot speak to."""

import math
from collections.abc import Sequence
from pathlib import Path

from sim.studies.experiment import ClaimResult
from sim.studies.page import as_markdown


def _text(name: str) -> str:
    """What the page says before, between and after the results: a file beside the code."""
    return (Path(__file__).parent / "findings_page" / f"{name}.md").read_text(encoding="utf-8")


def rival_line(results: Sequence[ClaimResult]) -> list[str]:
    """Log scores of two explanations why one state stayed away from a treaty, claims 3 and 4."""
    for result in results:
        if result.claim.id == "04-scepticism":
            doubt, border = (math.log(max(share, 1e-3)) for share in (result.tests[0].ours, result.tests[0].theirs))
            better = "doubt" if doubt > border else "the border"
            by = abs(doubt - border)
            return _text("one_absence").format(doubt=doubt, border=border, better=better, by=by).splitlines()
    return []


def as_findings(
    results: Sequence[ClaimResult],
    lines: Sequence[str],
    folder: Path,
    pictures: dict[str, bytes],
    split: Sequence[str] = (),
) -> str:
    """The page, with the lines on the split of 2022 if they were made.

    Pictures are written to ``pictures/findings-NAME.png`` in its folder.
    """
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    paths = {}
    for name, data in pictures.items():
        target = folder / "pictures" / f"findings-{name or 'all'}.png"
        target.write_bytes(data)
        paths[name] = f"pictures/{target.name}"
    return "\n".join(
        [_text("opening"), as_markdown(results, lines, paths), *rival_line(results), *split, _text("closing")]
    )
