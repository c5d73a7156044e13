"""Names in the order of all arrays over them; the order is frozen into compiled code."""

#: what an instrument can be about
ISSUES = ("trade", "water", "energy", "borders", "transport", "security", "voice")
#: what can be closed or opened; only crossings count as a border that is open or not
CLOSABLE = ("crossings", "transport", "energy", "water")
