"""Every reported metric defined once, and what is computed from a run's tables.  Never imports the model."""

from sim.outcomes.catalogue import AccordEntry, Catalogue, FormatEntry
from sim.outcomes.histories import Events, Histories
from sim.outcomes.members import member_outcomes
from sim.outcomes.metric import (
    MONTHLY,
    OUTCOMES,
    YEARLY,
    Metric,
    describe,
    difference_unit,
    is_dated,
    is_outcome,
    title_of,
    unit_of,
)
from sim.outcomes.prospects import (
    Level,
    Prospect,
    adoption_column,
    adoption_curve,
    levels,
    open_instruments,
    prospects,
)
from sim.outcomes.series import SUB_INDICES, integration
from sim.outcomes.summary import BANDS, Z95, Probability, Summary, probability, probability_by, summarise
from sim.outcomes.trade import variance_shares

__all__ = [
    "BANDS",
    "MONTHLY",
    "OUTCOMES",
    "SUB_INDICES",
    "YEARLY",
    "Z95",
    "AccordEntry",
    "Catalogue",
    "Events",
    "FormatEntry",
    "Histories",
    "Level",
    "Metric",
    "Probability",
    "Prospect",
    "Summary",
    "adoption_column",
    "adoption_curve",
    "describe",
    "difference_unit",
    "integration",
    "is_dated",
    "is_outcome",
    "levels",
    "member_outcomes",
    "open_instruments",
    "probability",
    "probability_by",
    "prospects",
    "summarise",
    "title_of",
    "unit_of",
    "variance_shares",
]
