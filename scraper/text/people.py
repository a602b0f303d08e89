"""Whether a word is a person's name: of all peoples of China, pen names, foreigners.

Names are told by their build (a family name and one or two signs; signs that only names from
Tibetan, Uyghur, Kazakh, Mongolian and Yi are written with; parts joined by a dot), and from the
names of media, offices, roles and accounts by the vocabularies.
"""

from __future__ import annotations

import re
from typing import Literal

from scraper.text.vocabulary import one_of, signs, words

Word = Literal["name", "pen name", "unit", "aside", "other"]
"""What a word beside a role is: surely a name; a name if its place says so; whose the named are;
a word that is passed over; anything else."""

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]"
DOT = "·•・‧∙⋅･.●"
"""The signs that stand between the parts of a name, as keyboards and code pages have them."""

COMMON_SURNAMES = signs("surnames", "common")
"""Family names of one sign that many bear."""
_SINGLE = COMMON_SURNAMES | signs("surnames", "rare")
_COMPOUND = words("surnames", "compound")
_SYLLABLES = signs("syllables", "tibetan", "uyghur_kazakh", "mongolian", "yi")
_NEVER = signs("not_names", "never")
ACCOUNTS = frozenset(words("not_names", "accounts"))
_NOBODY = frozenset(words("not_names", "nobody", "words", "places")) | ACCOUNTS
_REACHED = frozenset(words("addresses", "reached"))
_NOWHERE = signs("not_names", "nowhere")
_ASIDE = frozenset(words("not_names", "around", "titles")) | _NOBODY | _REACHED
_MEDIA = frozenset(words("media", "names"))

_HAN_ONLY = re.compile(rf"{HAN}+")
_DOTTED = re.compile(rf"{HAN}{{1,9}}(?:[{DOT}]{HAN}{{1,9}}){{1,4}}")
_LATIN = re.compile(r"[A-Za-z][\w.\-]{0,28}\w", re.ASCII)
_INITIALS = re.compile(rf"(?:[A-Z][{DOT}]){{1,3}}{HAN}{{2,9}}")
"""``J·K·罗琳``."""
_UNIT = re.compile(
    rf"(?:{one_of(words('media', 'endings', 'names') + words('offices', 'endings', 'units', 'places'))})$"
    "|日报|晚报|融媒|电视台|编辑部|公司|政府|新闻网|^(?:新浪|腾讯|搜狐|网易|凤凰)"
)
_MEDIUM = re.compile(rf"(?:{one_of(words('media', 'endings', 'names'))})$")
_MATTERS = words("offices", "matters")
_LOCAL = re.compile(rf"[市县区省州镇乡](?:{one_of(_MATTERS)})")
"""``市水务``: an office without its last word."""
_FROM = re.compile("发自|.{1,6}(?:报道|提供)$")
_BUTTON = re.compile("返回|查看|点击|更多|打开|下载|关注|扫码|分享|打印|关闭|收藏|登录|注册")


_DOTS = re.compile(f"[{DOT}]")


def kind_of(word: str) -> Word:
    """What a word is that stands where people are named."""
    if word in _ASIDE or _BUTTON.search(word) or _FROM.match(word):
        return "aside"
    if _HAN_ONLY.fullmatch(word):
        return _kind_in_han(word)
    if _DOTTED.fullmatch(word):
        parts = _DOTS.split(word)
        return "unit" if any(map(_MEDIUM.search, parts)) else "name"
    if _INITIALS.fullmatch(word):
        return "name"
    if _UNIT.search(word):
        return "unit"
    return "pen name" if _LATIN.fullmatch(word) else "other"


def is_name(word: str) -> bool:
    """Whether a word can be a person's name or pen name, and not a medium's or an office's."""
    return kind_of(word) in {"name", "pen name"}


def is_surely_name(word: str) -> bool:
    """Whether a word is a name also where nothing says so; a rare family name does not do."""
    if kind_of(word) != "name":
        return False
    return word[0] in COMMON_SURNAMES or word.startswith(_COMPOUND) or _is_foreign(word)


def _is_foreign(word: str) -> bool:
    return _is_syllables(word) or _DOTTED.fullmatch(word) is not None


def _kind_in_han(word: str) -> Word:
    if _is_syllables(word) and word not in _MEDIA:
        return "name"
    led, size = word[0] in _SINGLE, len(word)
    if (_UNIT.search(word) and not (led and _is_persons(word))) or _LOCAL.match(word):
        return "unit"
    if not _NOWHERE.isdisjoint(word[1:]):
        return "other"
    if (led and 2 <= size <= 4) or (word.startswith(_COMPOUND) and 3 <= size <= 5):
        return "name"
    return "pen name" if 2 <= size <= 4 and _NEVER.isdisjoint(word) else "other"


def _is_syllables(word: str) -> bool:
    return 2 <= len(word) <= 12 and _SYLLABLES.issuperset(word)


def _is_persons(word: str) -> bool:
    """王科, 王建科 and 李卫东台: a given name that ends like an office; 宣传科 is one."""
    if len(word) > 3 or word[-1] not in "科站室组队社校所司州旗街处":
        return False
    return len(word) == 2 or (word[-1] in "科旗" and word[:2] not in _MATTERS)
