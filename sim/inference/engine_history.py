"""Histories simulated by the engine from 1992, as a panel and a history: what the record would hold of them.

The likelihood takes the record's covariates as given. In a simulated history trust answers to the treaties
drawn, borders to the clashes drawn, accords are asked at summits that were drawn, leaders come and go by chance. If a
fit finds the parameters of such histories again, likelihood and engine are one model.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.engine.event_types import CODE
from sim.facts import Facts
from sim.inference.covariates import Meeting, Panel, assemble, watch
from sim.inference.fit import made_of, write_calibration
from sim.inference.observations import DECLARATION, FRICTIONS, Act, Answer, FormatYear, History, Step, tidy_history
from sim.inference.priors import Prior
from sim.model import build_world
from sim.model.region_model import RegionModel
from sim.scenario import load_scenario
from sim.scenario.calibration_file import leader_parameters

_STILL = (
    "withdrawal.rate=0",
    "withdrawal.organisation=0",
    "withdrawal.rung=0",
    "frictions.deficit=0",
    "tabling.texts=0",
)  # what the likelihood knows nothing of
_FOREVER = 10**6


@dataclass(frozen=True, eq=False)
class SimulatedHistory:
    """A simulated history with its panel, and the openness of all its leaders, (leader,), in the panel's order.

    terms : of its decisions, in the fields of `sim.engine.decisions`; empty unless kept
    """

    panel: Panel
    history: History
    openness: np.ndarray
    terms: np.ndarray


def simulate_history(
    facts: Facts,
    names: Sequence[str],
    values: np.ndarray,
    member: int,
    until: str = "2025-06-30",
    keep_terms: bool = False,
) -> SimulatedHistory:
    """Run the engine freely from 1992 under parameters of a calibration.

    Parameters
    ----------
    names, values : (parameter,), as in a calibration file; of leaders those that govern in January 1992 count
    member : decides the random numbers, and parameters that no calibration fits
    """
    model = _model(facts, names, values, member, until, keep_terms)
    world, observer = model.world, _Observer(model)
    columns = watch(model, world.inputs.clock.end + 1 - world.inputs.clock.start, observer.open, observer.close)
    panel = assemble(
        world,
        columns,
        leaders=tuple(observer.names),
        lapses=observer.lapses,
        meetings=tuple(observer.meetings),
        leader=np.array(observer.in_office),
    )
    steps, answers, acts = _from_events(model, panel)
    return SimulatedHistory(
        panel, tidy_history(steps, answers, acts, observer.years), np.array(observer.openness), model.terms
    )


def _model(facts: Facts, names, values, member: int, until: str, keep_terms: bool) -> RegionModel:
    """A free run under a calibration of one draw."""
    certain = {"sd": 0.0, "moved": 0.0, "prior_sd": 1.0}
    rows = [
        {"name": name, "mean": value, "prior_mean": value, **certain} for name, value in zip(names, map(float, values))
    ]
    draws = np.tile(values, (2, 1))  # a file holds several draws; these are one
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world.json"
        write_calibration(made_of(facts, "literature", "2025-06", rows, draws), path)
        settings = [f'calibration.use="{path}"', f"run.end={until}", *_STILL]
        scenario = load_scenario("free-run", settings, facts)
        return RegionModel(scenario, member, keep_terms, build_world(scenario, facts))


class _Observer:
    """What the region's state shows from month to month."""

    def __init__(self, model: RegionModel):
        self.model = model
        self.names, self.openness = [], []
        self.in_office, self.meetings, self.years = [], [], []
        self.lapses = np.full(len(model.world.accords), _FOREVER)
        regional = model.world.inputs.formats
        self.process = int(np.flatnonzero((regional.regional == 1) & (regional.simulated_from < _FOREVER))[0])
        self.was_alive, self.met = False, False
        self._now = [-1] * len(model.world.states)
        self._count = [0] * len(model.world.states)

    def open(self, t: int) -> None:
        """After the calendar: who governs, who meets."""
        region, month = self.model.region, self.model.month
        for state, name in enumerate(self.model.world.states):
            if region.polity.n_leaders[state] != self._count[state]:
                self._count[state] = int(region.polity.n_leaders[state])
                self._now[state] = len(self.names)
                self.names.append(f"{name} {self._count[state]}")
                self.openness.append(float(region.polity.openness[state]))
        self.in_office.append(list(self._now))
        everyone = tuple(range(len(self.model.world.states)))
        for slot in np.flatnonzero(region.environment.summit):
            self.meetings.append(Meeting(month, int(slot), everyone, ""))
        self.met = self.met or region.environment.summit[self.process] == 1
        lapsed = region.treaties.lapsed[: len(self.lapses)] == 1
        self.lapses[lapsed & (self.lapses == _FOREVER)] = month

    def close(self, t: int) -> None:
        """At the year's end, or the last month: how the regional process fared."""
        month, alive = self.model.month - 1, bool(self.model.region.environment.alive[self.process])
        if month % 12 == 11 or month == self.model.world.inputs.clock.end:
            over = month % 12 == 11
            self.years.append(FormatYear(month // 12, self.was_alive, alive, self.met if alive and over else None))
            self.was_alive, self.met = alive, False


def _from_events(model: RegionModel, panel: Panel) -> tuple[list[Step], list[Answer], list[Act]]:
    """Steps, answers and acts of the run's events."""
    steps, answers, acts = [], [], []
    name = {code: kind for kind, code in CODE.items()}
    for event in model.events:
        kind, month, a, b = name[int(event["kind"])], int(event["month"]), int(event["a"]), int(event["b"])
        when = (month, month, month)
        if kind in ("rung", "declaration"):
            rung = DECLARATION if kind == "declaration" else int(event["subject"])
            steps.append(Step(panel.dyads.index((panel.states[a], panel.states[b])), rung, *when))
        elif kind in ("signature", "accession", "refusal"):
            answers.append(Answer(int(event["subject"]), a, kind, *when))
        elif kind in FRICTIONS:
            acts.append(Act("friction", a, b, *when, FRICTIONS.index(kind)))
        elif kind in ("clash", "settlement"):
            acts.append(Act(kind, a, b, *when, float(event["value"])))
    return steps, answers, acts


def priors_in(world: SimulatedHistory, facts: Facts, priors: Sequence[Prior]) -> tuple[Prior, ...]:
    """Priors of the record with the leaders of a simulated history in place of its own."""
    first = next(k for k, prior in enumerate(priors) if prior.groups)
    like = priors[first]
    leaders = [
        replace(like, name=f"openness.{name.replace(' ', '.')}", groups=(name.split()[0],))
        for name in world.panel.leaders
    ]
    return (*priors[:first], *leaders, *priors[first + len(leader_parameters(facts)) :])
