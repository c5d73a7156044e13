"""The documented world: compact tables with a source in every row, and their typed loader.

Nothing here computes an outcome; `docs/data.md` says where each table comes from and how it was coded.
"""

from sim.facts.errors import FactsError, FactsProblem
from sim.facts.load import Facts, load_facts
from sim.facts.rows import (
    EVENT_KINDS,
    ISSUES,
    Accord,
    Border,
    Capacity,
    Dependence,
    Event,
    EventWeight,
    Format,
    GroupShare,
    IssueWeight,
    Leader,
    Parameter,
    Power,
    Rung,
    Shock,
    State,
)

__all__ = [
    "EVENT_KINDS",
    "ISSUES",
    "Accord",
    "Border",
    "Capacity",
    "Dependence",
    "Event",
    "EventWeight",
    "Facts",
    "FactsError",
    "FactsProblem",
    "Format",
    "GroupShare",
    "IssueWeight",
    "Leader",
    "Parameter",
    "Power",
    "Rung",
    "Shock",
    "State",
    "load_facts",
]
