"""Claims as files: those that ship can be read, and what is wrong in one is reported with its line."""

import pytest

from sim.errors import ScenarioError
from sim.facts import load_facts
from sim.studies.claim_file import find_claims, read_claims, shipped_claims

GOOD = """title = "More hearing than the claim deserves"
layer = "core"
source = ["nowhere"]
says = "Pairs matter."
extends = "from-2012"

[arms.factual]

[arms.frozen]
events = [{ date = 2012-01-01, kind = "freeze", parties = ["KAZ", "UZB"] }]

[placebos.other]
events = [{ date = 2012-01-01, kind = "freeze", parties = ["KAZ", "KGZ"] }]

[[tests]]
metric = "treaties_signed_2030"
arm = "frozen"
against = "factual"
expected = "lower"
"""


@pytest.fixture(scope="module")
def facts():
    return load_facts()


def _read(text, folder, facts):
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return read_claims([path], folder / "arms", facts)


def test_a_claim_needs_no_code(tmp_path, facts):
    (claim,) = _read(GOOD, tmp_path, facts)
    assert set(claim.arms) == {"factual", "frozen"} and set(claim.placebos) == {"other"}
    assert claim.arms["frozen"].scenario.run.branch.year == 2012
    assert claim.tests[0].metric.names == ("treaties_signed_2030",)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('metric = "treaties_signed_2030"\n', "", 15, "needs a metric"),
        ('"treaties_signed_2030"', '"treaties_signed_2030 >"', 16, "cannot be read"),
        ('["KAZ", "KGZ"]', '["KAZ", "UZB"]', 12, "placebo other is the same scenario as the arm frozen"),
        ('against = "factual"', 'against = "frozen"', 15, "are the same scenario"),
        ('arm = "frozen"', 'arm = "frosen"', 17, "Did you mean frozen"),
        ('kind = "freeze", parties = ["KAZ", "UZB"]', 'kind = "freese", parties = ["KAZ", "UZB"]', 10, "freeze"),
        ('extends = "from-2012"', 'extends = "from-2013"', 5, "there is no such scenario"),
        ('expected = "lower"', 'expected = "down"', 19, "one of: higher, lower"),
        ('expected = "lower"', 'expected = "same"', 15, "needs matters"),
        ('layer = "core"', 'layer = "kore"', 2, "Did you mean core"),
        ('says = "Pairs matter."', "", 1, "needs a text says"),
        ('source = ["nowhere"]', "source = []", 3, "needs source"),
        ("[arms.factual]", "[arms.factual]\nrun = { members = 3 }", 8, "same for all arms"),
        ("[arms.factual]", "[arms.factual]\nextend = 3", 8, "Did you mean extends"),
        ('layer = "core"', 'layer = "core"\nparameters = ["ladder.proces"]', 3, "Did you mean ladder.process"),
    ],
)
def test_what_is_wrong_is_reported_with_its_line(tmp_path, facts, old, new, line, said):
    assert old in GOOD
    with pytest.raises(ScenarioError) as caught:
        _read(GOOD.replace(old, new), tmp_path, facts)
    problem = caught.value.problems[0]
    assert said in str(caught.value)
    assert problem.file.endswith("mine.toml") and problem.line == line


def test_claims_are_found_by_number_id_or_path(tmp_path):
    assert [path.stem for path in find_claims(["1", "28-rivals"])] == ["01-core", "28-rivals"]
    with pytest.raises(ScenarioError, match="Did you mean 11-khujand"):
        find_claims(["11-kujand"])


def test_every_claim_that_ships_can_be_read(tmp_path, facts):
    claims = read_claims(find_claims([]), tmp_path / "arms", facts)
    assert len(claims) == len(shipped_claims())
    for claim in claims:
        assert claim.number and claim.note, f"{claim.id} must say what the model can and cannot say of it"
