"""[[events]]: dated changes that a scenario makes to the world, one class a kind.

The docstring of a class is what the JSON Schema and the reference say of the kind.
"""

from typing import Annotated, Any, Literal, Union

from pydantic import Field, ValidationInfo, create_model, field_validator

from sim.facts.event_kinds import FRICTIONS
from sim.scenario.fields import (
    Accord,
    BorderEvent,
    DirectedEvent,
    Dyad,
    Economies,
    Event,
    Format,
    LastingEvent,
    Names,
    Parties,
    Power,
    Route,
    Share,
    State,
    Switch,
    explained,
    known,
    number,
    problem,
    whole,
)
from sim.scenario.treaty_events import Ratification, Refusal, RungStep, Signature, Summit

PRICE = "share of the delivered price"
Canal = known("canals", "a canal that is served before others")
Dam = known("dams", "a dam with a switch")
Decider = known("deciders", "a dam whose release its state decides")
Union_ = known("unions", "an economic union")
Basin = known("basins", 'a basin or "all"')
_NODE = "Dam, by its id in the table of river nodes."


# States, powers and the region


class LeaderChange(Event):
    """A new leader takes office."""

    kind: Literal["leader-change"] = "leader-change"
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

    kind: Literal["openness"] = "openness"
    state: State = Field(description="State concerned.")
    change: number(-5, 5, "log-odds") = Field(description="Added to the state's openness.")


class PullChange(LastingEvent):
    """An outside power pulls harder or less."""

    kind: Literal["pull"] = "pull"
    power: Power = Field(description="Outside power.")
    factor: number(0, 10, "factor") = Field(description="Its pull is multiplied by this.")


class GroupShare(LastingEvent):
    """An outside power deals with the region as a group to another extent."""

    kind: Literal["group-share"] = "group-share"
    power: Power = Field(description="Outside power.")
    share: Share = Field(description="Share of its top contacts that is held in group form.")


class Turbulence(LastingEvent):
    """Turbulence of the world around the region takes a given level."""

    kind: Literal["turbulence"] = "turbulence"
    level: number(0, 1, "index") = Field(description="Level of the turbulence index, 0 calm, 1 most turbulent.")


class Freeze(LastingEvent):
    """Two states take no step with each other."""

    kind: Literal["freeze"] = "freeze"
    parties: Dyad = Field(description="The two states.")


class FormatEnds(Event):
    """A summit format ends."""

    kind: Literal["format-ends"] = "format-ends"
    format: Format = Field(description="Summit format.")


class FormatRevives(Event):
    """A summit format begins, or begins again."""

    kind: Literal["format-revives"] = "format-revives"
    format: Format = Field(description="Summit format.")


class CapacityFrozen(LastingEvent):
    """State capacity stays where it is."""

    kind: Literal["capacity-frozen"] = "capacity-frozen"
    state: known("states_or_all", 'a state or "all"') = Field(description='State concerned, or "all".')


# Frictions and borders


def _directed(kind: str, meaning: str) -> type[Event]:
    """A kind of friction: one state acts on another."""
    return create_model(
        kind.title().replace("-", ""), __base__=DirectedEvent, __doc__=meaning, kind=(Literal[kind], kind)
    )


class Clash(BorderEvent):
    """Shots or blows at a common border."""

    kind: Literal["clash"] = "clash"
    deadly: Switch = Field(description="Whether it is deadly or fought by armed forces.")


class Settlement(BorderEvent):
    """A common border is settled, wholly or in part."""

    kind: Literal["settlement"] = "settlement"
    share: Share = Field(description="Share of the border that is settled from then on.")


class BorderReopened(BorderEvent):
    """A settled border is disputed again."""

    kind: Literal["border-reopened"] = "border-reopened"
    share: Share = Field(description="Share of its length that is unsettled from then on.")


class BorderFrozen(BorderEvent, LastingEvent):
    """No package settles a border."""

    kind: Literal["border-frozen"] = "border-frozen"


# Rivers


class Withdrawal(LastingEvent):
    """A canal takes water before any is shared."""

    kind: Literal["withdrawal"] = "withdrawal"
    node: Canal = Field(description="Canal, by its id in the table of river nodes.")
    share_of_flow: Share | None = Field(None, description="Share taken of the flow that arrives; or km3_per_year.")
    km3_per_year: number(0, 60, "km3 a year") | None = Field(
        None, validate_default=True, description="Volume taken in a year, after the seasons of its users."
    )
    ramp_months: whole(0, 600, "months") = Field(0, description="Months over which it grows to the whole amount.")

    @field_validator("km3_per_year")
    @classmethod
    def _one_of_both(cls, volume: float | None, info: ValidationInfo) -> float | None:
        if "share_of_flow" in info.data and (volume is None) == (info.data["share_of_flow"] is None):
            raise problem("must be given if share_of_flow is not, and only then")
        return volume


class DamFilling(Event):
    """A dam is closed and begins to fill."""

    kind: Literal["dam-filling"] = "dam-filling"
    node: Dam = Field(description=_NODE)
    years: number(0.1, 50, "years") | None = Field(
        None, description="Years in which mean flow fills it; the figure of the table when left out."
    )
    own_share: Switch = Field(
        False, description="Whether its owner's largest user takes as much less, so that nobody below loses water."
    )


class ReleaseCut(LastingEvent):
    """A state releases less from a dam than its rule would."""

    kind: Literal["release-cut"] = "release-cut"
    node: Decider = Field(description=_NODE)
    km3: number(-15, 15, "km3 a year") = Field(
        description="Taken off the annual volume from the next decision in October on; negative for a surge."
    )


class Barter(LastingEvent):
    """What is promised in kind for summer water."""

    kind: Literal["barter"] = "barter"
    node: Decider = Field(description=_NODE)
    million_usd: number(0, 1000, "million USD a year") = Field(description="Value a year; 0 for none.")


class Transfer(LastingEvent):
    """What is paid beforehand for summer water."""

    kind: Literal["transfer"] = "transfer"
    node: Decider = Field(description=_NODE)
    million_usd: number(0, 1000, "million USD a year") = Field(description="Value a year; no trust is needed.")


class InflowTrend(LastingEvent):
    """The flow of the rivers rises or falls, slowly."""

    kind: Literal["inflow-trend"] = "inflow-trend"
    basin: Basin = Field(description='Basin, or "all".')
    change: number(-1, 1, "log change a decade") = Field(
        description="Change of the logarithm of the mean flow in a decade; what has changed stays when it ends."
    )


class Drought(LastingEvent):
    """All months have less water than they would, or more."""

    kind: Literal["drought"] = "drought"
    basin: Basin = Field(description='Basin, or "all".')
    factor: number(0.1, 3, "factor") = Field(description="All inflow is multiplied by this.")


# Trade


class RouteEvent(LastingEvent):
    """Something that changes what it costs to trade along a route, or between economies."""

    route: Route | None = Field(None, description="Route of the table of corridors, with all pairs that it serves.")
    between: Economies | None = Field(
        None, description="Instead of a route: every pair of these economies of which one at least is a state."
    )

    @field_validator("between")
    @classmethod
    def _some_pair_of_a_state(cls, between: tuple[str, ...] | None, info: ValidationInfo) -> tuple[str, ...] | None:
        if between and isinstance(info.context, Names) and not set(between) & set(info.context.states):
            raise problem("must name one state of the region at least: trade among outsiders is not simulated")
        return between


def _one_of(named: dict[str, object], keys: tuple[str, ...]) -> None:
    """Exactly one of some keys must have been given; keys that were refused themselves are not in `named`."""
    if all(key in named for key in keys) and sum(named[key] is not None for key in keys) != 1:
        raise problem(f"must come with one of {', '.join(keys)}, and no more than one")


class Corridor(RouteEvent):
    """A route becomes cheaper."""

    kind: Literal["corridor"] = "corridor"
    cost_cut: number(0, 0.95, PRICE) | None = Field(
        None, validate_default=True, description="Share of the delivered price saved; the table's where left out."
    )

    @field_validator("cost_cut")
    @classmethod
    def _of_something(cls, cost_cut: float | None, info: ValidationInfo) -> float | None:
        _one_of(info.data, ("route", "between"))
        if cost_cut is None and info.data.get("between"):
            raise problem("must be given: only routes of the table have one of their own")
        return cost_cut


class Sanction(RouteEvent):
    """A route, or trade with a power or between economies, becomes dearer."""

    kind: Literal["sanction"] = "sanction"
    power: Power | None = Field(None, description="Instead of a route: the states' trade with this power.")
    penalty: number(0, 10, PRICE) = Field(description="Added to the delivered price, as a share of it.")

    @field_validator("power")
    @classmethod
    def _has_figures(cls, power: str | None, info: ValidationInfo) -> str | None:
        if power and isinstance(info.context, Names) and power not in info.context.economies:
            raise problem("is a power without figures of trade")
        return power

    @field_validator("penalty")
    @classmethod
    def _on_something(cls, penalty: float, info: ValidationInfo) -> float:
        _one_of(info.data, ("route", "between", "power"))
        return penalty


class BorderTime(LastingEvent):
    """Goods wait less at common borders."""

    kind: Literal["border-time"] = "border-time"
    parties: Parties = Field(description="States whose common land borders are meant.")
    cut: number(0, 0.95, "share of the time") = Field(description="Share of the time at the border saved.")

    @field_validator("parties")
    @classmethod
    def _with_a_border(cls, parties: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if isinstance(info.context, Names) and not any(set(pair) <= set(parties) for pair in info.context.borders):
            raise problem("must name two neighbours at least")
        return parties


class UnionEvent(Event):
    """A state and an economic union."""

    state: State = Field(description="State concerned.")
    union: Union_ | None = Field(None, description="Economic union; the first of the record where left out.")


class Accession(UnionEvent):
    """A state joins an economic union, or an accord that others have signed."""

    kind: Literal["accession"] = "accession"
    accord: Accord | None = Field(None, description="Instead of a union: accord, by its id.")

    @field_validator("accord")
    @classmethod
    def _not_both(cls, accord: str | None, info: ValidationInfo) -> str | None:
        if accord is not None and info.data.get("union") is not None:
            raise problem("must not come with union: a state joins the one or the other")
        return accord


class Exit(UnionEvent):
    """A state leaves an economic union."""

    kind: Literal["exit"] = "exit"


class FreeTrade(LastingEvent):
    """Economies trade freely, or partly so, whoever signed what."""

    kind: Literal["free-trade"] = "free-trade"
    between: Economies = Field(description="Every pair of these economies of which one at least is a state.")
    content: Share = Field(description="Free-trade content: 1 is a full free-trade area.")


class Growth(LastingEvent):
    """A state's output is expected to grow at another rate."""

    kind: Literal["growth"] = "growth"
    state: State = Field(description="State concerned.")
    rate: number(-0.3, 0.3, "per year") = Field(description="Expected growth of its volume of output.")


_TREATIES = (Signature, Refusal, Ratification, RungStep, Summit)
_STATES = (LeaderChange, OpennessChange, PullChange, GroupShare, Turbulence, Freeze, FormatEnds, FormatRevives)
_FRICTIONS = tuple(_directed(kind, meaning) for kind, meaning in FRICTIONS.items())
_RIVERS = (Withdrawal, DamFilling, ReleaseCut, Barter, Transfer, InflowTrend, Drought, BorderReopened, BorderFrozen)
_TRADE = (Corridor, Sanction, BorderTime, Accession, Exit, FreeTrade, Growth)


def _kind(cls: type[Event]) -> str:
    """The kind that a class stands for; its field says what the class says."""
    field: Any = cls.model_fields["kind"]
    field.description = (cls.__doc__ or "").strip()
    return field.default


EVENT_KINDS: dict[str, type[Event]] = {
    _kind(cls): cls for cls in (*_STATES, *_TREATIES, *_FRICTIONS, Clash, Settlement, CapacityFrozen, *_RIVERS, *_TRADE)
}
TRADE_KINDS = tuple(map(_kind, _TRADE))
SUPPOSED_KINDS = tuple(map(_kind, _TREATIES))
ScenarioEvent = Annotated[Union[tuple(EVENT_KINDS.values())], Field(discriminator="kind")]  # noqa: UP007


def is_on_trade(event: Event) -> bool:
    """Whether an event changes figures of trade; joining an accord does not."""
    return event.kind in TRADE_KINDS and getattr(event, "accord", None) is None
