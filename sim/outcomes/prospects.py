"""What an analyst asks for first: which treaties, by when, how likely; trust; integration; summits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.outcomes.catalogue import AccordEntry, Catalogue
from sim.outcomes.epochs import SUMMIT_EPOCHS
from sim.outcomes.series import report_years
from sim.outcomes.summary import Probability, Summary, probability, probability_by, summarise

#: Outcome columns of members, (m,) each.
Members = Mapping[str, Sequence[float]] | Mapping[str, np.ndarray]
#: Outcomes at the end of the span, and what a table calls them.
_LEVELS = {
    "new_treaties": "new treaties since the branch",
    "trust_mean": "mean trust",
    "trust_minimum": "lowest trust",
    "institutions": "institutions Z",
    "index": "integration index",
    "index_treaties": "  of which treaties",
    "index_borders": "  of which borders",
    "index_process": "  of which regional process",
}
#: Counts over the whole simulated span.
_TEXTS = {
    "new_texts_tabled": "new texts tabled at summits",
    "new_texts_adopted": "  of which adopted",
}


@dataclass(frozen=True)
class Prospect:
    """One instrument that is still open at the branch.

    ``by`` maps report years to the probability that it has come by their end, ``likely`` is that of the whole span;
    ``when`` summarises the dates of the members in which it comes; ``signatories`` maps the states that had not
    signed by the branch to the probability that they do, for accords.
    """

    instrument: str
    title: str
    likely: Probability
    by: dict[int, Probability]
    when: Summary
    signatories: dict[str, Probability]


@dataclass(frozen=True)
class Level:
    """A quantity over members: at the end of the span, or counted over the years that its title names."""

    column: str
    title: str
    summary: Summary


def prospects(catalogue: Catalogue, members: Members, most: int | None = None) -> list[Prospect]:
    """Accords in force that some party still stays out of, then open instruments; each likeliest first.

    What comes in no member is left out; at most ``most`` are returned.
    """
    years = [year for year in report_years(catalogue) if year >= catalogue.branch / 12]
    accords, found = {accord.id: accord for accord in catalogue.accords}, []
    for name in [*holdouts(catalogue, members), *open_instruments(catalogue, members)]:
        dates = dates_of(catalogue, members, name)
        if most is not None and len(found) == most:
            break
        if np.isnan(dates).all():
            continue
        signatories = {}
        for state in accords[name].parties if name in accords else ():
            if is_open(catalogue, signed := dates_of(catalogue, members, f"{name}.{state}")):
                signatories[state] = _ever(signed)
        by = {year: probability_by(dates, year) for year in years}
        found.append(Prospect(name, _title(name, accords), _ever(dates), by, summarise(dates), signatories))
    return found


def _title(instrument: str, accords: Mapping[str, AccordEntry]) -> str:
    whole, _, part = instrument.partition(".")
    if whole not in accords:
        return f"{whole} {part}"
    return f"{part} joins {accords[whole].title}" if part else accords[whole].title


def _ever(dates: np.ndarray) -> Probability:
    return probability(int(np.isfinite(dates).sum()), dates.size)


def is_open(catalogue: Catalogue, dates: np.ndarray) -> bool:
    """Whether what has these dates, (m,), had not come in some member when simulation began."""
    return not bool((dates < catalogue.branch / 12 - 1e-9).all())


def holdouts(catalogue: Catalogue, members: Members) -> list[str]:
    """``accord.STATE`` for parties outside an accord that others had adopted by the branch, likeliest to join first."""
    in_place = [each for each in catalogue.accords if not is_open(catalogue, dates_of(catalogue, members, each.id))]
    return _likeliest(catalogue, members, sorted(f"{each.id}.{state}" for each in in_place for state in each.parties))


def _likeliest(catalogue: Catalogue, members: Members, names: Sequence[str]) -> list[str]:
    """Those that are open, by the share of members in which they come."""
    dates = {name: dates_of(catalogue, members, name) for name in names}
    chances = {name: np.isfinite(each).mean() for name, each in dates.items() if is_open(catalogue, each)}
    return sorted(chances, key=lambda name: -chances[name])


def levels(catalogue: Catalogue, members: Members) -> list[Level]:
    """Treaties, trust, institutions, the index and its parts at the end, and summits after the branch."""
    years = report_years(catalogue)
    if not years:
        return []
    named = {f"{name}_{years[-1]}": title for name, title in _LEVELS.items()} | _TEXTS
    named |= {
        f"summit_count.{first}-{until}": f"regional summits {first}–{until}"
        for first, until in SUMMIT_EPOCHS
        if until >= catalogue.branch // 12
    }
    return [Level(name, title, summarise(members[name])) for name, title in named.items() if name in members]


def adoption_column(catalogue: Catalogue, instrument: str) -> str:
    """Outcome column that dates an instrument: ``A-B.alliance``, an accord's id, or ``accord.STATE`` for a party.

    Raises KeyError naming what there is for an instrument that the run does not know.
    """
    known = catalogue.dated_by
    if instrument not in known:
        steps = [name for name, column in known.items() if not column.startswith("signed_month.")]
        raise KeyError(f"{instrument!r} is no instrument of this run.  Known: {', '.join(steps)}")
    return known[instrument]


def dates_of(catalogue: Catalogue, members: Members, instrument: str) -> np.ndarray:
    """Year fraction in which each member adopts an instrument, (m,), NaN for never; names as in adoption_column."""
    return np.asarray(members[adoption_column(catalogue, instrument)], dtype=np.float64)


def open_instruments(catalogue: Catalogue, members: Members) -> list[str]:
    """Ladder steps and accords not yet adopted at the branch in some member, by probability, likeliest first.

    A step two rungs above where a dyad stands is listed too: it is open to those histories that take both.
    """
    names = [f"{dyad}.{rung}" for dyad in catalogue.dyads for rung in catalogue.rungs]
    return _likeliest(catalogue, members, [*names, *(accord.id for accord in catalogue.accords)])


def adoption_curve(dates: np.ndarray, months: Sequence[int] | np.ndarray) -> np.ndarray:
    """Probability that something has come by the end of each absolute month, and the ends of its 95 % interval, (3, k).

    ``dates`` are year fractions of the members, (m,), NaN for never.
    """
    come = np.searchsorted(np.sort(np.rint(dates[np.isfinite(dates)] * 12)), months, side="right")
    sure = {count: probability(int(count), dates.size) for count in np.unique(come)}
    return np.array([[getattr(sure[count], name) for count in come] for name in ("value", "low", "high")])
