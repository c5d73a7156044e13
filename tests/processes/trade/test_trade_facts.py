"""The tables of trade: what they hold, and that a broken one is refused by file and line."""

import csv
import shutil

import numpy as np
import pytest

from sim.facts import FactsError, load_trade_facts
from sim.facts.load import FOLDER
from sim.facts.trade_panel import base_year_flows, passage, tariff_content, trade_panel
from sim.facts.trade_rows import BASE_YEAR


def axis(reading: str) -> dict[int, float]:
    panel = trade_panel(load_trade_facts(), reading)
    usd = panel.trade_usd[panel.pair("KAZ-UZB")] * panel.deflator / 1e9
    return dict(zip(panel.years.tolist(), usd))


def test_both_readings_of_kaz_uzb_are_carried():
    partner, own = axis("partner"), axis("own")
    assert [partner[2014], partner[2016]] == pytest.approx([2.07, 1.49], abs=0.01)
    assert [own[2014], own[2016]] == pytest.approx([3.50, 1.90], abs=0.01)
    assert partner[2022] == pytest.approx(4.9, abs=0.05), "the peak"
    assert np.isnan(own[2009]) and partner[2009] > 0
    with pytest.raises(ValueError, match="partner or own"):
        axis("both")


def test_every_row_has_a_source_that_may_be_carried():
    facts = load_trade_facts()
    for table in (facts.flows, facts.sizes, facts.deflator):
        for row in table:
            assert row.source and row.licence
            assert "Correlates of War" not in row.source


def test_pairs_and_states_come_in_order():
    panel = trade_panel(load_trade_facts())
    assert panel.economies[: panel.n_states] == ("AZE", "KAZ", "KGZ", "TJK", "TKM", "UZB")
    assert len(panel.names) == len(set(panel.names)) == 15 + 6 * 9
    assert panel.names[panel.pair("KAZ-UZB")] == "KAZ-UZB"
    assert ((panel.first_share > 0) & (panel.first_share < 1)).all()
    assert panel.years[panel.base] == BASE_YEAR


def test_base_year_flows_add_to_output():
    facts = load_trade_facts()
    flows = base_year_flows(facts, output_ratio=1.8)
    gdp = {row.economy: row.gdp_current_usd for row in facts.sizes if row.year == BASE_YEAR}
    assert flows.sum(axis=1) == pytest.approx([1.8 * gdp[name] for name in facts.ids])
    assert (flows > 0).all()


def test_agreements_and_crossings_count_by_month():
    facts = load_trade_facts()
    panel = trade_panel(facts)
    content = tariff_content(facts, panel.names, panel.years)
    year = {int(value): k for k, value in enumerate(panel.years)}
    kgz = panel.pair("KAZ-KGZ")
    assert content[kgz, year[2012]] == 0.0 and content[kgz, year[2014]] == 0.5 and content[kgz, year[2016]] == 1.0
    assert content[kgz, year[2015]] == pytest.approx(0.5 * 7 / 12 + 5 / 12)
    opened, closed = passage(facts, panel.names, panel.years)
    tjk = panel.pair("KGZ-TJK")
    assert closed[tjk, year[2021]] == pytest.approx(8 / 12) and closed[tjk, year[2022]] == 1.0
    assert opened[tjk, year[2020]] == 1.0 and opened[tjk, year[2022]] == 0.0


BROKEN = [
    ("sizes", 1, "gdp_volume", "-5", r"trade_sizes.csv:2: gdp_volume: -5.0 is out of range"),
    ("sizes", 3, "economy", "XYZ", r"trade_sizes.csv:4: economy: XYZ: not a known economy"),
    ("sizes", 3, "year", "1992", r"trade_sizes.csv:4: economy: 'AZE 1992' is given twice"),
    ("flows", 1, "source", "", r"trade_flows.csv:2: source: may not be empty"),
    ("flows", 1, "usd_current", "nan", r"trade_flows.csv:2: usd_current: 'nan' is not a finite number"),
    ("flows", 1, "importer", "AZE", r"trade_flows.csv:2: importer: an economy's trade with itself"),
    ("corridors", 1, "pairs", "CHN-KAX", r"trade_corridors.csv:2: pairs: 'CHN-KAX' is not a pair of known economies"),
    ("corridors", 2, "cost_cut", "1.2", r"trade_corridors.csv:3: cost_cut: 1.2 is out of range"),
    ("growth", 1, "economy", "KAZ", r"trade_growth.csv:3: economy: 'KAZ' is given twice"),
    ("deflator", 2, "deflator", "0", r"trade_deflator.csv:3: deflator: 0.0 is out of range"),
]


@pytest.mark.parametrize("table, line, column, value, message", BROKEN)
def test_a_broken_table_is_refused_by_file_and_line(tmp_path, table, line, column, value, message):
    with pytest.raises(FactsError, match=message):
        load_trade_facts(folder=broken_copy(tmp_path, table, line, column, value))


def copy_tables(folder):
    """The tables of trade, and the two that say which economies are the region's."""
    for path in (*FOLDER.glob("trade_*.csv"), FOLDER / "states.csv", FOLDER / "region.csv"):
        shutil.copy(path, folder)


def broken_copy(folder, table, line, column, value):
    copy_tables(folder)
    path = folder / f"trade_{table}.csv"
    rows = list(csv.reader(path.open(encoding="utf-8")))
    rows[line][rows[0].index(column)] = value
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return folder


def test_a_base_year_with_a_hole_is_refused(tmp_path):
    copy_tables(tmp_path)
    path = tmp_path / "trade_flows.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(f"KGZ,TJK,{BASE_YEAR},")]
    assert len(kept) == len(lines) - 1
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    with pytest.raises(FactsError, match="no figure for KGZ to TJK in the base year, reading own"):
        load_trade_facts(folder=tmp_path)
