"""Rows of the tables of trade: economies, routes, agreements, sizes, flows, prices, crossings, growth, spreads.

`docs/trade.md` says where the figures come from. A year without a figure has no row; nothing is filled in, but for six
small cells of the base year, whose status says so.
"""

from dataclasses import dataclass
from datetime import date

from sim.facts.rows import PRECISIONS, column, share

BASE_YEAR = 2019
READINGS = ("partner", "own")
FLOW_STATUSES = ("observed", "spliced_china_side", "interpolated", "extrapolated")
DOCUMENTED_STATUSES = ("observed", "spliced_china_side")
ECONOMY_KINDS = ("state", "neighbour", "power", "rest")


@dataclass(frozen=True, kw_only=True, slots=True)
class Economy:
    """Somebody who trades: a state of the region, a neighbour, an outside power or group, or the rest of the world."""

    id: str
    name: str
    kind: str = column(allowed=ECONOMY_KINDS)
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Corridor:
    """A route and the pairs it serves. `cost_cut`: share of the delivered price saved, negative for a penalty."""

    id: str
    title: str
    kind: str = column(allowed=("corridor", "penalty"))
    pairs: tuple[str, ...]
    opens: date | None
    cost_cut: float = column(minimum=-10.0, maximum=0.99)
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """Free-trade content between two economies from a date on; later rows of the pair replace earlier ones."""

    economy_a: str
    economy_b: str
    since: date
    precision: str = column(allowed=PRECISIONS)
    agreement: str
    content: float = share()
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """GDP of a year: in current USD, and as a volume in constant 2021 international dollars."""

    economy: str
    year: int = column(minimum=1990, maximum=2100)
    gdp_current_usd: float | None = column(minimum=1.0)
    gdp_volume: float = column(minimum=1.0)
    status: str = column(allowed=("observed", "volume_only", "derived", "projected"))
    source: str
    licence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """Exports of a year in current USD; `reading` is empty where only one account of the pair is carried."""

    exporter: str
    importer: str
    year: int = column(minimum=1990, maximum=2100)
    usd_current: float = column(minimum=1.0)
    status: str = column(allowed=FLOW_STATUSES)
    reading: str = column(allowed=READINGS, optional=True)
    source: str
    licence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Deflator:
    """Price level of the dollar, 2021 = 1: current USD per constant 2021 USD."""

    year: int = column(minimum=1990, maximum=2100)
    deflator: float = column(minimum=0.01, maximum=100.0)
    status: str = column(allowed=("derived", "projected"))
    source: str
    licence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Crossing:
    """Share of a common border's crossings that let goods pass, from a date on; open before the first row."""

    economy_a: str
    economy_b: str
    since: date
    precision: str = column(allowed=PRECISIONS)
    passage: float = share()
    closed: bool
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Growth:
    """Growth after the record, log points a year: median and spread of the drift, spread of single years."""

    economy: str
    median: float = column(minimum=-0.2, maximum=0.2)
    drift_spread: float = column(minimum=0.0, maximum=0.1)
    yearly_spread: float = column(minimum=0.0, maximum=0.3)
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PairSpread:
    """A pair, and the spread of its yearly shocks over that of the typical pair."""

    pair: str
    spread_factor: float = column(minimum=0.1, maximum=10.0)
    source: str
