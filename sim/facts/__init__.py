"""The documented world: compact tables with a source in every row, and their typed loader.

Nothing here computes an outcome; `docs/data.md` says where each table comes from and how it was coded.
"""

from sim.errors import FactsError
from sim.facts.load import Facts, Rivers, TradeFacts, load_facts, load_rivers, load_trade_facts
from sim.facts.order import ISSUES
from sim.facts.rows import Event

__all__ = [
    "ISSUES",
    "Event",
    "Facts",
    "FactsError",
    "Rivers",
    "TradeFacts",
    "load_facts",
    "load_rivers",
    "load_trade_facts",
]
