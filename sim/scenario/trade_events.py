"""Dated changes to trade: routes, sanctions, borders that take less time, unions, free trade, growth."""

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from sim.scenario.event_base import Event, LastingEvent
from sim.scenario.quantities import (
    UNIONS,
    Economies,
    Names,
    Parties,
    Power,
    Route,
    Share,
    State,
    choice,
    number,
    problem,
)

PRICE = "share of the delivered price"


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
            raise problem("must name one of the six states at least: trade among outsiders is not simulated")
        return between


def _one_of(named: dict[str, object], keys: tuple[str, ...]) -> None:
    """Exactly one of some keys must have been given; keys that were refused themselves are not in `named`."""
    if any(key not in named for key in keys):
        return
    if sum(named[key] is not None for key in keys) != 1:
        raise problem(f"must come with one of {', '.join(keys)}, and no more than one")


class Corridor(RouteEvent):
    """A route becomes cheaper."""

    kind: Literal["corridor"] = Field("corridor", description="A route becomes cheaper.")
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
    """Trade along a route, with a power, or between economies becomes dearer."""

    kind: Literal["sanction"] = Field("sanction", description="A route, or trade with a power, becomes dearer.")
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
    """Goods wait less at a border."""

    kind: Literal["border-time"] = Field("border-time", description="Goods wait less at common borders.")
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
    union: choice(*UNIONS) = Field("EAEU", description="Economic union.")


class Accession(UnionEvent):
    """A state joins an economic union."""

    kind: Literal["accession"] = Field("accession", description="A state joins an economic union.")


class Exit(UnionEvent):
    """A state leaves an economic union."""

    kind: Literal["exit"] = Field("exit", description="A state leaves an economic union.")


class FreeTrade(LastingEvent):
    """Economies trade freely, or partly so, whoever signed what."""

    kind: Literal["free-trade"] = Field("free-trade", description="Free trade among economies, as a supposition.")
    between: Economies = Field(description="Every pair of these economies of which one at least is a state.")
    content: Share = Field(description="Free-trade content: 1 is a full free-trade area.")


class Growth(LastingEvent):
    """A state's economy is expected to grow at another rate."""

    kind: Literal["growth"] = Field("growth", description="A state's output is expected to grow at another rate.")
    state: State = Field(description="State concerned.")
    rate: number(-0.3, 0.3, "per year") = Field(description="Expected growth of its volume of output.")


TRADE_KINDS = ("corridor", "sanction", "border-time", "accession", "exit", "free-trade", "growth")
