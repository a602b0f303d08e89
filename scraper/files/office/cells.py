"""A cell's value as its workbook shows it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from scraper.errors import FileTooLarge
from scraper.files.allowance import Allowance
from scraper.files.model import FilePart
from scraper.refusal import Refusal

_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\[\]]*\]|_.|\*.')
_LITERAL = re.compile(r"""\"([^"]*)\"|\\(.)|\[\$([^\[\]-]*)(?:-[^\[\]]*)?\]|([%¥$()+-])|_.|\*.""")
_FIGURES = re.compile(r"[#?0][#?0,]*(?:\.[#?0]+)?|\.0+")
_DECIMALS = re.compile(r"\.([0#?]+)")
_CODES = re.compile("[A-Za-z@]")
_MIDNIGHT = dt.time()


def sheet_of(
    rows: Iterable[Sequence[str]], allowance: Allowance, *, name: str, hidden: bool
) -> FilePart:
    """A sheet's rows as lines, cells parted by tabs; what is beyond the allowance is left out.

    Args:
        rows: each row's cells as shown, empty ones included.
        allowance: bounds the cells, and the characters.
        name: the sheet's.
        hidden: whether the workbook does not show it.

    Raises:
        FileTooLarge: the sheet has more cells than are read.
    """
    lines = list[str]()
    cells, signs, cut = 0, 0, False
    for row in rows:
        cells += max(len(row), 1)
        if cells > allowance.limits.cells:
            raise FileTooLarge("a sheet whose cells are more than are read", Refusal.TOO_MANY_CELLS)
        if signs > allowance.characters:
            cut = True
            break
        line = "\t".join(row).rstrip("\t")
        if line:
            lines.append(line)
        signs += len(line)
    return FilePart("\n".join(lines), name=name, hidden=hidden, cut=cut)


def shown(value: object, form: str | None = None) -> str:
    """A value in the form its cell has: per cent, decimals, thousands, days in Chinese or ISO 8601.

    Args:
        value: a text, number, day, time or truth as read; None for an empty cell.
        form: the number format's code (ECMA-376 §18.8.31), its first section counts.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, form or "General")
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return _moment(value, form or "")
    if isinstance(value, dt.timedelta):
        return _elapsed(value)
    return " ".join(str(value).replace("\t", " ").split("\n")).strip()


def _number(value: float, form: str) -> str:
    """A number by the section of its form that is its sign's, with what stands around its figures."""
    section, value = _section(form, value)
    pattern = _masked(section)
    figures = _FIGURES.search(pattern)
    if figures is None and not _CODES.search(pattern):
        return _literal(section)
    if figures is None or "E" in pattern or "/" in pattern:
        return plain_number(value)
    decimals = _DECIMALS.search(figures[0])
    places = min(len(decimals[1]) if decimals else 0, 15)
    comma = "," if "," in figures[0] else ""
    per_cent = "%" in pattern[figures.end() :]
    told = f"{value * 100 if per_cent else value:{comma}.{places}f}"
    if decimals and "#" in decimals[1]:
        told = told.rstrip("0").rstrip(".")
    if not comma:
        whole, point, rest = told.partition(".")
        told = whole.zfill(min(figures[0].partition(".")[0].count("0"), 30)) + point + rest
    return _literal(section[: figures.start()]) + told + _literal(section[figures.end() :])


def _masked(form: str) -> str:
    """A form without what it says literally, each sign in its place."""
    return _QUOTED.sub(lambda found: "\x00" * len(found[0]), form)


def _section(form: str, value: float) -> tuple[str, float]:
    """Which of a form's sections a number takes, and the number as that section shows it.

    A section that shows a loss by its colour alone keeps the minus: a text has no colours.
    """
    ends = [n for n, sign in enumerate(_masked(form)) if sign == ";"]
    starts = [0, *(end + 1 for end in ends)]
    sections = [form[start:end] for start, end in zip(starts, [*ends, len(form)], strict=True)]
    if any(sign in each for each in sections for sign in ("[<", "[>", "[=")):
        return sections[0], value
    if value < 0 and len(sections) > 1:
        signed = any(sign in sections[1] for sign in "-(（")
        return sections[1], -value if signed or not _FIGURES.search(_masked(sections[1])) else value
    return (sections[2], value) if value == 0 and len(sections) > 2 else (sections[0], value)


def _literal(form: str) -> str:
    """What a form says besides figures: quoted and escaped signs, a currency, per cent."""
    return "".join(
        quoted or escaped or currency or percent
        for quoted, escaped, currency, percent in _LITERAL.findall(form)
    )


def _elapsed(value: dt.timedelta) -> str:
    """Hours (more than a day's, too), minutes, and seconds where there are any."""
    seconds = round(value.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    told = f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02d}"
    return f"{told}:{rest % 60:02d}" if rest % 60 else told


def plain_number(value: float) -> str:
    """A number as a general cell shows it: fifteen figures, no empty decimals."""
    if isinstance(value, int) or (value == value // 1 and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.15g}"


def _moment(value: dt.date | dt.time, form: str) -> str:
    if isinstance(value, dt.time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    day = value.date() if isinstance(value, dt.datetime) else value
    if "年" in form and "月" in form:
        told = f"{day.year}年{day.month}月" + (f"{day.day}日" if "日" in form else "")
    else:
        told = day.isoformat()
    if isinstance(value, dt.datetime) and value.time() != _MIDNIGHT:
        told += f" {_moment(value.time(), '')}"
    return told
