"""The first run of a page beside the others: paired differences, member by member."""

from sim.comparison import compare
from sim.comparison.changes import told
from sim.comparison.format import mean_difference, members_own, signs
from sim.comparison.pairing import PairingError
from sim.page.fans import differences
from sim.page.source import Source
from sim.words import named, rounded, sentence

_MOST = 24


def beside(source: Source, against: Source) -> dict:
    """What a run changes against another: a table by chapter, bands of differences, and what was set differently.

    Runs that cannot be paired (another seed or span) give ``problem``, a sentence, and nothing else.
    """
    try:
        found = compare(source.run, against.run)
        chapters = found.grouped(_MOST)
    except PairingError as error:
        return {"problem": str(error), "chapters": {}, "fans": {}, "changes": []}
    rows = {sentence(chapter): [_row(effect) for effect in effects] for chapter, effects in chapters.items()}
    rows = {chapter: kept for chapter, each in rows.items() if (kept := [row for row in each if _worth(row)])}
    return {
        "problem": "",
        "chapters": rows,
        "members": found.members,
        "fans": differences(source, against),
        "changes": told(found.changes),
        "notes": [*found.notes, *found.warnings],
    }


def _worth(row: dict) -> bool:
    """Whether a row is worth a line: a difference that is sure, or a chance that may have moved by a point."""
    return not row["sure"] or (row["event"] and abs(row["value"] or 0.0) >= 1.0)


def _row(effect) -> dict:
    paired = effect.paired
    return {
        "title": sentence(named(effect.title)),
        "mean": mean_difference(effect),
        "own": members_own(effect),
        "signs": signs(effect),
        "sure": "" if paired.direction else "may be no difference",
        "event": effect.is_event,
        "value": rounded(paired.value * (100 if effect.is_event else 1)),
        "low": rounded(paired.low * (100 if effect.is_event else 1)),
        "high": rounded(paired.high * (100 if effect.is_event else 1)),
        "outcome": effect.outcome,
    }
