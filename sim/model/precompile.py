"""A second process that compiles the model from its end while the first compiles it from its beginning.

Compiling takes one core about forty seconds, once for each version of the sources. Numba looks into the cache on disk
before it compiles a function, so whatever the assistant has finished by then is loaded. The assistant knows the types
of the arguments from a world whose rivers have no past yet; it simulates nothing, and nothing waits for it.
"""

import atexit
import os
import threading
from contextlib import suppress

import numpy as np

from sim.engine.compiled import cache_folder, is_warm
from sim.engine.workers import Worker, WorkerLost

_held: list[int] = []  # the open file whose lock says that this process has called an assistant


def call_assistant() -> None:
    """Start the assistant if nothing is compiled yet, there is a core for it, and nobody else has called one."""
    if is_warm() or cache_folder is None or (os.cpu_count() or 1) < 2 or not _first_to_call():
        return
    with suppress(OSError):  # without it the first process does all of it
        assistant = Worker(quiet=True)
        atexit.register(assistant.close)
        threading.Thread(target=_assist, args=(assistant,), daemon=True, name="assistant").start()


def _first_to_call() -> bool:
    """Whether no other living process has called an assistant; the kernel forgets the lock with the process."""
    try:
        import fcntl

        handle = os.open(cache_folder / "assistant", os.O_RDWR | os.O_CREAT, 0o600)
    except (ImportError, OSError):
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return False
    _held.append(handle)
    return True


def _assist(assistant: Worker) -> None:
    with suppress(WorkerLost, Exception):
        assistant.call(compile_from_the_end)
    assistant.close()


def compile_from_the_end() -> None:
    """Compile what a month does, the last phase first."""
    import numba

    for phase, arguments in _phases():
        phase.callee().compile(tuple(numba.typeof(argument) for argument in arguments))


def _phases():
    """Every phase of `sim.model.step`, with arguments of the types that it is called with."""
    from sim.facts import load_facts
    from sim.model import build, dispatch, initial, recording, step
    from sim.model.parameters import draw_parameters
    from sim.processes import accords, bilateral_treaties, ratification, region, trust, utility
    from sim.processes.rivers.release_policy import decide_releases
    from sim.processes.trade.step import step_trade
    from sim.scenario import load_scenario

    scenario, facts = load_scenario("baseline"), load_facts()
    world = build.build_world(scenario, facts, with_past=False)
    memory, inputs, log = world.new_memory(), world.inputs, initial.empty_log(0)
    state = memory.region
    params = draw_parameters(scenario, facts, 0, 1)[0]
    unwritten = (state, inputs, params, 0, 0)
    usual = (*unwritten, log)
    spaced = np.empty((2, 2))[:, 0]  # values of a time lie apart
    return [
        (recording.record_year, (memory, inputs, 0, spaced)),
        (recording.record_month, (state, inputs, 0, spaced)),
        (step_trade, unwritten),
        (region.step_region, (state, inputs, params, 0)),
        (ratification.withdraw_from_accords, usual),
        (ratification.withdraw_from_rungs, usual),
        (ratification.ratify_accords, usual),
        (ratification.ratify_rungs, usual),
        (accords.accede, usual),
        (accords.answer_summits, usual),
        (bilateral_treaties.step_rungs, usual),
        (dispatch.apply_events, (0, *usual)),
        (step.close_month, usual),
        (utility.appraise_rungs, (0, 0, state, inputs, params, 0)),
        (trust.update_trust, (0, 0, state, params)),
        (step.act, usual),
        (decide_releases, (0, 0, *unwritten)),
        (initial.begin, (memory, inputs, params, 0, log)),
        (step.open_month, usual),
    ]
