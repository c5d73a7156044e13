"""What the page holds, without a browser."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from sim.outcomes.headline import answers
from sim.outcomes.prospects import prospects
from sim.page.fans import bands
from sim.page.places import settled
from sim.page.projection import SHEET, project
from sim.page.report import embedded
from sim.page.source import Source
from sim.page.svg import ticks
from sim.page.treaties import timeline
from sim.words import figure, named, share
from tests.page.conftest import TITLE


class Elements(HTMLParser):
    """Names, attributes and texts of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def text(page):
    return page.read_text(encoding="utf-8")


def data_of(text):
    return json.loads(re.search(r'<script type="application/json" id="page-data">(.*?)</script>', text, re.S)[1])


def test_titles_of_files_are_text(text):
    found = Elements(text)
    assert TITLE in [each.strip() for each in found.texts]
    assert "</script><b>bold</b>" in [each.strip() for each in found.texts]
    assert sum(tag == "script" for tag, _ in found.tags) == text.count("<script>") + 1
    assert not [tag for tag, _ in found.tags if tag == "b"]
    assert data_of(text)["runs"][0]["title"] == TITLE


def test_nothing_is_loaded_from_elsewhere(text):
    for tag, attributes in Elements(text).tags:
        for name in ("src", "href", "data", "poster", "action"):
            assert attributes.get(name, "#").startswith("#"), (tag, attributes)
    assert "@import" not in text and "default-src 'none'" in text


def test_page_is_small(page):
    assert page.stat().st_size < 2e6


def test_embedded_json_cannot_end_its_element():
    value = {"a": "</script><!--\u2028&"}
    assert "<" not in embedded(value) and "&" not in embedded(value)
    assert json.loads(str(embedded(value))) == value


def test_every_number_of_the_timeline_is_that_of_the_members(runs):
    source = Source(runs[0])
    for row in timeline(source):
        dates = source.members[row["id"]]
        if row["documented"] is not None:
            assert np.ptp(dates) == 0
            continue
        for year, (value, low, high) in zip(row["years"], row["by"]):
            assert value == pytest.approx((dates < year + 1 - 1e-9).mean(), abs=1e-4)
            assert low <= value <= high


def test_half_of_a_treaty_s_dates_lie_before_the_month_that_the_summary_gives(runs):
    source = Source(runs[0])
    rows = {row["label"]: row["when"] for row in timeline(source) if row["when"]}
    found = [each for each in prospects(source.catalogue, source.members) if each.title in rows]
    assert len(found) > 3
    for each in found:
        assert rows[each.title][2] == pytest.approx(each.when.median, abs=0.01)
        assert rows[each.title] == sorted(rows[each.title])


def test_answers_name_columns_that_the_run_holds(runs):
    source = Source(runs[0])
    for each in answers(source):
        for column in each["columns"]:
            pattern = re.compile(re.escape(column).replace(r"\*", ".*"))
            assert any(pattern.fullmatch(name) for name in source.members), column
        assert not re.search(r"\bnan\b|\binf\b|None", " ".join(each["texts"]))


def test_bands_of_a_series():
    values = np.arange(100.0)[:, None] * np.array([1.0, 0.0])
    assert [row[0] for row in bands(values)] == [2, 9, 24, 49, 74, 89, 97]
    assert bands(np.full((4, 1), np.nan))[3] == [None]


def test_settled_borders_are_the_series_of_the_run(runs):
    source = Source(runs[0])
    shares = settled(source)
    lengths = {"KAZ-KGZ": 1257.07, "KAZ-TKM": 458.263, "KAZ-UZB": 2357, "KGZ-TJK": 1006.84}
    lengths |= {"KGZ-UZB": 1378, "TJK-UZB": 1332, "TKM-UZB": 1793}
    whole = sum(lengths[pair] * values for pair, values in shares.items()) / sum(lengths.values())
    np.testing.assert_allclose(whole, source.series["borders_settled"], atol=2e-3)


def test_places_fall_on_the_sheet():
    for longitude, latitude in ((49.9, 40.4), (71.4, 51.1), (87.0, 49.0), (62.3, 35.3), (46.5, 48.5)):
        x, y = project(longitude, latitude)
        assert 0 < x < SHEET[0] and 0 < y < SHEET[1]
    assert project(60, 45)[1] > project(60, 50)[1] and project(70, 45)[0] > project(60, 45)[0]


def test_words():
    assert named("trade of KAZ-UZB") == "trade of Kazakhstan–Uzbekistan"
    assert share(0.001).startswith("less than 1") and share(0.999).startswith("more than 99")
    assert (figure(1234.5), figure(0.0123), figure(-2.0, 1)) == ("1,234", "0.012", "−2")
    assert ticks(0, 10) == [0, 2, 4, 6, 8, 10]


def test_folders_that_are_no_finished_runs_are_refused(runs, tmp_path):
    """Missing, foreign, unfinished, older, damaged: a sentence and status 1 or 2, and no page."""
    import shutil

    from typer.testing import CliRunner

    from sim.cli.app import app

    def copy(name, **changed):
        folder = tmp_path / name
        shutil.copytree(runs[0].path, folder)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        (folder / "manifest.json").write_text(json.dumps({**manifest, **changed}), encoding="utf-8")
        return folder

    (tmp_path / "foreign").mkdir()
    broken = copy("broken")
    (broken / "yearly.parquet").write_bytes(b"no table")
    for folder in (
        tmp_path / "nowhere",
        tmp_path / "foreign",
        copy("running", state="running"),
        copy("older", schema=0),
        broken,
    ):
        out = tmp_path / f"{folder.name}.html"
        done = CliRunner().invoke(app, ["report", str(folder), "--out", str(out)])
        assert done.exit_code in (1, 2), folder
        assert folder.name in done.stderr and "should not happen" not in done.stderr and not out.exists(), done.stderr
