"""The two halves of a year: the growing season, April to September, and the winter in which power is short."""

from sim.compiled import compiled

MARCH, APRIL, SEPTEMBER, OCTOBER = 2, 3, 8, 9  # months from January = 0


@compiled
def growing_season(month):
    """Whether a month, 0-11 or absolute, lies in April to September."""
    return APRIL <= month % 12 <= SEPTEMBER
