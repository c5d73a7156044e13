"""Effects in few characters: the same words for the terminal and for notebooks."""

import math

from sim.comparison.effect import Effect, about
from sim.outcomes.metric import difference_unit
from sim.outcomes.paired import Difference

MINUS = "\N{MINUS SIGN}"
_MOST_DECIMALS = 5  # more would not fit beside a forest plot
_OF_PER_CENT = 3
_OF_NO_SPREAD = 4
_YEARS = " y"


def decimals_for(half_width: float) -> int:
    """Decimals that show two digits of an interval's half-width, at most five."""
    if not math.isfinite(half_width) or half_width <= 0:
        return _OF_NO_SPREAD if half_width == 0 else 2
    return min(max(0, 1 - math.floor(math.log10(half_width))), _MOST_DECIMALS)


def number(value: float, decimals: int, signed: bool = True) -> str:
    """A number with a real minus sign, and a plus where it is a difference above zero."""
    text = f"{abs(value):.{decimals}f}"
    if not float(text):
        return text
    return MINUS + text if value < 0 else f"+{text}" if signed else text


def mean_difference(effect: Effect) -> str:
    """The difference and the half-width of its 95 % interval; chances and shares in percentage points."""
    paired, (scale, _) = effect.paired, difference_unit(effect.outcome)
    value, half = scale * paired.value, scale * (paired.high - paired.low) / 2
    most = 1 if effect.is_event else _OF_PER_CENT if scale == 100 else _MOST_DECIMALS
    decimals = min(_decimals_of(value, half), most)
    said = number(value, decimals)
    return f"{said if float(f'{value:.{decimals}f}') else '0'}{_either(half, decimals)}{_sign(effect)}"


def told(effect: Effect) -> str:
    """The difference for a sentence, and that it may have either sign where that cannot be told."""
    return mean_difference(effect) + ("" if effect.paired.direction else ", direction not yet certain")


def _decimals_of(value: float, half: float) -> int:
    """Two digits of the half-width; three of the value where there is none, or one a thousand times narrower."""
    if (math.isnan(half) or 0 < 1000 * half < abs(value)) and value and math.isfinite(value):
        return max(0, 2 - math.floor(math.log10(abs(value))))
    return decimals_for(half)


def _either(half: float, decimals: int) -> str:
    """The half-width, never nothing where there is some."""
    if not math.isfinite(half):
        return ""
    rounded = f"{half:.{decimals}f}"
    return f" ±<{10.0**-decimals:.{decimals}f}" if half > 0 and not float(rounded) else f" ±{rounded}"


def _sign(effect: Effect) -> str:
    return " %" if difference_unit(effect.outcome)[0] == 100 else ""


def typical(found: Difference | None, unit: str = "", scale: float = 1.0) -> str:
    """Median of the members' own differences and the range of the middle 90 %."""
    if found is None:
        return ""
    if unit == _YEARS and not found.moved:
        return "same dates"
    figures = [scale * each for each in (found.median, *found.intervals[90])]
    wide = max(map(abs, figures))
    whole = all(each == round(each) for each in figures)
    decimals = 0 if whole else min(max(0, 1 - math.floor(math.log10(wide))) if wide else 0, _MOST_DECIMALS)
    if unit == _YEARS:
        decimals = min(decimals, 1)
    if found.members == 1:
        return f"{number(figures[0], decimals, False)}{unit}"
    median, low, high = ("0" if round(each, decimals) == 0 else number(each, decimals, False) for each in figures)
    return f"{median}{unit} [{low}, {high}]"


def members_own(effect: Effect) -> str:
    """Median and 90 % of the members' differences; for events those of the dates, in years."""
    if effect.is_event:
        return typical(effect.dates, _YEARS)
    return typical(effect.paired, _sign(effect), difference_unit(effect.outcome)[0])


def _whole_percent(share: float) -> str:
    text = f"{100 * share:.0f}"
    return "<1" if text == "0" and share > 0 else ">99" if text == "100" and share < 1 else text


def signs(effect: Effect) -> str:
    """Percentages of members that are lower, the same and higher."""
    paired = effect.paired
    return " ".join(_whole_percent(share) for share in (paired.lower, paired.same, paired.higher))


def still_needed(effect: Effect) -> str:
    """Further members to tell the direction; empty where it is known, or where one pair cannot say."""
    if effect.paired.direction or not effect.moves or effect.paired.members == 1:
        return ""
    if not effect.paired.moved:
        return "dates"
    return about(effect.paired.more_to_tell)


HEADINGS = ("", "mean", "median [90 %]", f"% {MINUS} = +", "more")


def cells(effect: Effect, also: int = 0, year: int | None = None) -> tuple[str, str, str, str, str]:
    """A row under HEADINGS; ``also`` outcomes are alike, and that it is read at the end of ``year`` goes unsaid."""
    title = effect.title.removesuffix(f", end of {year}")
    title += f" (+{also} alike)" if also else ""
    return title, mean_difference(effect), members_own(effect), signs(effect), still_needed(effect)


def explanation(members: int, year: int | None = None) -> str:
    """How to read the columns."""
    levels = f"Levels are those at the end of {year}.  " if year else ""
    if members == 1:
        return (
            f"{levels}mean: the difference of one pair of members that share their random numbers.  One pair: no "
            "interval but for events, and no telling of how many it would take; run both with more members.  With %, "
            "percentage points; with y, years between the dates where it comes in both.  "
            f"% {MINUS} = +: 100 where the member is lower, the same, higher."
        )
    return (
        f"{levels}mean: difference over {members} pairs of members that share their random numbers, ± the 95 % "
        "interval that so many members leave; with %, percentage points of the share, or of the probability that "
        "it ever comes.  median [90 %]: of the members' own differences; with y, years between the dates where it "
        f"comes in both.  % {MINUS} = +: members that are lower, the same, higher.  more: about so many further "
        "members would tell the direction, if the difference is what it seems."
    )
