"""Which chapter of the story an outcome belongs to, and whether it is the date of something that may never happen."""

from functools import lru_cache

from sim.outcomes.metric import Metric
from sim.outcomes.registry import describe

#: Chapters in the order in which tables and plots show them, and the beginnings of the names of their columns.
GROUPS = {
    "treaties": (
        "rung_month.",
        "declaration_month.",
        "signed_month.",
        "adopted_month.",
        "in_force_month.",
        "treaties_signed",
        "new_treaties",
        "rungs_lost",
        "withdrawals",
        "step_count.",
        "treaty_depth",
        "implemented",
        "rung.",
        "declared.",
        "signed.",
    ),
    "trust": ("trust_mean", "trust_minimum", "trust."),
    "institutions": ("institutions", "elite_identity", "society_identity"),
    "regional process": ("regional_process", "summit_count.", "pattern.summit"),
    "borders": ("borders_settled", "crossings_open", "clashes.", "clash_count.", "settled_month.", "pattern.clash"),
    "frictions": ("frictions.",),
    "water": (
        "disputes",
        "deficit",
        "storage.",
        "inflow.",
        "sea_mean.",
        "flow.",
        "served.",
        "taken.",
        "power_deficit.",
        "loss_water.",
        "loss_energy.",
        "compliance.",
        "performance.",
    ),
    "trade": ("trade", "gain", "goal_month.", "gdp_volume", "deflator"),
    "index": ("index",),
    "inputs": ("pull", "turbulence", "capacity.", "openness.", "drawn.", "design."),
}
OTHER = "other"
#: Columns that are given to a run, not found by it.
INPUTS = ("drawn.", "design.")


def group_of(column: str) -> str:
    """Chapter of a column, ``other`` for one that no chapter claims."""
    for name, beginnings in GROUPS.items():
        if column.startswith(beginnings):
            return name
    return OTHER


def is_outcome(column: str) -> bool:
    """Whether a column of the members holds a result, not a number of the member or an input."""
    return column != "member" and not column.startswith(INPUTS)


@lru_cache(maxsize=4096)
def _metric(column: str) -> Metric | None:
    try:
        return describe(column)
    except KeyError:
        return None


def is_dated(column: str) -> bool:
    """Whether a column holds the year fraction of an event, empty where it never happens."""
    return unit_of(column) == "year"


def unit_of(column: str) -> str:
    """Unit of a column, empty for one that no metric defines."""
    metric = _metric(column)
    return metric.unit if metric else ""


def title_of(column: str) -> str:
    """What a table or a plot calls a column: its metric's title, or its name where no metric defines it."""
    metric = _metric(column)
    return metric.label(column) if metric else column
