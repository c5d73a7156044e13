"""Which history to tell: the one nearest the ensemble's middle, of all or of those that meet a condition."""

import difflib
import operator
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.runs import OutputError, Run
from sim.words import STATES

#: What the middle is measured by, where the run holds it; {last} is its last year.
_MAIN = tuple((Path(__file__).parent / "main_outcomes.txt").read_text(encoding="utf-8").split())
_OPERATORS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}
_COMPARED = re.compile(r"([\w.\-]+)\s*(>=|<=|>|<|=)\s*(-?\d+(?:\.\d+)?)\s*%?")
_SIGNS = re.compile(r"(\w{3})\s+(signs|joins|refuses|stays out)(?:\s+(?:of\s+)?([\w\-]+))?(?:\s+by\s+(\d{4}))?", re.I)
_STEP = re.compile(r"(\w{3})[-_](\w{3})\s+(\w+)(?:\s+by\s+(\d{4}))?", re.I)
_DATED = re.compile(r"([\w.\-]+)\s+by\s+(\d{4})")
_HOW = (
    "A condition reads like “STATE signs”, “STATE signs ACCORD by 2030”, “A-B alliance by 2035”, "
    "“a_b_trade >= 10” or “COLUMN >= NUMBER”; commas join several."
)


def typical(run: Run, among: np.ndarray | None = None) -> int:
    """The member nearest the medians of the main outcomes, in units of their middle half.

    among : (m,) mask of the members that may be chosen; the middle is that of these members
    """
    frame = run.members
    numbers = frame.index.to_numpy()
    chosen = np.ones(numbers.size, bool) if among is None else among
    last = run.catalogue.end // 12
    distance = np.zeros(numbers.size)
    for name in (pattern.format(last=last) for pattern in _MAIN):
        if name in frame:
            values = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
            values = np.log(values) if name.startswith("trade") else values
            low, middle, high = np.nanquantile(values[chosen], (0.25, 0.5, 0.75))
            distance += np.nan_to_num(((values - middle) / (high - low or 1.0)) ** 2, nan=9.0)
    return int(numbers[np.where(chosen, distance, np.inf).argmin()])


def like(run: Run, text: str) -> np.ndarray:
    """Mask of the members that meet every condition of a text; OutputError if it cannot be read or none does."""
    chosen = np.ones(len(run.members), bool)
    for condition in filter(None, (part.strip() for part in text.split(","))):
        chosen &= _meets(run, condition)
    if not chosen.any():
        raise OutputError(f"no history of {run.name} meets {text!r}.  Ask for less, or run more members.")
    return chosen


def _meets(run: Run, condition: str) -> np.ndarray:
    frame = run.members

    def values(name: str) -> np.ndarray:
        return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)

    if found := _SIGNS.fullmatch(condition):
        state, verb, accord, year = found.groups()
        dates = values(_signature(run, state.upper(), accord))
        come = dates < (int(year) + 1 if year else np.inf)
        return come if verb.lower() in ("signs", "joins") else ~come
    if (found := _STEP.fullmatch(condition)) and found[3].lower() in run.catalogue.rungs:
        one, other = (code.upper() for code in found.groups()[:2])
        name, turned = (f"rung_month.{pair}.{found[3].lower()}" for pair in (f"{one}-{other}", f"{other}-{one}"))
        name = turned if turned in frame else name
        return values(_column(run, name)) < (int(found[4]) + 1 if found[4] else np.inf)
    if found := _COMPARED.fullmatch(condition):
        return _OPERATORS[found[2]](values(_column(run, found[1])), float(found[3]))
    if found := _DATED.fullmatch(condition):
        return values(_column(run, found[1])) < int(found[2]) + 1
    raise OutputError(f"{condition!r} is not a condition.  {_HOW}")


def _signature(run: Run, state: str, accord: str | None) -> str:
    """The column of a signature; without an accord the one that this state stays out of at the branch."""
    if accord:
        return _column(run, f"signed_month.{accord}.{state}")
    branch = run.catalogue.branch / 12
    open_to = [
        f"signed_month.{entry.id}.{state}"
        for entry in run.catalogue.accords
        if state in entry.parties
        and (run.members[f"adopted_month.{entry.id}"] < branch).all()
        and not (run.members[f"signed_month.{entry.id}.{state}"] < branch).all()
    ]
    if not open_to:
        raise OutputError(f"{STATES.get(state, state)} stays out of no accord in force.  {_HOW}")
    return min(open_to, key=lambda name: ("friendship" not in name, name))


def _column(run: Run, given: str) -> str:
    """The outcome column that a name means: itself, at the last year, or turned round as in a_b_trade."""
    columns: Sequence[str] = list(run.members.columns)
    last = run.catalogue.end // 12
    words = given.split("_")
    year = words.pop() if words[-1].isdigit() else str(last)
    turned = []
    if len(words) >= 3 and all(len(word) == 3 for word in words[:2]):
        pair, rest = "-".join(words[:2]).upper(), "_".join(words[2:])
        turned = [f"{rest}.{pair}_{year}", f"{rest}.{pair}"]
    if len(words) >= 2 and len(words[0]) == 3:
        turned += [f"{'_'.join(words[1:])}.{words[0].upper()}_{year}", f"{'_'.join(words[1:])}.{words[0].upper()}"]
    for name in (given, f"{given}_{last}", *turned):
        if name in columns:
            return name
    near = difflib.get_close_matches(given, columns, 3, 0.4)
    guess = f"  Near: {', '.join(near)}." if near else ""
    raise OutputError(f"{given!r} is no outcome of this run.{guess}  {_HOW}")
