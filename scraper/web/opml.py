"""The feeds of sources as OPML 2.0, by province: what a feed reader takes in at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from scraper.web.feeds import xml_text
from scraper.web.query import Query
from scraper.web.rows import RegionName, SourceName


def opml(
    title: str,
    base: str,
    nowhere: str,
    groups: Iterable[tuple[RegionName | None, list[SourceName]]],
) -> bytes:
    """An outline of outlines.

    Args:
        title: of the document.
        base: where the reader is, without a slash at the end.
        nowhere: what the group is called whose sources state no region.
        groups: sources by province.
    """
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    body = ET.SubElement(root, "body")
    for province, sources in groups:
        group = ET.SubElement(body, "outline", text=province.name if province else nowhere)
        for each in sources:
            query, name = Query(source=each.source_id), xml_text(each.name)
            ET.SubElement(
                group,
                "outline",
                type="rss",
                text=name,
                title=name,
                description=xml_text(each.publisher),
                xmlUrl=xml_text(base + query.address("/feed.atom")),
                htmlUrl=xml_text(base + query.address()),
            )
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text
