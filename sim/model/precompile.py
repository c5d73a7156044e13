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

from sim.compiled import cache_folder, is_warm


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
    from sim.model import (
        calendar,
        climbing,
        conflict,
        initial,
        minds,
        recording,
        replay,
        signing,
        step,
    )
    from sim.model.build import build_world
    from sim.model.parameters import draw_parameters
    from sim.processes.rivers.release_policy import decide_releases
    from sim.processes.rivers.step import open_rivers
    from sim.processes.trade.step import step_trade
    from sim.scenario import load_scenario

    scenario, facts = load_scenario("baseline"), load_facts()
    world = build_world(scenario, facts, with_past=False)
    region, inputs, log = initial.empty_region(world.sizes), world.inputs, initial.empty_log(0)
    params = draw_parameters(scenario, facts, 0, 1)[0]
    line = np.empty(1)
    usual = (region, inputs, params, 0, 0, log)
    unwritten = (region, inputs, params, 0, 0)
    return [
        (recording.record_year, (region, inputs, 0, line)),
        (recording.record_month, (region, inputs, 0, line)),
        (step_trade, unwritten),
        (step.move_region, (region, inputs, params, 0)),
        *(
            (phase, usual)
            for phase in (
                signing.leave,
                climbing.step_down,
                signing.ratify_accords,
                climbing.ratify_rungs,
                signing.accede,
                signing.answer_summits,
                climbing.climb,
            )
        ),
        (replay.follow_record, (region, inputs, params, 0, log)),
        (step.negotiate, usual),
        (minds.appraise, (0, 0, region, inputs, params, 0)),
        (conflict.step_conflict, usual),
        (decide_releases, (0, 0, *unwritten)),
        (open_rivers, unwritten),
        (initial.begin, (region, inputs, params, 0, log)),
        (calendar.open_calendar, usual),
    ]
