"""The terms of a decision: why a dyad climbed or a state signed, in numbers that add up.

A row holds the parts of the log-hazard eta (bilateral steps) or of the signing log-odds (accords); the columns from
`intercept` on sum to `total`. Rows are written each January for every dyad that could climb, in the month of every
step, and for every answer to an accord at a summit.
"""

from sim.engine.compiled import compiled
from sim.engine.layout import CONTEXT, PARTS

HEAD = ("month", "ladder", "a", "b", "subject", "decided", "probability", "total")
TERM_COLUMNS = (*HEAD, "intercept", *PARTS, *CONTEXT)

_N_PARTS = len(PARTS)
_FIRST = len(HEAD)


@compiled
def write_terms(log, month, ladder, a, b, subject, decided, chance, intercept, parts, context):
    """Append the terms of one decision, if the log has room for terms at all.

    Parameters
    ----------
    ladder : 1 for a bilateral step, 0 for an accord
    a, b : the dyad, or the state and -1
    subject : rung sought or accord
    decided : 1 if the step was taken or the accord signed
    chance : its probability
    intercept : first term
    parts : (part,), contributions of the parts of V
    context : (context,), contributions of everything else
    """
    row = log.n_terms[0]
    if row >= log.terms.shape[0]:
        return
    log.n_terms[0] = row + 1
    line = log.terms[row]
    line[0], line[1], line[2], line[3] = month, ladder, a, b
    line[4], line[5], line[6] = subject, decided, chance
    total = intercept
    line[_FIRST] = intercept
    for k in range(_N_PARTS):
        line[_FIRST + 1 + k] = parts[k]
        total += parts[k]
    for k in range(context.shape[0]):
        line[_FIRST + 1 + _N_PARTS + k] = context[k]
        total += context[k]
    line[7] = total
