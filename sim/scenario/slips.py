"""Slips in TOML that everyone makes, said in plain words: decimal commas, per cent, dates, quotes, doubled tables."""

import re
import tomllib

_PAIR = re.compile(r"^\s*(?P<key>[\w.\"'-]+)\s*=\s*(?P<value>.*?)\s*(?:#.*)?$")
_HEADER = re.compile(r"^\s*(?P<header>\[\[?[^\[\]]+\]\]?)\s*(?:#.*)?$")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_PER_CENT = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*%")
_DATE_ELSEWHERE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}")
_DATE_UNFINISHED = re.compile(r"\d{4}[./-]\d{1,2}(?:[./-]\d{1,2})?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_WORD = re.compile(r"[^\W\d][\w .-]*")
_CURLY = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab\u00bb"
_MOST = 20
_LONGEST_LINE = 300
_DATE_FORM = "year-month-day without quotes, such as 2031-01-01"


def slips_in(text: str) -> list[tuple[int, str]]:
    """Line and plain words of every slip in a text that is no TOML; empty if what is wrong with it is none of them.

    A line with a slip is blanked and the text parsed again, so that all are found at once; what is not recognised is
    left to the parser's own words.
    """
    lines = text.split("\n")
    found = []
    for _ in range(_MOST):
        try:
            tomllib.loads("\n".join(lines))
            break
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"at line (\d+)", str(error))
        except (ValueError, RecursionError):
            break
        if place is None:
            return sorted(found + _open_text(lines))
        number = int(place[1])
        # an open quote is noticed at the end of its line
        for candidate in (number, number - 1):
            message = _slip(lines, candidate) if 1 <= candidate <= len(lines) else None
            if message:
                found.append((candidate, message))
                lines[candidate - 1] = _blanked(lines, candidate)
                break
        else:
            break
    return sorted(found)


def _open_text(lines: list[str]) -> list[tuple[int, str]]:
    """Text in three quotes that never ends; the parser notices it at the end of the file."""
    for quotes in ('"""', "'''"):
        opening = [number for number, line in enumerate(lines, start=1) if line.count(quotes) % 2]
        if len(opening) % 2:
            return [(opening[-1], f"begins a text with {quotes} that nothing ends.")]
    return []


def _blanked(lines: list[str], number: int) -> str:
    """What stands instead of a line with a slip; a doubled header becomes another, so that its keys stay apart."""
    return f"[__{number}__]" if _HEADER.match(lines[number - 1]) else ""


def _slip(lines: list[str], number: int) -> str | None:
    line = lines[number - 1].rstrip("\r")
    if len(line) > _LONGEST_LINE or not line.replace("\t", "").isprintable():
        return None
    if any(mark in line for mark in _CURLY):
        return 'has curly quotes; text stands in straight ones: "like this".'
    header = _HEADER.match(line)
    if header:
        return _doubled_header(lines, number, header["header"])
    pair = _PAIR.match(line)
    if pair:
        return _wrong_value(pair["key"], pair["value"]) or _doubled_key(lines, number, pair["key"])
    other = re.match(r"^\s*([\w.-]+)\s*(:|\s)\s*(\S.*)$", line)
    if other and "=" not in line:
        return f"has no = between {other[1]} and its value."
    return None


def _wrong_value(key: str, value: str) -> str | None:
    """What is wrong with a value that is no TOML, in plain words."""
    if _COMMA.fullmatch(value):
        return f"{key} is {value}; decimals are written with a point: {value.replace(',', '.')}."
    per_cent = _PER_CENT.fullmatch(value)
    if per_cent:
        share = float(per_cent[1].replace(",", ".")) / 100
        return f"{key} is {value}; shares are written as numbers: {share:g}."
    if _DATE_ELSEWHERE.fullmatch(value) or (_DATE_UNFINISHED.fullmatch(value) and not _DATE.fullmatch(value)):
        return f"{key} is {value}; dates are written {_DATE_FORM}."
    if _DATE.fullmatch(value):
        return f"{key} is {value}, a day that the calendar does not have."
    if value in ("True", "False", "TRUE", "FALSE", "yes", "no", "Yes", "No"):
        meant = "true" if value.lower() in ("true", "yes") else "false"
        return f"{key} is {value}; a switch is true or false, in small letters: {meant}."
    if not value:
        return f"{key} has no value after the =."
    if _WORD.fullmatch(value) and value not in ("true", "false", "inf", "nan"):
        return f'{key} is {value}; text stands in quotes: "{value}".'
    for quote in ('"', "'"):
        if value.count(quote) == 1 and (value.startswith(quote) or value.endswith(quote)):
            return f"{key} lacks a quote: text stands in two, {quote}{value.strip(quote)}{quote}."
    return None


def _doubled_header(lines: list[str], number: int, header: str) -> str | None:
    bare = re.sub(r"\s", "", header)
    for earlier in range(1, number):
        match = _HEADER.match(lines[earlier - 1].rstrip("\r"))
        if match and re.sub(r"\s", "", match["header"]) == bare:
            return f"{header} stands twice, first in line {earlier}; put its keys under one."
    return None


def _doubled_key(lines: list[str], number: int, key: str) -> str | None:
    for earlier in range(number - 1, 0, -1):
        if _HEADER.match(lines[earlier - 1].rstrip("\r")):
            return None
        pair = _PAIR.match(lines[earlier - 1].rstrip("\r"))
        if pair and pair["key"] == key:
            return f"{key} is set twice, first in line {earlier}."
    return None
