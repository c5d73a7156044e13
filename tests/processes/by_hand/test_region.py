"""Summit formats through a year, and what they leave: process, institutions, identity."""

import numpy as np
import pytest

from by_hand.three_states import Some, events
from sim.engine.event_types import CODE
from sim.processes import region as kernels

# month 300 is a January; the format meets in March, August or December
SEASON = np.array([0, 0, 0.5, 0, 0, 0, 0, 0.3, 0, 0, 0, 0.2])


@pytest.fixture(autouse=True)
def parameters(region, inputs, params, monkeypatch):
    """Three formats: the regional process, one with a power, one that signs by letter every year."""
    inputs.channels.format = ["f0", "f1", "f2"]
    inputs.formats = Some(
        first_simulated=250, simulated_from=np.array([250, 250, 306]), regional=np.array([1, 0, 0]),
        yearly=np.array([0, 0, 1]), season=np.array([SEASON] * 3), frequency=np.array([0.0, 0.5, 0.0]),
        power=np.array([-1, 1, -1]), party=np.array([[1, 1, 0], [1, 1, 1], [1, 1, 1]]),
    )  # fmt: skip
    region.environment.__dict__.update(
        alive=np.array([1, 1, 0]), meets_in=np.full(3, -1), last_met=np.full(3, -1), summit=np.zeros(3, int),
        pull_factor=np.array([1.0, 0.5]),
    )  # fmt: skip
    region.polity.__dict__.update(contact=np.zeros(3), borders_counted=np.zeros(3))
    region.rivals = Some(inside=0, hold=np.zeros(3))
    inputs.accords = Some(
        count=2, format=np.array([0, 0]), organisation=np.array([1, 0]), institution=np.array([0.5, 0.25])
    )
    region.treaties.__dict__.update(
        tabled=np.array([300, 300]), lapsed=np.zeros(2, int), signed=np.full((2, 3), 290),
        ratified=np.full((2, 3), 291), signatures=np.array([3, 3]), ratifications=np.array([3, 3]),
        in_force=np.array([292, 292]), implemented=np.array([0.5, 0.8]), rung=np.array([2, 0, 1]),
        rung_implemented=np.full((3, 3), 0.5),
    )  # fmt: skip
    inputs.ladder.institution = np.zeros(3)
    params.__dict__.update(
        region_format_death=0.19, region_format_birth=0.36, region_format_meets=0.8, region_decay=0.1,
        region_summit_gain=0.2, sponsors_convening=0.4, rivals_identity=0.5, identity_elite_gain=0.2,
        identity_elite_decay=0.1, identity_society_gain=0.5,
    )  # fmt: skip
    monkeypatch.setattr(kernels, "is_absorbed", lambda *given: False)


def plan(region, inputs, params, log, draws, life, when=0.0, month=300, f=0):
    given = draws(kernels, {(f"f{f}", 0): (life, when, 0.5, 0.5)})
    kernels.plan_year(region, inputs, params, 7, month, f, log)
    assert all(asked == (f"f{f}", 0, month // 12, 7) for asked in given.asked)
    return region.environment.meets_in[f], [row[1] for row in events(log)]


def test_a_living_format_dies_rests_or_meets(region, inputs, params, log, draws):
    """Below 0.19 it dies, from there to 0.19 + 0.81 x 0.8 it meets."""
    assert plan(region, inputs, params, log, draws, 0.191) == (302, [])
    assert plan(region, inputs, params, log, draws, 0.19 + 0.81 * 0.8 - 1e-9) == (302, [])
    assert plan(region, inputs, params, log, draws, 0.19 + 0.81 * 0.8 + 1e-9) == (-1, [])
    assert plan(region, inputs, params, log, draws, 0.189) == (-1, ["format-ends"])
    assert region.environment.alive[0] == 0 and region.rivals.inside == -1


def test_a_dead_format_is_born_at_the_other_end(region, inputs, params, log, draws):
    region.environment.alive[0] = 0
    assert plan(region, inputs, params, log, draws, 0.639) == (-1, [])
    assert (
        plan(region, inputs, params, log, draws, 0.641) == (302, ["format-born"]) and region.environment.alive[0] == 1
    )
    assert events(log) == [(300, "format-born", -1, -1, 0, 0.0)]


@pytest.mark.parametrize(("when", "month"), [(0.0, 302), (0.49, 302), (0.51, 307), (0.79, 307), (0.81, 311)])
def test_the_month_follows_the_season(region, inputs, params, log, draws, when, month):
    assert plan(region, inputs, params, log, draws, 0.5, when)[0] == month


def test_in_a_year_that_has_begun_its_rest_is_planned(region, inputs, params, log, draws):
    """From April on half of the meetings are left: 0.8 x 0.5 / (1 - 0.8 x 0.5) = 2/3; three quarters of the death."""
    death = 1 - 0.81**0.75
    edge = death + (1 - death) * 2 / 3
    assert plan(region, inputs, params, log, draws, edge - 1e-9, 0.0, month=303) == (307, [])
    assert plan(region, inputs, params, log, draws, edge - 1e-9, 0.61, month=303) == (311, [])
    assert plan(region, inputs, params, log, draws, edge + 1e-9, month=303) == (-1, [])
    assert plan(region, inputs, params, log, draws, death - 1e-9, month=303) == (-1, ["format-ends"])
    birth = 1 - 0.64**0.75
    assert plan(region, inputs, params, log, draws, 1 - birth - 1e-9, month=303)[1] == ["format-ends"]
    assert plan(region, inputs, params, log, draws, 1 - birth + 1e-9, month=303)[1] == ["format-ends", "format-born"]


def test_nobody_meets_in_a_rest_without_meetings():
    assert kernels.meets_in_rest(0.8, 0.0) == 0.0 and kernels.meets_in_rest(1.0, 0.0) == 0.0
    assert kernels.meets_in_rest(0.8, 1.0) == pytest.approx(0.8)


def test_what_has_met_this_year_does_not_meet_again(region, inputs, params, log, draws):
    region.environment.last_met[0] = 300
    assert plan(region, inputs, params, log, draws, 0.3, month=303)[0] == -1
    region.environment.last_met[0] = 299
    assert plan(region, inputs, params, log, draws, 0.3, month=303)[0] == 307


def test_other_formats_meet_as_often_as_documented_and_nobody_revives_them(region, inputs, params, log, draws):
    assert plan(region, inputs, params, log, draws, 0.499, f=1) == (302, [])
    assert plan(region, inputs, params, log, draws, 0.501, f=1) == (-1, [])
    region.environment.alive[1], region.environment.meets_in[1] = 0, 302
    assert plan(region, inputs, params, log, draws, 0.0, f=1) == (-1, []) and region.environment.alive[1] == 0


def test_a_yearly_signing_is_always_alive(region, inputs, params, log, draws):
    region.environment.last_met[2] = 301
    assert plan(region, inputs, params, log, draws, 0.0, 0.9, f=2) == (311, ["format-born"])


def test_an_absorbed_format_ends(region, inputs, params, log, draws, monkeypatch):
    asked = []
    monkeypatch.setattr(kernels, "is_absorbed", lambda *given: asked.append(given[3:7]) or True)
    assert plan(region, inputs, params, log, draws, 0.5) == (-1, ["format-ends"])
    assert asked == [(300, 0, 0.5, 0.5)]
    assert plan(region, inputs, params, log, draws, 0.9)[1] == ["format-ends", "format-born"] and len(asked) == 1


def test_what_lived_by_a_format_ends_with_it(region, inputs):
    kernels.end_format(region, inputs, 300, 0)
    treaties = region.treaties
    assert treaties.lapsed.tolist() == [1, 0] and treaties.signatures.tolist() == [0, 3]
    assert (treaties.signed[0] == -1).all() and treaties.in_force.tolist() == [-1, 292]
    assert treaties.implemented.tolist() == [0.0, 0.8]
    treaties.lapsed[:], treaties.tabled[:] = 0, 301
    kernels.end_format(region, inputs, 300, 0)
    assert treaties.lapsed.tolist() == [0, 0]  # not yet tabled: it can still be tried
    treaties.tabled[:] = 0
    kernels.end_format(region, inputs, 300, 1)
    assert treaties.lapsed.tolist() == [0, 0]  # another format's


def test_simulated_summits_are_planned_each_january_and_held_in_their_month(region, inputs, params, log, draws):
    planned = []

    def hold(month):
        region.environment.summit[:] = 0
        given = draws(kernels, {(f"f{f}", 0): (0.4, 0.6, 0.5, 0.5) for f in range(3)})
        kernels.hold_summits(region, inputs, params, 7, month, log)
        planned.extend(asked[0] for asked in given.asked)
        return region.environment.summit.tolist()

    assert hold(249) == [0, 0, 0] and planned == []
    assert hold(250) == [0, 0, 0] and planned == ["f0", "f1"]
    planned.clear()
    assert hold(300) == [0, 0, 0] and planned == ["f0", "f1"]
    assert [hold(month) for month in range(301, 306)] == [[0, 0, 0]] * 5 and planned == ["f0", "f1"]
    assert hold(306) == [0, 0, 0] and planned == ["f0", "f1", "f2"]  # the third is simulated from here on
    assert hold(307) == [1, 1, 0]  # 0.6 of the season is August; of what is left in July, December
    assert region.environment.last_met.tolist() == [307, 307, -1] and hold(311) == [0, 0, 1]
    assert [row[:2] + row[4:5] for row in events(log) if row[1] == "summit"] == [(307, "summit", 0), (307, "summit", 1)]
    region.environment.meets_in[0], region.environment.alive[0] = 309, 0
    assert hold(309) == [0, 0, 0]


def test_a_run_that_starts_later_plans_in_its_first_month(region, inputs, params, log, draws):
    inputs.clock.start = 303
    given = draws(kernels, {}, otherwise=(0.4, 0.6, 0.5, 0.5))
    kernels.hold_summits(region, inputs, params, 7, 302, log)
    assert given.asked == []
    kernels.hold_summits(region, inputs, params, 7, 303, log)
    assert [asked[0] for asked in given.asked] == ["f0", "f1"]


def month(region, inputs, params, *summits, at=300):
    region.environment.summit[:] = [int(f in summits) for f in range(3)]
    kernels.step_region(region, inputs, params, at)
    return region.environment.process


def test_the_process_fades_and_summits_raise_it(region, inputs, params):
    region.environment.process = 0.5
    assert month(region, inputs, params) == pytest.approx(0.45)
    assert month(region, inputs, params, 0) == pytest.approx(0.405 + 0.2 * 0.595)
    region.environment.process = 0.5
    assert month(region, inputs, params, 1) == pytest.approx(0.45 + 0.4 * 0.5 * 0.55)  # of a power at half its weight
    region.environment.process = 0.5
    params.sponsors_convening = -0.4
    assert month(region, inputs, params, 1) == pytest.approx(0.45 * 0.8)
    region.environment.process = 0.5
    assert month(region, inputs, params, 2) == pytest.approx(0.45)


def test_outside_summits_move_the_process_by_no_more_than_all_of_it():
    after = kernels.process_after_outside_summit
    assert [after(0.5, gain) for gain in (0.0, 0.5, 1.0, 3.0)] == [0.5, 0.75, 1.0, 1.0]
    assert [after(0.5, gain) for gain in (-0.5, -1.0, -3.0)] == [0.25, 0.0, 0.0]


def test_a_simulated_summit_is_a_visit_of_everyone_to_everyone(region, inputs, params):
    weight = CODE["summit"] / 100
    month(region, inputs, params, 0, 2)
    assert region.beliefs.gains.tolist() == [[0, weight, 0], [weight, 0, 0], [0, 0, 0]]
    region.beliefs.gains[:] = 0
    month(region, inputs, params, 0, at=249)  # a documented one has an impact of its own
    assert not region.beliefs.gains.any()
    kernels.add_summit_impacts(region, inputs, 1, 320)
    assert np.count_nonzero(region.beliefs.gains) == 6
    assert kernels.somebody_meets(region)
    region.environment.summit[:] = 0
    assert not kernels.somebody_meets(region)


def test_institutions_are_what_is_implemented(region, inputs, params):
    """1 - (1 - 0.5 x 0.5)(1 - 0.25 x 0.8); then with the rungs of A-B and B-C."""
    assert kernels.institutions(region.treaties, inputs) == pytest.approx(1 - 0.75 * 0.8)
    month(region, inputs, params)
    assert region.environment.institutions == pytest.approx(0.4)
    region.treaties.lapsed[0] = 1
    assert kernels.institutions(region.treaties, inputs) == pytest.approx(0.2)
    inputs.ladder.institution = np.array([0.1, 0.2, 0.4])
    assert kernels.institutions(region.treaties, inputs) == pytest.approx(1 - 0.8 * 0.95 * 0.9 * 0.95)


def test_contact_is_the_mean_open_share_of_a_states_borders(region, inputs):
    region.frontier.crossing[:] = [0.2, 0.9, 0.6]
    total = np.full(3, 9.0)
    kernels.open_crossings(region, inputs, total)
    assert total == pytest.approx([0.2, 0.4, 0.6])
    inputs.borders.exists[:] = [1, 0, 0]
    kernels.open_crossings(region, inputs, total)
    assert total == pytest.approx([0.2, 0.4, 0.6])  # counted when a crossing moves, since borders stay
    region.frontier.crossing[2] = 0.5
    kernels.open_crossings(region, inputs, total)
    assert total == pytest.approx([0.2, 0.2, 0.0])


def test_identity_follows_process_elites_and_crossings(region, inputs, params):
    region.environment.process = 1.0
    params.region_decay = 0.5
    region.polity.elite[:], region.polity.society[:] = [0.5, 0.5, 0.0], 0.25
    region.rivals.hold[:] = [0.0, 1.0, 0.0]
    month(region, inputs, params)
    elite = [0.5 + 0.2 * 0.5 * 0.5 - 0.05, 0.5 + 0.1 * 0.5 * 0.5 - 0.05, 0.1]
    assert region.polity.elite == pytest.approx(elite)
    assert region.polity.society == pytest.approx([0.25 + 0.5 * (0.5 * each + 0.5 - 0.25) for each in elite])


def dated(region, inputs, kind, at=300):
    kernels.apply(Some(kind=CODE[kind], subject=0), region, inputs, at)
    return region.environment


def test_dated_summits_births_and_ends(region, inputs):
    region.environment.alive[0], region.environment.meets_in[0] = 0, 300
    found = dated(region, inputs, "summit")
    assert (found.alive[0], found.summit[0], found.last_met[0], found.meets_in[0]) == (1, 1, 300, -1)
    found.meets_in[0] = 299
    assert dated(region, inputs, "summit").meets_in[0] == 299
    assert dated(region, inputs, "format-ends").alive[0] == 0 and region.treaties.lapsed[0] == 1
    assert dated(region, inputs, "format-born").alive.tolist() == [1, 1, 0]
    assert region.environment.summit.tolist() == [1, 0, 0]
