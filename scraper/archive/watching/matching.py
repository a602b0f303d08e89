"""Whether a text is what a watch asks for: words and filters, as a search has them. Pure.

A search decides by SQL over what is stored; a watch decides here over what has just been stored, and
may not come to another answer. Words are read and folded by the same functions of the database
(``tonggao.asked``, ``archive.fold``), regions by ``tonggao.region_patterns``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a publication, or of one of its files, as it is compared.

    Attributes:
        folded: the text as ``archive.fold`` gives it; headline and text are joined by a line break.
        typed: the text as written, in small letters.
        source_id: where it was published.
        kind: what kind of publisher that is.
        places: codes of the regions that the text names, and of its source.
    """

    folded: str
    typed: str
    source_id: str
    kind: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """One of these words has to stand in the text; not ``wanted``: none of them may."""

    words: tuple[str, ...]
    wanted: bool = True

    def holds(self, text: str) -> bool:
        """Whether it does."""
        return any(word in text for word in self.words) is self.wanted


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was read.

    Attributes:
        folded: its conditions on the folded text.
        typed: the same on the text as written.
        exact: whether the typed form decides.
    """

    folded: tuple[Condition, ...]
    typed: tuple[Condition, ...]
    exact: bool = False

    @property
    def deciding(self) -> tuple[Condition, ...]:
        """The conditions that have to hold."""
        return self.typed if self.exact else self.folded

    def content(self, text: Text) -> str:
        """The form of a text that they are held against."""
        return text.typed if self.exact else text.folded

    def holds(self, text: Text) -> bool:
        """Whether all conditions do."""
        content = self.content(text)
        return all(condition.holds(content) for condition in self.deciding)

    @property
    def for_words(self) -> bool:
        """Whether any word has to stand in the text."""
        return any(condition.wanted for condition in self.folded)


@dataclass(frozen=True, slots=True)
class Filters:
    """Where a text has to come from; None: from anywhere.

    ``places`` are patterns of LIKE as ``tonggao.region_patterns`` gives them: a code, or its
    beginning and a percent sign.
    """

    source_id: str | None = None
    kind: str | None = None
    places: tuple[str, ...] | None = None

    def verdicts(self, text: Text) -> dict[str, bool]:
        """What each filter that is set says."""
        said: dict[str, bool] = {}
        if self.places is not None:
            said["region"] = any(
                _like(place, pattern) for place in text.places for pattern in self.places
            )
        if self.source_id is not None:
            said["source"] = text.source_id == self.source_id
        if self.kind is not None:
            said["kind"] = text.kind == self.kind
        return said

    def accept(self, text: Text) -> bool:
        """Whether all do."""
        return all(self.verdicts(text).values())


def asked_of(row: Mapping[str, Any]) -> Asked:
    """A query from what ``tonggao.asked`` gives."""
    return Asked(_conditions(row["folded"]), _conditions(row["typed"]), bool(row["exact"]))


def text_of(row: Mapping[str, Any]) -> Text:
    """A text from its row."""
    return Text(row["folded"], row["typed"], row["source_id"], row["kind"], tuple(row["places"]))


def _conditions(rows: Sequence[Mapping[str, Sequence[str]]]) -> tuple[Condition, ...]:
    return tuple(
        Condition(tuple(words), kind == "any") for row in rows for kind, words in row.items()
    )


def _like(code: str, pattern: str) -> bool:
    return code.startswith(pattern[:-1]) if pattern.endswith("%") else code == pattern
