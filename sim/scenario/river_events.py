"""[[events]] on rivers and borders: canals, dams, releases, barter, climate, and borders that open up again."""

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from sim.scenario.event_base import Event, LastingEvent
from sim.scenario.event_parts import BorderEvent
from sim.scenario.quantities import Share, known, number, problem, whole

Canal = known("canals", "a canal that is served before others")
Dam = known("dams", "a dam with a switch")
Decider = known("deciders", "a dam whose release its state decides")
Basin = known("basins", 'a basin or "all"')


class Withdrawal(LastingEvent):
    """A canal takes water before any is shared."""

    kind: Literal["withdrawal"] = Field("withdrawal", description="A canal takes water before any is shared.")
    node: Canal = Field(description="Canal, by its id in the table of river nodes.")
    share_of_flow: Share | None = Field(None, description="Share taken of the flow that arrives; or km3_per_year.")
    km3_per_year: number(0, 60, "km3 a year") | None = Field(
        None, validate_default=True, description="Volume taken in a year, after the seasons of its users."
    )
    ramp_months: whole(0, 600, "months") = Field(0, description="Months over which it grows to the whole amount.")

    @field_validator("km3_per_year")
    @classmethod
    def _one_of_both(cls, volume: float | None, info: ValidationInfo) -> float | None:
        share = info.data.get("share_of_flow")
        if "share_of_flow" in info.data and (volume is None) == (share is None):
            raise problem("must be given if share_of_flow is not, and only then")
        return volume


class DamFilling(Event):
    """A dam is closed and begins to fill."""

    kind: Literal["dam-filling"] = Field("dam-filling", description="A dam is closed and begins to fill.")
    node: Dam = Field(description="Dam, by its id in the table of river nodes.")
    years: number(0.1, 50, "years") | None = Field(
        None, description="Years in which mean flow fills it; the figure of the table when left out."
    )


class ReleaseCut(LastingEvent):
    """A state releases less from a dam than its rule would."""

    kind: Literal["release-cut"] = Field("release-cut", description="A state releases less than its rule would.")
    node: Decider = Field(description="Dam, by its id in the table of river nodes.")
    km3: number(-15, 15, "km3 a year") = Field(
        description="Taken off the annual volume from the next decision in October on; negative for a surge."
    )


class Barter(LastingEvent):
    """What is promised in kind for summer water."""

    kind: Literal["barter"] = Field("barter", description="What is promised in kind for summer water.")
    node: Decider = Field(description="Dam, by its id in the table of river nodes.")
    million_usd: number(0, 1000, "million USD a year") = Field(description="Value a year; 0 for none.")


class Transfer(LastingEvent):
    """What is paid beforehand for summer water."""

    kind: Literal["transfer"] = Field("transfer", description="What is paid beforehand for summer water.")
    node: Decider = Field(description="Dam, by its id in the table of river nodes.")
    million_usd: number(0, 1000, "million USD a year") = Field(description="Value a year; no trust is needed.")


class InflowTrend(LastingEvent):
    """The flow of the rivers rises or falls, slowly."""

    kind: Literal["inflow-trend"] = Field("inflow-trend", description="The flow of the rivers rises or falls, slowly.")
    basin: Basin = Field(description='Basin, or "all".')
    change: number(-1, 1, "log change a decade") = Field(
        description="Change of the logarithm of the mean flow in a decade; what has changed stays when it ends."
    )


class Drought(LastingEvent):
    """All months have less water than they would, or more."""

    kind: Literal["drought"] = Field("drought", description="All months have less water than they would, or more.")
    basin: Basin = Field(description='Basin, or "all".')
    factor: number(0.1, 3, "factor") = Field(description="All inflow is multiplied by this.")


class BorderReopened(BorderEvent):
    """A settled border is disputed again."""

    kind: Literal["border-reopened"] = Field("border-reopened", description="A settled border is disputed again.")
    share: Share = Field(description="Share of its length that is unsettled from then on.")


class BorderFrozen(BorderEvent, LastingEvent):
    """No package settles a border."""

    kind: Literal["border-frozen"] = Field("border-frozen", description="No package settles this border.")


RIVER_KINDS = (
    Withdrawal,
    DamFilling,
    ReleaseCut,
    Barter,
    Transfer,
    InflowTrend,
    Drought,
    BorderReopened,
    BorderFrozen,
)
