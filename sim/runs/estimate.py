"""How long a batch will take: a few members are simulated and thrown away, which also readies the compiled model."""

import time
from collections.abc import Callable, Sequence

from sim.runs.plan import Planned
from sim.runs.simulate import simulate_part
from sim.runs.work import prepare, work_of

_TRIED = 16
#: Writing and finishing, as a share of simulating.
_BESIDES = 0.3
#: Opening, finishing and checking one run, on one core, whatever its members.
_A_RUN = 0.15


def estimate_seconds(plan: Sequence[Planned], workers: int, compiling: Callable[[], None] = lambda: None) -> float:
    """Seconds that the missing part of a batch will take on so many workers as fast as this one; 0 if none is missing.

    ``compiling`` is called before the model is compiled, which happens once on a machine and takes a minute.
    """
    runs = [run for planned in plan for run in planned.runs if not run.complete]
    if not runs:
        return 0.0
    from sim.engine.compiled import is_warm

    work = work_of(runs[0].variant(), runs[0].folder)
    if not is_warm():
        compiling()
    ready = prepare(work)
    parts = ready.world, ready.catalogue, ready.documented
    simulate_part(*parts, 0, 1, False, False)
    started = time.perf_counter()
    simulate_part(*parts, 0, _TRIED, False, False)
    a_member = (time.perf_counter() - started) / _TRIED
    missing = sum(run.members - run.found for run in runs)
    return (missing * a_member * (1 + _BESIDES) + len(runs) * _A_RUN) / workers
