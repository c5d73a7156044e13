"""Tables of trade of three states, AAA, BBB and CCC, and an outsider, AFG, small enough to work by hand."""

from datetime import date
from types import SimpleNamespace as Some

import numpy as np

IDS = ("AAA", "BBB", "CCC", "AFG")
YEARS = (2018, 2019, 2020)
#: Current dollars per constant one: exact binary fractions.
DEFLATOR = {2018: 0.5, 2019: 2.0, 2020: 4.0}
#: Current USD of 2019, exporter by importer; twice that in 2020 and a quarter in 2018.
FLOWS = np.array([[0, 8, 16, 32], [24, 0, 40, 48], [64, 72, 0, 80], [96, 16, 8, 0]], float)
GDP = np.array([1000.0, 2000.0, 4000.0, 8000.0])  # of 2019
SCALE = {2018: 0.25, 2019: 1.0, 2020: 2.0}
PAIRS = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
NAMES = ["AAA-BBB", "AAA-CCC", "AAA-AFG", "BBB-CCC", "AFG-BBB", "AFG-CCC"]


def crossing(a, b, since, passage, closed=False):
    return Some(economy_a=a, economy_b=b, since=date(*since, 1), passage=passage, closed=closed)


def agreement(a, b, since, content, name="other"):
    return Some(economy_a=a, economy_b=b, since=date(*since, 1), content=content, agreement=name)


def tables(**changed):
    """Every table; volumes are e to the power of the place of the economy, and grow by 0.5 a year."""
    flows = [
        Some(exporter=a, importer=b, year=year, usd_current=FLOWS[i, j] * SCALE[year], status="observed", reading="")
        for year in YEARS for i, a in enumerate(IDS) for j, b in enumerate(IDS) if i != j
    ]  # fmt: skip
    sizes = [
        Some(economy=name, year=year, gdp_current_usd=GDP[k] * SCALE[year], gdp_volume=np.exp(k + 0.5 * (year - 2019)))
        for k, name in enumerate(IDS) for year in YEARS
    ]  # fmt: skip
    growth = [
        Some(economy=name, median=0.01 * (k + 1), drift_spread=0.1 * (k + 1), yearly_spread=0.2 * (k + 1))
        for k, name in reversed(list(enumerate(IDS)))
    ]
    plain = {
        "economies": [Some(id=name, kind="state" if name != "AFG" else "neighbour") for name in IDS], "ids": IDS,
        "sizes": sizes, "flows": flows, "deflator": [Some(year=year, deflator=DEFLATOR[year]) for year in YEARS],
        "agreements": [], "crossings": [], "growth": growth, "pairs": [Some(pair="AFG-BBB", spread_factor=1.5)],
        "corridors": [], "core": frozenset({"AAA", "BBB"}), "axis": "AAA-CCC",
    }  # fmt: skip
    return Some(**plain | changed)
