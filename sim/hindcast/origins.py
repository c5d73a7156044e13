"""Origins: the whole engine, fitted to the record before a January and simulated from there."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.facts import Facts, load_trade_facts
from sim.facts.trade_panel import TradePanel, trade_panel
from sim.hindcast.trade_paths import recent_growth
from sim.hindcast.vintage import facts_before
from sim.inference.conjugate import draw_shares, shares_of
from sim.inference.covariates import Panel, panel_of
from sim.inference.fit import made_of, summaries, write_calibration
from sim.inference.laplace import find_mode
from sim.inference.observations import History, record
from sim.inference.posterior import posterior_of, priors_on
from sim.inference.priors import Prior
from sim.inference.sample import effective_draws, posterior_draws
from sim.model import World, build_world
from sim.model.simulate import Block, simulate_members
from sim.scenario import load_scenario

DRAWS = 400  # joint draws of a fit; a member takes one of them


@dataclass(frozen=True, eq=False)
class Origin:
    """A forecast of everything from January of a year.

    facts : as they stood then; panel, history, priors : of these facts
    fitted : names of the parameters that were fitted on them
    effective : how many independent draws those of the fit are worth, for the parameter that has fewest
    world, block : the engine's members, which follow the record up to that January
    """

    year: int
    facts: Facts
    panel: Panel
    history: History
    priors: tuple[Prior, ...]
    fitted: tuple[str, ...]
    effective: float
    world: World
    block: Block

    @property
    def month(self) -> int:
        """Absolute month of the January, the first that is forecast."""
        return self.year * 12

    @property
    def horizon(self) -> int:
        """Months from the origin to the end of the record."""
        return self.panel.end - self.month


def look_ahead(facts: Facts, year: int, members: int, prior_set: str, folder: Path) -> Origin:
    """Fit the record before January of a year and simulate from there to the end of the record's last year.

    Parameters
    ----------
    facts : the whole record; only what was known then is used
    prior_set : literature or symmetric
    folder : where the calibration of the origin is written

    Raises
    ------
    FitError : the record before that year has no posterior mode
    """
    known = facts_before(facts, year)
    panel = panel_of(known, ("calibration.use=none",))
    history = record(known, panel)
    priors = priors_on(known, panel, history, prior_set)
    posterior = posterior_of(panel, history, priors, known, until=year * 12)
    rng = np.random.default_rng([2026, year])
    draws, shares = posterior_draws(posterior, find_mode(posterior), rng, DRAWS), shares_of(known, history, year * 12)
    path, whole = folder / f"before-{year}.json", np.column_stack([draws, draw_shares(shares, DRAWS, rng)])
    rows = summaries(priors, shares, whole)
    write_calibration(made_of(known, prior_set, f"{year - 1}-12", rows, whole), path)
    settings = [
        f"run.branch={year}-01-01",
        f"run.end={panel.end // 12}-12-31",
        f"calibration.use={json.dumps(str(path.resolve()))}",
    ]
    world = build_world(load_scenario("baseline", settings, known), known)
    _forget_growth(world, trade_panel(load_trade_facts(facts.record)), year - 1)
    block = simulate_members(world, 0, members)
    names = tuple(row["name"] for row in rows)
    return Origin(year, known, panel, history, priors, names, effective_draws(draws), world, block)


def _forget_growth(world: World, panel: TradePanel, last_known: int) -> None:
    """Economies go on as in the ten years before, in place; the table of growth is of 2013-23."""
    world.inputs.trade.growth[:] = recent_growth(panel, int(np.flatnonzero(panel.years == last_known)[0]))
