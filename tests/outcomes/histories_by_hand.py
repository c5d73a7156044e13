"""Small histories written by hand."""

import numpy as np

from sim.outcomes import AccordEntry, Catalogue, Events, FormatEntry, Histories

KINDS = (
    "rung",
    "rung-lost",
    "declaration",
    "signature",
    "accession",
    "in-force",
    "withdrawal",
    "summit",
    "clash",
    "settlement",
)
PARTIES = ("KGZ", "TJK", "UZB")
CATALOGUE = Catalogue(
    states=PARTIES,
    dyads=("KGZ-TJK", "KGZ-UZB", "TJK-UZB"),
    rungs=("friendship", "partnership", "alliance"),
    accords=(
        AccordEntry("all", "All or none", PARTIES, "unanimity", 3, 2020 * 12, "accord"),
        AccordEntry("some", "The willing", PARTIES, "opt-in", 2, 2020 * 12, "accord"),
    ),
    formats=(FormatEntry("regional", "Regional", True), FormatEntry("abroad", "Abroad", False)),
    powers=("RUS",),
    kinds=KINDS,
    start=2010 * 12,
    branch=2022 * 12,
    end=2040 * 12 + 11,
)


def events(*rows):
    """Rows (member, year, kind, a, b, instrument, value) as events; states and instruments by name."""
    coded = []
    for member, year, kind, a, b, instrument, value in rows:
        states = [PARTIES.index(name) if name else -1 for name in (a, b)]
        place = CATALOGUE.instruments.index(instrument) if instrument else -1
        coded.append((member, round(year * 12), KINDS.index(kind), *states, place, value))
    columns = zip(*coded) if coded else [[]] * 7
    return Events(
        *(np.array(column, dtype=np.float64 if place == 6 else np.int64) for place, column in enumerate(columns))
    )


def histories(documented=(), simulated=(), members=2, yearly=None):
    """Histories of the first members."""
    return Histories(CATALOGUE, np.arange(members), yearly or {}, events(*simulated), events(*documented))
