"""Disputes over water: rows, counting once, the engine's hazard in the likelihood, severity, recovery."""

import numpy as np
import pytest

from sim.facts.river_rows import Reporting, seen_share
from sim.inference.dispute_worlds import recover_disputes
from sim.inference.disputes import (
    SEEN,
    dispute_posterior,
    dispute_priors,
    dispute_rows,
    pair_names,
)
from sim.inference.engine_history import _model, simulate_history
from sim.inference.priors import draw_prior
from sim.inference.risk_sets import BEFORE, CERTAIN, friction_rows
from sim.inference.severity import draw_severity, ordered_logit, severity_of
from sim.processes.water_disputes import dispute_intensity
from sim.scenario.calibration_file import read_calibration, shipped_calibrations
from sim.why.target import Target
from sim.why.watch import watch


@pytest.fixture(scope="module")
def openness(facts):
    return np.array([leader.openness_mean for leader in facts.leaders])


@pytest.fixture(scope="module")
def rows(facts, panel, history, openness):
    return dispute_rows(panel, history.acts, openness, facts.river_reporting)


def test_every_event_is_counted_once(facts, panel, history, rows):
    disputes = {row.id: row for row in facts.river_disputes if row.is_dispute}
    assert set(rows.ids) - {""} == set(disputes) and len(disputes) == 29
    elsewhere = {id_ for row in disputes.values() for id_ in row.events}
    assert "a-rogun-letter-2010" in elsewhere and "kgz-kaz-water-2023" in elsewhere
    assert not elsewhere & set(friction_rows(panel, history).ids)
    assert {"uzb-kgz-gas-2009", "uzb-tjk-rail-2010"} < set(friction_rows(panel, history).ids)


def test_rows_at_risk(facts, panel, rows):
    assert (rows.phase[rows.event == 1] == CERTAIN).sum() == 25
    windows = {name: rows.month[(rows.ids == name) & (rows.phase == BEFORE)] for name in ("pump-2018", "uzb-cut-2000")}
    assert windows["pump-2018"].tolist() == list(range(2018 * 12, 2018 * 12 + 12))
    assert len(windows["uzb-cut-2000"]) == 12
    off = np.isin(rows.pair, [k for k, pair in enumerate(panel.riparians) if pair[2] in ("chu", "talas")])
    assert off.any() and (rows.deficit[off] == 0).all() and (rows.flood[off] == 0).all()
    assert rows.deficit[~off].max() > 0.05
    assert np.exp(rows.log_seen[rows.month == 2001 * 12]) == pytest.approx(0.6)


def test_share_on_record():
    told = (
        Reporting(since=1995, until=1999, share=0.4, source=""),
        Reporting(since=2000, until=2004, share=0.6, source=""),
    )
    assert [seen_share(told, year) for year in (1990, 1995, 2004, 2030)] == [1.0, 0.4, 0.6, 0.6]
    assert seen_share((), 2000) == 1.0


def test_gradient(facts, panel, rows):
    posterior = dispute_posterior(panel, rows, dispute_priors(facts, panel))
    x = draw_prior(posterior.priors, 1, np.random.default_rng(2))[0]
    slope = posterior.gradient(x)
    for k in range(len(x)):
        step = 1e-5 * np.eye(len(x))[k]
        found = (posterior.log_density(x + step) - posterior.log_density(x - step)) / 2e-5
        assert slope[k] == pytest.approx(found, rel=1e-4, abs=1e-4)


def test_the_hazard_is_the_engines(facts, panel):
    """Rates that a simulated history drew with, against the predictor on its own panel."""
    names = [prior.name for prior in dispute_priors(facts, panel)]
    x = np.float32(draw_prior(dispute_priors(facts, panel), 1, np.random.default_rng(4))[0]).astype(float)
    member, until = 3, "1999-12-31"
    world = simulate_history(facts, names, x, member, until)
    rows = dispute_rows(world.panel, (), world.openness)
    posterior = dispute_posterior(world.panel, rows, dispute_priors(facts, world.panel))
    eta = posterior.terms["disputes"].predictor.eta(x) - x[names.index(SEEN)]
    again = _model(facts, names, x, member, until, False).world
    for pair in (("UZB", "KGZ"), ("UZB", "AFG"), ("TKM", "UZB")):
        seen = watch(again, [member], Target("dispute", pair, "", "", ""))
        rate = sum(column for name, column in seen.items() if name not in ("member", "month"))
        place = next(k for k, known in enumerate(world.panel.riparians) if known[:2] == pair)
        assert rate == pytest.approx(eta[rows.pair == place], abs=1e-9)
        assert len(rate) == 96 and np.ptp(rate) > 0.0


def test_severity_is_the_engines_and_in_order(facts, panel, history):
    cuts, slope = np.array([[-1.2, 0.3, 1.5, 3.0]]), np.array([2.0])
    uniforms = (np.arange(20_000) + 0.5) / 20_000
    drawn = np.array([dispute_intensity(slope[0] * 0.2, cuts[0], u) for u in uniforms])
    for level in range(5):
        log_chance = ordered_logit(cuts, slope, np.array([level]), np.array([0.2]))[0]
        assert (drawn == -level - 1).mean() == pytest.approx(np.exp(log_chance), abs=1e-4)
    level, deficit = severity_of(panel, history.acts)
    assert np.bincount(level).tolist() == [7, 10, 7, 4, 1]
    draws = draw_severity(facts, level, deficit, 500, np.random.default_rng(1))
    assert (np.diff(draws[:, :4], axis=1) > 0).all()
    below = 1.0 / (1.0 + np.exp(draws[:, 4] * deficit.mean() - draws[:, 0]))
    assert below.mean() == pytest.approx((7 + 1) / (29 + 5), abs=0.04)  # a flat prior and the count


def test_synthetic_records_are_recovered(facts):
    found = recover_disputes(facts, 6, seed=3)
    assert found.failed == 0 and len(found.truth) == 6
    base = found.names.index("disputes.base")
    assert np.corrcoef(found.truth[:, base], found.mode[:, base])[0, 1] > 0.5
    inside = (np.abs(found.truth - found.mode) <= 1.2816 * found.sd).mean()
    assert 0.65 <= inside <= 0.93
    assert found.narrowed()[base] < 0.8 < found.narrowed()[found.names.index(SEEN)]


def test_pairs_with_a_record_come_first(facts, panel):
    calibration = read_calibration(next(iter(shipped_calibrations().values())))
    mean = {name: np.exp(calibration.draws[:, calibration.names.index(name)]).mean() for name in pair_names(panel)}
    quiet = [mean[name] for name in ("dispute.TKM-UZB", "dispute.TKM-TJK", "dispute.TKM-AFG")]
    assert min(mean["dispute.UZB-KGZ"], mean["dispute.KAZ-KGZ"], mean["dispute.TJK-KGZ"]) > 1.3 * max(quiet)
