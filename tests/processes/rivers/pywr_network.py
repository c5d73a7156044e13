"""The same river network built a second time, from the tables, as a linear programme for pywr (an independent oracle).

Given inflows, releases and the most each user may take, pywr finds storages, spills, losses, returns, deliveries and
what reaches the seas by itself. Costs only state the order in which water is used; all amounts follow from the balance.
"""

import numpy as np
import pandas as pd
from pywr.model import Model
from pywr.nodes import AggregatedNode, Input, Link, Output, Storage
from pywr.parameters import ArrayIndexedParameter, Parameter
from pywr.recorders import NumpyArrayNodeRecorder, NumpyArrayStorageRecorder

EVAPORATE, RELEASE, DELIVER, LOSE, SPILL, KEEP = -1e5, -2e4, -1e4, -100.0, 1e4, -1.0


class ShareOfStorage(Parameter):
    """A share of what is in store at the start of the month, as a flow per day."""

    def __init__(self, model, storage, shares):
        super().__init__(model)
        self.storage, self.shares = storage, shares

    def value(self, timestep, scenario_index):
        volume = self.storage.volume[scenario_index.global_id]
        return self.shares[timestep.month - 1] * volume / timestep.days


def build(rivers, first_year, inflows, releases, caps, initial):
    """A pywr model and its recorders.

    Parameters
    ----------
    rivers : the tables
    first_year : the months run from January of that year
    inflows, releases, caps : name -> (months,) volumes in km3
    initial : name of a reservoir, or of a junction for each of the two stores under its fields -> km3 at the start
    """
    months = len(next(iter(inflows.values())))
    dates = pd.period_range(f"{first_year}-01", periods=months, freq="M")
    days = np.array([date.days_in_month for date in dates], dtype=float)
    model = Model(start=dates[0].start_time, end=dates[-1].end_time.normalize(), timestep="M")
    series = {name: ArrayIndexedParameter(model, values / days) for name, values in (inflows | releases | caps).items()}
    entry = {name: _entry(model, rivers, node, initial) for name, node in rivers.nodes.items() if node.kind != "demand"}
    recorders, ground = {}, {}
    for name, node in rivers.nodes.items():
        if node.kind == "inflow":
            entry[name].max_flow = entry[name].min_flow = series[name]
            entry[name].connect(entry[node.to])
        elif node.kind == "reservoir":
            _outlets(model, rivers, node, entry, series[name])
            recorders["storage", name] = NumpyArrayStorageRecorder(model, entry[name])
        elif node.kind == "junction":
            _reach(model, rivers, node, entry, dates, days)
            ground[name] = _ground(model, rivers, node, entry, initial)
            if name in initial:
                for engine_name, store in (("soil_water", "soil"), ("groundwater", "ground")):
                    recorders[engine_name, name] = NumpyArrayStorageRecorder(model, model.nodes[f"{name} {store}"])
        elif node.kind == "sink":
            recorders["sink", name] = NumpyArrayNodeRecorder(model, entry[name])
    for node in rivers.of_kind("demand"):
        recorders["delivered", node.id] = _user(model, rivers, node, entry, ground, series[node.id])
    return model, recorders, days


def _entry(model, rivers, node, initial):
    if node.kind == "inflow":
        return Input(model, node.id)
    if node.kind == "reservoir":
        full = rivers.number(node.id, "full")
        return Storage(model, node.id, min_volume=0.0, max_volume=full, initial_volume=initial[node.id], cost=KEEP)
    return Link(model, node.id) if node.kind == "junction" else Output(model, node.id)


def _outlets(model, rivers, node, entry, release):
    shares = rivers.number(node.id, "evaporation") * np.array(rivers.values("shape:evaporation", "fractions"))
    air = Output(model, node.id + " air", cost=EVAPORATE, max_flow=ShareOfStorage(model, entry[node.id], shares))
    gate = Link(model, node.id + " gate", cost=RELEASE, max_flow=release)
    crest = Link(model, node.id + " crest", cost=SPILL)
    for link, target in ((gate, node.to), (crest, node.spill_to or node.to)):
        entry[node.id].connect(link)
        link.connect(entry[target])
    entry[node.id].connect(air)


def _reach(model, rivers, node, entry, dates, days):
    """The stretch below a junction: a fixed loss first, then a share of what is left."""
    loss = rivers.number(node.id, "loss")
    fixed = rivers.number(node.id, "fixed_loss_share") if rivers.has(node.id, "reference_flow") else 0.0
    through = Link(model, node.id + " reach")
    entry[node.id].connect(through)
    if fixed * loss > 0.0:
        amount = fixed * loss * np.array(rivers.values(node.id, "reference_flow"))
        daily = np.array([amount[date.month - 1] for date in dates]) / days
        downstream = sum(1 for other in rivers.nodes if other > node.id) / 100.0
        bed = Output(model, node.id + " bed", cost=LOSE - downstream, max_flow=ArrayIndexedParameter(model, daily))
        entry[node.id].connect(bed)
    _split(model, through, loss * (1.0 - fixed), node.id, entry[node.to])


def _split(model, link, away, name, target):
    """A share of the water in `link` leaves the river, the rest goes to `target`."""
    if away < 1.0:
        kept = Link(model, name + " kept")
        link.connect(kept)
        kept.connect(target)
    if away > 0.0:
        gone = Output(model, name + " gone")
        link.connect(gone)
        if away < 1.0:
            AggregatedNode(model, name + " shares", [gone, kept]).factors = [away, 1.0 - away]


def _ground(model, rivers, node, entry, initial):
    """Where the water goes that comes back from the fields at a junction: to the reach below, some of it later."""
    below = entry[node.to]
    if node.id not in initial:
        return below
    rate = 2.0 / (2.0 + rivers.number(node.id, "return_delay"))
    ground = _store(model, node.id + " ground", rate, below, initial[node.id])
    return _store(model, node.id + " soil", rate, ground, initial[node.id])


def _store(model, name, rate, target, initial):
    """A linear reservoir: a share of what is in it goes on every month, and the same share of what comes in."""
    enters, soon, late = (Link(model, f"{name} {part}") for part in ("enters", "soon", "late"))
    store = Storage(model, name, max_volume=1e3, initial_volume=initial, cost=KEEP)
    enters.connect(soon)
    soon.connect(target)
    AggregatedNode(model, name + " parts", [soon, late]).factors = [rate, 1.0 - rate]
    enters.connect(late)
    late.connect(store)
    out = Link(model, name + " out", cost=EVAPORATE, max_flow=ShareOfStorage(model, store, np.full(12, rate)))
    store.connect(out)
    out.connect(target)
    return enters


def _user(model, rivers, node, entry, ground, cap):
    field = Link(model, node.id, cost=DELIVER, max_flow=cap)
    entry[node.to].connect(field)
    _split(model, field, 1.0 - rivers.number(node.id, "return_share"), node.id, ground[node.to])
    return NumpyArrayNodeRecorder(model, field)
