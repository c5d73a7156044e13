"""A user's file of later steps: every message once, and its scores."""

import os
from pathlib import Path

import pytest

from sim.facts.files import label_of
from sim.hindcast.milestones import read_milestones
from sim.scenario import ScenarioError

BROKEN = Path(__file__).parents[1] / "broken" / "milestones"
SAYS = {
    "missing-column": ["1: has no column subject.  Needed: date, kind, parties, subject."],
    "no-rows": ["has no rows."],
    "wrong-date": ["2: date '2026-13' is not a date such as 2026-03-14, 2026-03 or 2026."],
    "inside-the-record": ["2: date 2024-05-01 must lie from 2025-07, after the record, to 2026-12."],
    "beyond-the-span": ["2: date 2031-05-01 must lie from 2025-07, after the record, to 2026-12."],
    "unknown-kind": ["2: kind 'rungs' is not known.  Known: rung, declaration.  Did you mean rung?"],
    "unknown-state": ["2: parties: 'UZK' is not a state.  Known: AZE, KAZ, KGZ, TJK, TKM, UZB.  Did you mean UZB?"],
    "not-two-states": ["2: parties must be two different states, such as AZE;KAZ."],
    "unknown-rung": [
        "2: subject 'aliance' is not a rung.  Known: friendship, partnership, alliance.  Did you mean alliance?"
    ],
    "not-the-next-step": ["2: KAZ-KGZ stands at alliance by then; alliance is not its next step."],
    "cannot-declare": ["2: KAZ-UZB cannot declare alliance: it must stand at partnership and not have declared."],
    "two-rows": [
        "2: kind 'rungs' is not known.  Known: rung, declaration.  Did you mean rung?",
        "2: parties: 'UZK' is not a state.  Known: AZE, KAZ, KGZ, TJK, TKM, UZB.  Did you mean UZB?",
        "3: date '2026-xx' is not a date such as 2026-03-14, 2026-03 or 2026.",
    ],
    "not-utf8": ["2: is not UTF-8: byte 0xff.  Save the file as UTF-8."],
    "no-such-day": ["2: date '2026-02-31' is not a date such as 2026-03-14, 2026-03 or 2026."],
}
ENDS = 2027 * 12


@pytest.mark.parametrize("name", sorted(path.stem for path in BROKEN.glob("*.csv")))
def test_broken_file(name, panel, history, facts):
    with pytest.raises(ScenarioError) as caught:
        read_milestones(BROKEN / f"{name}.csv", panel, history, facts, ENDS)
    told = [str(problem).removeprefix(f"{label_of(BROKEN / name)}.csv:").strip() for problem in caught.value.problems]
    assert told == SAYS[name]


def test_a_year_is_cut_to_what_is_covered(tmp_path, panel, history, facts):
    (tmp_path / "m.csv").write_text("date,kind,parties,subject,note\n2025,rung,UZB;KGZ,alliance,mine\n")
    (step,) = read_milestones(tmp_path / "m.csv", panel, history, facts, ENDS)
    assert (step.first, step.last) == (2025 * 12 + 6, 2025 * 12 + 11)
    assert panel.dyads[step.dyad] == ("KGZ", "UZB") and step.rung == 3


def test_a_pipe_is_refused_and_semicolons_of_a_spreadsheet_are_understood(tmp_path, panel, history, facts):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(ScenarioError, match="is not an ordinary file"):
        read_milestones(tmp_path / "pipe.csv", panel, history, facts, ENDS)
    text = '\ufeffdate;kind;parties;subject\r\n2026-03;rung;"UZB;KGZ";alliance\r\n\r\n'
    (tmp_path / "m.csv").write_text(text, encoding="utf-8")
    (step,) = read_milestones(tmp_path / "m.csv", panel, history, facts, ENDS)
    assert step.first == step.last == 2026 * 12 + 2
    (tmp_path / "m.csv").write_text("date,kind,parties,subject\n" + "x" * 200_000 + ",rung,UZB;KGZ,alliance\n")
    with pytest.raises(ScenarioError, match="2: is not CSV: field larger than field limit"):
        read_milestones(tmp_path / "m.csv", panel, history, facts, ENDS)
