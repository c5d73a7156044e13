"""How likely each instrument is to have been adopted by each month."""

from collections.abc import Sequence

import numpy as np

from sim.outcomes.catalogue import Catalogue
from sim.outcomes.summary import probability


def adoption_column(catalogue: Catalogue, instrument: str) -> str:
    """Outcome column that dates an instrument: ``KAZ-UZB.alliance``, an accord's id, or ``accord.STATE`` for a party.

    Raises KeyError naming what there is for an instrument that the run does not know.
    """
    whole = {accord.id: f"adopted_month.{accord.id}" for accord in catalogue.accords}
    rungs = {f"{dyad}.{rung}": f"rung_month.{dyad}.{rung}" for dyad in catalogue.dyads for rung in catalogue.rungs}
    signed = {
        f"{accord.id}.{state}": f"signed_month.{accord.id}.{state}"
        for accord in catalogue.accords
        for state in accord.parties
    }
    known = {**signed, **rungs, **whole}
    if instrument not in known:
        raise KeyError(f"{instrument!r} is no instrument of this run.  Known: {', '.join([*whole, *rungs])}")
    return known[instrument]


def open_instruments(catalogue: Catalogue, members) -> list[str]:
    """Ladder steps and accords not yet adopted at the branch in some member, by probability, likeliest first.

    A step two rungs above where a dyad stands is listed too: it is open to those histories that take both.
    ``members`` is a frame or mapping of outcome columns.
    """
    branch = catalogue.branch / 12
    names = [f"{dyad}.{rung}" for dyad in catalogue.dyads for rung in catalogue.rungs]
    names += [accord.id for accord in catalogue.accords]
    chances = []
    for name in names:
        dates = np.asarray(members[adoption_column(catalogue, name)], dtype=np.float64)
        if not (dates < branch - 1e-9).all():
            chances.append((-float(np.isfinite(dates).mean()) if dates.size else 0.0, name))
    return [name for _, name in sorted(chances, key=lambda pair: pair[0])]


def adoption_curve(run, instrument: str, months: Sequence[int] | None = None):
    """Probability that an instrument has been adopted by the end of each month.

    Parameters
    ----------
    run : an opened run (``catalogue`` and ``members`` are used)
    instrument : as in :func:`adoption_column`
    months : absolute months; every month of the span unless given

    Returns
    -------
    A frame indexed by absolute month with ``year`` (fraction), ``probability`` and its 95 % interval ``low``, ``high``.
    """
    import pandas as pd

    catalogue = run.catalogue
    column = adoption_column(catalogue, instrument)
    dates = np.sort(run.members[column].to_numpy(dtype=np.float64, copy=True))
    dates = np.rint(dates[np.isfinite(dates)] * 12)
    total = len(run.members)
    index = np.arange(catalogue.start, catalogue.end + 1) if months is None else np.asarray(months)
    counts = np.searchsorted(dates, index, side="right")
    sure = {count: probability(int(count), total) for count in np.unique(counts)}
    found = [sure[count] for count in counts]
    return pd.DataFrame(
        {
            "year": index / 12,
            "probability": [each.value for each in found],
            "low": [each.low for each in found],
            "high": [each.high for each in found],
        },
        index=pd.Index(index, name="month"),
    )
