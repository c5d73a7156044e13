"""Kinds of event, their codes, and the process that carries out a dated event of each kind.

Documented events, a scenario's dated events and simulated ones share this coding, so that a run's event table reads the
same before and after the branch. The list is `event_kinds.csv`; a code is a row of it. Codes are frozen into compiled
code, so the table is part of what compiled code is filed under (`sim.engine.compiled`).
"""

from sim.facts.event_kinds import ALL, ROWS

#: Processes in the order in which dated events of a month are carried out.
OWNERS = (
    "leaders",
    "external_influence",
    "region",
    "rivers",
    "frictions",
    "border_conflict",
    "bilateral_treaties",
    "accords",
    "ratification",
)
(LEADERS, EXTERNAL_INFLUENCE, REGION, RIVERS, FRICTIONS, BORDER_CONFLICT, BILATERAL_TREATIES, ACCORDS, RATIFICATION) = (
    range(len(OWNERS))
)

EVENT_KINDS = ALL
CODE = {name: code for code, name in enumerate(EVENT_KINDS)}
#: kind -> position of its process in OWNERS; kinds that nothing carries out on their date are missing
OWNER = {row["kind"]: OWNERS.index(row["process"]) for row in ROWS if row["process"] in OWNERS}
#: kind -> what its subject names: rung, accord, format, power, link, node, basin or none
SUBJECT = {row["kind"]: row["subject"] for row in ROWS}

# how a new leader's openness is set (field `value` of a leader change, when it is not a number)
DRAWN = 1.0e9
AS_BEFORE = 2.0e9
