"""Every command of README and docs is run, on small sizes in one folder, or says here why not; every link leads on.

What is not run is parsed at least, so that no page names an option that there is not.
"""

import glob
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from sim.cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
TESTED_ELSEWHERE = {
    "docs/tutorial/first-scenario.md": "test_tutorial.py, in a shell and to the letter",
    "docs/how-to/carry-the-record-on.md": "test_record_page.py, with the tables of the page",
    "docs/how-to/another-region.md": "test_region_page.py, with the tables of the example",
    "docs/extending.md": "test_extending.py, in a copy of the repository",
}
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(casim|uv|pip|python|bash|dask|cat|export|[A-Z_]+=\S+ casim)\b")

#: Why a command is not run here; each is the beginning of at least one.
NOT_RUN = {
    "pip install": "installs; .ci/plain_install and .ci/packaged do so",
    "uv run pytest": "the tests themselves",
    "uv run ruff": "part of .ci/run",
    "uv run lint-imports": "part of .ci/run",
    "uv run mypy": "part of .ci/run",
    "uv pip compile": "resolves over the network",
    "bash .ci/": "runs the tests themselves, or installs",
    "python tests/": "a measurement or a soak of minutes",
    "python -m tests.fuzz": "minutes; tests/fuzz tries its pieces",
    "XDG_CACHE_HOME": "compiles anew, a minute; tests/engine/test_compiled.py does so on a small scale",
    "dask ": "serves until it is stopped; tests/runs/test_executors.py runs a cluster",
    "casim explore": "serves until it is stopped; tests/explore opens it",
    "casim claims --all": "hours; tests/studies/test_claims_command.py runs one claim",
    "casim claims 1": "minutes; tests/studies/test_claims_command.py runs one claim",
    "casim claims my-claim": "as the claims that ship",
    "casim sensitivity": "minutes; tests/studies/test_sensitivity.py runs it small",
    "casim discover": "needs a thousand histories; tests/studies/test_discovery.py runs it",
    "casim levers": "minutes; tests/studies/test_levers.py runs it small",
    "casim calibrate": "minutes; tests/inference/test_fit.py runs it small",
    "casim hindcast": "minutes; tests/inference/test_hindcast.py and test_forecasts.py run it",
    "casim batch baseline unanimity": "needs a cluster; tests/runs/test_executors.py has one",
}
#: Blocks of Python that cannot run, by their first line.
PYTHON_NOT_RUN = {
    "PROCESS = Process(": "a piece of sim/processes/frictions.py",
    "from dask_jobqueue import SLURMCluster": "needs a SLURM cluster",
    "import fsspec": "needs an account with an object store",
    "import sim\n\nif __name__": "starts four processes; tests/runs/test_executors.py does",
}
MEMBERS = 8
#: Commands that may go without being run, in all pages; to be lowered, not raised.
MOST_NOT_RUN = 50


def blocks(page: Path) -> list[tuple[str, str]]:
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def commands(page: Path) -> list[str]:
    found = [line for kind, text in blocks(page) if kind == "sh" for line in text.splitlines()]
    return [part.strip() for line in found if line.strip() for part in line.split(" && ")]


def reason(command: str) -> str | None:
    return next((why for start, why in NOT_RUN.items() if command.startswith(start)), None)


def called(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


WITH_COMMANDS = [page for page in PAGES if called(page) not in TESTED_ELSEWHERE and commands(page)]
WITH_PYTHON = [
    page
    for page in PAGES
    if called(page) not in TESTED_ELSEWHERE and any(kind.startswith("python") for kind, _ in blocks(page))
]


def arguments(command: str) -> list[str]:
    """The words after `casim`, with the globs that a shell would expand."""
    words = shlex.split(command.removeprefix("uv run "), comments=True)[1:]
    return [each for word in words for each in (sorted(glob.glob(word)) if "*" in word else ()) or (word,)]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder like the repository's, with a few scenarios that have been run small, and one of the reader's own."""
    from sim.runs import run_batch
    from sim.scenario import load_scenario

    folder = tmp_path_factory.mktemp("reader")
    (folder / "scenarios").mkdir()
    for name in ("baseline", "unanimity"):
        (folder / "scenarios" / f"{name}.toml").symlink_to(ROOT / "scenarios" / f"{name}.toml")
    (folder / "scenarios" / "levers").symlink_to(ROOT / "scenarios" / "levers")
    (folder / "my.toml").write_text('extends = "baseline"\n[parameters]\ntrust.loss_aversion = 2.5\n')
    (folder / "design.toml").write_text(
        'extends = "baseline"\n[run]\nmembers = 2\n[design]\nkind = "list"\nstates.UZB.openness = [-1, -0.5, 0, 1]\n'
    )
    names = ["baseline", "drought-decade", "regional-secretariat", "great-power-squeeze", "leadership-reversal-uzb"]
    loaded = [load_scenario(name, [f"run.members={MEMBERS}"]) for name in names]
    loaded += [load_scenario(str(folder / "my.toml"), [f"run.members={MEMBERS}"])]
    assert all(outcome.complete for outcome in run_batch(loaded, folder / "results"))
    design = load_scenario(str(folder / "design.toml"))
    assert run_batch([design], folder / "results")[0].complete
    (folder / "results" / "design-design").rename(folder / "results" / "my-design")
    return folder


def small(words: list[str]) -> list[str]:
    """The same command with few histories."""
    words = [str(MEMBERS) if before == "--members" else word for before, word in zip(["", *words], words)]
    if words[0] in ("run", "batch") and "--members" not in words:
        words += ["--members", str(MEMBERS)]
    return [*words, "--no-plots"] if words[0] in ("run", "compare") else words


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=called)
def test_commands(page, place, monkeypatch):
    monkeypatch.chdir(place)
    for command in commands(page):
        if reason(command):
            continue
        words = small(arguments(command))
        if words[0] == "tour":
            words += ["--no-open"]
        if words[0] == "new":
            words[1] = f"new-{page.stem}.toml"
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, f"{called(page)}: {command}\n{done.output[-2000:]}\n{done.stderr[-2000:]}"


@pytest.mark.parametrize("page", WITH_PYTHON, ids=called)
def test_python(page, place, monkeypatch):
    import sim.scenario

    plain = sim.scenario.load_scenario
    monkeypatch.setattr(
        sim.scenario, "load_scenario", lambda name, settings=(): plain(name, [f"run.members={MEMBERS}"])
    )
    monkeypatch.chdir(place)
    names = {"__name__": "__main__"}
    for kind, text in blocks(page):
        if kind.startswith("python") and not any(text.startswith(start) for start in PYTHON_NOT_RUN):
            exec(compile(text, called(page), "exec"), names)


def test_what_is_not_run_is_parsed():
    """Commands and options exist, and values are of their kind."""
    unrun = []
    for page in PAGES:
        for command in commands(page):
            if reason(command) and command.startswith(("casim", "uv run casim")):
                name, *rest = arguments(command)
                get_command(app).commands[name].make_context(name, rest)
                unrun.append(command)
    assert unrun


def test_each_exception_is_needed_and_most_commands_run():
    everything = [command for page in PAGES if called(page) not in TESTED_ELSEWHERE for command in commands(page)]
    stale = [start for start in NOT_RUN if not any(command.startswith(start) for command in everything)]
    assert stale == [], "no page has such a command any more"
    python = [text for page in PAGES for kind, text in blocks(page) if kind == "python"]
    assert all(any(text.startswith(start) for text in python) for start in PYTHON_NOT_RUN)
    run = [command for command in everything if not reason(command)]
    assert all(command.startswith(("casim", "uv run casim")) for command in run), run
    assert len(run) >= 45 and len(everything) - len(run) <= MOST_NOT_RUN


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_a_block_with_commands_says_so(page):
    for kind, text in blocks(page):
        if kind not in ("sh", "text") and not kind.startswith(("python", "toml", "csv", "json")):
            assert not any(COMMAND.match(line) for line in text.splitlines()), text[:200]


def heading_anchors(page: Path) -> set[str]:
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_every_link_leads_somewhere(page):
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"\w+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{called(page)} links to {target}, which there is not"
        if anchor and found.suffix == ".md":
            assert anchor in heading_anchors(found), f"{called(page)} links to {target}: no such heading"
