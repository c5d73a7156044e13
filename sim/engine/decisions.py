"""The terms of a decision: why a dyad climbed or a state signed, in numbers that add up.

A row holds the parts of the log-hazard eta (bilateral steps) or of the signing log-odds (accords); the columns from
`intercept` on sum to `total`. Rows are written each January for every dyad that could climb, in the month of every
step, and for every answer to an accord at a summit.
"""

from typing import NamedTuple

from sim.engine.compiled import compiled
from sim.engine.layout import CONTEXT, PARTS


class Decision(NamedTuple):
    """Who decided what, when, and how likely it was."""

    month: int
    ladder: int  # 1 for a bilateral step, 0 for an accord
    a: int  # first state of the dyad, or the state
    b: int  # its second state, or -1
    subject: int  # rung sought or accord
    decided: int  # 1 if the step was taken or the accord signed
    probability: float


HEAD = (*Decision._fields, "total")
TERM_COLUMNS = (*HEAD, "intercept", *PARTS, *CONTEXT)

_N_PARTS = len(PARTS)
_FIRST = len(HEAD)


@compiled(apart=True)
def write_terms(log, decision, intercept, parts, context):
    """Append the terms of one `Decision`, if the log has room for terms at all.

    Parameters
    ----------
    intercept : first term
    parts : (part,), contributions of the parts of V
    context : (context,), contributions of everything else
    """
    row = log.n_terms[0]
    if row >= log.terms.shape[0]:
        return
    log.n_terms[0] = row + 1
    line = log.terms[row]
    line[0], line[1], line[2], line[3] = decision.month, decision.ladder, decision.a, decision.b
    line[4], line[5], line[6] = decision.subject, decision.decided, decision.probability
    total = intercept
    line[_FIRST] = intercept
    for k in range(_N_PARTS):
        line[_FIRST + 1 + k] = parts[k]
        total += parts[k]
    for k in range(context.shape[0]):
        line[_FIRST + 1 + _N_PARTS + k] = context[k]
        total += context[k]
    line[7] = total
