"""The schemas of what is given: from the rows' own types, with the COMMENTs of schema ``archive``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from scraper.archive.observations.file import FileReading
from scraper.archive.querying.changes import Change, ChangeKind
from scraper.archive.querying.description import Description
from scraper.archive.querying.files import FileRow
from scraper.archive.querying.finding import Facet, Hit
from scraper.archive.querying.histories import Revision
from scraper.archive.querying.reading import STANDING, Member, Neighbour, Reading
from scraper.record.release import Release
from scraper.record.serial import FIELDS

Comments = Mapping[tuple[str, str], str]
"""What a column means, by view and column."""
REFERENCE = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class Item:
    """A kind of row.

    Attributes:
        row: its type.
        views: of schema ``archive`` whose columns of the same names it has, the nearest first.
        meanings: of what no view has.
    """

    row: type[Any]
    views: tuple[str, ...]
    meanings: Mapping[str, str]


ITEMS = {
    "Hit": Item(Hit, ("publications", "releases"), {
        "snippet": "The words between ⟦ and ⟧, with what stands around them.",
        "rank": "How well it fits, where sort is rank.",
        "found_in": "Number of the publication in which the words were found.",
        "release_title": "Headline of the canonical publication.",
        "release_url": "Address of the canonical publication.",
        "release_dated_at": "When the canonical publication is dated.",
        "source_name": "Name of the column.",
        "matched_in": "Where the words stand: title, body, file, or recognised (in a picture); null without words.",
    }),
    "Facet": Item(Facet, (), {
        "facet": "region, source, column, kind, named source or month.",
        "code": "The value.",
        "name": "Its name; null where it has none but its code.",
        "parent": "What it belongs to: the region above, the source of a column.",
        "releases": "How many releases of the search have it.",
    }),
    "Revision": Item(Revision, ("revisions",), {}),
    "Publication": Item(Member, ("copies", "publications"), {
        "ranked_at": "dated_at for the choice of the canonical one: a page that states only a day counts as that day's end.",
        "own_story": "The source it names is its own site or publisher, or it names none.",
        "texts": "How many of its texts a visit, a backfill, an import or a reparse brought.",
    }),
    "Neighbour": Item(Neighbour, ("links", "publications"), {}),
    "File": Item(FileRow, ("files",), {
        "characters": "Signs of the text that the file itself states.",
        "recognised_characters": "Signs of the text that was recognised in its pictures.",
    }),
    "FileText": Item(FileReading, ("files",), {
        "recognised": "Whether body was recognised in pictures, and may hold errors of that.",
        "state": "read, or the word for why there is no text.",
        "body": "The text, a paragraph a line.",
        "detail": "A sentence, where it could not be read.",
    }),
    "Change": Item(Change, ("changes", "publications", "revisions"), {
        "cursor": "Its place; what comes after it is asked for with it.",
        "at": "When it was archived.",
        "kind": f"What it is: {', '.join(ChangeKind)}.",
    }),
}  # fmt: skip


def comments(described: Iterable[Description]) -> Comments:
    """The COMMENTs by view and column."""
    return {
        (each.object, each.column): each.meaning
        for each in described
        if each.column is not None and each.meaning
    }


def schemas(found: Comments) -> dict[str, Any]:
    """The component schemas of the OpenAPI document, by name."""
    parts: dict[str, Any] = {}
    for name, item in ITEMS.items():
        parts[name] = _row(item, found, parts)
    parts["Record"] = _record(found, parts)
    more = {
        "members": _list(
            _to("Publication"), "All its publications; the first is the canonical one."
        ),
        "near": _list(_to("Neighbour"), "Releases near this one that are not the same."),
    }
    whole = {**parts["Record"], "properties": {**parts["Record"]["properties"], **more}}
    parts["Release"] = {**whole, "required": [*whole["required"], *more]}
    return parts


def _row(item: Item, found: Comments, parts: dict[str, Any]) -> dict[str, Any]:
    schema = _schema(item.row, parts)
    for name, told in schema["properties"].items():
        of_views = (found[view, name] for view in item.views if (view, name) in found)
        meaning = item.meanings.get(name) or next(of_views, None)
        told.pop("title", None)
        if meaning:
            told["description"] = meaning
    return _whole(schema)


def _record(found: Comments, parts: dict[str, Any]) -> dict[str, Any]:
    """A line of the JSONL export: the fields of the release, then where it stands in the archive."""
    schema = _schema(Release, parts)
    standing = _schema(Reading, parts)["properties"]
    properties = schema["properties"]
    for part in FIELDS:
        properties[part.name]["description"] = found.get(
            ("publications", part.column or part.name), ""
        )
    for key, name in STANDING.items():
        meanings = (found.get((view, name)) for view in ("publications", "revisions"))
        properties[key] = {**standing[name], "description": next(filter(None, meanings), "")}
    for told in properties.values():
        told.pop("title", None)
    return _whole(schema)


def _schema(row: type[Any], parts: dict[str, Any]) -> dict[str, Any]:
    """A type's schema; types within it become parts of their own."""
    schema = TypeAdapter(row).json_schema(ref_template=REFERENCE)
    for name, part in schema.pop("$defs", {}).items():
        if name in {"Image", "Attachment", "Document"}:
            parts.setdefault(name, part)
    return schema


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    """Every key is there; one without a value is null."""
    properties = schema["properties"]
    for told in properties.values():
        told.pop("default", None)
    return {
        "type": "object", "properties": properties, "required": list(properties),
    }  # fmt: skip


def _to(name: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=name)}


def _list(items: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "array", "items": items, "description": description}
