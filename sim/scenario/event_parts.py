"""Events between two states: a direction, or a common border."""

from pydantic import Field, ValidationInfo, field_validator

from sim.scenario.event_base import Event
from sim.scenario.quantities import Dyad, Names, State, problem


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
