"""What is asked of members, against arrays worked out by hand."""

import numpy as np
import pytest

from sim.studies.expression import ExpressionError, parse

NAN = np.nan


class PlainColumns:
    """Columns given as arrays."""

    def __init__(self, outcomes):
        self._outcomes = {name: np.asarray(values, dtype=np.float64) for name, values in outcomes.items()}
        self.outcomes, self.series, self.years, self.end = list(outcomes), [], [], 2040

    def outcome(self, name):
        return self._outcomes[name]


COLUMNS = PlainColumns(
    {
        "signed_month.friendship-2022.TJK": [2026.5, NAN, 2030.99, 2031.0],
        "signed_month.friendship-2022.UZB": [2022.5, 2022.5, NAN, NAN],
        "rungs_lost": [0, 1, 2, 3],
        "gain.KGZ_2040": [1.0, 2.0, 3.0, 4.0],
        "gain.KAZ_2040": [3.0, 2.0, 1.0, 0.0],
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("signed_month.friendship-2022.TJK by 2030", [True, False, True, False]),
        ("signed_month.friendship-2022.TJK ever", [True, False, True, True]),
        ("signed_month.friendship-2022.TJK > 2030 or missing", [False, True, True, True]),
        ("not signed_month.friendship-2022.TJK by 2030", [False, True, False, True]),
        ("count(signed_month.friendship-2022.* by 2030) >= 2", [True, False, False, False]),
        ("rungs_lost = 1", [False, True, False, False]),
        ("rungs_lost >= 1 and gain.KGZ_2040 - gain.KAZ_2040 > 0", [False, False, True, True]),
        ("1 <= rungs_lost <= 2", [False, True, True, False]),
    ],
)
def test_conditions(text, expected):
    found = parse(text).evaluate(COLUMNS)
    assert found.dtype == bool and found.tolist() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("capped(signed_month.friendship-2022.TJK)", [2026.5, 2041, 2030.99, 2031]),
        ("min(gain.*_2040)", [1, 2, 1, 0]),
        ("mean(gain.*_2040)", [2, 2, 2, 2]),
        ("sum(rungs_lost, gain.KGZ_2040, 1)", [2, 4, 6, 8]),
        ("-rungs_lost * 2 + 1", [1, -1, -3, -5]),
        ("sd(gain.*_2040)", [1, 0, 1, 2]),
        ("gini(gain.*_2040)", [0.25, 0, 0.25, 0.5]),
        ("gini(gain.KGZ_2040, -gain.KGZ_2040)", [0.5, 0.5, 0.5, 0.5]),
    ],
)
def test_numbers(text, expected):
    np.testing.assert_allclose(parse(text).evaluate(COLUMNS), expected)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gain.KGS_2040 > 0", "Did you mean gain.KGZ_2040"),
        ("rung.KAZ-UZB@2030 > 2", "not a yearly series"),
        ("gain.*_2040 > 0", "no single value"),
    ],
)
def test_names_that_are_not_there(text, said):
    with pytest.raises(ExpressionError, match=said):
        parse(text).evaluate(COLUMNS)


@pytest.mark.parametrize(
    "text", ["", "1 + 1", "rungs_lost >", "__import__('os')", "rungs_lost ** 9", "(lambda: 1)()", 3]
)
def test_texts_that_ask_nothing(text):
    with pytest.raises(ExpressionError):
        parse(text)
