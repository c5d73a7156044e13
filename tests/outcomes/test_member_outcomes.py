"""Outcomes of members computed from histories written by hand."""

import numpy as np
import pytest
from histories_by_hand import CATALOGUE, histories

from sim.outcomes import SUB_INDICES, describe, integration, member_outcomes, title_of


def test_rungs_come_from_the_record_or_from_the_member():
    found = member_outcomes(
        histories(
            documented=[(-1, 2018.5, "rung", "KGZ", "UZB", "friendship", 0)],
            simulated=[
                (1, 2030.25, "rung", "KGZ", "TJK", "alliance", 0),
                (1, 2035, "rung", "KGZ", "TJK", "alliance", 0),
                (0, 2025, "rung", "KGZ", "UZB", "friendship", 0),
            ],
        )
    )
    np.testing.assert_array_equal(found["rung_month.KGZ-UZB.friendship"], [2018.5, 2018.5])
    np.testing.assert_array_equal(found["rung_month.KGZ-TJK.alliance"], [np.nan, 2030.25])
    np.testing.assert_array_equal(found["step_count.alliance.2026-2030"], [0, 1])
    np.testing.assert_array_equal(found["step_count.friendship.2017-2021"], [1, 1])
    np.testing.assert_array_equal(found["treaties_signed_2020"], [1, 1])
    np.testing.assert_array_equal(found["treaties_signed_2040"], [1, 2])
    np.testing.assert_array_equal(found["new_treaties_2040"], [0, 1])


def test_adoption_waits_for_all_under_unanimity_and_for_the_minimum_otherwise():
    found = member_outcomes(
        histories(
            simulated=[
                (0, 2023, "signature", "KGZ", "", "all", 0),
                (0, 2024, "signature", "TJK", "", "all", 0),
                (1, 2023, "signature", "KGZ", "", "all", 0),
                (1, 2023, "signature", "TJK", "", "all", 0),
                (1, 2026, "accession", "UZB", "", "all", 0),
                (0, 2023, "signature", "KGZ", "", "some", 0),
                (0, 2025, "accession", "TJK", "", "some", 0),
                (1, 2031, "in-force", "", "", "some", 0),
            ]
        )
    )
    np.testing.assert_array_equal(found["adopted_month.all"], [np.nan, 2026])
    np.testing.assert_array_equal(found["adopted_month.some"], [2025, 2031])
    np.testing.assert_array_equal(found["in_force_month.some"], [np.nan, 2031])
    np.testing.assert_array_equal(found["signed_month.all.UZB"], [np.nan, 2026])
    np.testing.assert_array_equal(found["signed_month.some.UZB"], [np.nan, np.nan])


def test_losses_count_from_the_branch_on():
    found = member_outcomes(
        histories(
            documented=[(-1, 2015, "withdrawal", "UZB", "", "some", 0)],
            simulated=[
                (0, 2030, "withdrawal", "TJK", "", "all", 0),
                (0, 2031, "rung-lost", "KGZ", "TJK", "alliance", 0),
            ],
        )
    )
    np.testing.assert_array_equal(found["withdrawals"], [1, 0])
    np.testing.assert_array_equal(found["rungs_lost"], [1, 0])


def test_only_regional_summits_count():
    summits = [(-1, 2018 + k, "summit", "", "", "regional", 0) for k in range(5)]
    found = member_outcomes(
        histories(
            documented=[*summits, (-1, 2012, "summit", "", "", "abroad", 0)],
            simulated=[(1, 2026, "summit", "", "", "regional", 0)],
        )
    )
    np.testing.assert_array_equal(found["summit_count.2018-2024"], [5, 5])
    np.testing.assert_array_equal(found["summit_count.2025-2030"], [0, 1])
    np.testing.assert_array_equal(found["pattern.summit_gap"], [1, 1])


def test_clashes_then_settlement():
    clashes = [(0, 2021 + k / 4, "clash", "TJK" if k else "KGZ", "KGZ" if k else "TJK", "", 1) for k in range(3)]
    settled = [(0, 2024, "settlement", "KGZ", "TJK", "", 0.9), (0, 2025, "settlement", "KGZ", "TJK", "", 1.0)]
    found = member_outcomes(histories(simulated=[*clashes, *settled, *((1, *row[1:]) for row in clashes)]))
    np.testing.assert_array_equal(found["clash_count.KGZ-TJK.2021-2022"], [3, 3])
    np.testing.assert_array_equal(found["settled_month.KGZ-TJK"], [2025, np.nan])
    np.testing.assert_array_equal(found["pattern.clash_then_settlement"], [1, 0])


def test_levels_are_read_at_the_report_years():
    years = np.arange(2010, 2041)
    found = member_outcomes(
        histories(
            yearly={
                "trust_mean": np.stack([years / 3000, years / 4000]),
                "trust.KGZ.TJK": np.stack([years / 5000, years / 6000]),
            }
        )
    )
    np.testing.assert_array_equal(found["trust_mean_2030"], [2030 / 3000, 2030 / 4000])
    np.testing.assert_array_equal(found["trust.KGZ.TJK_2040"], [2040 / 5000, 2040 / 6000])


def test_the_index_is_the_mean_of_its_parts():
    series = {
        name: np.array([0.1 * k])
        for k, name in enumerate(
            ("treaty_depth", "trust_mean", "institutions", "borders_settled", "crossings_open", "regional_process"), 1
        )
    }
    found = integration(series)
    assert found["index_borders"] == pytest.approx(0.2)
    assert found["index"] == pytest.approx((0.1 + 0.2 + 0.3 + 0.2 + 0.6) / 5)
    assert set(found) == {"index", *SUB_INDICES}
    assert integration({"trust_mean": np.array([0.5])}) == {}


def test_every_column_has_one_definition_and_a_label():
    for column in member_outcomes(histories()):
        metric = describe(column)
        assert metric.meaning and metric.reading and metric.unit
        assert "{" not in title_of(column)
    assert title_of("rung_month.KAZ-UZB.alliance") == "KAZ-UZB alliance"
    with pytest.raises(KeyError, match="no metric"):
        describe("happiness")


def test_the_catalogue_survives_the_manifest():
    import json

    assert type(CATALOGUE).from_dict(json.loads(json.dumps(CATALOGUE.as_dict()))) == CATALOGUE
