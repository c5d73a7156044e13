"""What processes declare is all there is: parameters, series and random channels, each once."""

from sim.engine.series import RECORDED, SERIES
from sim.facts import load_facts
from sim.model.processes import PROCESSES
from sim.outcomes.metric import OUTCOMES


def test_every_family_of_parameters_belongs_to_one_process():
    declared = [family for process in PROCESSES for family in process.parameters]
    assert sorted(declared) == sorted({row.name.split(".")[0] for row in load_facts().parameters})


def test_every_recorded_field_is_declared():
    fields = {f"{record}.{field.name}" for process in PROCESSES for record, of in process.state.items() for field in of}
    assert set(RECORDED) <= fields


def test_every_outcome_names_a_process():
    known = {process.name for process in PROCESSES} | {"outcomes", "run"}
    assert {row["process"] for row in SERIES} | {metric.process for metric in OUTCOMES} <= known


def test_no_channel_is_declared_twice():
    names = [one.name for process in PROCESSES for one in (*process.channels, *process.own_channels)]
    assert len(names) == len(set(names))
