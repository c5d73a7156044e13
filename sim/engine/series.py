"""The series that a run records: one row of ``series.csv`` each, for engine, outcomes and pages alike.

Columns: ``table`` is where the series is kept (``monthly`` series are in the yearly table too), ``field`` the field of
the state that it records (empty where a process computes it), ``also_at`` how it becomes an outcome of members (``end``
of each report year, in each ``year`` of trade, at the ``last`` report year), ``chapter`` groups tables and plots,
``process`` is what computes it, ``resolution`` the width of the bins in which monthly values are kept.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Formatter

with open(Path(__file__).with_name("series.csv"), encoding="utf-8", newline="") as _file:
    SERIES: tuple[dict[str, str], ...] = tuple(csv.DictReader(_file))

#: ``record.field`` of a region's state -> name of the yearly series in which it is kept.
RECORDED = {row["field"]: row["name"] for row in SERIES if row["field"]}


def series_names(declared: Iterable[str], places: Mapping[str, Sequence[str]]) -> list[str]:
    """Names of series in their order, each once for every id that its place, such as `{state}`, stands for."""
    found = []
    for series in declared:
        place = next((field for _, field, _, _ in Formatter().parse(series) if field), None)
        found += [series.format(**{place: name}) for name in places[place]] if place else [series]
    return found
