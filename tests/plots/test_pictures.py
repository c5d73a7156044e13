"""What is on the pictures: texts that do not collide, marks at documented dates, values of the run."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb as rgb

from sim.outcomes.view import View
from sim.plots import adoption, borders, colours, epochs, integration, ladder, passages, style
from tests.plots.labels import drawn_texts, outside, overlapping


@pytest.mark.parametrize("name", ["baseline", "free-run", "from-2016", "concentric-circles"])
def test_texts_neither_overlap_nor_leave_the_page(figures, name):
    with style.styled():
        for plot, figure in figures(name).items():
            assert overlapping(figure) == [], plot
            assert outside(figure) == [], plot


@pytest.mark.parametrize("name", ["baseline", "free-run"])
def test_every_picture_says_what_it_is_and_where_it_is_from(figures, name):
    for figure in figures(name).values():
        texts = " ".join(text for text, _ in drawn_texts(figure))
        assert f"scenario {name}" in texts and "9 members" in texts and "seed 2026" in texts


def marks(figure) -> dict[str, float]:
    """Where each documented mark lies on the horizontal axis."""
    lines = [line for axes in figure.axes for line in axes.get_lines() if str(line.get_gid()).startswith("documented")]
    return {line.get_gid(): float(line.get_xdata()[0]) for line in lines}


def documented(view) -> dict[str, float]:
    """Documented steps straight from the events of the facts."""
    steps = [event for event in view.facts.events if event.kind == "rung" and event.used]
    return {
        f"documented {'-'.join(sorted(step.parties))} {step.subject}": step.date.year + (step.date.month - 1) / 12
        for step in steps
    }


@pytest.mark.parametrize("name", ["baseline", "free-run"])
def test_ladder_marks_every_documented_step_at_its_date(views, name):
    with style.styled():
        assert marks(ladder.draw(views(name))) == pytest.approx(documented(views(name)))


@pytest.mark.parametrize("name", ["baseline", "from-2016"])
def test_ladder_shows_nothing_simulated_before_the_branch(views, name):
    view = views(name)
    with style.styled():
        stripes = [each for each in ladder.draw(view).axes[0].collections if len(each.get_paths())]
    corners = np.concatenate([path.vertices for stripe in stripes for path in stripe.get_paths()])
    within_row = np.round((corners[:, 1] % 1 - 0.05) / 0.9, 6)
    before = corners[:, 0] < view.branch - 1e-9
    assert set(within_row[before]) <= {0.0, 1.0}  # a pair stands on one rung
    assert len(set(within_row[~before])) > 2


def test_passages_mark_the_documented_dates_after_the_branch(views):
    for name in ("free-run", "from-2016"):
        view = views(name)
        with style.styled():
            found = marks(passages.draw(view))
        assert found == pytest.approx({gid: year for gid, year in documented(view).items() if year >= view.branch})


def test_epochs_mark_documented_numbers(views):
    with style.styled():
        found = marks(epochs.draw(views("free-run")))
    assert found["documented partnership 2017"] == 7
    assert found["documented alliance 2022"] == 4
    assert found["documented regional summits 2010"] == 0


def test_baseline_names_the_states_outside_the_friendship_treaty(figures):
    texts = [text for text, _ in drawn_texts(figures("baseline")["adoption"])]
    assert any("Treaty of friendship" in text for text in texts)
    assert not any(text.startswith(("KAZ ", "KGZ ", "UZB ")) for text in texts)
    assert any(text.startswith("TJK ") for text in texts) or any("Tajikistan joins" in text for text in texts)


def test_curves_end_at_the_share_of_members(views):
    view = views("baseline")
    dates = view.dates("KAZ-TKM.alliance")
    years, likely = view.curve("KAZ-TKM.alliance")
    assert years[-1] == pytest.approx(view.end) and years[0] <= view.branch + 1 / 12
    assert likely[0, -1] == pytest.approx(np.isfinite(dates).mean())
    assert (np.diff(likely[0]) >= 0).all() and (likely[1] <= likely[0]).all() and (likely[0] <= likely[2]).all()


def changed(view: View, change) -> View:
    """The same run with other dates of instruments."""
    other = View(view.run, view.facts)
    other.members = {name: change(values) if "_month." in name else values for name, values in view.members.items()}
    return other


def test_nothing_open_gives_no_plot(views):
    view = changed(views("baseline"), lambda values: np.full(values.shape, 1995.0))
    with style.styled():
        assert adoption.draw(view) is None and adoption.draw_accords(view) is None


@pytest.mark.parametrize("name", ["baseline", "free-run"])
def test_what_never_happens_is_drawn_without_complaint(views, name):
    view = changed(views(name), lambda values: np.full(values.shape, np.nan))
    with style.styled():
        for draw in (adoption.draw, adoption.draw_accords, passages.draw, epochs.draw):
            figure = draw(view)
            if figure is not None:
                assert overlapping(figure) == [] and outside(figure) == []


def test_series_the_run_does_not_hold_give_no_plot(views, monkeypatch):
    view = views("baseline")
    monkeypatch.setattr(View, "monthly", lambda self, series: None)
    with style.styled():
        assert integration.draw_trust(view) is None and integration.draw_index(view) is None


def test_gaps_in_a_series_leave_gaps(views, monkeypatch):
    view, real = views("baseline"), View.monthly

    def holed(self, series):
        found = {name: values.copy() for name, values in real(self, series).items()}
        for name in found:
            if name != "year":
                found[name][::7] = np.nan
        return found

    monkeypatch.setattr(View, "monthly", holed)
    with style.styled():
        assert integration.draw_trust(view) is not None and integration.draw_index(view) is not None


@pytest.mark.parametrize("name", ["baseline", "free-run"])
def test_every_picture_has_a_reading_line_and_full_names(figures, name):
    for plot, figure in figures(name).items():
        reading = figure.texts[1].get_text()
        assert len(reading) > 30 and "nan" not in reading and not reading.startswith(" "), plot


def test_bands_open_where_simulation_begins(views):
    view = views("baseline")
    with style.styled():
        figure = integration.draw_trust(view)
    blue = [
        collection.get_paths()[0].vertices[:, 0].min()
        for collection in figure.axes[0].collections
        if tuple(collection.get_facecolor()[0][:3]) in {rgb(colours.BANDS[band]) for band in colours.BANDS}
    ]
    assert blue and min(blue) >= view.branch - 1e-6


def test_what_a_scenario_states_is_marked_apart_from_the_record(views):
    with style.styled():
        figure = borders.draw(views("border-reopened-dispute"))
    stated = [line for axes in figure.axes for line in axes.get_lines() if str(line.get_gid()).startswith("scenario")]
    assert {line.get_gid().split()[1] for line in stated} == {"border-reopened", "clash"}
    assert all(line.get_color() == colours.SUPPOSED for line in stated)
