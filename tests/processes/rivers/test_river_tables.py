"""The river tables: complete, checked as a whole, and every fault named with its file and line."""

from pathlib import Path

import numpy as np
import pytest

from sim.engine.layout import record
from sim.facts import FactsError, load_rivers
from sim.facts.load import FOLDER
from sim.facts.record import read_record
from sim.facts.river_rows import BASES
from sim.processes.rivers.inputs import fill_dam, gather_rivers
from sim.processes.rivers.network import compile_network, inflow_climatology
from sim.processes.rivers.release_policy import usual_barter, usual_noise
from sim.processes.rivers.state import river_table_fields

STATES = ("AZE", "KAZ", "KGZ", "TJK", "TKM", "UZB")

BROKEN = Path(__file__).parents[2] / "broken" / "network"
FAULTS = {
    "cycle": [("river_nodes.csv:2: to:", "the water runs in a circle"), ("", "j_lower_amu -> j_kelif")],
    "no_outlet": [("river_nodes.csv:2: to:", "inflow 'in_zeravshan' has no outlet")],
    "negative_capacity": [("river_numbers.csv:2: values:", "full -19.5 is out of range")],
    "unknown_demand_node": [
        ("river_nodes.csv:2: to:", "demand on an unknown node: 'j_lower_amo'"),
        ("", "Did you mean j_lower_amu?"),
    ],
    "share_outside": [
        ("river_sections.csv:2: head_weight:", "1.3 is out of range"),
    ],
    "wrong_river": [
        ("river_nodes.csv:2: river:", "withdrawal from 'Zeravshan', a river without any junction"),
        ("river_nodes.csv:3: river:", "at 'j_fergana', which lies on 'Syr Darya'"),
    ],
    "upstream_of_itself": [
        ("river_pairs.csv:2: upstream:", "'UZB' is given as upstream of itself"),
        ("river_pairs.csv:3: upstream:", "'KAZ' has no node above a withdrawal of 'KGZ'"),
    ],
    "many": [
        ("river_nodes.csv:2: to:", "has no outlet"),
        ("river_nodes.csv:2: group:", "Did you mean amu?"),
        ("river_numbers.csv:2: values:", "dead storage of 'nurek' is above its full storage"),
        ("river_numbers.csv:3: values:", "2 values where 'fractions' has 12"),
        ("river_numbers.csv:4: values:", "'nineteen' is not a list of numbers"),
        ("river_numbers.csv:5: quantity:", "'full' belongs to a reservoir; 'j_kelif' is a junction"),
        ("river_numbers.csv:6: quantity:", "'volume' is not a known quantity"),
    ],
    "section_interrupted": [("", "water leaves section 'upper_amu' at 'j_kelif' and returns to it")],
}


@pytest.mark.parametrize("case", FAULTS)
def test_faults_are_named_with_file_and_line(case):
    with pytest.raises(FactsError) as caught:
        load_rivers(read_record(BROKEN / case))
    texts = [str(problem) for problem in caught.value.problems]
    for place, message in FAULTS[case]:
        assert any(place in text and message in text for text in texts), texts


def test_a_share_outside_its_range_is_named_in_every_table(tmp_path):
    numbers = (BROKEN / "share_outside" / "river_numbers.csv").read_bytes()
    (tmp_path / "river_numbers.csv").write_bytes(numbers)
    with pytest.raises(FactsError) as caught:
        load_rivers(read_record(tmp_path))
    texts = [str(problem) for problem in caught.value.problems]
    assert any("river_numbers.csv:2" in text and "return_share 1.2 is out of range: 0 to 1" in text for text in texts)
    assert any("river_numbers.csv:3" in text and "loss -0.1 is out of range" in text for text in texts)


def test_both_rivers_are_there_with_their_switches():
    rivers = load_rivers()
    assert len(rivers.nodes) == 49
    assert {node.switch for node in rivers.nodes.values() if node.switch} == {"rogun", "kambarata_1", "qosh_tepa"}
    network, names = compile_network(rivers)
    assert names.basins == ("amu", "syr")
    assert all(0 <= network.nodes[k].to for k, name in enumerate(names.nodes) if rivers.nodes[name].kind != "sink")


def test_every_number_says_what_it_rests_on():
    rivers = load_rivers()
    assert all(row.basis in BASES and row.source and row.licence for row in rivers.numbers.values())
    bases = {row.basis for row in rivers.numbers.values()}
    assert bases == set(BASES)
    assert all(row.source != "own judgement" for row in rivers.numbers.values() if row.basis == "sourced")


def test_places_lie_in_the_two_basins():
    for node in load_rivers().nodes.values():
        assert 36.0 < node.latitude < 47.0 and 58.0 < node.longitude < 74.0, node.id


def test_every_node_comes_after_what_drains_into_it_and_sections_stay_in_one_piece():
    rivers = load_rivers()
    network, _ = compile_network(rivers)
    for k in range(len(network.nodes)):
        for target in (network.nodes[k].to, network.nodes[k].spill_to):
            assert target == -1 or target > k
    for number, section in enumerate(network.sections):
        inside = np.flatnonzero(network.nodes["section"] == number)
        assert inside.tolist() == list(range(section.first, section.stop))


def test_long_term_flow_of_the_five_rivers_at_termez_is_that_of_the_literature():
    rivers = load_rivers()
    _, names = compile_network(rivers)
    mean = dict(zip(names.nodes, inflow_climatology(rivers, names).sum(axis=0)))
    total = sum(mean[name] for name in ("in_pyanj", "in_vakhsh", "in_kafirnigan", "in_surkhandarya", "in_kunduz"))
    assert total == pytest.approx(63.6, rel=0.05)


def test_a_user_may_add_a_dam_and_change_a_number(tmp_path):
    nodes = (FOLDER / "river_nodes.csv").read_text()
    header = nodes.splitlines()[0]
    dam = "yavan,reservoir,Yavan,Vakhsh,TJK,j_kelif,,,,guide,,,38.3,69.0,assumed,test"
    moved = next(line for line in nodes.splitlines() if line.startswith("nurek,")).replace(",j_kelif,", ",yavan,")
    (tmp_path / "river_nodes.csv").write_text("\n".join([header, dam, moved]) + "\n")
    twelve = ";".join(["0.5"] * 12)
    rows = ["yavan,full,2,km3", "yavan,dead,1,km3", f"yavan,guide,{twelve},share", "yavan,initial_storage,1.5,km3"]
    rows.append("toktogul,annual_volume,11,km3 a year")
    head = "node,quantity,values,unit,basis,source,licence,note"
    lines = [head, *(row + ",assumed,test,facts," for row in rows)]
    (tmp_path / "river_numbers.csv").write_text("\n".join(lines) + "\n")
    rivers = load_rivers(read_record(tmp_path))
    assert rivers.number("toktogul", "annual_volume") == 11.0
    network, names = compile_network(rivers)
    assert network.nodes[names.nodes.index("nurek")].to == names.nodes.index("yavan")


def _deciding_dam(folder, *more):
    """A dam on the Kafirnigan whose state decides its release."""
    header = (FOLDER / "river_nodes.csv").read_text().splitlines()[0]
    dam = "romit,reservoir,Romit,Kafirnigan,TJK,j_kelif,,,,decision,,,38.7,69.0,assumed,test"
    (folder / "river_nodes.csv").write_text(f"{header}\n{dam}\n")
    twelfths = ";".join(["0.0833"] * 8 + ["0.0834"] * 4)
    numbers = {"full": "2", "dead": "1", "initial_storage": "1.5", "annual_volume": "5", "reference_storage": "1.5"}
    numbers |= {"storage_feedback": "0.4", "mode_share": "0.3"}
    numbers |= {"irrigation_profile": twelfths, "power_profile": twelfths} | dict(more)
    units = {
        "annual_volume": "km3 a year",
        "volume_noise": "km3 a year",
        "mode_share": "share",
        "barter": "million USD",
    }
    lines = ["node,quantity,values,unit,basis,source,licence,note"]
    for name, value in numbers.items():
        unit = units.get(name, "share" if name.endswith("profile") else "km3")
        lines.append(f"romit,{name},{value},{unit},assumed,test,facts,")
    (folder / "river_numbers.csv").write_text("\n".join(lines) + "\n")
    return load_rivers(read_record(folder))


def test_a_deciding_dam_on_another_river_says_what_is_bartered_for_its_water(tmp_path):
    with pytest.raises(FactsError, match=r"river_nodes.csv:2: 'romit' decides its release and has no row 'barter'"):
        _deciding_dam(tmp_path)
    rivers = _deciding_dam(tmp_path, ("barter", "20"), ("volume_noise", "0.4"))
    world = gather_rivers(rivers, STATES)
    table = record(river_table_fields(world.sizes, len(STATES)))
    for k, dam in enumerate(world.dams):
        fill_dam(table, world, k, dam, STATES)
    given = {"barter_naryn": 60.0, "barter_vakhsh": 30.0, "volume_noise_naryn": 1.5, "volume_noise_vakhsh": 1.0}
    params = record([(f"water_{name}", np.float64) for name in given])
    for name, value in given.items():
        setattr(params, f"water_{name}", value)
    found = {dam: (usual_barter(table, k, params), usual_noise(table, k, params)) for k, dam in enumerate(world.dams)}
    assert found == {"toktogul": (60.0, 1.5), "nurek": (30.0, 1.0), "romit": (20.0, 0.4)}
