"""Who wrote a text, as pages in Western languages say it: ``By John Smith | Posted on March 3, 2008``.

Lines went through `plain`. A name is words that begin with a capital; what stands behind it (``on``,
a date, a bar, his office) is none of it. An agency or a desk (``By The Associated Press``) is no person.
"""

from __future__ import annotations

import re

from scraper.text.people import ACCOUNTS
from scraper.text.stamps import WEEKDAYS, month_of

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
_LONGEST = 100


def writers_in(line: str) -> tuple[str, ...]:
    """The people that a line names as those who wrote: behind ``by``, before an office or a clock."""
    if not 6 <= len(line) <= _LONGEST or _READERS.search(line):
        return ()
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
    names = [_without_rest(name) for name in _SPLIT.split(found[0])]
    told = [name for name in names if name and not _NO_PERSON.search(name)]
    cut = any(name != whole for name, whole in zip(names, _SPLIT.split(found[0]), strict=True))
    if not (cut or _BEHIND.match(text, found.end())):
        return ()
    return tuple(name for name in told if name.casefold() not in _NOBODY)


def _without_rest(name: str) -> str:
    """A name without the date or the office that touches it: ``John Smith March``, ``JOHN SMITH Staff``."""
    words = name.split()
    for at, word in enumerate(words):
        plainly = word.strip(".").lower()
        dated = at > 0 and (
            month_of(plainly) or (WEEKDAYS.fullmatch(plainly) and plainly.endswith("day"))
        )
        if dated or plainly in _ROLES:
            return " ".join(words[:at])
    return name.rstrip(".") if len(words[-1]) > 2 and name.endswith(".") else name
