"""The forms in which people write dates and times; patterns only, what they mean is read elsewhere.

All are for texts that went through `plain`. Groups: year, month, day, noon, hour, minute, second, half.
"""

from __future__ import annotations

import re

_DASH = "-/.．‐‑‒–—―−"
_YEAR = r"(?P<year>(?:19[4-9]|20\d)\d)"
_YEAR_ALONE = rf"{_YEAR}(?<!\d{{5}})"
"""A year that no figure touches from before. Said behind it: a pattern that begins with figures, not
with a look back, is looked for where those figures stand, and nowhere else."""
_MONTH, _DAY = "(?P<month>0?[1-9]|1[0-2])", r"(?P<day>3[01]|[12]\d|0?[1-9])"
_NOON = "上午|下午|晚上|晚间|夜间|夜里|傍晚|中午|凌晨|清晨|早上|早晨|早|晚|[AaPp][Mm]"
_CLOCK = (
    rf"(?:(?P<noon>{_NOON})\s{{0,3}})?(?P<hour>[01]?\d|2[0-4])\s{{0,2}}[:∶︰﹕꞉时点時點]\s{{0,2}}"
    r"(?P<minute>[0-5]\d|\d(?=\s{0,2}分))(?:\s{0,2}[:∶︰﹕꞉分]\s{0,2}(?P<second>[0-5]\d)(?!\d))?"
    r"(?:[分秒]|\.\d{1,9})?(?:\s{0,3}(?P<half>[AaPp]\.?[Mm](?![A-Za-z])|[上下]午(?![\u4e00-\u9fff])))?"
)
_WEEKDAY = r"(?:\(?(?:星期|周|礼拜)[一二三四五六日天]\)?\s{0,3})?"

MOMENT = re.compile(
    rf"{_YEAR_ALONE}\s{{0,3}}[{_DASH}年]\s{{0,3}}{_MONTH}\s{{0,3}}[{_DASH}月]\s{{0,3}}{_DAY}(?!\d{{3}})"
    rf"\s{{0,3}}[日号]?(?:\s{{0,9}}[T,|]?\s{{0,9}}{_WEEKDAY}{_CLOCK})?(?!\d)"
)
"""A full date, perhaps with a time of day, in a line that went through `plain`."""
SHORT = re.compile(
    rf"(?<![\d:/.年-])(?<!年\s){_MONTH}(?P<sign>[{_DASH}月])\s{{0,2}}{_DAY}日?\s{{1,3}}{_CLOCK}"
)
"""A day and time of day without a year."""
BRIEF = re.compile(
    r"(?<![\d:/.-])(?P<year>0[5-9]|[1-4]\d)(?P<sign>[-/.])(?P<month>0[1-9]|1[0-2])(?P=sign)"
    rf"(?P<day>0[1-9]|[12]\d|3[01])(?![\d:/.-])(?:\s{{1,3}}{_CLOCK})?"
)
"""A date whose year has two figures: ``14-11-05 10:41``."""

NAMED_DAY = re.compile(
    rf"(?<![\d年])(?<!年\s){_MONTH}\s{{0,2}}月\s{{0,2}}{_DAY}\s{{0,2}}[日号](?:\s{{0,3}}{_CLOCK})?"
)
BARE_DAY = re.compile(rf"[\[(【〔|\s]{{0,3}}{_MONTH}\s?[{_DASH}月]\s?{_DAY}日?[\])】〕|\s]{{0,3}}")
UNORDERED = re.compile(
    rf"(?<![\d/.-])(?P<one>[0-3]?\d)(?P<sign>[/.-])(?P<other>[0-3]?\d)(?P=sign){_YEAR}"
    rf"(?![\d/.-])(?:,?\s{{1,3}}(?:(?:[-–—@]|at)\s{{1,3}})?{_CLOCK})?"
)
SPACED = re.compile(
    rf"{_YEAR_ALONE}\s{{1,4}}{_MONTH}\s{{0,3}}[{_DASH}]\s{{0,3}}{_DAY}(?!\d)(?:\s{{1,4}}{_CLOCK})?"
)
"""``2019 09-07 19:02``: the year in an element of its own."""
SPLIT_DAY = re.compile(
    rf"{_DAY}\s{{1,3}}(?:/\s{{1,3}})?{_YEAR}\s{{0,2}}[{_DASH}年]\s{{0,2}}{_MONTH}\s{{0,2}}月?"
)
"""The day in large figures, year and month below it."""
YEAR_LAST = re.compile(rf"{_MONTH}\s{{0,2}}[{_DASH}月]\s{{0,2}}{_DAY}日?\s{{1,3}}{_YEAR}年?")
_NUMERAL = "〇○零一二三四五六七八九十"
NUMERALS = re.compile(
    rf"(?P<year>[{_NUMERAL}]{{4}})年(?P<month>[{_NUMERAL}]{{1,3}})月(?P<day>[{_NUMERAL}]{{1,3}})[日号]"
    rf"(?:\s{{0,3}}(?P<noon>{_NOON})?(?P<hour>[{_NUMERAL}]{{1,3}})[时点](?P<minute>[{_NUMERAL}]{{1,3}})分)?"
)
CLOCK = re.compile(rf"\s{{0,3}}{_CLOCK}")
"""A time of day behind a date in numerals."""
CLOCK_BEFORE = re.compile(
    r"(?<![\d:./-])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?"
    r"(?:\s?(?P<half>[AaPp]\.?[Mm]\.?))?[\s,|]{1,3}$"
)
"""``20:26 2023-09-14``: the time of day right before a date that has none."""
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
          "october", "november", "december")  # fmt: skip
_NAMED_MONTH = (
    "(?P<named>" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS) + r"|sept)\.?"
)
_TWELVE = (
    r"(?P<hour>[01]?\d|2[0-3])(?::(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?)?"
    r"\s{0,2}(?P<half>[ap]\.?m\b\.?)|(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)(?::(?P<second24>[0-5]\d))?"
)
_NTH = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_AT = r"\s{0,3}(?:,|\bat\b|@|[-–—|])?\s{0,3}"
WESTERN = tuple(
    re.compile(rf"(?<![A-Za-z\d])(?:{form})(?!\d)", re.IGNORECASE)
    for form in (
        rf"{_NAMED_MONTH}\s{{0,2}}{_NTH}(?!\d),?\s{{1,3}}{_YEAR}(?:{_AT}(?:{_TWELVE}))?",
        rf"{_NTH}[\s-]{{1,2}}(?:of\s)?{_NAMED_MONTH},?[\s-]{{1,2}}{_YEAR}(?:{_AT}(?:{_TWELVE}))?",
        rf"{_NAMED_MONTH}\s{{1,2}}{_NTH}\s(?:{_TWELVE})\s(?:[A-Z]{{3,4}}\s)?{_YEAR}",
    )
)
"""``March 3, 2008 at 3:15 PM``, ``3rd March 2008``, ``Mar 3 15:15:04 CST 2008``, in a line with other words."""
MONTH_NAME = re.compile(
    "[Jj](?:[Aa][Nn]|[Uu][NnLl])|[Ff][Ee][Bb]|[Mm][Aa][RrYy]|[Aa](?:[Pp][Rr]|[Uu][Gg])|[Ss][Ee][Pp]|[Oo][Cc][Tt]|"
    "[Nn][Oo][Vv]|[Dd][Ee][Cc]"
)
"""What a line with such a date holds."""
CLOCK_OF_TWELVE = re.compile(
    rf"(?<![\d:.])(?:{_TWELVE})(?:\s{{0,2}}[,|]|\s{{1,2}}on)?\s{{1,3}}$", re.IGNORECASE
)
"""``3:15 PM, ``: the time of day right before such a date."""
MONTH_FIRST = re.compile(
    r"(?<![一-鿿])(?P<month>十[一二]?|[一二三四五六七八九])月\s{1,2}(?P<day>\d{1,2})(?:st|nd|rd|th)?,\s{0,2}"
    rf"{_YEAR}"
)
"""``十一月 6th, 2009``: WordPress with Chinese names of months."""
