"""From the words of a text to the watches that may ask for it, without a look at the others. Pure.

Each watch stands under one pair of neighbouring signs that every text it asks for must hold (under one
pair of each word, where one of several words is enough). A text is looked at once: the pairs it has
lead to the watches, and only those are held against it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from scraper.archive.watching.matching import Asked, Condition, Filters, Text


class Stands(Protocol):
    """What an index can hold: something that asks for texts."""

    @property
    def asked(self) -> Asked:
        """The words."""

    @property
    def filters(self) -> Filters:
        """Where the text has to come from."""


W = TypeVar("W", bound=Stands)


def pairs(text: str) -> set[str]:
    """Every sign of a text, and every two that are neighbours."""
    return {*text, *map("".join, pairwise(text))}


def keys_of(word: str) -> Sequence[str]:
    """The pairs that a text with this word must have; of a word of one sign the sign."""
    return [*map("".join, pairwise(word))] or [word]


class Inversion(Generic[W]):
    """An index of watches by what a text must have to be asked for.

    Args:
        watches: those that are to be found.
        seen: how many of some texts hold a pair; the rarest pair of a word is its key. Of pairs
            that are as rare the one that has the fewest watches is.
    """

    def __init__(self, watches: Iterable[W], seen: Counter[str] | None = None) -> None:
        self._seen = seen or Counter()
        self._by_key: dict[str, list[W]] = defaultdict(list)
        self._wordless: dict[str | None, list[W]] = defaultdict(list)
        for watch in watches:
            self._add(watch)

    def _add(self, watch: W) -> None:
        wanted = [condition for condition in watch.asked.folded if condition.wanted]
        if not wanted:
            self._wordless[watch.filters.source_id].append(watch)
            return
        best = min((self._keys(condition) for condition in wanted), key=self._cost)
        for key in best:
            self._by_key[key].append(watch)

    def _keys(self, condition: Condition) -> set[str]:
        """One pair of each word, the rarest."""
        return {min(keys_of(word), key=self._rank) for word in condition.words}

    def _rank(self, key: str) -> tuple[int, int]:
        return self._seen[key], len(self._by_key.get(key, ()))

    def _cost(self, keys: set[str]) -> tuple[int, int]:
        ranks = [self._rank(key) for key in keys]
        return sum(seen for seen, _ in ranks), sum(held for _, held in ranks)

    def candidates(self, text: Text) -> Iterator[W]:
        """Watches that may ask for the text, each once: a superset of those that do."""
        met: set[int] = set()
        for key in pairs(text.folded) & self._by_key.keys():
            for watch in self._by_key[key]:
                if id(watch) not in met:
                    met.add(id(watch))
                    yield watch
        yield from self._wordless.get(None, ())
        yield from self._wordless.get(text.source_id, ())

    def matching(self, text: Text) -> list[W]:
        """The watches that ask for the text."""
        return [
            watch
            for watch in self.candidates(text)
            if watch.filters.accept(text) and watch.asked.holds(text)
        ]
