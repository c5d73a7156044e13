"""The map's projection: Lambert conformal conic on the sphere (Snyder 1987, *Map Projections*, ch. 15), in pixels."""

import math

_SOUTH, _NORTH, _CENTRE = math.radians(37.0), math.radians(50.0), math.radians(66.5)
#: Width and height of the sheet in pixels: from Baku to the Altai, from the Irtysh to Serhetabat.
SHEET = (1000, 690)


def _tangent(latitude: float) -> float:
    return math.tan(math.pi / 4 + latitude / 2)


_N = math.log(math.cos(_SOUTH) / math.cos(_NORTH)) / math.log(_tangent(_NORTH) / _tangent(_SOUTH))
_F = math.cos(_SOUTH) * _tangent(_SOUTH) ** _N / _N


def _plane(longitude: float, latitude: float) -> tuple[float, float]:
    radius = _F / _tangent(math.radians(latitude)) ** _N
    angle = _N * (math.radians(longitude) - _CENTRE)
    return radius * math.sin(angle), radius * math.cos(angle)


_LEFT, _RIGHT = _plane(44.4, 39.0)[0], _plane(87.7, 49.0)[0]
_SCALE = SHEET[0] / (_RIGHT - _LEFT)
_TOP = _plane(71.0, 55.7)[1]


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Place on the sheet, x to the right and y downwards, of a longitude and latitude in degrees."""
    x, y = _plane(longitude, latitude)
    return (x - _LEFT) * _SCALE, (y - _TOP) * _SCALE
