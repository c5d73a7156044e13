"""Bands over time: quantiles over members of the yearly series, by chapter."""

import re

import numpy as np

from sim.facts import load_rivers
from sim.outcomes import describe
from sim.page.source import Source
from sim.words import named, rounded, sentence

#: Edges of the 95, 80 and 50 % bands with the median in the middle.
EDGES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
_AS_PERCENT = ("share", "share of income", "share of GDP", "probability")
_PRICES = {"billion current USD": "billion dollars of the year", "billion 2021 USD": "billion dollars of 2021"}

#: Chapter, and the series it shows, in this order.
CHAPTERS = {
    "Integration": r"index|index_\w+|trust_mean|trust_minimum|institutions|regional_process|treaty_depth|implemented"
    r"|borders_settled|crossings_open",
    "Trade": r"trade_regional|trade_regional_constant|trade\.[A-Z]{3}-[A-Z]{3}|trade_share\.[A-Z]{3}",
    "Gains from integration": r"integration_gain\.[A-Z]{3}|gain\.[A-Z]{3}",
    "Rivers": r"deficit_year\.[A-Z]{3}|power_deficit\.[A-Z]{3}|storage\.\w+|ENDS_OF_RIVERS"
    r"|taken\.\w+",
    "Trust": r"trust\.[A-Z]{3}\.[A-Z]{3}",
    "Leaders and powers": r"openness\.[A-Z]{3}|pull\.[A-Z]{3}",
}
_PAIRED = (
    r"index|trust_mean|trust_minimum|institutions|regional_process|borders_settled|trade_regional|trade\.AXIS"
    r"|(?:integration_)?gain\..*|deficit_year\..*|ENDS_OF_RIVERS"
)


def _in_region(pattern: str, source: Source) -> str:
    """A pattern with the ends of the rivers and the pair of trade that the region of a run follows."""
    region = source.catalogue.region
    ends = "|".join(rf"flow\.{node}" for node in region.seas) or r"flow\."
    return pattern.replace("ENDS_OF_RIVERS", ends).replace("AXIS", region.axis)


def is_paired(name: str, source: Source) -> bool:
    """Whether differences of a series between paired runs are shown too."""
    return re.fullmatch(_in_region(_PAIRED, source), name) is not None


def chapters(source: Source) -> dict[str, list[str]]:
    """Series of each chapter that the run holds and that are not nothing throughout."""
    found: dict[str, list[str]] = {}
    for chapter, pattern in CHAPTERS.items():
        pattern = _in_region(pattern, source)
        places = {part: k for k, part in enumerate(pattern.split("|"))}
        names = [
            (min(k for part, k in places.items() if re.fullmatch(part, name)), name)
            for name in source.series
            if re.fullmatch(pattern, name)
        ]
        kept = [name for _, name in sorted(names) if np.nanmax(np.abs(source.series[name]), initial=0) > 1e-9]
        if kept:
            found[chapter] = kept
    return found


def about(name: str) -> dict:
    """What a series is: title, unit, how to read it, and whether it is shown in per cent."""
    metric = describe(name)
    percent = metric.unit in _AS_PERCENT
    return {
        "title": _title(name, metric.label(name)),
        "unit": "per cent" if percent else _PRICES.get(metric.unit, metric.unit),
        "meaning": named(metric.meaning),
        "reading": named(metric.reading),
        "percent": percent,
    }


def _title(name: str, label: str) -> str:
    """What a reader calls a series; a node of the rivers by its title."""
    head, _, node = name.partition(".")
    place = load_rivers().nodes.get(node)
    if place is not None and head in ("flow", "taken"):
        return f"{'Water that arrives' if place.kind == 'sink' else 'Water taken'}: {place.title}"
    return sentence(named(label)).removesuffix(", twelve months")


def bands(values: np.ndarray) -> list[list[float | None]]:
    """Quantiles at EDGES of each year, (7, years), as the page carries them; None where most members have no value.

    An edge is a value that occurs, as in `sim.outcomes.summarise`.
    """
    ordered = np.sort(values, axis=0)  # nan comes last
    there = np.count_nonzero(~np.isnan(values), axis=0)
    place = np.ceil(np.multiply.outer(EDGES, there) - 1e-9).astype(int) - 1
    found = np.take_along_axis(ordered, np.maximum(place, 0), axis=0)
    found[:, there < 0.5 * len(values)] = np.nan
    return [[rounded(value) for value in row] for row in found]


def fans(source: Source) -> dict[str, list]:
    """Bands of every series of every chapter."""
    return {name: bands(source.series[name]) for names in chapters(source).values() for name in names}


def differences(source: Source, against: Source) -> dict[str, list]:
    """Bands of the members' own differences from another run, for the members and years that both have."""
    numbers = np.intersect1d(source.numbers, against.numbers)
    ours, theirs = (np.searchsorted(each.numbers, numbers) for each in (source, against))
    if source.years != against.years or not numbers.size:
        return {}
    return {
        name: bands(values[ours] - against.series[name][theirs])
        for name, values in source.series.items()
        if is_paired(name, source) and name in against.series
    }
