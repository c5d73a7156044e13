"""The page of claims: one HTML file that needs nothing from outside, the same as Markdown, and every figure as CSV."""

import base64
import csv
import io
from collections.abc import Mapping, Sequence
from html import escape

from sim.studies.claim_file import LAYERS
from sim.studies.draws import SETS
from sim.studies.experiment import ClaimResult
from sim.studies.verdict import VERDICTS
from sim.studies.wording import effect, test_sentence, verdict_sentence

_COLOURS = {"supported": "#1b7837", "assumed": "#b8860b", "not identified": "#666666", "contradicted": "#b2182b"}
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.6rem 0}td,th{text-align:left;vertical-align:top;
padding:.25rem .5rem;border-bottom:1px solid #ddd}
h2{margin-top:2.2rem;border-bottom:2px solid #ddd}h3{margin:1.6rem 0 .3rem}
.verdict{display:inline-block;padding:0 .5rem;border-radius:.7rem;color:#fff;font-size:.85rem;white-space:nowrap}
.source,.note{color:#555;font-size:.9rem}blockquote{margin:.4rem 0;padding-left:.8rem;border-left:3px solid #ccc}
img{max-width:100%}td.n{text-align:right;white-space:nowrap}@media(max-width:40rem){table{display:block;overflow-x:auto}}
"""
READING = (
    "Effect: mean paired difference between the arm and what it is compared with, on common random numbers, with a "
    "90 % interval over parameters. P: posterior probability that the effect lies where the claim says, by as much as "
    "would matter. Probabilities are compared in percentage points."
)
COLUMNS = (
    "claim", "number", "layer", "verdict", "test", "metric", "arm", "against", "expected", "matters", "unit",
    "test_verdict", "reason", "set", "level", "level_against", "effect", "low90", "high90", "p_claimed", "p_positive",
    "error", "sd_between_rows", "sd_within_rows", "moved", "members", "rows",
)  # fmt: skip


def _by_layer(results: Sequence[ClaimResult]) -> list[tuple[str, list[ClaimResult]]]:
    return [(LAYERS[key], here) for key in LAYERS if (here := [r for r in results if r.claim.layer == key])]


def _heading(result: ClaimResult) -> str:
    return f"{result.claim.number}. {result.claim.title}" if result.claim.number else result.claim.title


def counts_line(results: Sequence[ClaimResult]) -> str:
    """How many claims have each verdict."""
    said = [f"{sum(r.judgement.verdict == v for r in results)} {v}" for v in reversed(VERDICTS)]
    return f"{len(results)} claims: {', '.join(said)}."


def as_markdown(results: Sequence[ClaimResult], lines: Sequence[str], pictures: Mapping[str, str] | None = None) -> str:
    """The page as Markdown; ``pictures`` are paths by id of the claim, and under an empty id that of all."""
    pictures = pictures or {}
    out = [counts_line(results), "", *[f"{line}\n" for line in lines], READING, ""]
    out += [f"![Effects of all claims]({pictures['']})", ""] if "" in pictures else []
    out += ["| | claim | verdict |", "|---|---|---|"]
    out += [f"| {r.claim.number or ''} | {r.claim.title} | **{r.judgement.verdict}** |" for r in results]
    for title, here in _by_layer(results):
        out += ["", f"## {title}"]
        for result in here:
            out += ["", f"### {_heading(result)}", "", f"> {result.claim.says}", ""]
            out += [f"Said in {'; '.join(result.claim.source)}.", ""]
            out += [f"**{result.judgement.verdict.capitalize()}.** {verdict_sentence(result)}", ""]
            out += [f"- *{each.judgement.verdict}.* {test_sentence(each)}" for each in result.tests]
            out += ["", result.claim.note] if result.claim.note else []
            out += ["", f"![{result.claim.title}]({pictures[result.claim.id]})"] if result.claim.id in pictures else []
    return "\n".join(out) + "\n"


def as_html(results: Sequence[ClaimResult], lines: Sequence[str], pictures: Mapping[str, bytes] | None = None) -> str:
    """The page as one HTML file; ``pictures`` are PNG files by id of the claim, and under an empty id that of all."""
    pictures = pictures or {}
    out = [f"<p><b>{escape(counts_line(results))}</b></p>", *[f"<p>{escape(line)}</p>" for line in lines]]
    out += [f"<p class=note>{escape(READING)}</p>", _picture(pictures.get(""), "Effects of all claims"), "<table>"]
    for result in results:
        anchor = f'<a href="#{escape(result.claim.id)}">{escape(_heading(result))}</a>'
        out.append(f"<tr><td>{anchor}</td><td>{_badge(result.judgement.verdict)}</td></tr>")
    out.append("</table>")
    for title, here in _by_layer(results):
        out.append(f"<h2>{escape(title)}</h2>")
        out += [_section(result, pictures.get(result.claim.id)) for result in here]
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Claims put to the test</title>'
    )
    return (
        f'<!doctype html><html lang="en"><head>{head}<style>{_STYLE}</style></head><body>'
        f"<h1>Claims put to the test</h1>{''.join(out)}</body></html>\n"
    )


def _badge(verdict: str) -> str:
    return f'<span class="verdict" style="background:{_COLOURS[verdict]}">{verdict}</span>'


def _picture(data: bytes | None, title: str) -> str:
    if data is None:
        return ""
    return f'<p><img alt="{escape(title)}" src="data:image/png;base64,{base64.b64encode(data).decode()}"></p>'


def _section(result: ClaimResult, picture: bytes | None) -> str:
    claim, rows = result.claim, []
    for each in result.tests:
        cells = "".join(f"<td class=n>{escape(effect(each.effects[kind], each))}</td>" for kind in SETS)
        p = each.judgement.probability["posterior"]
        badge = _badge(each.judgement.verdict)
        rows.append(f"<tr><td>{escape(each.test.what)}</td>{cells}<td class=n>{p:.2f}</td><td>{badge}</td></tr>")
    heads = "".join(f"<th>{escape(name)}</th>" for name in ("test", *SETS, "P", ""))
    note = f"<p class=note>{escape(claim.note)}</p>" if claim.note else ""
    said = "".join(f"<p>{escape(test_sentence(each)).replace('*', '')}</p>" for each in result.tests)
    return (
        f'<h3 id="{escape(claim.id)}">{escape(_heading(result))} {_badge(result.judgement.verdict)}</h3>'
        f"<blockquote>{escape(claim.says)}</blockquote><p class=source>{escape('; '.join(claim.source))}</p>"
        f"<p>{escape(verdict_sentence(result))}</p><table><tr>{heads}</tr>{''.join(rows)}</table>{said}{note}"
        f"{_picture(picture, claim.title)}"
    )


def rows_of(results: Sequence[ClaimResult]) -> list[dict]:
    """A row a claim, test and set of parameters or placebo, with COLUMNS."""
    found = []
    for result in results:
        for each in result.tests:
            test, judged = each.test, each.judgement
            sets = {**each.effects, **{f"placebo {name}": value for name, value in each.placebos.items()}}
            for kind, value in sets.items():
                levels = (each.ours, each.theirs) if kind == "posterior" else ("", "")
                found.append(dict(zip(COLUMNS, (
                    result.claim.id, result.claim.number or "", result.claim.layer, result.judgement.verdict, test.what,
                    test.metric.text, test.arm, test.against or test.bound, test.expected, test.matters,
                    "probability" if each.is_probability else test.unit, judged.verdict, judged.reason, kind, *levels,
                    value.value, value.low, value.high, judged.probability.get(kind, ""), value.probability(0.0),
                    value.error, value.between, value.within, value.moved, value.members, value.rows,
                ))))  # fmt: skip
    return found


def as_csv(results: Sequence[ClaimResult]) -> str:
    """Every figure."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows_of(results))
    return out.getvalue()
