"""Rows of the river tables: nodes, their numbers, sections, pairs of states, recorded inflow years, observations.

The network is data: a node is one row, and each of its numbers is a row of its own that
says whether it was read in a source, derived from sourced figures, calibrated by the refit, or assumed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sim.facts.rows import CONFIDENCES, PRECISIONS, column, share

KINDS = ("inflow", "reservoir", "junction", "demand", "sink")
RULES = ("guide", "need", "decision", "first")
BASES = ("sourced", "derived", "calibrated", "assumed")
MONTHS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class RiverNode:
    """A place on a river; `to` is the node its water goes to, for a demand the junction it is taken from."""

    id: str
    kind: str = column(allowed=KINDS)
    title: str
    river: str
    states: tuple[str, ...]
    to: str = column(optional=True)
    spill_to: str = column(optional=True)
    section: str = column(optional=True)
    group: str = column(optional=True)
    rule: str = column(allowed=RULES, optional=True)
    shape: str = column(optional=True)
    switch: str = column(optional=True)
    latitude: float = column(minimum=-90.0, maximum=90.0)
    longitude: float = column(minimum=-180.0, maximum=180.0)
    place_basis: str = column(allowed=BASES)
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RiverNumber:
    """One number of a node, or twelve from January to December, joined by semicolons.

    `node` may also name a `shape:`, a `group:` of inflows or a `state:`.
    """

    node: str
    quantity: str
    values: str
    unit: str
    basis: str = column(allowed=BASES)
    source: str
    licence: str
    note: str = column(optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class RiverSection:
    """A stretch whose users share a cut; `head_weight` 0 = as in the whole basin, 1 = the section serves itself."""

    id: str
    basin: str
    head_weight: float = share()
    basis: str = column(allowed=BASES)
    source: str
    note: str = column(optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class RiverPair:
    """A state that takes water below another one.

    balance : "none" where the network does not tell what upstream does to the shortage downstream: a basin outside it,
        or water that only spills over
    """

    downstream: str
    upstream: str
    basin: str
    balance: str = column(absent=True, allowed=("none",))
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class InflowYear:
    """The flow of a group of rivers in a recorded year, as a factor on the month means."""

    year: int = column(minimum=1900, maximum=2100)
    group: str
    factor: float = column(minimum=0.0)
    basis: str = column(allowed=BASES)
    source: str
    note: str = column(optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class RiverObservation:
    """An observed figure the model is compared with; never an input of a run."""

    date: str
    series: str
    value: float
    unit: str
    basis: str = column(allowed=BASES)
    source: str
    licence: str
    note: str = column(optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """A node that is followed from month to month: what is in store there, or the water that reaches it.

    name : what its monthly series is called
    title : what plots call it; that of the node where empty
    observed : series of `river_observations.csv` that it is held against, joined by semicolons
    """

    series: str = column(allowed=("storage", "inflow"))
    node: str
    name: str
    title: str = column(optional=True)
    observed: str = column(optional=True)
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RiverDispute:
    """A recorded event between states over water.

    intensity : on the BAR scale, -1 mild words to -5 small military acts, above zero what states did together
    issue : what it was about; `counted` : where the fits count it, once: as a dispute over water, or elsewhere, or
        nowhere; both may be empty for a dispute over water
    event : the same in `events.csv`, ids joined by semicolons
    """

    id: str
    date: date
    precision: str = column(absent=True, allowed=PRECISIONS)
    downstream: str
    upstream: str
    basin: str
    intensity: float = column(minimum=-5.0, maximum=7.0)
    issue: str = column(absent=True, allowed=("water", "energy", "transport", "border"))
    counted: str = column(absent=True, allowed=("dispute", "friction", "clash", "treaty", "no"))
    event: str = column(absent=True)
    title: str
    source: str
    locator: str = column(absent=True)
    confidence: str = column(absent=True, allowed=CONFIDENCES)
    note: str = column(optional=True)

    @property
    def is_dispute(self) -> bool:
        """Whether it counts as a dispute over water."""
        return self.intensity < 0 and self.counted in ("", "dispute")

    @property
    def events(self) -> tuple[str, ...]:
        """Ids of the same event in `events.csv`."""
        return tuple(filter(None, self.event.split(";")))


@dataclass(frozen=True, kw_only=True, slots=True)
class Reporting:
    """What share of the disputes over water of some years is on record, the last year included."""

    since: int = column(minimum=1900, maximum=2100)
    until: int = column(minimum=1900, maximum=2100)
    share: float = column(minimum=0.01, maximum=1.0)
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BorderSection:
    """Features of a land border that raise or lower the chance of clashes and of a settlement."""

    state_a: str
    state_b: str
    enclaves: bool
    clash_offset: float
    source: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a number in the table may be: kinds of node that have it, how many values, range, unit, whether needed."""

    kinds: tuple[str, ...]
    count: int
    minimum: float
    maximum: float
    unit: str
    needed_by: tuple[str, ...] = ()
    default: float | None = None


_ANY = float("inf")
QUANTITIES = {
    "inflow": Quantity(("inflow",), MONTHS, 0.0, _ANY, "km3 a month", ("inflow",)),
    "net_share": Quantity(("inflow",), 1, 0.0, 1.0, "share", default=1.0),
    "full": Quantity(("reservoir",), 1, 0.0, _ANY, "km3", ("guide", "need", "decision")),
    "dead": Quantity(("reservoir",), 1, 0.0, _ANY, "km3", ("guide", "need", "decision")),
    "operating_floor": Quantity(("reservoir",), 1, 0.0, _ANY, "km3"),  # the operator releases nothing below it
    "evaporation": Quantity(("reservoir",), 1, 0.0, 1.0, "share", default=0.0),
    "guide": Quantity(("reservoir",), MONTHS, 0.0, 1.0, "share", ("guide", "need")),
    "release_cap": Quantity(("reservoir",), 1, 0.0, _ANY, "km3 a month", default=_ANY),
    "winter_release_cap": Quantity(("reservoir",), 1, 0.0, _ANY, "km3 a month", default=_ANY),  # December to March
    "energy_per_water": Quantity(("reservoir",), 1, 0.0, _ANY, "TWh per km3", default=0.0),
    "filling_years": Quantity(("reservoir",), 1, 0.1, _ANY, "years", default=1.0),
    "opened": Quantity(("reservoir",), 1, 1900.0, 2100.0, "year"),  # before that year the river passes by
    "initial_storage": Quantity(("reservoir",), 1, 0.0, _ANY, "km3", ("guide", "need", "decision")),
    "annual_volume": Quantity(("reservoir",), 1, 0.0, _ANY, "km3 a year", ("decision",)),
    "reference_storage": Quantity(("reservoir",), 1, 0.0, _ANY, "km3", ("decision",)),
    "reference_storage_before_2014": Quantity(("reservoir",), 1, 0.0, _ANY, "km3"),
    "storage_feedback": Quantity(("reservoir",), 1, 0.0, _ANY, "", ("decision",)),
    "anomaly_share": Quantity(("reservoir",), 1, 0.0, 1.0, "share", default=0.0),
    "mode_share": Quantity(("reservoir",), 1, 0.0, 1.0, "share", ("decision",)),
    "barter": Quantity(("reservoir",), 1, 0.0, _ANY, ""),  # million USD a year promised for summer water
    "volume_noise": Quantity(("reservoir",), 1, 0.0, _ANY, "km3 a year"),
    "irrigation_profile": Quantity(("reservoir",), MONTHS, 0.0, 1.0, "share", ("decision",)),
    "power_profile": Quantity(("reservoir",), MONTHS, 0.0, 1.0, "share", ("decision",)),
    "loss": Quantity(("junction",), 1, 0.0, 1.0, "share", default=0.0),
    "fixed_loss_share": Quantity(("junction",), 1, 0.0, 1.0, "share", default=0.0),
    "reference_flow": Quantity(("junction",), MONTHS, 0.0, _ANY, "km3 a month"),
    "return_delay": Quantity(("junction",), 1, 0.0, 120.0, "months", default=0.0),
    "limit": Quantity(("demand",), 1, 0.0, _ANY, "km3 a year", ("demand",)),
    "use": Quantity(("demand",), 1, 0.0, 1.0, "", default=1.0),
    "return_share": Quantity(("demand",), 1, 0.0, 1.0, "share", default=0.0),
    "environment": Quantity(("sink",), 1, 0.0, _ANY, "km3 a year", default=0.0),
    "priority": Quantity(("sink",), 1, 0.0, 1.0, "", default=0.0),
    "fractions": Quantity(("shape",), MONTHS, 0.0, 1.0, "share"),
    "variation": Quantity(("group",), 1, 0.0, _ANY, ""),
    "winter_power_need": Quantity(("state",), 1, 0.0, _ANY, "TWh"),
    "power_import_limit": Quantity(("state",), 1, 0.0, _ANY, "TWh"),
    "power_import_cost": Quantity(("state",), 1, 0.0, 1.0, ""),  # share of GDP for a TWh
}
_NOISE = "water.volume_noise_"
SUMMING_TO_ONE = ("fractions", "irrigation_profile", "power_profile")


def rivers_with_parameters(names: Iterable[str]) -> tuple[str, ...]:
    """Rivers, in small letters, of which a parameter says how much else moves the volume that a dam releases."""
    return tuple(name.removeprefix(_NOISE) for name in names if name.startswith(_NOISE))


def parse_values(text: str) -> tuple[float, ...]:
    """The numbers in a cell; ValueError if a part is not a number."""
    return tuple(float(part) for part in text.split(";"))


def seen_share(reporting: Iterable[Reporting], year: int) -> float:
    """Share of a year's disputes that is on record; all of them where no row speaks, later years as the last."""
    reporting = tuple(reporting)
    last = max((row.until for row in reporting), default=year)
    return next((row.share for row in reporting if row.since <= min(year, last) <= row.until), 1.0)
