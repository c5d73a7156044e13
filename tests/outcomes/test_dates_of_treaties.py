"""Dates of treaties and counts of small histories written by hand: new texts, epochs, series at their years."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from histories_by_hand import CATALOGUE, PARTIES, events, histories

from sim.outcomes import AccordEntry, Events, Histories, epochs, series, treaties
from sim.outcomes.histories import as_years

NEVER = np.inf
KINDS = (*CATALOGUE.kinds, "proposal", "joins-rival", "format-ends")
TEXTS = (
    AccordEntry("text-1", "First", PARTIES, "opt-in", 2, 0, "accord"),
    AccordEntry("text-2", "Second", PARTIES, "opt-in", 3, 0, "accord"),
)
WITH_TEXTS = replace(CATALOGUE, texts=TEXTS, kinds=KINDS)


def coded(*rows, catalogue=WITH_TEXTS):
    """Rows (member, year, kind, a, b, instrument): states by name, instruments by name or code."""
    found = []
    for member, year, kind, a, b, instrument in rows:
        place = catalogue.instruments.index(instrument) if isinstance(instrument, str) else instrument
        states = [PARTIES.index(name) if name else -1 for name in (a, b)]
        found.append((member, round(year * 12), KINDS.index(kind), *states, place, 1.0))
    columns = zip(*found) if found else [[]] * 7
    return Events(*(np.array(each, float if place == 6 else int) for place, each in enumerate(columns)))


def of(*simulated, documented=(), catalogue=WITH_TEXTS, members=2, yearly=None):
    return Histories(catalogue, np.arange(members), yearly or {}, coded(*simulated), coded(*documented))


def test_rungs_of_dyads_alone():
    """An instrument that is none, the first beyond the rungs, and a state with nobody are no step."""
    found = treaties.rung_months(
        of(
            (0, 2030, "rung", "UZB", "KGZ", "friendship"), (0, 2031, "rung", "KGZ", "UZB", "alliance"),
            (1, 2030, "rung", "KGZ", "UZB", -1), (1, 2030, "rung", "KGZ", "UZB", 3),
            (1, 2030, "rung", "KGZ", "", "friendship"), (1, 2032, "rung", "TJK", "KGZ", "partnership"),
        )
    )  # fmt: skip
    expected = np.full((2, 3, 3), NEVER)
    expected[0, 1, 0], expected[0, 1, 2], expected[1, 0, 1] = 2030 * 12, 2031 * 12, 2032 * 12
    assert (found == expected).all()


def test_first_months_of_accords_and_of_their_parties():
    history = of(
        (0, 2030, "signature", "TJK", "", "some"), (0, 2029, "signature", "TJK", "", "some"),
        (1, 2031, "signature", "UZB", "", "all"), (1, 2030, "signature", "", "", "all"),
        (1, 2030, "signature", "KGZ", "", "text-1"), (1, 2030, "signature", "KGZ", "", "alliance"),
    )  # fmt: skip
    found = treaties.accord_months(history, ("signature",), by_state=True)
    expected = np.full((2, 2, 3), NEVER)
    expected[0, 1, 1], expected[1, 0, 2] = 2029 * 12, 2031 * 12
    assert (found == expected).all()
    whole = treaties.accord_months(history, ("signature",), by_state=False)
    assert whole.tolist() == [[NEVER, 2029 * 12], [2030 * 12, NEVER]]
    new = treaties.accord_months(history, ("signature",), by_state=True, new=True)
    assert new.shape == (2, 2, 3) and new[1, 0, 0] == 2030 * 12 and np.isfinite(new).sum() == 1


def entry(required):
    return replace(TEXTS[0], required=required)


@pytest.mark.parametrize(("required", "adopted"), [(0, 90), (1, 10), (2, 20), (3, 30), (4, 90)])
def test_an_accord_is_adopted_with_its_signatures_or_in_force(required, adopted):
    """Signed in months 20, 10 and 30, in force in month 90; a number that cannot sign is never reached."""
    signed, in_force = np.array([[[20.0, 10.0, 30.0]]]), np.array([[90.0]])
    assert treaties.adopted_months(signed, in_force, (entry(required),)).tolist() == [[adopted]]
    assert in_force.tolist() == [[90.0]]  # what was handed in stays


def test_force_may_come_first():
    signed, in_force = np.array([[[20.0, 10.0, NEVER]]]), np.array([[5.0]])
    assert treaties.adopted_months(signed, in_force, (entry(2),)).tolist() == [[5.0]]


def test_new_texts_are_tabled_signed_and_adopted():
    """The first needs two signatures; the second enters into force with one."""
    found = treaties.new_texts(
        of(
            (0, 2030, "proposal", "", "", "text-1"), (0, 2031, "signature", "KGZ", "", "text-1"),
            (0, 2033, "accession", "UZB", "", "text-1"), (1, 2030, "proposal", "", "", "text-2"),
            (1, 2032, "signature", "TJK", "", "text-2"), (1, 2034, "in-force", "", "", "text-2"),
            (0, 2030, "proposal", "", "", "some"),
        )
    )  # fmt: skip
    assert found.tabled.tolist() == [[2030 * 12, NEVER], [NEVER, 2030 * 12]]
    assert found.adopted.tolist() == [[2033 * 12, NEVER], [NEVER, 2034 * 12]]
    assert np.isfinite(found.signed).sum(axis=(1, 2)).tolist() == [2, 1]


def test_columns_of_treaties():
    """One rung and an accord of the record in 2020; a rung in 2025, a new text in 2033."""
    found = treaties.columns(
        of(
            (0, 2025, "rung", "KGZ", "TJK", "friendship"), (0, 2030, "proposal", "", "", "text-1"),
            (0, 2031, "signature", "KGZ", "", "text-1"), (0, 2033, "signature", "UZB", "", "text-1"),
            (1, 2030, "proposal", "", "", "text-2"), (1, 2026, "declaration", "UZB", "TJK", -1),
            (0, 2030, "withdrawal", "KGZ", "", "some"), (1, 2030, "rung-lost", "KGZ", "TJK", "friendship"),
            documented=[
                (-1, 2015, "rung", "TJK", "UZB", "friendship"), (-1, 2020.5, "signature", "KGZ", "", "some"),
                (-1, 2020.75, "signature", "TJK", "", "some"), (-1, 2021 + 11 / 12, "withdrawal", "TJK", "", "some"),
            ],
        )
    )  # fmt: skip
    assert found["new_texts_tabled"].tolist() == [1, 1] and found["new_texts_adopted"].tolist() == [1, 0]
    assert found["new_text_signatures"].tolist() == [2, 0]
    assert found["treaties_signed_2010"].tolist() == [0, 0] and found["treaties_signed_2020"].tolist() == [2, 2]
    assert found["treaties_signed_2030"].tolist() == [3, 2] and found["new_treaties_2030"].tolist() == [1, 0]
    assert found["treaties_signed_2035"].tolist() == [4, 2] and found["new_treaties_2035"].tolist() == [2, 0]
    assert found["rungs_lost"].tolist() == [0, 1] and found["withdrawals"].tolist() == [1, 0]
    np.testing.assert_array_equal(found["declaration_month.TJK-UZB"], [np.nan, 2026])
    assert np.isnan(found["declaration_month.KGZ-TJK"]).all()
    assert found["adopted_month.some"].tolist() == [2020.75, 2020.75]
    assert found["signed_month.some.KGZ"].tolist() == [2020.5, 2020.5]


def test_treaties_count_to_the_end_of_their_year_and_from_the_month_of_the_branch():
    december, january = 2030 + 11 / 12, 2031.0
    rows = [(0, december, "rung", "KGZ", "TJK", "friendship"), (1, january, "rung", "KGZ", "TJK", "friendship")]
    found = treaties.columns(of(*rows))
    assert found["treaties_signed_2030"].tolist() == [1, 0] and found["treaties_signed_2035"].tolist() == [1, 1]
    late = replace(WITH_TEXTS, branch=2031 * 12)
    found = treaties.columns(of(*rows, catalogue=late))
    assert found["new_treaties_2035"].tolist() == [0, 1] and found["treaties_signed_2035"].tolist() == [1, 1]


def test_losses_count_from_the_month_of_the_branch_to_the_end():
    late = replace(WITH_TEXTS, branch=2030 * 12 + 6, end=2031 * 12 + 11)
    dates = (2030, 2030 + 5 / 12, 2030.5, 2031 + 11 / 12, 2032)
    rows = [(0, date, kind, "KGZ", "TJK", "friendship") for date in dates for kind in ("rung-lost", "withdrawal")]
    found = treaties.columns(of(*rows, catalogue=late))
    assert found["rungs_lost"].tolist() == found["withdrawals"].tolist() == [2, 0]


def test_parties_without_a_place_among_the_states_have_no_column():
    stranger = replace(CATALOGUE.accords[1], parties=("KGZ", "ZZZ"))
    found = treaties.columns(of(catalogue=replace(WITH_TEXTS, accords=(CATALOGUE.accords[0], stranger))))
    assert "signed_month.some.KGZ" in found and "signed_month.some.ZZZ" not in found


def test_months_as_years():
    np.testing.assert_array_equal(as_years(np.array([2030 * 12 + 6.0, NEVER])), [2030.5, np.nan])


# ------------------------------------------------------------------------------------------------ epochs


def test_epochs_follow_each_other_without_gap_or_overlap():
    for spans in (epochs.STEP_EPOCHS, epochs.SUMMIT_EPOCHS):
        assert all(first <= last for first, last in spans)
        assert all(later[0] == earlier[1] + 1 for earlier, later in itertools.pairwise(spans))
        assert (spans[0][0], spans[-1][1]) == (1992, 2040)
    assert epoch_columns()["rivals_won"].tolist() == [0, 0]
    # the years between no summits and at least five
    assert {(2010, 2017), (2018, 2024)} <= set(epochs.SUMMIT_EPOCHS)


def epoch_columns(*simulated, documented=(), catalogue=WITH_TEXTS):
    history = of(*simulated, documented=documented, catalogue=catalogue)
    return epochs.columns(history, treaties.columns(history))


@pytest.mark.parametrize(("first", "last"), epochs.STEP_EPOCHS[2:])
def test_steps_of_the_first_and_the_last_month_of_an_epoch(first, last):
    rows = [(0, year, "rung", "KGZ", "TJK", "friendship") for year in (first,)]
    rows += [(0, last + 11 / 12, "rung", "KGZ", "UZB", "friendship")]
    rows += [(1, last + 1, "rung", "KGZ", "UZB", "friendship"), (1, first - 1 / 12, "rung", "TJK", "KGZ", "friendship")]
    assert epoch_columns(*rows)[f"step_count.friendship.{first}-{last}"].tolist() == [2, 0]


@pytest.mark.parametrize(("first", "last"), [span for span in epochs.SUMMIT_EPOCHS if span[1] >= 2010])
def test_summits_of_the_first_and_the_last_month_of_an_epoch(first, last):
    dates = [(0, first), (0, last + 11 / 12), (1, first - 1 / 12), (1, last + 1)]
    found = epoch_columns(*((member, date, "summit", "", "", "regional") for member, date in dates))
    assert found[f"summit_count.{first}-{last}"].tolist() == [2, 0]


def test_the_gap_of_summits_is_both_years_of_none_and_years_of_five():
    busy = [(0, 2018 + k, "summit", "", "", "regional") for k in range(5)]
    assert epoch_columns(*busy)["pattern.summit_gap"].tolist() == [1, 0]
    assert epoch_columns(*busy[:4])["pattern.summit_gap"].tolist() == [0, 0]
    assert epoch_columns((0, 2017.5, "summit", "", "", "regional"), *busy)["pattern.summit_gap"].tolist() == [0, 0]
    abroad = epoch_columns((0, 2017.5, "summit", "", "", "abroad"), *busy)
    assert abroad["pattern.summit_gap"].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("clashes", "settled", "happened"),
    [
        (3, 2023, 1),
        (3, 2025 + 11 / 12, 1),
        (2, 2024, 0),
        (3, 2022 + 11 / 12, 0),
        (3, 2026, 0),
        (3, None, 0),
        (0, 2024, 0),
    ],
)
def test_clashes_and_then_a_settlement(clashes, settled, happened):
    rows = [(0, 2021 + k * 11 / 12, "clash", "KGZ", "TJK", -1) for k in range(clashes)]
    rows += [(0, settled, "settlement", "TJK", "KGZ", -1)] if settled else []
    found = epoch_columns(*rows)
    assert found["pattern.clash_then_settlement"].tolist() == [happened, 0]
    assert found["clash_count.KGZ-TJK.2021-2022"].tolist() == [clashes, 0]


def test_clashes_of_other_years_and_borders_do_not_count():
    rows = [(0, 2020 + 11 / 12, "clash", "KGZ", "TJK", -1), (0, 2023, "clash", "KGZ", "TJK", -1)]
    rows += [(0, 2021, "clash", "KGZ", "UZB", -1), (1, 2022 + 11 / 12, "clash", "TJK", "KGZ", -1)]
    assert epoch_columns(*rows)["clash_count.KGZ-TJK.2021-2022"].tolist() == [0, 1]


def test_without_a_border_to_follow_nothing_is_said_of_it():
    plain = replace(WITH_TEXTS, region=replace(WITH_TEXTS.region, border=""))
    found = epoch_columns((0, 2021, "clash", "KGZ", "TJK", -1), catalogue=plain)
    assert not [name for name in found if name.startswith(("clash_count", "settled_month"))]
    assert found["pattern.clash_then_settlement"].tolist() == [0, 0]


def test_formats_that_end_and_rivals_that_win():
    found = epoch_columns(
        (0, 2030, "format-ends", "", "", "regional"), (1, 2030, "format-ends", "", "", "abroad"),
        (1, 2031, "joins-rival", "KGZ", "", -1), (1, 2032, "joins-rival", "UZB", "", -1),
        documented=[(-1, 1991, "joins-rival", "TJK", "", -1)],
    )  # fmt: skip
    np.testing.assert_array_equal(found["format_ends_month"], [2030, np.nan])
    assert found["rivals_won"].tolist() == [1, 3]  # documented ones count


# ------------------------------------------------------------------------------------------------ series


def test_report_years_and_the_last():
    assert series.report_years(CATALOGUE) == (2010, 2020, 2025, 2030, 2035, 2040)
    assert series.report_years(replace(CATALOGUE, end=2033 * 12)) == (2010, 2020, 2025, 2030, 2033)
    assert series.report_years(replace(CATALOGUE, start=1999 * 12))[0] == 2000
    assert series.report_years(replace(CATALOGUE, end=2045 * 12))[-2:] == (2040, 2045)


def test_series_at_their_years_and_trust_at_the_last():
    """Values are the years since 2000."""
    values = np.tile(np.arange(10.0, 41.0), (2, 1))
    found = series.columns(histories(yearly={"trust_mean": values, "trust.KGZ.TJK": values, "unheard": values}))
    assert {name for name in found if name.startswith("trust.")} == {"trust.KGZ.TJK_2040"}
    assert found["trust.KGZ.TJK_2040"].tolist() == [40, 40] and found["trust_mean_2025"].tolist() == [25, 25]
    assert not [name for name in found if name.startswith("unheard")]


def test_sub_indices_are_products_and_the_index_their_mean():
    names = ("treaty_depth", "trust_mean", "institutions", "borders_settled", "crossings_open", "regional_process")
    values = dict(zip(names, np.array([[0.5], [0.25], [0.75], [0.5], [0.25], [1.0]]), strict=True))
    found = series.integration(values)
    assert found["index_borders"].tolist() == [0.125] and found["index_process"].tolist() == [1.0]
    assert found["index"].tolist() == [pytest.approx((0.5 + 0.25 + 0.75 + 0.125 + 1.0) / 5)]
    assert series.integration({name: each for name, each in values.items() if name != "crossings_open"}) == {}


# --------------------------------------------------------------------------------------------- histories


def test_members_are_found_by_number():
    rows = events((3, 2030, "clash", "KGZ", "TJK", "", 1), (7, 2031, "clash", "KGZ", "TJK", "", 1))
    history = Histories(CATALOGUE, np.array([3, 7, 9]), {}, rows, events((-1, 2020, "clash", "KGZ", "TJK", "", 1)))
    assert history.count(("clash",), 2020, 2030).tolist() == [2, 1, 1]
    assert history.count(("clash",), 2021, 2031).tolist() == [1, 1, 0]
    first = history.first_months(("clash",), 1, lambda found: np.zeros_like(found.a))
    assert first[:, 0].tolist() == [2020 * 12] * 3
    assert history.position(np.array([9, 3])).tolist() == [2, 0]


def test_events_by_kind_and_pair():
    found = events(
        (0, 2030, "clash", "UZB", "TJK", "", 1), (0, 2031, "summit", "", "", "regional", 0),
        (0, 2032, "clash", "TJK", "UZB", "", 2), (0, 2033, "clash", "KGZ", "UZB", "", 3),
    )  # fmt: skip
    clash, summit = CATALOGUE.kind("clash"), CATALOGUE.kind("summit")
    assert found.of_kinds((clash,)).value.tolist() == [1, 2, 3] and found.of_kinds((summit,)).year.tolist() == [2031]
    assert found.of_kinds((clash, summit)).year.tolist() == [2030, 2031, 2032, 2033]
    assert found.of_kinds((-2, 99)).month.size == 0 and found.of_kinds((clash + 1,)).month.size == 0
    assert found.between(1, 2).value.tolist() == [1, 2] == found.between(2, 1).value.tolist()
    assert found.of_kinds((clash,)) is found.of_kinds((clash,))
