"""The treaty timeline: what is documented, when the rest comes and how likely."""

import numpy as np

from sim.outcomes import probability
from sim.page.source import Source
from sim.words import RUNGS, STATES, named, rounded

_EDGES = (0.1, 0.25, 0.75, 0.9)


def timeline(source: Source) -> list[dict]:
    """A row per instrument: bilateral steps, accords as a whole, and parties that stay out of an accord in force.

    ``documented`` is a year fraction, or None; else ``when`` holds quantiles of the date among the histories in which
    it comes and ``by`` the probability, with its interval, that it has come by the end of each year from the branch on.
    """
    catalogue, rows = source.catalogue, []
    for dyad in catalogue.dyads:
        for rung in catalogue.rungs:
            label = f"{named(dyad)}: {RUNGS.get(rung, rung)}"
            short = f"{dyad.replace('-', '–')} {rung}"
            rows.append(_row(source, f"rung_month.{dyad}.{rung}", label, "pair", dyad, rung, short))
    for accord in catalogue.accords:
        rows.append(_row(source, f"adopted_month.{accord.id}", accord.title, "accord", accord.id, "adopted"))
        if rows[-1]["documented"] is None:
            continue
        for state in accord.parties:
            joins = f"{STATES.get(state, state)} joins: {accord.title}"
            row = _row(
                source,
                f"signed_month.{accord.id}.{state}",
                joins,
                "party",
                accord.id,
                state,
                f"{state}: {accord.title}",
            )
            if row["documented"] is None:
                rows.append(row)
    return [row for row in rows if row["documented"] is not None or row["by"][-1][0] > 0]


def _row(source: Source, column: str, label: str, kind: str, group: str, part: str, short: str = "") -> dict:
    dates, branch = source.members[column], source.catalogue.branch / 12
    found = {"id": column, "label": label, "short": short or label, "kind": kind, "group": group, "part": part}
    if (dates < branch - 1e-9).all():
        return {**found, "documented": rounded(np.median(dates), 6), "when": None, "by": []}
    come = np.sort(dates[np.isfinite(dates)])
    years = [year for year in source.years if year >= int(branch)]
    counts = np.searchsorted(come, np.array(years) + 1 - 1e-9)
    chances = [probability(int(count), dates.size) for count in counts]
    when = _when(come) if come.size else None
    by = [[rounded(each.value), rounded(each.low), rounded(each.high)] for each in chances]
    return {**found, "documented": None, "when": when, "by": by, "years": years}


def _when(dates: np.ndarray) -> list[float | None]:
    """Edges of the bands among dates, and in the middle the median that the summary gives."""
    low, inner_low, inner_high, high = np.quantile(dates, _EDGES, method="inverted_cdf")
    return [rounded(value, 6) for value in (low, inner_low, np.median(dates), inner_high, high)]
