"""[[events]] that suppose what states do about treaties: who signs, declines, ratifies, steps up or meets, and when.

A supposition stands whatever the states would have answered; what follows from it is simulated.
"""

from typing import Literal

from pydantic import Field

from sim.scenario.fields import Accord, Dyad, Event, Format, LastingEvent, SomeStates, State, known

_ACCORD = "Accord, by its id: one of the record, or one of this scenario's [[instruments]]."
Rung = known("rungs", "a rung of the ladder of treaties")


class Signature(Event):
    """States sign an accord; those that have signed before take note."""

    kind: Literal["signature"] = "signature"
    accord: Accord = Field(description=_ACCORD)
    parties: SomeStates = Field(description="States that sign.")


class Refusal(LastingEvent):
    """A state declines to sign an accord, and goes on doing so."""

    kind: Literal["refusal"] = "refusal"
    accord: Accord = Field(description=_ACCORD)
    state: State = Field(description="State that declines.")


class Ratification(Event):
    """States that have signed an accord ratify it."""

    kind: Literal["ratification"] = "ratification"
    accord: Accord = Field(description=_ACCORD)
    parties: SomeStates = Field(description="States that ratify.")


class RungStep(Event):
    """A pair of states signs the treaty of a rung."""

    kind: Literal["rung"] = "rung"
    parties: Dyad = Field(description="The two states.")
    rung: Rung = Field(description="Rung, by its id; those below it are passed over.")


class Summit(Event):
    """The states of a format meet at the top: what is on the table there is answered."""

    kind: Literal["summit"] = "summit"
    format: Format = Field(description="Summit format.")
