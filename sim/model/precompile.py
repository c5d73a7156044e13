"""A second process that compiles the model from its end while the first compiles it from its beginning.

Compiling takes one core about a minute, once for each version of the sources. Numba looks into the cache on disk before
it compiles a function, so whatever the assistant has finished by then is loaded. The assistant knows the types of the
arguments from a world whose rivers have no past yet; it simulates nothing, and nothing waits for it.
"""

import atexit
import os
import subprocess
import sys
from contextlib import suppress

import numpy as np

from sim.engine.compiled import cache_folder, is_warm


def call_assistant() -> None:
    """Start the assistant if nothing is compiled yet, there is a core for it, and nobody else has called one."""
    if is_warm() or (os.cpu_count() or 1) < 2:
        return
    try:
        os.close(os.open(cache_folder / "assistant", os.O_CREAT | os.O_EXCL))
        assistant = subprocess.Popen(
            [sys.executable, "-c", "from sim.model.precompile import compile_from_the_end as c; c()"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return  # then the first process does all of it
    atexit.register(_dismiss, assistant)


def _dismiss(assistant: subprocess.Popen) -> None:
    with suppress(OSError):
        assistant.kill()
        assistant.wait()


def compile_from_the_end() -> None:
    """Compile what a month does, the last phase first."""
    import numba

    for phase, arguments in _phases():
        phase.compile(tuple(numba.typeof(argument) for argument in arguments))


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
    return [
        (recording.record_year, (memory, inputs, 0, np.empty(1))),
        (recording.record_month, (state, inputs, 0, np.empty(1))),
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
        (utility.appraise, (0, 0, state, inputs, params, 0)),
        (trust.observe, (0, 0, state, params)),
        (step.act, usual),
        (decide_releases, (0, 0, *unwritten)),
        (initial.begin, (memory, inputs, params, 0, log)),
        (step.open_month, usual),
    ]
