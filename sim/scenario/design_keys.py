"""Which keys a design may vary, and the range that the table of parameters gives a parameter."""

import math
import re
from collections.abc import Callable
from typing import Any

from sim.errors import printable, suggestion
from sim.scenario.settings import LISTS, SETTABLE
from sim.scenario.tables import RunSettings

#: Every point meets the same luck, so seed and members are the scenario's; what is kept changes no history.
_SAME_FOR_ALL = {
    "seed": "all points share their luck; run the scenario again with --seed for other luck",
    "members": "all points have the same members; set [run] members",
    "keep_terms": "it changes no history",
}
_PRIOR = re.compile(r"(normal|half-normal|beta)\(\s*([-+.\deE]+)\s*(?:,\s*([-+.\deE]+)\s*)?\)")
_CENTRAL = (0.05, 0.95)


def settable_key(written: str, facts: Any, tell: Callable[[str], None]) -> str | None:
    """The whole dotted key that is meant (`parameters.` may be left out), or None after telling why it is none."""
    parameters = {row.name for row in facts.parameters}
    key = f"parameters.{written}" if written in parameters else written
    first, *rest = key.split(".")
    shown = printable(written)
    if first not in SETTABLE or not rest:
        begin = ", ".join(name for name in SETTABLE if name not in ("title", "description"))
        near = suggestion(written, [*sorted(parameters), *(f"run.{name}" for name in RunSettings.model_fields)], 0)
        tell(f"{shown} is not a key of a scenario.  Keys begin with: {begin}.{near}")
    elif first == "parameters" and ".".join(rest) not in parameters:
        tell(f"{shown} is not a parameter." + suggestion(".".join(rest), sorted(parameters), most_listed=0))
    elif first == "run" and rest[0] in _SAME_FOR_ALL:
        tell(f"{shown} cannot be varied: {_SAME_FOR_ALL[rest[0]]}.")
    elif first in LISTS and (len(rest) < 2 or rest[0].isdigit()):
        tell(f"{shown} must name a value of an entry that has an id, such as {first}.ID.FIELD.")
    else:
        return key
    return None


def limits_of(key: str, facts: Any) -> tuple[float, float]:
    """Limits of a parameter in the table; infinite where it sets none, and for what is no parameter."""
    row = {f"parameters.{row.name}": row for row in facts.parameters}.get(key)
    limits = [getattr(row, name, None) for name in ("lower", "upper")]
    return tuple(
        none if value is None or math.isnan(value) else float(value)
        for value, none in zip(limits, (-math.inf, math.inf))
    )


def table_range(key: str, facts: Any, within: str) -> tuple[float, float] | None:
    """The range of a parameter: its limits, or the central 90 % of its prior where asked for or where it has none."""
    row = {f"parameters.{row.name}": row for row in facts.parameters}.get(key)
    if row is None or row.unit == "choice":
        return None
    lower, upper = limits_of(key, facts)
    if within == "limits" and math.isfinite(lower) and math.isfinite(upper):
        return lower, upper
    central = _central(row.prior)
    # a prior may reach beyond what the table allows
    return (max(central[0], lower), min(central[1], upper)) if central else None


def _central(prior: str) -> tuple[float, float] | None:
    matched = _PRIOR.fullmatch(prior.strip())
    if not matched:
        return None
    from scipy.special import betaincinv, ndtri

    first, second = float(matched[2]), float(matched[3] or "nan")
    if matched[1] == "normal":
        return tuple(float(first + second * ndtri(share)) for share in _CENTRAL)
    if matched[1] == "half-normal":
        return tuple(float(first * ndtri((1 + share) / 2)) for share in _CENTRAL)
    return tuple(float(betaincinv(first, second, share)) for share in _CENTRAL)
