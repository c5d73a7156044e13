"""The page of published figures is what its script makes, and says enough."""

import sys
from pathlib import Path

DERIVATIONS = Path(__file__).parents[2] / "docs" / "derivations"


def test_the_page_is_up_to_date(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(DERIVATIONS))
    sys.modules.pop("published", None)
    import published

    shipped = published.PAGE.read_text(encoding="utf-8")
    monkeypatch.setattr(published, "PAGE", tmp_path / "published.md")
    published.main()
    assert published.PAGE.read_text(encoding="utf-8") == shipped
    rows = [line.split(" | ") for line in shipped.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 15
    assert all(row[-1].strip(" |") for row in rows if row[5].startswith("no")), "a miss has a reason"
