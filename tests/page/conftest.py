"""Two small runs and the page about them; the titles try to be markup."""

import pytest

from sim.page.report import write_report
from sim.runs import run_scenario
from sim.scenario import load_scenario

TITLE = "<script>alert(1)</script> [red]x[/]"


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    """The baseline, and a scenario with a strange title that extends it, 16 members each."""
    folder = tmp_path_factory.mktemp("runs")
    strange = folder / "strange.toml"
    strange.write_text(
        f'extends = "baseline"\ntitle = "{TITLE}"\ndescription = "</script><b>bold</b>"\n'
        "[parameters]\ntrust.loss_aversion = 3.0\n[[events]]\ndate = 2028-01-01\n"
        'kind = "leader-change"\nstate = "UZB"\nopenness = -1.2\n',
        encoding="utf-8",
    )
    loaded = [load_scenario(name, ["run.members=16"]) for name in ("baseline", str(strange))]
    return [run_scenario(each, folder / "results") for each in loaded]


@pytest.fixture(scope="session")
def page(runs, tmp_path_factory):
    """The file of a page about both runs, the strange one first."""
    return write_report(list(reversed(runs)), tmp_path_factory.mktemp("page") / "report.html")
