"""Months of the year, and its two halves: the growing season, and the winter that needs power."""

from sim.engine.compiled import compiled

MARCH, APRIL, SEPTEMBER, OCTOBER, DECEMBER = 2, 3, 8, 9, 11  # months from January = 0


@compiled
def growing_season(month):
    """Whether a month, 0-11 or absolute, lies in April to September."""
    return APRIL <= month % 12 <= SEPTEMBER
