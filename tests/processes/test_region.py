"""Regional process, institutions, identity, formats and leaders."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.processes.leaders import leader_changes, state_disposition
from sim.processes.region import (
    elite_identity,
    format_year,
    institutions_with,
    process_after_summit,
    process_fades,
    society_identity,
)

share = st.floats(0, 1)


@given(share, share, share)
def test_everything_stays_a_share(value, gain, other):
    assert 0.0 <= process_after_summit(value, gain) <= 1.0
    assert 0.0 <= process_fades(value, gain) <= 1.0
    assert 0.0 <= elite_identity(value, other, 0.05, 0.05) <= 1.0
    assert 0.0 <= society_identity(value, other, other, gain) <= 1.0


def test_yearly_summits_lead_to_a_steady_process():
    process = 0.0
    for _ in range(100):
        process = process_after_summit(process, 0.35)
        for _ in range(12):
            process = process_fades(process, 0.02)
    kept = 0.98**12
    assert process == pytest.approx(0.35 * kept / (1 - 0.65 * kept), rel=1e-6)


def test_institutions_are_a_sum_while_few_and_never_exceed_one():
    assert 1 - institutions_with(institutions_with(1.0, 0.01, 1.0), 0.02, 1.0) == pytest.approx(0.03, abs=3e-4)
    missing = 1.0
    for _ in range(50):
        missing = institutions_with(missing, 0.5, 1.0)
    assert 0.0 <= missing < 1e-9


def test_format_years_have_the_stated_rates():
    birth, death, meets = 2 / 15, 1 / 19, 18 / 19
    uniforms = (np.arange(20000) + 0.5) / 20000
    living = np.array([format_year(True, u, meets, birth, death) for u in uniforms])
    dead = np.array([format_year(False, u, meets, birth, death) for u in uniforms])
    assert living[:, 0].mean() == pytest.approx(1 - death, abs=1e-4)
    assert living[:, 1].sum() / living[:, 0].sum() == pytest.approx(meets, abs=1e-3)
    assert dead[:, 0].mean() == pytest.approx(birth, abs=1e-4)
    assert (dead[:, 0] == dead[:, 1]).all()


def test_leader_turnover():
    draw = (np.arange(100_000) + 0.5) / 100_000
    changed = np.mean([leader_changes(0.06, 1.0, uniform) for uniform in draw])
    assert changed == pytest.approx(1 - np.exp(-0.005), abs=1e-5)
    assert not leader_changes(0.06, 0.0, 0.0)


def test_disposition_of_a_state():
    assert state_disposition(0.0, 0, 0.7, 0.5, 1.0) == pytest.approx(0.7)
    precision = 1 / 0.49 + 2 / 0.25
    assert state_disposition(-2.0, 2, 0.7, 0.5, 0.0) == pytest.approx(-2.0 / 0.25 / precision)
    assert state_disposition(-2.0, 2, 0.0, 0.5, 1.0) == 0.0
    assert state_disposition(-2.0, 2, 0.7, 0.0, 1.0) == -1.0
