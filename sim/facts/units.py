"""Units of river numbers: which a cell may have, and by what a number is multiplied to come into the table's own."""

#: quantity's unit -> {accepted unit: factor}; further words after an own unit ("km3 on 1 October") only explain.
_VOLUMES = {"km3": 1.0, "billion m3": 1.0, "million m3": 1e-3, "hm3": 1e-3, "mcm": 1e-3, "bcm": 1.0, "m3": 1e-9}
_SHARES = {"share": 1.0, "fraction": 1.0, "%": 0.01, "percent": 0.01, "per cent": 0.01}
_ENERGY = {"TWh": 1.0, "GWh": 1e-3}
_PER = ("a month", "a year", "per km3")


def factor_to(own: str, written: str) -> float | None:
    """What a number in the unit `written` is multiplied by to be in the unit `own`; None where it cannot be.

    Parameters
    ----------
    own : a unit of the list of quantities: "km3", "km3 a month", "share", "TWh per km3", "years", or empty for any
    """
    if not own:
        return 1.0
    unit = " ".join(written.replace("³", "3").replace("m^3", "m3").replace("/", " per ").split())
    unit = unit.replace("per year", "a year").replace("per month", "a month")
    base, per = _split(own)
    for table in (_VOLUMES, _SHARES, _ENERGY):
        if base not in table:
            continue
        for word, factor in table.items():
            rest = unit[len(word) :].strip()
            if unit.casefold().startswith(word.casefold()) and unit[len(word) : len(word) + 1] in ("", " "):
                timed = table is not _SHARES  # a share "of storage a year" is a share
                return factor if not timed or _split(f"x {rest}")[1] == per else None
        return None
    return 1.0 if unit.split(" ")[0].casefold() in (own, own.removesuffix("s")) else None


def _split(unit: str) -> tuple[str, str]:
    """A unit without and with what it counts by: ("km3", "a month")."""
    for per in _PER:
        if unit.endswith(" " + per) or f" {per} " in unit:
            return unit.partition(" " + per)[0], per
    return unit, ""


def accepted(own: str) -> str:
    """The units that a cell may have, in words."""
    base, per = _split(own)
    table = next((table for table in (_VOLUMES, _SHARES, _ENERGY) if base in table), {base: 1.0})
    return ", ".join(f"{word} {per}".strip() for word in table)
