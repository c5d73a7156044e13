"""What a metric is: one definition that the tables, the plots and the documentation share."""

import re
from dataclasses import dataclass
from functools import cached_property

_PLACE = re.compile(r"\{(\w+)\}")
_ALLOWED = {
    "dyad": r"[A-Z]{3}-[A-Z]{3}",
    "state": r"[A-Z]{3}",
    "other": r"[A-Z]{3}",
    "year": r"\d{4}",
    "span": r"\d{4}-\d{4}",
    "rung": r"[a-z][a-z0-9-]*",
    "accord": r"[^.]+",
    "parameter": r".+",
    "node": r"[a-z][a-z0-9_]*",
    "pair": r"[A-Z]{3}-[A-Z]{3}",
    "level": r"[1-5]",
}


@dataclass(frozen=True)
class Metric:
    """A family of columns with one meaning.

    Parameters
    ----------
    name : column name with places, such as ``rung_month.{dyad}.{rung}``
    title : what a plot or a table calls it, with the same places
    unit : of the values; ``year`` is a year fraction
    lower, upper : range of the values, None where open
    meaning : what it measures
    reading : how to read a value, and what it does not say
    resolution : width of the bins in which monthly values are kept; values beyond 16,000 of them are drawn in
    """

    name: str
    title: str
    unit: str
    lower: float | None
    upper: float | None
    meaning: str
    reading: str
    resolution: float = 0.001

    @cached_property
    def _pattern(self) -> re.Pattern:
        pieces = _PLACE.split(self.name)
        built = "".join(
            f"(?P<{piece}>{_ALLOWED[piece]})" if place else re.escape(piece)
            for piece, place in zip(pieces, [False, True] * len(pieces))
        )
        return re.compile(built)

    def places(self, column: str) -> dict[str, str] | None:
        """What the column puts in the places of the name, or None if it is not of this family."""
        matched = self._pattern.fullmatch(column)
        return matched.groupdict() if matched else None

    def label(self, column: str) -> str:
        """Title with the places filled from the column's name."""
        return self.title.format(**self.places(column))
