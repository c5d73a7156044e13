"""Pictures of a calibration: each parameter a panel, the prior's density as declared, the walkers where they went."""

import dataclasses
import json

import numpy as np
import pytest
from scipy.stats import gamma

from sim.inference.fit import Fit
from sim.plots import calibration, style
from sim.scenario.calibration_file import shipped_calibrations


@pytest.fixture(scope="module")
def fit():
    (path, *_) = shipped_calibrations().values()
    about = json.loads(path.read_text("utf-8"))
    with np.load(path.with_suffix(".npz")) as file:
        draws = file["draws"].astype(float)
    rows = {row["name"]: (row, column) for row, column in zip(about["parameters"], draws.T)}
    names = ["ladder.capacity", "openness.UZB.islam-karimov", "region.format_meets", "tabling.texts"]
    about["parameters"], columns = zip(*(rows[name] for name in names))
    return Fit(about, np.column_stack(columns))


def test_prior_and_posterior_of_each_parameter(fit):
    with style.styled():
        figure = calibration.draw_posteriors(fit.about, fit.draws)
    panels = [axes for axes in figure.axes if axes.get_title(loc="left")]
    assert [axes.get_title(loc="left") for axes in panels] == [
        "ladder.capacity", "UZB I. Karimov", "region.format_meets", "tabling.texts",
    ]  # fmt: skip
    for axes, row in zip(panels, fit.about["parameters"]):
        (line, *_) = axes.lines
        assert np.trapezoid(line.get_ydata(), line.get_xdata()) == pytest.approx(1.0)
        if "prior_gamma" in row:
            shape, rate = row["prior_gamma"]
            expected = gamma.pdf(line.get_xdata(), shape, scale=1 / rate)
            assert np.argmax(line.get_ydata()) == np.argmax(expected)


def test_traces_and_files(fit, tmp_path):
    chain = np.random.default_rng(1).normal(size=(50, 8, 2))
    whole = dataclasses.replace(fit, trace=chain)
    with style.styled():
        figure = calibration.draw_traces(whole.about, chain)
    panels = [axes for axes in figure.axes if axes.get_title(loc="left")]
    assert len(panels) == 2
    assert panels[1].lines[0].get_ydata() == pytest.approx(chain[:, 0, 1])
    written = calibration.write_calibration_plots(whole, tmp_path / "plots")
    assert {path.name for path in written} >= {"prior-posterior.png", "trace.png", "trace.svg"}
    assert all(path.stat().st_size > 1000 for path in written)
    alone = calibration.write_calibration_plots(fit, tmp_path / "alone")
    assert not any("trace" in path.name for path in alone)
