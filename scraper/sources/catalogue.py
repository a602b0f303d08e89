"""All sources: those that come with the program, under those of the user's folder."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

from scraper.errors import InvalidSource, UnknownSource
from scraper.sources.definition import Confidence, Source
from scraper.sources.files import Entry, read_entries

SHIPPED = Path(__file__).parent
"""Folder of the definitions that come with the program: one folder a province."""
_SUREST = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, None: 1, Confidence.LOW: 2}


class Catalogue:
    """Sources by id.

    Attributes:
        files: id to the file that has the last word on it.
    """

    def __init__(self, sources: Iterable[Source], files: dict[str, Path] | None = None) -> None:
        self._sources = {source.id: source for source in sources}
        self.files = files or {}

    def __iter__(self) -> Iterator[Source]:
        return iter(self._sources.values())

    def __len__(self) -> int:
        return len(self._sources)

    def __contains__(self, source_id: object) -> bool:
        return source_id in self._sources

    def get(self, source_id: str) -> Source:
        """The source of that id.

        Raises:
            UnknownSource: there is none; the message names those with near names.
        """
        try:
            return self._sources[source_id]
        except KeyError:
            raise UnknownSource(self._unknown(source_id)) from None

    def select(
        self,
        ids: Iterable[str] = (),
        region: str | None = None,
        kind: str | None = None,
        tag: str | None = None,
    ) -> list[Source]:
        """The sources that fit every condition given; all of them without any.

        Args:
            ids: their ids.
            region: GB/T 2260 code or its beginning: "12", "1201", "120000" (zeros at the end of
                a province's or prefecture's code stand for all below it).
            kind: kind of publisher.
            tag: a label.

        Raises:
            UnknownSource: an id does not exist.
        """
        chosen = [self.get(each) for each in ids] or list(self)
        stem = region_stem(region) if region else ""
        return [
            source
            for source in chosen
            if (not region or (source.region is not None and source.region.startswith(stem)))
            and (kind is None or source.kind == kind)
            and (tag is None or tag in source.tags)
        ]

    def near(self, source_id: str, count: int = 3) -> list[str]:
        """Ids that look like a mistyped one."""
        close = difflib.get_close_matches(source_id, self._sources, count, 0.6)
        parts = [each for each in self._sources if source_id and source_id in each]
        return list(dict.fromkeys((*close, *parts)))[:count]

    def alternatives(self, source: Source, count: int = 5) -> list[Source]:
        """Other sources of the same province, surest first, for when one is blocked."""
        if source.region is None:
            return []
        others = [
            each
            for each in self.select(region=source.region[:2])
            if each.id != source.id and not set(each.allowed_hosts) & set(source.allowed_hosts)
        ]
        same = {each.id: each.region == source.region for each in others}
        return sorted(
            others, key=lambda each: (_SUREST[each.confidence], not same[each.id], each.id)
        )[:count]

    def _unknown(self, source_id: str) -> str:
        near = self.near(source_id)
        hint = (
            f"did you mean {' or '.join(near)}?"
            if near
            else "`tonggao sources list` shows them all"
        )
        return f"there is no source {source_id!r}; {hint}"


def region_stem(code: str) -> str:
    """The part of a GB/T 2260 code that regions below it share: 120000 and 12 give 12."""
    for zeros in ("0000", "00"):
        if len(code) == 6 and code.endswith(zeros):
            return code.removesuffix(zeros)
    return code


def load_catalogue(user_folder: Path | None = None, shipped: Path = SHIPPED) -> Catalogue:
    """Read all definitions.

    Args:
        user_folder: definitions that add to the shipped ones, or change those with the same id:
            only what differs need be written. None, or a folder that does not exist: none.
        shipped: where those of the program are.

    Raises:
        InvalidSource: the first definition that breaks a rule, with ``file:line``.
    """
    below = _unique(_entries(shipped))
    above = _unique(_entries(user_folder)) if user_folder and user_folder.is_dir() else {}
    sources: list[Source] = []
    files: dict[str, Path] = {}
    for entry in (*below.values(), *(each for each in above.values() if each.id not in below)):
        user = above.get(entry.id)
        last = user or entry
        sources.append(last.source(entry.values))
        files[last.id] = last.file
    return Catalogue(sources, files)


def _entries(folder: Path) -> Iterator[Entry]:
    for file in sorted(folder.rglob("*.toml")):
        yield from read_entries(file)


def _unique(entries: Iterable[Entry]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in entries:
        if not entry.id:
            raise InvalidSource(f"{entry.file}:{entry.line_of(())}: id is missing")
        if other := found.get(entry.id):
            where = f"{other.file}:{other.line_of(['id'])}"
            raise InvalidSource(
                f"{entry.file}:{entry.line_of(['id'])}: the id {entry.id} is taken by {where}"
            )
        found[entry.id] = entry
    return found
