"""Names and numbers as a reader who knows no code wants them."""

import math
import re
from collections.abc import Iterator, Mapping


class Names(Mapping[str, str]):
    """Code -> name of states and neighbours: of the record that ships, and of every other region that was opened."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}
        self._places: dict[str, int] = {}
        self.pattern, self._shipped = re.compile(""), False

    def learn(self, names: Mapping[str, str]) -> None:
        """Add the names of a region."""
        self._found |= names
        self._places |= {code: place for place, code in enumerate(names)}
        codes = "|".join(map(re.escape, self._found))
        self.pattern = re.compile(rf"\b({codes})(?:-({codes}))?\b")

    def _all(self) -> dict[str, str]:
        if not self._shipped:
            self._shipped = True
            from sim.outcomes.catalogue import shipped_region

            self.learn(dict(shipped_region().names))
        return self._found

    def place(self, code: str) -> int | None:
        """Place of a state or neighbour in its region; None for a code that is none."""
        self._all()
        return self._places.get(code)

    def __getitem__(self, code: str) -> str:
        return self._all()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


STATES = Names()
RUNGS = {"friendship": "friendship treaty", "partnership": "strategic partnership", "alliance": "alliance"}
MONTHS = "January February March April May June July August September October November December".split()
#: Two years with a hyphen; 13 to 99 behind it are no month.
_YEARS = re.compile(r"(?<![\w-])((?:19|20)\d\d)-((?:19|20)\d\d|1[3-9]|[2-9]\d)(?![\w-])")
NBSP = "\N{NO-BREAK SPACE}"


def named(text: str) -> str:
    """A text for a reader: names of states for their codes (``AAA-BBB alliance``, Aland–Beland alliance), and a dash
    between the years of a span (``2010-17``, 2010–17).
    """
    len(STATES)  # those that ship are known when the first text is made
    text = _YEARS.sub("\\1–\\2", text)
    return STATES.pattern.sub(lambda found: "–".join(STATES[code] for code in found.groups() if code), text)


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


_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_letters(number: int) -> str:
    """A small number as a word: five."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``one history``, ``1,200 histories``; the plural takes an s unless given."""
    return f"one {one}" if number == 1 else f"{number:,} {many or f'{one}s'}"


def histories(number: int) -> str:
    """``one history`` or ``1,200 histories``."""
    return counted(number, "history", "histories")


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
