"""Whatever ends a process of a run or a batch, nothing of it is left soon after."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.engine.workers import Worker, WorkerLost
from tests.cli.test_commands import COMMAND

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP]
_SECONDS = 5

DRAWS = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from sim.plots.pool import Pool
from tests.runs.test_ends import slow_plots
with Pool(loading=slow_plots) as crew:
    crew._alone = False
    crew.draw(())
"""


def slow_plots(_):
    """ "Plots" that take ten minutes each."""
    return signal.sigtimedwait, [600, 601]


def state(pid):
    """Parent and state of a process; None if there is none, or it only waits to be reaped."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[1])


def children(pid):
    """Processes that a process has started, and theirs."""
    every = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    mine = [each for each in every if state(each) == pid]
    return mine + [grandchild for each in mine for grandchild in children(each)]


def wait_for(what, seconds=240):
    """The first true answer."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("nothing came of it")


def started(command, cwd):
    """A command in a session of its own, so that a signal reaches it alone, even if the tests run under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        return subprocess.Popen(
            command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
    finally:
        signal.signal(signal.SIGHUP, before)


def assert_nothing_is_left(process, family):
    process.wait(timeout=60)
    wait_for(lambda: all(state(pid) is None for pid in family), _SECONDS)


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """Starts a long batch in two processes; returns it and its family once parts come in."""
    running = []

    def start():
        folder = tmp_path_factory.mktemp("batch")
        command = [*COMMAND, "batch", "baseline", "--members", "100000", "--workers", "2"]
        process = started(command, folder)
        running.append(process)
        wait_for(lambda: list(folder.glob("results/*/parts/0*")))
        return process, children(process.pid), folder

    yield start
    for process in running:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", SIGNALS)
def test_of_a_batch(batch, number):
    process, family, _ = batch()
    assert 2 <= len(family) <= 3  # the workers, and for a moment perhaps the compiler's assistant
    process.send_signal(number)
    assert_nothing_is_left(process, family)


def test_of_a_batch_whose_workers_end(batch):
    """It goes on with others in their place, and takes those along in the end."""
    process, family, folder = batch()
    for pid, number in zip(family, (signal.SIGKILL, signal.SIGTERM), strict=True):
        os.kill(pid, number)
    before = len(list(folder.glob("results/*/parts/0*")))
    wait_for(lambda: len(list(folder.glob("results/*/parts/0*"))) > before + 2)
    later = children(process.pid)
    assert process.poll() is None and len(later) == 2 and not set(later) & set(family)
    process.kill()
    assert_nothing_is_left(process, family + later)


@pytest.mark.parametrize("number", SIGNALS)
def test_of_a_process_that_draws(tmp_path, number):
    process = started([sys.executable, "-c", DRAWS], tmp_path)
    family = wait_for(lambda: two_of(process))
    time.sleep(1)  # in the middle of a call
    process.send_signal(number)
    assert_nothing_is_left(process, family)


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("whose", [0, 1])
def test_of_its_helpers(tmp_path, number, whose):
    """The copy ends with the helper, and the other way round the helper goes on."""
    process = started([sys.executable, "-c", DRAWS], tmp_path)
    helper, copy = wait_for(lambda: two_of(process))
    time.sleep(1)
    os.kill((helper, copy)[whose], number)
    wait_for(lambda: state(copy) is None, _SECONDS)
    if whose == 0:
        wait_for(lambda: state(helper) is None, _SECONDS)
    process.kill()
    assert_nothing_is_left(process, [helper, copy])


def two_of(process):
    """The helper and its copy, once both are there."""
    family = children(process.pid)
    return family if len(family) == 2 else None


def test_a_worker_needs_no_semaphores(monkeypatch):
    """Where /dev/shm is read-only the standard pools cannot even start."""
    import _multiprocessing

    def refuse(*_):
        raise OSError("read-only file system")

    monkeypatch.setattr(_multiprocessing, "SemLock", refuse)
    worker = Worker()
    assert worker.call(os.getpid) == worker.pid
    with pytest.raises(ZeroDivisionError):
        worker.call(divmod, 1, 0)
    with pytest.raises(WorkerLost):
        worker.call(os._exit, 3)


def test_what_a_worker_prints_is_not_taken_for_an_answer(capfd):
    worker = Worker()
    assert worker.call(print, "hello") is None
    worker.close()
    assert "hello" in capfd.readouterr().err
