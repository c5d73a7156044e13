"""Origins: the whole engine, fitted to the record before a month and simulated from there."""

import json
from collections.abc import Callable
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
from sim.inference.laplace import Mode, find_mode
from sim.inference.observations import History, record
from sim.inference.posterior import Posterior, posterior_of, priors_on
from sim.inference.priors import Prior
from sim.inference.sample import effective_draws, posterior_draws
from sim.inference.table import month_text
from sim.model import World, build_world
from sim.model.simulate import Block, simulate_members
from sim.scenario import load_scenario

DRAWS = 400  # joint draws of a fit; a member takes one of them
#: (posterior, its mode, random numbers, how many) -> (draw, parameter)
DrawsOf = Callable[[Posterior, Mode, np.random.Generator, int], np.ndarray]


@dataclass(frozen=True, eq=False)
class Origin:
    """A forecast of everything from a month on.

    month : absolute month, the first that is forecast
    facts : as they stood then; panel, history, priors : of these facts
    fitted : names of the parameters that were fitted on them
    effective : how many independent draws those of the fit are worth, for the parameter that has fewest
    world, block : the engine's members, which follow the record up to that month
    """

    month: int
    facts: Facts
    panel: Panel
    history: History
    priors: tuple[Prior, ...]
    fitted: tuple[str, ...]
    effective: float
    world: World
    block: Block

    @property
    def year(self) -> int:
        """Calendar year of that month."""
        return self.month // 12

    @property
    def horizon(self) -> int:
        """Months from the origin to the end of the record."""
        return self.panel.end - self.month


def look_ahead(
    facts: Facts, month: int, members: int, prior_set: str, folder: Path, draws_of: DrawsOf = posterior_draws
) -> Origin:
    """Fit the record before a month and simulate from there to the end of the record's last year.

    Parameters
    ----------
    facts : the whole record; only what was known then is used
    month : absolute month
    prior_set : literature or symmetric
    folder : where the calibration of the origin is written
    draws_of : how joint draws are made of a posterior and its mode: sampled, or Laplace's (`laplace_draws`)

    Raises
    ------
    FitError : the record before that month has no posterior mode
    """
    year, known = month // 12, facts_before(facts, month)
    panel = panel_of(known, ("calibration.use=none",))
    history = record(known, panel)
    priors = priors_on(known, panel, history, prior_set)
    posterior = posterior_of(panel, history, priors, known, until=month)
    rng = np.random.default_rng([2026, year, month % 12] if month % 12 else [2026, year])
    draws, shares = draws_of(posterior, find_mode(posterior), rng, DRAWS), shares_of(known, history, month)
    path, whole = folder / f"before-{month_text(month)}.json", np.column_stack([draws, draw_shares(shares, DRAWS, rng)])
    rows = summaries(priors, shares, whole)
    write_calibration(made_of(known, prior_set, month_text(month - 1), rows, whole), path)
    settings = [
        f"run.branch={month_text(month)}-01",
        f"run.end={panel.end // 12}-12-31",
        f"calibration.use={json.dumps(str(path.resolve()))}",
    ]
    world = build_world(load_scenario("baseline", settings, known), known)
    _forget_growth(world, trade_panel(load_trade_facts(facts.record)), year - 1)
    block = simulate_members(world, 0, members)
    names = tuple(row["name"] for row in rows)
    return Origin(month, known, panel, history, priors, names, effective_draws(draws), world, block)


def _forget_growth(world: World, panel: TradePanel, last_known: int) -> None:
    """Economies go on as in the ten years before, in place; the table of growth is of 2013-23."""
    world.inputs.trade.growth[:] = recent_growth(panel, int(np.flatnonzero(panel.years == last_known)[0]))
