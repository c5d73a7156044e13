"""Months: counted from year 0, and the two halves of a year, the growing season and the winter that needs power."""

from datetime import date

from sim.engine.compiled import compiled

MARCH, APRIL, SEPTEMBER, OCTOBER, DECEMBER = 2, 3, 8, 9, 11  # months from January = 0


@compiled
def growing_season(month):
    """Whether a month, 0-11 or absolute, lies in April to September."""
    return APRIL <= month % 12 <= SEPTEMBER


def month_of(day: date) -> int:
    """Absolute month of a date: year * 12 + month - 1."""
    return day.year * 12 + day.month - 1
