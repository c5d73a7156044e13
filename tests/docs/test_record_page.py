"""The page on carrying the record on does what it says: its files are written, its commands run, on few members."""

import json
import re
from pathlib import Path

from typer.testing import CliRunner

from sim.cli.app import app

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "carry-the-record-on.md"


def test_the_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    for name, content in re.findall(r"```(?:csv|toml) (\S+)\n(.*?)```", text, re.S):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    said = {}
    for line in "\n".join(re.findall(r"```sh\n(.*?)```", text, re.S)).split("\n"):
        command = line.removeprefix("casim ").split()
        if not line:
            continue
        few = ["--members", "2", "--no-plots"] if command[0] == "run" else []
        result = CliRunner().invoke(app, [*command, *few])
        assert result.exit_code == 0, (line, result.output)
        said[line] = result.output
    assert "the record ends on 2026-10-31" in said["casim record check my-record"]
    assert "casim calibrate --record my-record --update" in said["casim record check my-record"]
    assert "Latest branch: 2026-11-01" in said["casim record show my-record"]
    assert "trade_flows, 2024-2026: simulated" in said["casim record show my-record"]
    assert "Pareto k-hat" in said["casim calibrate --record my-record --update --out my-calibration.json"]
    told = " ".join(said["casim explain now.toml borders.clash_settled"].split())
    assert "the rows that are new to 2025-06-f55aade1 moved it by" in told
    (manifest,) = (tmp_path / "results").glob("*/manifest.json")
    made = json.loads(manifest.read_text())
    assert made["record"]["name"] == "my-record" and made["calibration"]["name"] == "my-calibration.json"
    assert "- events rogun_reversal" in said["casim record diff my-coding"]


def test_an_empty_template_is_in_order_and_changes_nothing(tmp_path):
    from sim.facts import load_facts
    from sim.facts.load import changes, load_all
    from sim.facts.record import read_record

    assert CliRunner().invoke(app, ["record", "template", str(tmp_path / "mine")]).exit_code == 0
    record = read_record(tmp_path / "mine")
    assert changes(record) == [] and load_all(record)[0].record_ends == load_facts().record_ends
