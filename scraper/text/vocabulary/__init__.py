"""Words that mean something on a page, one file for each notion, each list with a comment.

The files are TOML; a list is one string of words with blanks between. They are read once, when a
module that needs them is imported.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files


@cache
def _lists(notion: str) -> dict[str, str]:
    text = files(__name__).joinpath(f"{notion}.toml").read_text("utf-8")
    return {name: str(value) for name, value in tomllib.loads(text).items()}


def words(notion: str, *names: str) -> tuple[str, ...]:
    """The words of the named lists of a notion, each once, in order.

    Raises:
        KeyError: there is no such list.
    """
    return tuple(dict.fromkeys(word for name in names for word in _lists(notion)[name].split()))


def signs(notion: str, *names: str) -> frozenset[str]:
    """The single signs of the named lists."""
    return frozenset("".join(words(notion, *names)))


def one_of(some: Iterable[str]) -> str:
    """A regular expression's alternation of words, the longest first."""
    return "|".join(map(re.escape, sorted(set(some), key=len, reverse=True)))
