"""Every reported metric defined once, and what is computed from a run's tables.  Never imports the model."""

from sim.outcomes.adoption import adoption_column, adoption_curve, open_instruments
from sim.outcomes.catalogue import AccordEntry, Catalogue, FormatEntry
from sim.outcomes.headline import Level, Prospect, levels, prospects
from sim.outcomes.histories import Events, Histories
from sim.outcomes.integration import SUB_INDICES, integration
from sim.outcomes.metric import Metric
from sim.outcomes.registry import MONTHLY, OUTCOMES, YEARLY, describe, label, member_outcomes
from sim.outcomes.summary import Probability, Summary, probability, probability_by, summarise
from sim.outcomes.trade import variance_shares

__all__ = [
    "MONTHLY",
    "OUTCOMES",
    "SUB_INDICES",
    "YEARLY",
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
    "integration",
    "label",
    "levels",
    "member_outcomes",
    "open_instruments",
    "probability",
    "probability_by",
    "prospects",
    "summarise",
    "variance_shares",
]
