"""Lines that say who made a release, taken apart: ``本报记者 张三/文 李四/图``, ``（文 张盐）``.

A line is read as a whole: words for roles, names before or behind them, the units of the named,
and signs between. What a role's names are depends on the signs: ``文/张三`` and ``张三/文`` both
name a writer. Where a word is neither name, unit nor role, the line says something else and the
reading says so; half of several names is never given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from scraper.text.people import HAN, is_surely_name, kind_of
from scraper.text.reached import without_reached
from scraper.text.vocabulary import one_of, words

Role = Literal["writer", "photographer", "editor", "other"]
Kind = Literal["name", "role", "unit", "aside", "other"]

_FOLLOWED = words("roles", "writers")
_DONE = words("roles", "writing")
_PICTURED = words("roles", "picturing")
_ROLES: dict[str, frozenset[Role]] = {
    **dict.fromkeys(words("labels", "source", "time", "other"), frozenset(("other",))),
    **dict.fromkeys(words("labels", "editor"), frozenset(("editor",))),
    **dict.fromkeys(words("labels", "author"), frozenset(("writer",))),
    **dict.fromkeys(words("roles", "others"), frozenset(("other",))),
    **dict.fromkeys(words("roles", "editors"), frozenset(("editor",))),
    **dict.fromkeys(_PICTURED, frozenset(("photographer",))),
    **dict.fromkeys(_FOLLOWED + _DONE, frozenset(("writer",))),
}
_ACTIONS = frozenset(_DONE + _PICTURED)
"""Words that stand before a name or behind it; all others stand before it."""
_INSIDE = words("roles", "inside")
_ASIDE = frozenset(words("not_names", "around"))
_OF_MEDIA = tuple(word for word in words("roles", "before") if "媒" in word)
"""``古城融媒记者``: what touches such a word is whose desk it is, no person."""
_DESKS = frozenset(words("roles", "desks"))

_LONGEST = 200
_WRITERS = re.compile(
    one_of(role for role in _FOLLOWED + _DONE if len(role) > 1 and "/" not in role and "、" not in role)
)  # fmt: skip
_LONE_SIGN = re.compile(r"[文图](?:(?<![\u4e00-\u9fff].)|(?<=丨.))(?:$|[^\u4e00-\u9fff]|丨)")
"""文 or 图 in no word. Apart from the words, and its own sign first: so both are looked for by signs."""
EDITS = re.compile("编|责")
"""What a line that names an editor holds."""
_OUTER = " \t\x1f■●▲◆□★☆○◎△▼▽◇※▌▍▎▏▶►*#-—–>·•|/\"'“”"
_SIGNS = re.compile(r"[\s\x1f、,;&()\[\]【】〔〕〖〗<>《》“”\"'。.!…]+|[/|︱∣丨‖]|:")
_CHUNKS = re.compile(rf"(?:{_SIGNS.pattern})+")
_IN_NAME = rf"(?:{one_of(words('roles', 'within'))})?(?:{one_of(words('roles', 'departments'))})"
_ROLE = re.compile(
    rf"(?:{one_of(words('roles', 'before'))}){{0,3}}(?:{one_of(_INSIDE)})(?!{_IN_NAME})"
)
"""A word for a role that is no part of a department's name."""
_DEPARTMENT = re.compile(rf"(?:{one_of(_INSIDE)}){_IN_NAME}")
_QUOTED = re.compile(
    r"《[^《》]{0,40}》|“[^“”]{0,40}”|[(\[〔【](?:[美英法德俄苏日韩意加澳印葡荷奥挪]|西班牙|瑞士|瑞典|丹麦|古希腊|[\u4e00-\u9fff]{1,3}国)[)\]〕】]"
)
"""Titles of works, words in quotation marks, and where a foreigner is from (［美］)."""
_BRACKETED = re.compile(rf"(?<={HAN})\s?\(([^()]{{1,14}})\)")
"""What stands behind a name: a unit, a place, that he is in training."""
_TITLED = re.compile(rf".{{0,30}}?(?:{one_of(words('not_names', 'titles'))})({HAN}{{2,4}})")
_BEFORE = re.compile(rf"(?:{one_of(words('roles', 'before'))}){{1,3}}")
_COMBINED = re.compile(
    r"(?<![^\s\x1f(\[【])(文|图|文字)\s{0,2}[、+&]\s{0,2}(图|文|摄|图片|摄影)(?![^\s\x1f:/|︱丨)\]】])"
)
"""``文、图``: one word for two."""
_LONE = re.compile(
    rf"(?<!{HAN})(?![文图摄])({HAN})[\s\x1f]{{1,4}}({HAN})(?:[\s\x1f]{{1,4}}({HAN})(?![\s\x1f]{{0,4}}{HAN}))?(?!{HAN})"
)
"""A name spread over its signs; of four lone signs two make a name each."""
_AND = re.compile(rf"({HAN}{{2,6}})[和与]({HAN}{{2,6}})")
_AND_OTHERS = re.compile(rf"({HAN}{{2,4}})等人?$")
"""``张三等``: one of several."""
_NO_WORD = re.compile(r"[\W\d_]+|[A-Z]{1,4}\d{2,6}")
"""Figures, an editor's number (``PN269``)."""


@dataclass(frozen=True, slots=True)
class Credits:
    """Who did what, as a line says it; each list in the order of the line.

    Attributes:
        bare: names without a role.
        roles: whether any role is named.
        whole: whether every word of the line was understood.
        units: whether a medium, an office or another unit stands among the words.
        asides: whether words that are passed over do.
    """

    writers: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    roles: bool = False
    whole: bool = True
    units: bool = False
    asides: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Kind
    text: str
    sign: str
    """What stands before it: "", a blank, "/" or ":"."""


@dataclass(slots=True)
class _Reader:
    """Gives names to roles, token by token."""

    tokens: list[_Token]
    role: frozenset[Role] | None
    groups: list[tuple[frozenset[Role] | None, list[str]]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    forward: bool = False
    """Whether a slash or colon between a role and the name behind it was seen."""
    whole: bool = True
    unsure: bool = False
    """Whether a word that only its place makes a name stands before a role: ``青川 摄影``."""

    def read(self) -> None:
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            at += 1
            if token.kind == "name":
                self.names.append(token.text)
            elif token.kind == "role":
                roles = [token]
                while (following := self._next_role(at)) >= 0 and not self._parts(
                    roles[-1], self.tokens[following]
                ):
                    roles.append(self.tokens[following])
                    at = following + 1
                self._turn(roles, self.tokens[at:])
            elif token.kind == "other" and (self.names or self.groups):
                self.whole = False
                break
            elif token.kind == "other":
                self.whole = False  # what the named are: 公共网络发起人
        self._close(self.role)

    def _parts(self, done: _Token, following: _Token) -> bool:
        """Whether a role is another's: ``李四 文/图 编辑 王五``, what was done by those before it ends there."""
        named = bool(self.names) and done.text in _ACTIONS
        return named and following.text not in _ACTIONS and following.sign == " "

    def _next_role(self, at: int) -> int:
        """Where another role stands that belongs to the one before; a unit may stand between.

        Behind a colon there is none: ``作者： 编辑：张三`` names no author.
        """
        if at < len(self.tokens) and self.tokens[at].kind == "unit" and self.tokens[at].sign != ":":
            at += 1
        if at < len(self.tokens) and self.tokens[at].kind == "role" and self.tokens[at].sign != ":":
            return at
        return -1

    def _turn(self, roles: list[_Token], rest: list[_Token]) -> None:
        """Roles were read: what they are called by stands behind them, or it stood before."""
        done = [token for token in roles if token.text in _ACTIONS] or roles
        meant = frozenset(role for token in done for role in _ROLES[token.text])
        following = next((token for token in rest if token.kind not in {"unit", "aside"}), None)
        named = following is not None and following.kind == "name"
        sign = rest[0].sign if rest else ""
        if self.names and self._is_behind(roles, named=named, sign=sign):
            self.unsure |= self.role is None and not all(map(is_surely_name, self.names))
            self._close(meant)
            return
        self.forward = self.forward or (named and sign in {"/", ":"})
        self._close(self.role)
        self.role = meant

    def _is_behind(self, roles: list[_Token], *, named: bool, sign: str) -> bool:
        if sign == ":":
            return False
        if not all(token.text in _ACTIONS for token in roles):
            return self.role is None and not named and roles[-1] is self.tokens[-1]
        if not named:
            return True
        touching = roles[0].sign in {"", "/"} and not self.forward
        return touching or (self.role is None and self.tokens[-1].kind == "role")

    def named(self, role: Role | None) -> tuple[str, ...]:
        """The names that a role was given; for None those without one."""
        if not self.groups:
            return ()
        found = (names for had, names in self.groups if role in (had or {None}))
        return tuple(dict.fromkeys(name for names in found for name in names))

    def _close(self, role: frozenset[Role] | None) -> None:
        if self.names:
            self.groups.append((role, self.names))
            self.names = []


def writes(line: str) -> bool:
    """Whether a line holds what one that names a writer does; for not reading the others."""
    return _WRITERS.search(line) is not None or _LONE_SIGN.search(line) is not None


def read_credits(line: str, role: Role | None = None) -> Credits:
    """What a line (gone through `plain`) says of who made a release.

    Args:
        line: the line, or the value behind a label.
        role: what the label says of names before any other role.
    """
    if len(line) > _LONGEST:
        return Credits(whole=False)
    tokens = _likened(list(_tokens(line)))
    if any(token.kind == "other" and len(token.text) == 1 for token in tokens):
        return Credits(whole=False)  # a name was cut or spread in a way that is not known
    reader = _Reader(tokens, frozenset((role,)) if role else None)
    reader.read()
    _all_pictured(reader)

    kinds = {token.kind for token in tokens}
    return Credits(
        reader.named("writer"), reader.named("photographer"), reader.named("editor"), reader.named(None),
        roles="role" in kinds, whole=reader.whole and not reader.unsure,
        units="unit" in kinds, asides="aside" in kinds,
    )  # fmt: skip


def _likened(tokens: list[_Token]) -> list[_Token]:
    """``记者娜仁花 通讯员张三``: what touches a role is a name where that of another role surely is."""
    touching = [
        at
        for at, (role, token) in enumerate(pairwise(tokens), 1)
        if role.kind == "role" and token.kind == "other" and not token.sign and _may_be(token.text)
    ]
    if touching and any(t.kind == "name" and is_surely_name(t.text) for t in tokens):
        for at in touching:
            tokens[at] = replace(tokens[at], kind="name")
    return tokens


def _may_be(word: str) -> bool:
    return kind_of(word) in {"name", "pen name"} and 2 <= len(word) <= 4


def bare_names(text: str) -> tuple[str, ...]:
    """The people named in a text without a role: every word must surely be a name."""
    found = read_credits(text)
    names = found.bare
    others = found.roles or found.units or found.asides
    sure = found.whole and not others and all(map(is_surely_name, names))
    return names if sure and len(names) <= 5 else ()


def _all_pictured(reader: _Reader) -> None:
    """``本报记者 张三 通讯员 李四 摄``: 摄 at the end is what all of them did."""
    last = reader.tokens[-1] if reader.tokens else None
    if last is None or last.text not in _PICTURED or last.sign == "/" or len(reader.groups) < 2:
        return
    if not any(t.text in _ACTIONS for t in reader.tokens[:-1]) and reader.tokens[-2].kind == "name":
        pictured: frozenset[Role] = frozenset(("photographer",))
        reader.groups = [(pictured, names) for _, names in reader.groups]


def _tokens(line: str) -> Iterator[_Token]:
    text = _BRACKETED.sub(_without_place, _QUOTED.sub(" ", without_reached(line)))
    text = _COMBINED.sub(r"\1/\2", text.strip(_OUTER))
    text = _LONE.sub(r"\1\2\3", text)
    at, sign = 0, ""
    while at < len(text):
        found = _CHUNKS.search(text, at)
        end = found.start() if found else len(text)
        for kind, word in _pieces(text[at:end]) if end > at else ():
            yield _Token(kind, word, sign)
            sign = ""
        at = end
        if found := _CHUNKS.match(text, at):
            at = found.end()
            sign = next((s for s in ":/" if s in _same_signs(found[0])), " ")


_NEXT, _BARS = re.compile(r"[\s、,]"), re.compile("[|︱∣丨‖]")


def _without_place(found: re.Match[str]) -> str:
    """Brackets behind a word are kept where they name a role or surely a person."""
    inside = _NEXT.split(found[1])
    kept = _ROLE.search(found[1]) or any(word in _ROLES or is_surely_name(word) for word in inside)
    return found[0] if kept else " "


def _same_signs(signs: str) -> str:
    return _BARS.sub("/", signs)


def _pieces(chunk: str) -> Iterator[tuple[Kind, str]]:
    """A chunk without signs in it: a word, or words that touch (``青川商报记者马俊峰``)."""
    plainly = chunk if chunk in _ROLES else _BEFORE.sub("", chunk, count=1)
    found = None if plainly in _ROLES else _ROLE.search(chunk)
    if plainly in _ROLES:
        yield "role", plainly
    elif found and chunk[0] in "文图摄" and _is_who(chunk[: found.start()]):
        yield "role", chunk[0]
        yield from _pieces(chunk[1:])
    elif found:
        before, rest = chunk[: found.start()], chunk[found.end() :]
        if before and before not in _ASIDE:
            person = (
                is_surely_name(before)
                and before not in _DESKS
                and not found[0].startswith(_OF_MEDIA)
            )
            yield ("name" if person else "unit"), before
        yield "role", next(role for role in _INSIDE if found[0].endswith(role))
        touching = list(_pieces(rest)) if rest else []
        sure = all(kind != "name" or is_surely_name(word) for kind, word in touching)
        if sure:
            yield from touching
        elif not before and len(rest) < 4 and kind_of(rest) == "name":
            yield "name", rest  # 记者乜小强: a rare family name right behind the role
        else:
            yield "other", rest
    elif (
        (titled := _TITLED.fullmatch(chunk))
        and is_surely_name(titled[1])
        and kind_of(chunk) != "name"
    ):
        yield "name", titled[1]
    elif (several := _AND_OTHERS.match(chunk)) and is_surely_name(several[1]):
        yield "name", several[1]
    elif chunk.endswith("摄") and is_surely_name(chunk[:-1]):
        yield "name", chunk[:-1]
        yield "role", "摄"
    else:
        yield from _words(chunk)


def _is_who(before: str) -> bool:
    """Whether 文, 图 or 摄 has behind it who did it (``文张三``), and is no part of a department's name."""
    who = before[1:]
    return who in _ASIDE or (is_surely_name(who) and kind_of(before) != "unit")


def _words(chunk: str) -> Iterator[tuple[Kind, str]]:
    kind = "unit" if _DEPARTMENT.fullmatch(chunk) else kind_of(chunk)
    if _NO_WORD.fullmatch(chunk):
        yield "aside", chunk
    elif kind in {"other", "unit"} and (two := _two_names(chunk)):
        yield "name", two[0]
        yield "name", two[1]
    elif kind in {"name", "pen name"}:
        yield "name", chunk
    else:
        yield ("unit" if kind == "unit" else "aside" if kind == "aside" else "other"), chunk


def _two_names(chunk: str) -> tuple[str, str] | None:
    """Names that touch or have 和 between them: ``马俊峰李小明``, ``张三和李四``."""
    found = _AND.fullmatch(chunk)
    pair = (found[1], found[2]) if found else (chunk[:3], chunk[3:])
    sure = len(pair[1]) > 1 and all(map(is_surely_name, pair))
    return pair if sure and (found or len(chunk) == 6) else None
