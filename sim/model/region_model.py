"""The Mesa face of the engine: a region whose agents are states.

`RegionModel.step()` calls the same compiled phases as an ensemble, but lets every agent act for itself; a Mesa run
equals its ensemble member bit for bit. Writing to an agent's trust, openness or rungs changes the run. Mesa's own
tools work on it: its data collector holds what `RegionModel.frame` and `RegionModel.agent_frame` show, month by month.
"""

import datetime
from dataclasses import replace
from functools import partial

import mesa
import numpy as np
import pandas as pd

from sim.facts import load_facts
from sim.model.build import World, build_world
from sim.model.initial import begin, empty_log
from sim.model.parameters import draw_parameters
from sim.model.recording import record_month, record_year
from sim.model.simulate import as_events, as_terms
from sim.model.step import act, close_month, open_month
from sim.processes.rivers.release_policy import decide_releases
from sim.processes.trade.step import check_trade
from sim.processes.trust import commit_trust, update_trust
from sim.processes.utility import appraise
from sim.scenario import Scenario

#: What is collected of every state, besides its `id`.
OF_STATES = ("openness", "capacity", "elite_identity", "society_identity", "pull")


class State(mesa.Agent):
    """One of the six states: a view on its row of the model's arrays.

    Attributes
    ----------
    id : ISO 3166 code
    trust : mapping from each other state to the probability that it keeps its word, as this state sees it
    openness : openness of whoever governs
    capacity : state capacity in [0, 1]
    elite_identity, society_identity : in [0, 1]
    pull : external pull E
    """

    def __init__(self, model: "RegionModel", index: int):
        super().__init__(model)
        self.index = index
        self.id = model.world.states[index]

    def update_trust(self) -> None:
        """Revise trust in all others from what happened this month."""
        update_trust(self.index, self.index + 1, self.model.region, self.model.parameters)

    def decide_release(self) -> None:
        """Each October: what its dams release in the coming year."""
        model = self.model
        decide_releases(
            self.index, self.index + 1, model.region, model.world.inputs, model.parameters, model.member, model.month
        )

    def appraise(self) -> None:
        """Value every instrument that can be signed."""
        model = self.model
        appraise(self.index, self.index + 1, model.region, model.world.inputs, model.parameters, model.month)

    def step(self) -> None:
        """Decide, update trust, appraise (between each two, `RegionModel.step` lets all states finish)."""
        self.decide_release()
        self.update_trust()
        self.appraise()

    @property
    def trust(self) -> dict[str, float]:
        """Trust in each other state."""
        row = self.model.region.beliefs.trust[self.index]
        return {other: float(row[k]) for k, other in enumerate(self.model.world.states) if k != self.index}

    @property
    def openness(self) -> float:
        """Openness of whoever governs."""
        return float(self.model.region.polity.openness[self.index])

    @openness.setter
    def openness(self, value: float) -> None:
        self.model.region.polity.openness[self.index] = value

    @property
    def capacity(self) -> float:
        """State capacity in [0, 1]."""
        return float(self.model.region.polity.capacity[self.index])

    @property
    def elite_identity(self) -> float:
        """Identity shared by elites, in [0, 1]."""
        return float(self.model.region.polity.elite[self.index])

    @property
    def society_identity(self) -> float:
        """Identity shared by society, in [0, 1]."""
        return float(self.model.region.polity.society[self.index])

    @property
    def pull(self) -> float:
        """External pull E."""
        return float(self.model.region.environment.pull[self.index])


class RegionModel(mesa.Model):
    """One history of the region under a scenario, a month a step.

    Parameters
    ----------
    scenario : from `sim.load_scenario`
    member : which member of the ensemble to simulate
    keep_terms : keep the terms of every decision (`RegionModel.terms`)
    world : that of the scenario, if it has been built before
    rng : a seed in place of the scenario's, as `mesa.batch_run` hands one to every iteration

    Attributes
    ----------
    world : what was built of the scenario; `world.scenario` is casim's (`scenario` is Mesa's own, and holds a seed)
    date : first day of the month that the next step simulates; `steps` counts months
    running : False after the last month; a step after it does nothing

    Raises
    ------
    ValueError : both a world, which has its random numbers, and a seed

    Examples
    --------
    >>> model = RegionModel(sim.load_scenario("baseline"), member=7)   # doctest: +SKIP
    >>> model.run_model()                                               # doctest: +SKIP
    >>> model.frame["trust_mean"].plot()                                # doctest: +SKIP
    """

    def __init__(
        self,
        scenario: Scenario,
        member: int = 0,
        keep_terms: bool = False,
        world: World | None = None,
        rng: int | None = None,
    ):
        if rng is not None and world is not None:
            raise ValueError("rng is a seed and world has one already: give one of both")
        if rng is not None:
            scenario = replace(scenario, run=scenario.run.model_copy(update={"seed": int(rng)}))
        super().__init__(rng=scenario.run.seed)
        self.world = world or build_world(scenario, load_facts(scenario.record))
        self.member = member
        self.parameters = draw_parameters(scenario, self.world.facts, member, member + 1)[0]
        self.memory = self.world.new_memory()
        self.region = self.memory.region
        self.log = empty_log(150 * len(self.world.years) if keep_terms else 0)
        begin(self.memory, self.world.inputs, self.parameters, member, self.log)
        self.month = self.world.inputs.clock.start
        self._monthly: list[np.ndarray] = []
        self._yearly: list[np.ndarray] = []
        for index in range(len(self.world.states)):
            State(self, index)
        if hasattr(mesa.Agent, "_ids"):  # up to Mesa 3.3 its counter of agents keeps every model in memory for good
            mesa.Agent._ids.pop(self, None)
        self.datacollector = mesa.DataCollector(
            model_reporters={name: partial(_latest, k) for k, name in enumerate(self.world.monthly_names)},
            agent_reporters={"state": "id", **{name: name for name in OF_STATES}},
        )

    def step(self) -> None:
        """One month, in the stretches of `sim.model.step`; between them every agent acts for itself."""
        if not self.running:
            return
        self.open_month()
        self.act()
        self.close_month()

    def open_month(self) -> None:
        """What the date brings; afterwards the region is as it is when states first act."""
        open_month(*self._here)

    def act(self) -> None:
        """Water, conflict, trust and what states think of each instrument: afterwards they are ready to negotiate."""
        self.agents.do("decide_release")
        act(*self._here)
        self.agents.do("update_trust")
        commit_trust(self.region)
        self.agents.do("appraise")

    def close_month(self) -> None:
        """Treaties, the regional process, trade; the month is written down."""
        close_month(*self._here)
        check_trade(self.region.commerce.failure, self.world.economies)
        self._record()
        self.datacollector.collect(self)
        self.month += 1
        self.running = self.month <= self.world.inputs.clock.end

    @property
    def _here(self) -> tuple:
        return self.region, self.world.inputs, self.parameters, self.member, self.month, self.log

    def run_model(self) -> None:
        """Step to the end of the run."""
        while self.running:
            self.step()

    def _record(self) -> None:
        line = np.empty(len(self.world.monthly_names))
        record_month(self.region, self.world.inputs, self.month, line)
        self._monthly.append(line)
        if self.month % 12 == 11 or self.month == self.world.inputs.clock.end:
            names = self.world.yearly_names
            row = np.empty(len(names))
            record_year(self.memory, self.world.inputs, self.month, row)
            row[len(names) - len(line) :] = line
            self._yearly.append(row)

    @property
    def date(self) -> datetime.date:
        """First day of the month that the next step simulates."""
        return datetime.date(self.month // 12, self.month % 12 + 1, 1)

    @property
    def frame(self) -> pd.DataFrame:
        """Monthly series so far, a row per month, by its first day."""
        months = [datetime.datetime(m // 12, m % 12 + 1, 1) for m in self.world.months[: len(self._monthly)]]
        values = np.array(self._monthly).reshape(len(months), len(self.world.monthly_names))
        return pd.DataFrame(values, pd.DatetimeIndex(months, name="month"), self.world.monthly_names)

    @property
    def yearly(self) -> pd.DataFrame:
        """Yearly series so far, a row per year; among them every state's trust in every other and all rungs."""
        years = pd.Index(self.world.years[: len(self._yearly)], name="year")
        return pd.DataFrame(np.array(self._yearly), years, self.world.yearly_names)

    @property
    def agent_frame(self) -> pd.DataFrame:
        """Agents as they are now, a row per state."""
        rows = [[getattr(agent, name) for name in OF_STATES] for agent in self.agents]
        return pd.DataFrame(rows, [agent.id for agent in self.agents], list(OF_STATES))

    @property
    def events(self) -> np.ndarray:
        """Simulated events so far, in the fields of a run's event table."""
        return as_events(self.log.events[: self.log.n_events[0]], self.member)

    @property
    def terms(self) -> np.ndarray:
        """Terms of the decisions so far; empty unless kept."""
        return as_terms(self.log.terms[: self.log.n_terms[0]], self.member)


def _latest(place: int, model: RegionModel) -> float:
    """A monthly series of the month just written down, for Mesa's data collector."""
    return float(model._monthly[-1][place])
