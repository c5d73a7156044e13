"""The kinds of event that the engine knows, and their codes.

Documented events, a scenario's dated events and simulated ones share this coding, so that a run's event table reads the
same before and after the branch.
"""

EVENT_KINDS = (
    # the ladder
    "rung",
    "declaration",
    "upgrade",
    "council",
    "programme",
    "rung-in-force",
    "rung-lost",
    # accords
    "signature",
    "accession",
    "refusal",
    "ratification",
    "in-force",
    "withdrawal",
    # meetings
    "summit",
    "format-born",
    "format-ends",
    "visit",
    # borders and frictions
    "opening",
    "practical",
    "closure",
    "verbal",
    "standoff",
    "clash",
    "settlement",
    # the world around
    "leader-change",
    "openness",
    "openness-restored",
    "pull",
    "pull-restored",
    "group-share",
    "turbulence",
    "freeze",
    "capacity-frozen",
    # water, and what a scenario does to rivers and borders
    "dispute",
    "diversion",
    "dam",
    "release-change",
    "barter",
    "transfer",
    "inflow-trend",
    "drought",
    "border-reopened",
    "border-frozen",
)

CODE = {name: code for code, name in enumerate(EVENT_KINDS)}

RUNG = CODE["rung"]
DECLARATION = CODE["declaration"]
UPGRADE = CODE["upgrade"]
COUNCIL = CODE["council"]
PROGRAMME = CODE["programme"]
RUNG_IN_FORCE = CODE["rung-in-force"]
RUNG_LOST = CODE["rung-lost"]
SIGNATURE = CODE["signature"]
ACCESSION = CODE["accession"]
REFUSAL = CODE["refusal"]
RATIFICATION = CODE["ratification"]
IN_FORCE = CODE["in-force"]
WITHDRAWAL = CODE["withdrawal"]
SUMMIT = CODE["summit"]
FORMAT_BORN = CODE["format-born"]
FORMAT_ENDS = CODE["format-ends"]
VISIT = CODE["visit"]
OPENING = CODE["opening"]
PRACTICAL = CODE["practical"]
CLOSURE = CODE["closure"]
VERBAL = CODE["verbal"]
STANDOFF = CODE["standoff"]
CLASH = CODE["clash"]
SETTLEMENT = CODE["settlement"]
LEADER_CHANGE = CODE["leader-change"]
OPENNESS = CODE["openness"]
OPENNESS_RESTORED = CODE["openness-restored"]
PULL = CODE["pull"]
PULL_RESTORED = CODE["pull-restored"]
GROUP_SHARE = CODE["group-share"]
TURBULENCE = CODE["turbulence"]
FREEZE = CODE["freeze"]
CAPACITY_FROZEN = CODE["capacity-frozen"]
DISPUTE = CODE["dispute"]
DIVERSION = CODE["diversion"]
DAM = CODE["dam"]
RELEASE_CHANGE = CODE["release-change"]
BARTER = CODE["barter"]
TRANSFER = CODE["transfer"]
INFLOW_TREND = CODE["inflow-trend"]
DROUGHT = CODE["drought"]
BORDER_REOPENED = CODE["border-reopened"]
BORDER_FROZEN = CODE["border-frozen"]

# how a new leader's openness is set (field `value` of a leader change, when it is not a number)
DRAWN = 1.0e9
AS_BEFORE = 2.0e9
