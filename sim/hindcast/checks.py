"""Joint checks of a history from 1992 to June 2025: what a free run is held against, and the record with it.

A history that is right decade by decade can still lack what strikes the eye of one who knows the region: treaties that
come in waves, states that hold out, years without a summit. Each check is one number of a whole history (posterior
predictive checks: Gelman, Meng & Stern 1996).
"""

from collections.abc import Iterable

import numpy as np

from sim.hindcast.leads.happened import FRICTIONS, Row, counts_as

FIRST, END = 1992 * 12, 2025 * 12 + 6  # months; the whole years end before the last
DECADES = ((1992, 2001), (2002, 2011), (2012, 2021))
_YEARS = END // 12 - FIRST // 12


def checks_of(rows: Iterable[Row], members: int, regional: str) -> dict[tuple[str, str], np.ndarray]:
    """(name, unit) -> (member,) value of each check.

    Parameters
    ----------
    rows : `sim.hindcast.leads.happened`, of the record (one member) or of a free run
    regional : the format that stands for all regional ones
    """
    treaties, summits, acts = (np.zeros((members, _YEARS), np.int64) for _ in range(3))
    signed: list[dict[str, set[str]]] = [{} for _ in range(members)]
    for row in rows:
        year = (row.month - FIRST) // 12
        if row.kind in ("signature", "accession") and row.month < END:
            text, _, state = row.subject.partition(":")
            signed[row.member].setdefault(text, set()).add(state)
        if not 0 <= year < _YEARS:
            continue
        treaties[row.member, year] += row.kind == "rung"
        summits[row.member, year] += row.kind == "summit" and row.subject == regional
        acts[row.member, year] += FRICTIONS in counts_as(row, {})
    found = {
        ("most bilateral treaties in one year", "treaties"): treaties.max(axis=1),
        ("years without a bilateral treaty", "years"): (treaties == 0).sum(axis=1),
        ("longest time without a regional summit", "years"): np.array([longest(line == 0) for line in summits]),
        ("states that hold out of the friendship accord", "states"): np.array(
            [5 - len(texts.get("friendship-2022", ())) for texts in signed]
        ),
    }
    for first, last in DECADES:
        inside = slice(first - FIRST // 12, last + 1 - FIRST // 12)
        found[f"hostile acts between neighbours {first}-{last}", "acts"] = acts[:, inside].sum(axis=1)
    return found


def longest(flags: np.ndarray) -> int:
    """Length of the longest run of true values."""
    most = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        most = max(most, run)
    return most
