"""Writing down: events as they happen, and the event_weights that the engine's own events leave."""

from sim.compiled import compiled
from sim.processes.trust import add_impact


@compiled
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


@compiled
def add_mutual_impact(beliefs, a, b, event_class, weight, month):
    """A mutual event between states a and b moves the trust of each in the other."""
    add_impact(
        beliefs.impact_weight, beliefs.impact_month, beliefs.gains, beliefs.losses, a, b, event_class, weight, month
    )
    add_impact(
        beliefs.impact_weight, beliefs.impact_month, beliefs.gains, beliefs.losses, b, a, event_class, weight, month
    )
