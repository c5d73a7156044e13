"""Names and numbers as a reader who knows no code wants them."""

import math
import re
from collections.abc import Mapping

STATES = {
    "AZE": "Azerbaijan",
    "KAZ": "Kazakhstan",
    "KGZ": "Kyrgyzstan",
    "TJK": "Tajikistan",
    "TKM": "Turkmenistan",
    "UZB": "Uzbekistan",
    "AFG": "Afghanistan",
}
RUNGS = {"friendship": "friendship treaty", "partnership": "strategic partnership", "alliance": "alliance"}
MONTHS = "January February March April May June July August September October November December".split()
NBSP = "\N{NO-BREAK SPACE}"
_CODES = re.compile(rf"\b({'|'.join(STATES)})(?:-({'|'.join(STATES)}))?\b")


def named(text: str) -> str:
    """A text with the codes of states replaced by their names: ``KAZ-UZB alliance``, Kazakhstan–Uzbekistan alliance."""
    return _CODES.sub(lambda found: "–".join(STATES[code] for code in found.groups() if code), text)


def sentence(text: str) -> str:
    """With a capital at the beginning."""
    return text[:1].upper() + text[1:]


def month_name(month: int) -> str:
    """An absolute month (year * 12 + month - 1) in words: July 2025."""
    return f"{MONTHS[month % 12]} {month // 12}"


def month_of(year: float) -> int:
    """The absolute month of a year fraction."""
    return round(year * 12)


def share(value: float) -> str:
    """A share of histories as a percentage, never rounding the possible to certainty or impossibility."""
    if math.isnan(value):
        return "–"
    text = f"{100 * value:.0f}"
    if 0 < value and text == "0":
        return f"less than 1{NBSP}%"
    return f"more than 99{NBSP}%" if value < 1 and text == "100" else f"{text}{NBSP}%"


def figure(value: float, digits: int = 2) -> str:
    """A number to so many significant digits, with thousands marked and no exponent."""
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def listed(texts: list[str]) -> str:
    """``a, b and c``."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}" if texts else ""


def rounded(value: float, digits: int = 4) -> float | None:
    """A number as the page carries it: so many significant digits, None for what is no number."""
    value = float(value)
    return float(f"{value:.{digits}g}") if math.isfinite(value) else None


def plain(values: Mapping[str, object]) -> dict[str, str]:
    """Values of a table of settings as text."""
    return {key: str(value) for key, value in values.items()}


def signed(value: float, decimals: int = 2) -> str:
    """A number with its sign, a real minus, and no sign where it rounds to nothing."""
    text = f"{value:+.{decimals}f}".replace("-", "\N{MINUS SIGN}")
    return text if float(f"{value:.{decimals}f}") else text[1:]
