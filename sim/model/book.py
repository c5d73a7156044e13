"""Writing down: events as they happen, and the impressions that the engine's own events leave."""

from sim.compiled import compiled
from sim.mechanisms.trust import feel


@compiled
def write_event(book, month, kind, a, b, subject, value):
    """Append an event; one beyond the end of the book is counted, not written, and reported by the ensemble."""
    row = book.n_events[0]
    book.n_events[0] = row + 1
    if row < book.events.shape[0]:
        book.events[row, 0] = month
        book.events[row, 1] = kind
        book.events[row, 2] = a
        book.events[row, 3] = b
        book.events[row, 4] = subject
        book.events[row, 5] = value


@compiled
def feel_both(beliefs, a, b, event_class, weight, month):
    """A mutual event between states a and b moves the trust of each in the other."""
    feel(beliefs.felt_weight, beliefs.felt_month, beliefs.gains, beliefs.losses, a, b, event_class, weight, month)
    feel(beliefs.felt_weight, beliefs.felt_month, beliefs.gains, beliefs.losses, b, a, event_class, weight, month)
