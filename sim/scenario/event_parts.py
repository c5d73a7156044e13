"""What kinds of [[events]] have in common: a date, an end, a direction, a border."""

import datetime

from pydantic import Field, ValidationInfo, field_validator

from sim.scenario.quantities import Date, Dyad, Identifier, Names, State, Table, problem, text


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


class DirectedEvent(Event):
    """Something that one state does to another."""

    actor: State = Field(description="State that acts.")
    target: State = Field(description="State that it is done to.")

    @field_validator("target")
    @classmethod
    def _two_states(cls, target: str, info: ValidationInfo) -> str:
        if target == info.data.get("actor"):
            raise problem("must be another state than the actor")
        return target


class BorderEvent(Event):
    """Something that happens on a common land border."""

    parties: Dyad = Field(description="The two neighbours.")

    @field_validator("parties")
    @classmethod
    def _neighbours(cls, parties: tuple[str, str], info: ValidationInfo) -> tuple[str, str]:
        if isinstance(info.context, Names) and parties not in info.context.borders:
            pairs = ", ".join("-".join(pair) for pair in info.context.borders)
            raise problem(f"must be two states with a common land border.  Known: {pairs}")
        return parties
