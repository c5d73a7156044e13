"""Five claims through the command, with few members: a page, resuming, and names of outcomes that are not there."""

import csv

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from tests.studies.test_claim_files import GOOD

FIVE = ["5", "8", "9", "11", "28"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("claims")


def _claims(*words):
    return CliRunner().invoke(app, ["claims", *words])


def test_five_claims(folder):
    words = [*FIVE, "--members", "30", "--rows", "10", "--out", str(folder)]
    first = _claims(*words)
    assert first.exit_code == 0, first.output
    rows = list(csv.DictReader((folder / "claims.csv").open()))
    assert {row["number"] for row in rows} == set(FIVE)
    assert all(int(row["members"]) == 30 for row in rows)
    page = (folder / "claims.html").read_text()
    assert 'src="data:image/png;base64,' in page and "http" not in page.replace("http-equiv", "")
    stamps = {path: path.stat().st_mtime_ns for path in (folder / "runs").glob("*/members.parquet")}
    text = (folder / "claims.csv").read_bytes()
    again = _claims(*words)
    assert again.exit_code == 0 and (folder / "claims.csv").read_bytes() == text
    assert stamps == {path: path.stat().st_mtime_ns for path in (folder / "runs").glob("*/members.parquet")}


def test_an_outcome_that_is_not_there_is_refused_by_line(folder, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace("treaties_signed_2030", "treaties_signd_2030"), encoding="utf-8")
    found = _claims(str(path), "--rows", "10", "--out", str(folder))
    assert found.exit_code == 2
    assert "mine.toml:16: metric: treaties_signd_2030 is not an outcome.  Did you mean treaties_signed_2030?" in (
        found.output
    )


def test_a_text_tabled_after_the_branch_is_refused_before_anything_is_run(folder, tmp_path):
    path = tmp_path / "early.toml"
    early = GOOD.replace('extends = "from-2012"', 'extends = "baseline"\nrun = { branch = 2012-01-01 }')
    path.write_text(early.replace("treaties_signed_2030", "signed_month.friendship-2022.TJK by 2030"), encoding="utf-8")
    found = _claims("8", str(path), "--members", "30", "--rows", "10", "--out", str(folder))
    assert found.exit_code == 2
    assert "early.toml:17: metric: signed_month.friendship-2022.TJK is not an outcome." in found.output
