"""Every process of the model, in the order of the month: the one list that all declarations are read from."""

from sim.engine.process import Field, Process
from sim.processes import (
    accords,
    bilateral_treaties,
    border_conflict,
    external_influence,
    frictions,
    leaders,
    ratification,
    region,
    trust,
    utility,
    water_disputes,
)

#: How far the dated events have been carried out.
CALENDAR = Process(
    "calendar",
    state={
        "environment": (
            Field("next_event", (), 0, "next line of the schedule", whole=True),
            Field("next_impact", (), 0, "next impact on trust", whole=True),
        )
    },
)

PROCESSES: tuple[Process, ...] = (
    CALENDAR,
    leaders.PROCESS,
    external_influence.PROCESS,
    region.PROCESS,
    water_disputes.PROCESS,
    frictions.PROCESS,
    border_conflict.PROCESS,
    trust.PROCESS,
    utility.PROCESS,
    bilateral_treaties.PROCESS,
    accords.PROCESS,
    ratification.PROCESS,
)
