"""What is written on the map of the rivers, and where: by hand, as on any map."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """A text beside a node, moved by points to the right and up; ``flow`` adds the flow below the node."""

    text: str
    right: float
    up: float
    flow: bool = False


#: Where the name of each state stands: longitude, latitude.
STATES_AT = {
    "KAZAKHSTAN": (70.6, 44.2),
    "UZBEKISTAN": (63.6, 41.9),
    "TURKMENISTAN": (60.2, 39.4),
    "KYRGYZSTAN": (74.0, 42.7),
    "TAJIKISTAN": (73.2, 39.2),
    "AFGHANISTAN": (66.2, 36.0),
}

TEXTS_AT = {
    # reservoirs and seas
    "toktogul": Label("Toktogul", 7, -7, True),
    "kambarata_1": Label("Kambarata-1", 0, 8),
    "andijan": Label("Andijan", 9, 0, True),
    "charvak": Label("Charvak", 7, 5, True),
    "kairakkum": Label("Kairakkum", 0, -9, True),
    "shardara": Label("Shardara", -8, 8, True),
    "rogun": Label("Rogun", 0, 8),
    "nurek": Label("Nurek", 8, -4, True),
    "tuyamuyun": Label("Tuyamuyun", 8, 6, True),
    "north_aral": Label("Northern Aral Sea", 9, 0, True),
    "large_aral": Label("delta, Large Aral", 9, 0, True),
    "arnasay": Label("Arnasay lakes", -8, -4, True),
    # head waters
    "in_naryn": Label("Naryn", 6, 0, True),
    "in_vakhsh": Label("Vakhsh", 6, 2, True),
    "in_pyanj": Label("Pyanj", 6, -2, True),
    "in_kunduz": Label("Kunduz", 4, -9, True),
    # places where water is taken
    "d_kgz_fergana": Label("KGZ, Fergana", 12, -16),
    "d_uzb_fergana": Label("UZB, Fergana", 10, -34),
    "d_tjk_sughd": Label("TJK, Sughd", -8, -2),
    "d_uzb_middle": Label("UZB, Hungry steppe", -8, 0),
    "d_kaz_dustlik": Label("KAZ, Maktaaral", -40, 10),
    "d_uzb_chirchik": Label("UZB,\nChirchik", 30, 12),
    "d_kaz_lower": Label("KAZ, Kyzylorda", 9, 0),
    "d_tjk_amu": Label("TJK, Vakhsh and Pyanj", 34, 6),
    "d_uzb_surkhan": Label("UZB, Surkhan", 2, 26),
    "d_afg_qosh_tepa": Label("Qosh Tepa", -6, -12),
    "d_tkm_karakum": Label("TKM, Karakum canal", -9, 0),
    "d_uzb_karshi_bukhara": Label("UZB, Karshi and Bukhara", 8, 4),
    "d_tkm_lebap": Label("TKM, Lebap", -9, 4),
    "d_uzb_lower": Label("UZB, Khorezm and\nKarakalpakstan", 12, 12),
    "d_tkm_dashoguz": Label("TKM,\nDashoguz", -2, -8),
}
