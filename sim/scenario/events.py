"""[[events]]: dated changes that a scenario makes to the world, one class a kind."""

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.event_base import Event, LastingEvent
from sim.scenario.event_parts import BorderEvent, DirectedEvent
from sim.scenario.quantities import Dyad, Format, Power, Share, State, Switch, explained, known, number
from sim.scenario.river_events import (
    RIVER_KINDS,
    Barter,
    BorderFrozen,
    BorderReopened,
    DamFilling,
    Drought,
    InflowTrend,
    ReleaseCut,
    Transfer,
    Withdrawal,
)
from sim.scenario.trade_events import Accession, BorderTime, Corridor, Exit, FreeTrade, Growth, Sanction


class LeaderChange(Event):
    """A new leader takes office."""

    kind: Literal["leader-change"] = Field("leader-change", description="A new leader takes office.")
    state: State = Field(description="State whose leader changes.")
    openness: Annotated[
        number(-5, 5, "log-odds") | Literal["drawn", "as-before"],
        Field(json_schema_extra={"unit": "log-odds", "range": 'from -5 to 5, "drawn" or "as-before"'}),
        explained('a number from -5 to 5 (log-odds), "drawn" or "as-before"', replace_all=True),
    ] = Field(
        "drawn",
        description="Openness of the new leader: a number, a draw like any leader's, or that of the predecessor.",
    )


class OpennessChange(LastingEvent):
    """A state becomes more or less open under the same leader."""

    kind: Literal["openness"] = Field("openness", description="A state becomes more or less open.")
    state: State = Field(description="State concerned.")
    change: number(-5, 5, "log-odds") = Field(description="Added to the state's openness.")


class PullChange(LastingEvent):
    """An outside power pulls harder or less."""

    kind: Literal["pull"] = Field("pull", description="An outside power pulls harder or less.")
    power: Power = Field(description="Outside power.")
    factor: number(0, 10, "factor") = Field(description="Its pull is multiplied by this.")


class GroupShare(LastingEvent):
    """An outside power deals with the region as a group to another extent."""

    kind: Literal["group-share"] = Field("group-share", description="A power deals more or less with the group.")
    power: Power = Field(description="Outside power.")
    share: Share = Field(description="Share of its top contacts that is held in group form.")


class Turbulence(LastingEvent):
    """The world around the region is turbulent, or calm."""

    kind: Literal["turbulence"] = Field("turbulence", description="Turbulence takes a given level.")
    level: number(0, 1, "index") = Field(description="Level of the turbulence index, 0 calm, 1 most turbulent.")


class Freeze(LastingEvent):
    """Two states take no step with each other."""

    kind: Literal["freeze"] = Field("freeze", description="No bilateral step of two states.")
    parties: Dyad = Field(description="The two states.")


class FormatEnds(Event):
    """A summit format dies."""

    kind: Literal["format-ends"] = Field("format-ends", description="A summit format dies.")
    format: Format = Field(description="Summit format.")


class FormatRevives(Event):
    """A summit format comes (back) to life."""

    kind: Literal["format-revives"] = Field("format-revives", description="A summit format comes to life.")
    format: Format = Field(description="Summit format.")


class Closure(DirectedEvent):
    """One state closes crossings to another, or cuts it off."""

    kind: Literal["closure"] = Field("closure", description="A state closes crossings to another.")


class Opening(DirectedEvent):
    """One state opens crossings to another."""

    kind: Literal["opening"] = Field("opening", description="A state opens crossings to another.")


class Verbal(DirectedEvent):
    """One state threatens or protests against another."""

    kind: Literal["verbal"] = Field("verbal", description="A state threatens or protests against another.")


class Standoff(DirectedEvent):
    """One state faces another with force but without a shot."""

    kind: Literal["standoff"] = Field("standoff", description="A state faces another with force.")


class Clash(BorderEvent):
    """Shots or blows at a border."""

    kind: Literal["clash"] = Field("clash", description="A clash at a common border.")
    deadly: Switch = Field(description="Whether it is deadly or fought by armed forces.")


class Settlement(BorderEvent):
    """A border is settled, wholly or in part."""

    kind: Literal["settlement"] = Field("settlement", description="A common border is settled.")
    share: Share = Field(description="Share of the border that is settled from then on.")


class CapacityFrozen(LastingEvent):
    """State capacity stops growing."""

    kind: Literal["capacity-frozen"] = Field("capacity-frozen", description="State capacity stays where it is.")
    state: known("states_or_all", 'a state or "all"') = Field(description='State concerned, or "all".')


EVENT_KINDS: dict[str, type[Event]] = {
    cls.model_fields["kind"].default: cls
    for cls in (
        LeaderChange,
        OpennessChange,
        PullChange,
        GroupShare,
        Turbulence,
        Freeze,
        FormatEnds,
        FormatRevives,
        Closure,
        Opening,
        Verbal,
        Standoff,
        Clash,
        Settlement,
        CapacityFrozen,
        *RIVER_KINDS,
        Corridor,
        Sanction,
        BorderTime,
        Accession,
        Exit,
        FreeTrade,
        Growth,
    )
}

ScenarioEvent = Annotated[
    LeaderChange
    | OpennessChange
    | PullChange
    | GroupShare
    | Turbulence
    | Freeze
    | FormatEnds
    | FormatRevives
    | Closure
    | Opening
    | Verbal
    | Standoff
    | Clash
    | Settlement
    | CapacityFrozen
    | Withdrawal
    | DamFilling
    | ReleaseCut
    | Barter
    | Transfer
    | InflowTrend
    | Drought
    | BorderReopened
    | BorderFrozen
    | Corridor
    | Sanction
    | BorderTime
    | Accession
    | Exit
    | FreeTrade
    | Growth,
    Field(discriminator="kind"),
]
