"""What the plots of comparisons share: the line at the foot, colours of runs, titles that fit."""

from collections.abc import Sequence
from textwrap import shorten, wrap

import numpy as np

from sim.comparison import Comparison
from sim.comparison.grid import design_of, point_of
from sim.plots.style import STATES

#: Colours of runs, in the order in which they are given; more than these are not told apart in one panel.
COLOURS = (STATES[1], STATES[2], STATES[3], STATES[0], STATES[4], STATES[5])
_NAMED = 6
BELOW, MIDDLE, ABOVE = "#b35806", "#f7f7f7", "#12558c"


def source(comparisons: Sequence[Comparison]) -> str:
    """What is compared, for the foot of a plot."""
    first = comparisons[0]
    if len(comparisons) > 1 and all(point_of(each) for each in comparisons):
        runs = f"{len(comparisons)} points of {design_of(first)}"
    else:
        runs = ", ".join(f"{each.run.name} {each.run.key[:8]}" for each in comparisons[:_NAMED])
        runs += f" and {len(comparisons) - _NAMED} more" if len(comparisons) > _NAMED else ""
    members = sorted({each.members for each in comparisons})
    pairs = f"{members[0]:,}" if len(members) == 1 else f"{members[0]:,} to {members[-1]:,}"
    return (
        f"Source: casim {first.run.manifest['versions']['casim']}, {runs} against {first.against.name} "
        f"{first.against.key[:8]}, {pairs} pairs of members, seed {first.run.manifest['seed']}"
    )


def lines(text: str, width: int, most: int = 2) -> str:
    """A title over at most some lines."""
    found = wrap(text, width)
    if len(found) > most:
        found = [*found[: most - 1], shorten(" ".join(found[most - 1 :]), width, placeholder="...")]
    return "\n".join(found)


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def limits(values: Sequence[np.ndarray], floor: float = 1e-9) -> tuple[float, float]:
    """Limits of an axis that hold all finite values and zero, with a little room."""
    every = np.concatenate([np.ravel(each) for each in values] + [np.zeros(1)])
    every = every[np.isfinite(every)]
    low, high = float(every.min()), float(every.max())
    room = max(high - low, floor) * 0.06
    return low - room, high + room
