"""Writing down: events as they happen, and the impacts on trust that they have."""

from sim.engine.compiled import compiled

MONTHS_OF_ONE_IMPACT = 12


@compiled(apart=True)
def write_event(log, month, kind, a, b, subject, value):
    """Append an event; one beyond the end of the log is counted, not written, and reported by the ensemble."""
    row = log.n_events[0]
    log.n_events[0] = row + 1
    if row < log.events.shape[0]:
        log.events[row, 0] = month
        log.events[row, 1] = kind
        log.events[row, 2] = a
        log.events[row, 3] = b
        log.events[row, 4] = subject
        log.events[row, 5] = value


@compiled(apart=True)
def add_impact(beliefs, target, actor, event_class, weight, month):
    """An event of `actor` reaches `target`: what it adds to this month's gains or losses of trust, in place.

    Within twelve months of an event of the same class only the excess over the largest one so far is new.

    Parameters
    ----------
    beliefs : record of `sim.processes.trust`
    target, actor : state indices; the target's trust in the actor moves
    event_class : index of the class of the event
    weight : signed, alliance = +1
    month : absolute month
    """
    size = abs(weight)
    if month - beliefs.impact_month[event_class, target, actor] < MONTHS_OF_ONE_IMPACT:
        new = size - beliefs.impact_weight[event_class, target, actor]
        if new <= 0.0:
            return
    else:
        new = size
    beliefs.impact_weight[event_class, target, actor] = size
    beliefs.impact_month[event_class, target, actor] = month
    if weight > 0.0:
        beliefs.gains[target, actor] += new
    else:
        beliefs.losses[target, actor] += new


@compiled(apart=True)
def add_mutual_impact(beliefs, a, b, event_class, weight, month):
    """A mutual event between states a and b moves the trust of each in the other."""
    add_impact(beliefs, a, b, event_class, weight, month)
    add_impact(beliefs, b, a, event_class, weight, month)


@compiled(apart=True)
def add_event_impact(region, inputs, a, b, kind, month):
    """A mutual event of this kind reaches both sides."""
    event_weights = inputs.event_weights
    add_mutual_impact(region.beliefs, a, b, event_weights.kind_class[kind], event_weights.kind_weight[kind], month)
