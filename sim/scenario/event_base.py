"""What every event of a scenario has: a date, a name, a note, and for some an end."""

import datetime

from pydantic import Field, ValidationInfo, field_validator

from sim.scenario.quantities import Date, Identifier, Table, problem, text


class Event(Table):
    """What every event has: a date, and optionally a name by which a later scenario can replace or drop it."""

    date: Date = Field(description="Month in which it takes effect.")
    id: Identifier | None = Field(None, description="Name by which an extending scenario replaces or drops it.")
    note: text(2000) = Field("", description="Why, and on what source; for readers only.")


class LastingEvent(Event):
    """An event that may end."""

    until: Date | None = Field(None, description="Last month of its effect; left out, it lasts to the end of the run.")

    @field_validator("until")
    @classmethod
    def _after_the_date(cls, until: datetime.date | None, info: ValidationInfo) -> datetime.date | None:
        date = info.data.get("date")
        if until is not None and date is not None and until <= date:
            raise problem(f"must be after the event's date, {date}")
        return until
