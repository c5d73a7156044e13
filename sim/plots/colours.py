"""Colours of all plots: one for each state everywhere, others for what is documented, supposed and simulated.

They can be told apart under the three kinds of colour blindness (Machado et al. 2009) and in grey print; the ladder's
colours fall in lightness with the rung.
"""

from sim.words import STATES as NAMES

#: Of the states of a region in the order of their table; a seventh is grey.
STATES = ("#d66ad0", "#2f5fd0", "#8c1c4b", "#2b6b38", "#2b1a4d", "#2bb3ae")
INK, GREY, FAINT = "#1a1a1a", "#595959", "#d4d4d4"
RECORD = "#d55e00"  # whatever is documented
SUPPOSED = INK  # whatever the scenario states
BANDS = {95: "#d3e3f1", 80: "#9dc3e1", 50: "#5599c8"}  # whatever is simulated
REPLAYED = {95: "#e6e6e6", 80: "#cfcfcf", 50: "#b0b0b0"}
MEDIAN = "#12355b"
WATER = "#5599c8"
RUNGS = ("#f1f1f1", "#dfa832", "#2f8f9d", "#1f2f6b")  # relations, friendship, partnership, alliance
#: Runs side by side, in the order in which they are given; markers tell them apart too.
RUNS = ("#12355b", "#c2571a", "#3d8b7d", "#a05aa8", "#8a6d00", "#5aa0d6")
MARKERS = ("o", "s", "^", "D", "v", "P")
#: Ends and middle of scales: trust, water that lacks, trade, less to more.
TRUST = ("#8c3b00", "#e08a3c", "#f7f3ee", "#6ba6d2", "#0b3d78")
LACKING = ("#fbfaf7", "#f3d9a4", "#e09a3e", "#a8480f", "#5c1a00")
TRADE = ("#ffffff", "#9dc3e1", "#12355b")
CHANGE = ("#b35806", "#f7f7f7", "#12558c")


def state(code: str) -> str:
    """Colour of a state by its place in its region, grey for a seventh and for a code that is none."""
    place = NAMES.place(code)
    return STATES[place] if place is not None and place < len(STATES) else GREY


def rung(number: int) -> str:
    """Colour of a rung counted from 0."""
    return RUNGS[min(number + 1, len(RUNGS) - 1)]
