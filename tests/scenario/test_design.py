"""Designs: how files say what is varied, and the scenarios that come of it."""

import datetime
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import ScenarioError, design_points, load_scenario
from sim.scenario.design import Levels, Range, grid, latin_hypercube, listed, sobol
from sim.scenario.merge import canonical

from .stand_in import parameter

HEAD = 'extends = "baseline"\n[run]\nmembers = 7\n'


def points(folder, text, *settings):
    folder.write("my.toml", f"{HEAD}{text}")
    return list(design_points(folder.load("my.toml", *settings)))


def values(folder, text):
    return [tuple(point.point.values.values()) for point in points(folder, text)]


def test_a_list_walks_through_its_values_side_by_side(folder):
    text = '[design]\nkind = "list"\n"trust.decay" = [0.01, 0.02]\nstates.UZB.openness = [-1.0, 1.0]\n'
    found = points(folder, text)
    assert [point.parameters["trust.decay"] for point in found] == [0.01, 0.02]
    assert [point.states["UZB"].openness for point in found] == [-1, 1]


def test_a_grid_takes_every_combination_the_last_key_first(folder):
    text = '[design]\nkind = "grid"\n"trust.decay" = [0.01, 0.02]\n"treaties.rule" = ["unanimity", "opt-in"]\n'
    assert values(folder, text) == [(0.01, "unanimity"), (0.01, "opt-in"), (0.02, "unanimity"), (0.02, "opt-in")]


def test_steps_are_even_and_the_limits_those_of_the_table(folder):
    text = '"trust.loss_aversion" = { steps = 4 }\n"trust.decay" = { upper = 0.02, steps = 2 }\n'
    assert values(folder, f'[design]\nkind = "grid"\n{text}') == [(a, b) for a in (1, 2, 3, 4) for b in (0.005, 0.02)]


@pytest.mark.parametrize(
    "written",
    [
        '"trust.decay" = [0.01]',
        '"parameters.trust.decay" = [0.01]',
        "parameters.trust.decay = [0.01]",
        "trust.decay = [0.01]",
        "[design.parameters.trust]\ndecay = [0.01]",
    ],
)
def test_a_key_may_be_written_like_any_other(folder, written):
    (point,) = points(folder, f'[design]\nkind = "grid"\n{written}\n')
    assert point.parameters == {"trust.decay": 0.01}


def test_points_of_a_file(folder):
    rows = "0.01,opt-in,2035-12-31\n\n0.02,unanimity,2036-12-31\n"
    folder.write("points.csv", f"trust.decay,treaties.rule,run.end\n{rows}")
    first, second = points(folder, '[design]\nkind = "csv"\nfile = "points.csv"\n')
    assert first.run.end == datetime.date(2035, 12, 31) and second.run.end == datetime.date(2036, 12, 31)
    assert second.parameters == {"trust.decay": 0.02, "treaties.rule": "unanimity"}
    assert str(second.sources["parameters.trust.decay"]) == "points.csv:4"


def test_a_point_is_the_scenario_with_those_settings(folder):
    text = '[design]\nkind = "grid"\n"trust.decay" = [0.02]\nstates.UZB.openness = [0.5]\n'
    (point,) = points(folder, text, "trust.loss_aversion=2")
    same = folder.load("my.toml", "trust.loss_aversion=2")
    assert point.resolved() != same.resolved()
    folder.write("plain.toml", HEAD)
    plain = folder.load("plain.toml", "trust.loss_aversion=2", "trust.decay=0.02", "states.UZB.openness=0.5")
    assert canonical(point.run) == canonical(plain.run) and point.resolved() == plain.resolved()
    assert (point.name, point.design, point.point.number) == ("my-p0000", None, 0)
    assert point.title == "my (trust.decay = 0.02, states.UZB.openness = 0.5)"
    assert str(point.sources["parameters.trust.decay"]) == "my.toml:6"


def test_points_share_seed_members_and_span(folder):
    found = points(folder, '[design]\nkind = "sobol"\npoints = 8\n"trust.decay" = {}\n', "run.seed=5")
    assert {(point.run.seed, point.run.members, point.run.end) for point in found} == {
        (5, 7, datetime.date(2040, 12, 31))
    }


def test_a_scenario_without_design_is_its_only_point(folder):
    assert [point.design for point in points(folder, "")] == [None]


def test_a_design_is_not_inherited(folder):
    folder.write("parent.toml", f'{HEAD}[design]\nkind = "grid"\n"trust.decay" = [0.01]\n')
    folder.write("child.toml", 'extends = "parent"\n')
    assert folder.load("child.toml").design is None and len(folder.load("parent.toml").design) == 1


def test_a_design_changes_nothing_of_its_scenario(folder):
    folder.write("plain.toml", HEAD)
    folder.write("varied.toml", f'{HEAD}[design]\nkind = "grid"\n"trust.decay" = [0.01]\n')
    assert folder.load("plain.toml").resolved() == folder.load("varied.toml").resolved()


def test_what_is_varied_cannot_be_set_too(folder):
    folder.write("my.toml", f'{HEAD}[design]\nkind = "grid"\n"trust.decay" = [0.01]\n')
    assert folder.problems("my.toml", "run.seed=1", "trust.decay=0.02") == [
        "--set 2: parameters.trust.decay is varied by [design]; it cannot be set too."
    ]


def test_dated_events_may_move_together(folder):
    event = '[[events]]\nid = "pull"\ndate = 2030-01-01\nuntil = 2031-01-01\nkind = "pull"\npower = "RUS"\nfactor = 2\n'
    design = '[design]\nkind = "list"\nevents.pull.date = [2032-01-01]\nevents.pull.until = [2033-01-01]\n'
    (point,) = points(folder, event + design)
    assert point.events[0].date.year == 2032 and point.events[0].until.year == 2033


def test_the_prior_gives_a_range_where_the_table_has_no_limits(folder, world):
    from types import SimpleNamespace

    from sim.scenario.design_reading import table_range

    def row(prior, lower=None, upper=None):
        return SimpleNamespace(parameters=[parameter("a.b", 0.0, lower, upper, "x", prior)])

    assert np.allclose(table_range("parameters.a.b", row("normal(1, 2)"), "limits"), (1 - 3.289707, 1 + 3.289707))
    assert np.allclose(table_range("parameters.a.b", row("half-normal(2)"), "limits"), (0.125413, 3.919928), atol=1e-5)
    # for whole shapes the beta distribution is a sum of binomial terms
    ends = table_range("parameters.a.b", row("beta(2, 13)"), "prior")
    assert np.allclose([1 - (1 - x) ** 14 - 14 * x * (1 - x) ** 13 for x in ends], (0.05, 0.95))
    assert table_range("parameters.a.b", row("normal(1, 2)", 0, 3), "limits") == (0, 3)
    assert table_range("parameters.a.b", row("normal(1, 2)", 0), "limits")[0] == 0
    assert table_range("parameters.a.b", row("fixed"), "limits") is None
    assert table_range("states.UZB.openness", world, "limits") is None


numbers = st.floats(-1e6, 1e6)
ranges = st.tuples(numbers, numbers).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Range(*pair, 3))
levels = st.lists(st.integers(), min_size=1, max_size=4, unique=True).map(lambda items: Levels(tuple(items)))


@given(
    st.dictionaries(st.sampled_from("abcdef"), ranges | levels, min_size=1, max_size=4),
    st.integers(2, 60),
    st.integers(0, 2**63 - 1),
)
def test_a_hypercube_meets_every_stratum_once_whatever_the_other_keys(spreads, n, seed):
    keys = sorted(spreads)
    drawn = latin_hypercube(keys, [spreads[key] for key in keys], n, seed)
    assert len(drawn) == n
    for place, key in enumerate(keys):
        column = [point[place] for point in drawn]
        alone = latin_hypercube([key], [spreads[key]], n, seed)
        assert column == [point[0] for point in alone]
        spread = spreads[key]
        if isinstance(spread, Range):
            shares = (np.array(column) - spread.lower) / (spread.upper - spread.lower)
            assert sorted(np.floor(np.clip(shares, 0, 1 - 1e-9) * n * (1 + 1e-9)).astype(int)) == pytest.approx(
                list(range(n)), abs=1
            )
            assert all(spread.lower <= value <= spread.upper for value in column)


@given(st.integers(1, 6), st.integers(0, 2**32))
def test_a_sobol_sequence_is_balanced_and_knows_its_keys_by_name(power, seed):
    keys, spreads = ["b", "a"], [Range(0, 1), Range(5, 7)]
    drawn = sobol(keys, spreads, 2**power, seed)
    turned = sobol(keys[::-1], spreads[::-1], 2**power, seed)
    assert drawn == [point[::-1] for point in turned]
    halves = [sum(point[place] < middle for point in drawn) for place, middle in ((0, 0.5), (1, 6))]
    assert halves == [2**power / 2] * 2


@given(st.lists(levels, min_size=1, max_size=3))
def test_a_grid_holds_each_combination_once(spreads):
    made = grid(spreads)
    assert len(made) == len(set(made)) == math.prod(len(spread.values) for spread in spreads)
    assert made == sorted(made, key=lambda point: [spread.values.index(value) for spread, value in zip(spreads, point)])


@given(ranges)
def test_steps_keep_the_limits_exactly(spread):
    assert (spread.values[0], spread.values[-1]) == (spread.lower, spread.upper)
    assert listed([spread]) == [(value,) for value in spread.values]


def test_too_many_points_are_refused_before_any_is_made(folder):
    text = "".join(
        f"states.{state}.openness = {{ lower = -1, upper = 1, steps = 1000 }}\n"
        for state in ("KAZ", "KGZ", "TJK", "UZB")
    )
    folder.write("my.toml", f'{HEAD}[design]\nkind = "grid"\n{text}')
    assert "has 1,000,000,000,000 points; at most 10,000" in folder.problems("my.toml")[0]


def test_a_large_file_of_points_is_refused(folder):
    folder.write("points.csv", "trust.decay\n" + "0.01\n" * 10_002)
    folder.write("my.toml", f'{HEAD}[design]\nkind = "csv"\nfile = "points.csv"\n')
    assert folder.problems("my.toml") == ["points.csv:10002: is more than 10,000 points."]


@given(st.text(max_size=60))
def test_whatever_the_file_of_points_holds_there_is_a_message(text):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "points.csv").write_text(text, encoding="utf-8")
        (Path(place) / "my.toml").write_text('[design]\nkind = "csv"\nfile = "points.csv"\n')
        with pytest.raises(ScenarioError, match=r"points\.csv"):
            load_scenario(Path(place) / "my.toml")
