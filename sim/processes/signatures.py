"""Who is bound by an accord: signatures and ratifications put under it and taken from it.

Their numbers are kept, so that nobody counts them month by month, and so is a list of the accords that have begun: they
are far fewer than those that a run has room for.
"""

from sim.engine.compiled import compiled


@compiled
def begin_accord(treaties, accord):
    """Somebody has signed an accord for the first time or it is in force: it takes its place in the list, in place."""
    begun, place = treaties.begun, treaties.n_begun
    while place > 0 and begun[place - 1] > accord:
        place -= 1
    if place > 0 and begun[place - 1] == accord:
        return
    for k in range(treaties.n_begun, place, -1):
        begun[k] = begun[k - 1]
    begun[place] = accord
    treaties.n_begun += 1


@compiled
def put_signature(treaties, accord, state, month):
    """A state has signed in this month, in place."""
    begin_accord(treaties, accord)
    if treaties.signed[accord, state] < 0:
        treaties.signatures[accord] += 1
    treaties.signed[accord, state] = month


@compiled
def put_ratification(treaties, accord, state, month):
    """A state has ratified in this month, in place."""
    if treaties.ratified[accord, state] < 0:
        treaties.ratifications[accord] += 1
    treaties.ratified[accord, state] = month


@compiled
def take_signature(treaties, accord, state):
    """A state has no longer signed, nor ratified; in place."""
    if treaties.signed[accord, state] >= 0:
        treaties.signatures[accord] -= 1
    if treaties.ratified[accord, state] >= 0:
        treaties.ratifications[accord] -= 1
    treaties.signed[accord, state] = treaties.ratified[accord, state] = -1


@compiled
def make_void(treaties, accord):
    """Nobody is bound by an accord any more, in place."""
    for i in range(treaties.signed.shape[1]):
        take_signature(treaties, accord, i)
    treaties.in_force[accord] = -1
    treaties.implemented[accord] = 0.0
