"""The few outcomes an analyst asks for first: which treaties, by when, how likely; trust; integration; summits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.outcomes.adoption import adoption_column, open_instruments
from sim.outcomes.catalogue import Catalogue
from sim.outcomes.epochs import SUMMIT_EPOCHS
from sim.outcomes.series import report_years
from sim.outcomes.summary import Probability, Summary, probability, probability_by, summarise


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


def prospects(catalogue: Catalogue, members: Mapping[str, Sequence[float]], most: int | None = None) -> list[Prospect]:
    """Accords in force that some party still stays out of, then open instruments; each likeliest first.

    What comes in no member is left out; at most ``most`` are returned.
    """
    branch, found = catalogue.branch / 12, []
    titles = {accord.id: accord.title for accord in catalogue.accords}
    years = [year for year in report_years(catalogue) if year >= branch]
    parties = {accord.id: accord.parties for accord in catalogue.accords}
    titles |= {
        f"{accord.id}.{state}": f"{accord.id}: {state} joins"
        for accord in catalogue.accords
        for state in accord.parties
    }
    for name in [*holdouts(catalogue, members), *open_instruments(catalogue, members)]:
        dates = np.asarray(members[adoption_column(catalogue, name)], dtype=np.float64)
        likely = probability(int(np.isfinite(dates).sum()), dates.size)
        if most is not None and len(found) == most:
            break
        if not likely.value:
            continue
        signatories = {}
        for state in parties.get(name, ()):
            signed = np.asarray(members[f"signed_month.{name}.{state}"], dtype=np.float64)
            if not (signed < branch - 1e-9).all():
                signatories[state] = probability(int(np.isfinite(signed).sum()), signed.size)
        found.append(
            Prospect(
                name,
                titles.get(name, name.replace(".", " ")),
                likely,
                {year: probability_by(dates, year) for year in years},
                summarise(dates),
                signatories,
            )
        )
    return found


def holdouts(catalogue: Catalogue, members: Mapping[str, Sequence[float]]) -> list[str]:
    """``accord.STATE`` for parties outside an accord that others had adopted by the branch, likeliest to join first."""
    branch, chances = catalogue.branch / 12, []
    for accord in catalogue.accords:
        adopted = np.asarray(members[f"adopted_month.{accord.id}"], dtype=np.float64)
        if not (adopted < branch - 1e-9).all():
            continue
        for state in accord.parties:
            signed = np.asarray(members[f"signed_month.{accord.id}.{state}"], dtype=np.float64)
            if not (signed < branch - 1e-9).all():
                chances.append((-float(np.isfinite(signed).mean()), f"{accord.id}.{state}"))
    return [name for _, name in sorted(chances)]


def levels(catalogue: Catalogue, members: Mapping[str, Sequence[float]]) -> list[Level]:
    """Treaties, trust, institutions, the index and its parts at the end, and summits after the branch."""
    years = report_years(catalogue)
    if not years:
        return []
    last, found = years[-1], []
    names = [
        ("new_treaties", "new treaties since the branch"),
        ("trust_mean", "mean trust"),
        ("trust_minimum", "lowest trust"),
        ("institutions", "institutions Z"),
        ("index", "integration index"),
        ("index_treaties", "  of which treaties"),
        ("index_borders", "  of which borders"),
        ("index_process", "  of which regional process"),
    ]
    for name, title in names:
        column = f"{name}_{last}"
        if column in members:
            found.append(Level(column, title, summarise(members[column])))
    for first, until in SUMMIT_EPOCHS:
        column = f"summit_count.{first}-{until}"
        if column in members and until >= catalogue.branch // 12:
            found.append(Level(column, f"regional summits {first}-{until}", summarise(members[column])))
    return found
