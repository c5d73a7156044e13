"""Two runs of one seed, member by member: what a scenario changes, and how sure that is."""

from sim.comparison.compare import Comparison, compare
from sim.comparison.effect import Effect
from sim.comparison.find import find_one, find_run, find_runs
from sim.comparison.pairing import Pairing, PairingError

__all__ = ["Comparison", "Effect", "Pairing", "PairingError", "compare", "find_one", "find_run", "find_runs"]
