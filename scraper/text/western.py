"""Who wrote a text, as pages in Western languages say it: ``By John Smith | Posted on March 3, 2008``.

Lines went through `plain`. A name is words that begin with a capital; what stands behind it (``on``,
a date, a bar, his office) is none of it. An agency or a desk (``By The Associated Press``) is no person.
"""

from __future__ import annotations

import re

from scraper.text.forms import MONTHS
from scraper.text.people import ACCOUNTS
from scraper.text.reached import without_reached
from scraper.text.stamps import WEEKDAYS, month_of
from scraper.text.vocabulary import one_of

_WORD = r"[A-Z\u00c0-\u00de][\w'’.-]{0,20}"
_NAME = rf"{_WORD}(?:\s(?:(?:de|van|von|der|den|la|del|da|bin|al)\s){{0,2}}{_WORD}){{0,3}}"
_NAMES = re.compile(rf"{_NAME}(?:(?:\s?,\s|\sand\s|\s&\s){_NAME}){{0,3}}")
_BEHIND = re.compile(
    r"\s{0,3}(?:$|[,;|•·@(\[/]|[-–—]\s|\d|(?i:on|at|in|for|posted|published|updated|staff|special|senior)\b)"
)
_SPLIT = re.compile(r"\s?,\s|\sand\s|\s&\s")
_VERB = r"(?i:posted|written|published|submitted|reported|filed|story|article|text|words)"
_BY = re.compile(
    rf"(?:^\W{{0,3}}|[|•·—–(]\s{{0,2}}|\d{{4}},?\s{{1,2}}|\b{_VERB}\b[^.!?]{{0,60}}?\s)(?i:by):?\s{{1,3}}(?=[\w])"
)
_ACCOUNT = re.compile(
    r"(?i:posted|submitted)\b[^.!?]{0,60}?\sby:?\s{1,3}([\w-][\w.-]{1,18}[\w-])(?=\s{0,2}(?:$|[@|,]|(?:on|at|in)\b|\d))",
    re.IGNORECASE,
)
"""``posted by jsmith @``: what a system calls the one who put it there."""
_SIGNED = re.compile(rf"[-–—]\s({_NAME})\s@\s\d")
"""``Filed under: Town — John Smith @ 3:15 pm``."""
_OFFICE = re.compile(
    rf"^({_NAME}),?\s(?i:(?:(?:staff|senior|special|guest|contributing|chief|freelance)\s){{0,2}}(?:writer|reporter|correspondent|columnist|contributor))\b"
)
_ROLES = frozenset(("staff", "senior", "special", "guest", "contributing", "writer", "reporter", "editor",
                    "correspondent", "columnist", "contributor", "posted", "published", "updated", "on", "at", "in"))  # fmt: skip
_NO_PERSON = re.compile(
    r"(?i)^the\b|\b(?:press|times|news|staff|reuters|afp|agency|post|team|desk|editors?|blog|daily|service|inc)\.?$"
)
_READERS = re.compile(r"(?i)\bcomments?\sby\b|\b(?:says|said|replied|reply)\b")
_MONTH = rf"(?:{one_of(MONTHS)}|(?:{one_of(name[:3] for name in MONTHS)}|sept)\b)"
_OF_MONTH = re.compile(
    rf"\.?,?\s{{0,3}}(?:\d{{1,2}}(?:st|nd|rd|th)?(?!\d|[:/.-]\d|\s{{1,2}}{_MONTH})|(?:19|20)\d\d(?![\d/.-]))",
    re.IGNORECASE,
)
"""What follows a month: a day or a year, no other date (``Theresa May 3 May 2008``) and no time of day."""
_DATE = re.compile(rf",?\s{{0,3}}(?:{_MONTH}|\d|at\b)", re.IGNORECASE)
_LONGEST, _LONGEST_DATE = 100, 24


def writers_in(line: str) -> tuple[str, ...]:
    """The people that a line names as those who wrote: behind ``by``, before an office or a clock."""
    if not 6 <= len(line) <= _LONGEST or _READERS.search(line):
        return ()
    line = without_reached(line)
    if found := _BY.search(line):
        if names := names_at_start(line[found.end() :]):
            return names
        account = _ACCOUNT.search(line)
        return (account[1],) if account and account[1].casefold() not in _NOBODY else ()
    signed = _OFFICE.search(line) or _SIGNED.search(line)
    return names_at_start(signed[1]) if signed else ()


def is_desk(name: str) -> bool:
    """Whether a name in Latin letters is an agency's, a paper's, a desk's."""
    return _NO_PERSON.search(name) is not None


_NOBODY = frozenset(word.casefold() for word in ACCOUNTS)


def names_at_start(text: str) -> tuple[str, ...]:
    """The people with whose names a text in Latin letters begins; none where more than names stands there."""
    found = _NAMES.match(text)
    if found is None:
        return ()
    names, cut, past = [], False, 0
    for whole in _SPLIT.split(found[0]):
        past = text.index(whole, past) + len(whole)
        names.append(_without_rest(whole, text[past : past + _LONGEST_DATE]))
        cut = cut or names[-1] != whole
    if not (cut or _BEHIND.match(text, found.end())):
        return ()
    told = (name for name in names if name and not _NO_PERSON.search(name))
    return tuple(name for name in told if name.casefold() not in _NOBODY)


def _without_rest(name: str, behind: str) -> str:
    """A name without the date or the office that touches it: ``John Smith March`` 3, ``JOHN SMITH Staff``.

    ``behind`` is what follows in the line: in ``Ann May Lee`` and ``Theresa May`` no date begins.
    """
    words = name.split()
    office = next((at for at, word in enumerate(words) if _plainly(word) in _ROLES), len(words))
    dated = office < len(words)
    del words[office:]
    while words and not dated and _is_of_date(words, behind):
        behind = f"{words.pop()} {behind}"
    found = " ".join(words)
    return found.rstrip(".") if words and len(words[-1]) > 2 else found


def _is_of_date(words: list[str], behind: str) -> bool:
    """Whether the last word is a month before a day or a year, or a day of the week.

    A day of the week stands before its date, alone, or behind a first and a last name.
    """
    word = _plainly(words[-1])
    if WEEKDAYS.fullmatch(word) and word.endswith("day"):
        return len(words) != 2 or _DATE.match(behind) is not None
    return month_of(word) > 0 and _OF_MONTH.match(behind) is not None


def _plainly(word: str) -> str:
    return word.strip(".").lower()
