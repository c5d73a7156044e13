"""Notable decisions with their terms: what is likeliest to be signed, and what speaks for and against it."""

from sim.engine.compiled import is_warm
from sim.page.source import Source
from sim.runs.errors import RunError
from sim.why import Explanation, explain_decision, parse_target
from sim.why.explain import MEMBERS
from sim.why.tell import shown_parts, signed, what_moves_it, when

_ACCORDS, _STEPS = 2, 3
_OPEN = 0.02  # a chance nearer to 0 or 1 than this decides nothing


def notable(source: Source, timeline: list[dict]) -> dict:
    """Explanations of the parties that stay out and of the steps of pairs, the likeliest of each first.

    ``problem`` says why there are none: the run kept no terms and they cannot be recomputed here.
    """
    kept = "terms.parquet" in source.manifest["files"]
    if not kept and not is_warm():
        said = "The run kept no terms (--keep-terms), and the model is not compiled on this machine."
        return {"problem": f"{said} casim why computes them.", "found": []}
    still_open = [row for row in timeline if row["documented"] is None and _OPEN < row["by"][-1][0]]
    still_open.sort(key=lambda row: -row["by"][-1][0])
    accords = [row for row in still_open if row["kind"] == "party"][:_ACCORDS]
    steps = [row for row in still_open if row["kind"] == "pair"][:_STEPS]
    found = []
    for row in (*accords, *steps):
        asked = {"state": row["part"], "instrument": row["group"]}
        if row["kind"] == "pair":
            asked = {"dyad": row["group"], "rung": row["part"]}
        try:
            explained = explain_decision(source.run, parse_target(source.catalogue, **asked))
        except RunError as error:
            if not found and not kept:
                return {"problem": str(error), "found": []}
            continue
        found.append(_shown(explained))
    about = "" if kept else f"Recomputed from the run's own key in its first {MEMBERS} histories."
    return {"problem": "", "found": found, "about": about}


def _shown(explained: Explanation) -> dict:
    largest = max(abs(term.mean) for term in explained.terms)
    shown = shown_parts(explained.terms, explained.total)
    rows = [
        {
            "words": term.words,
            "part": signed(mean),
            "needed": signed(term.needed),
            "width": round(50 * abs(mean) / largest, 1),
            "against": mean < 0,
        }
        for term, mean in zip(explained.terms, shown)
    ]
    return {
        "title": explained.target.title,
        "said": [when(explained), *what_moves_it(explained)],
        "rows": rows,
        "total": signed(explained.total),
        "unit": "log-odds" if explained.target.kind == "accord" else "log of the chance per month",
    }
