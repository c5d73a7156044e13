"""Why something came, or did not: the named terms of a decision, and a history told month by month."""

from sim.why.explain import Explanation, Term, explain_decision
from sim.why.target import Target, parse_target

__all__ = ["Explanation", "Target", "Term", "explain_decision", "parse_target"]
