"""List APIs: finding the records in a JSON answer, and the headline, address and day of each.

The names are those seen in list APIs of Chinese sites between 2018 and 2026 (UCAP, gkmlpt, TRS,
www.gov.cn, trading centres); case and separators make no difference.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from html import unescape
from itertools import chain
from typing import Any

from scraper.errors import ListingError
from scraper.listing.dates import date_of_text, date_of_value
from scraper.listing.document import Document
from scraper.listing.limits import MAX_ADDRESSES, MAX_LINKS, require_count
from scraper.listing.mainlist import unique
from scraper.listing.model import Link
from scraper.listing.pager import following_query, query_key, query_number
from scraper.listing.skeleton import squeeze
from scraper.listing.titles import CUT
from scraper.urls import whole_characters

Record = Mapping[str, Any]
_TITLES = ("title", "doctitle", "articletitle", "infotitle", "newstitle", "subject", "headline", "contenttitle",
           "noticetitle", "showtitle", "linktitle", "bt", "name")  # fmt: skip
_ADDRESSES = ("url", "docpuburl", "puburl", "posturl", "link", "linkurl", "href", "articleurl", "pageurl",
              "contenturl", "infourl", "weburl", "viewurl", "staticurl", "htmlurl", "urlpath", "path")  # fmt: skip
_DAYS = ("displaypublishtime", "publishedtimestr", "publishedtime", "docrelpubtime", "docreltime", "publishtime",
         "publishdate", "pubdate", "pubtime", "releasetime", "releasedate", "showtime", "displaytime", "daytime", "infodate",
         "issuetime", "writetime", "date", "time", "datetime", "fbsj", "createtime", "createdate", "addtime",
         "firstpublishedtime", "createdat")  # fmt: skip
_TITLE_OF = re.compile(
    r"(?<!sub)(?<!meta)(?<!seo)(?<!page)(?<!site)(?<!column)(?<!channel)(?<!short)(?<!menu)title$"
)
_ADDRESS_OF = re.compile(
    r"^(?!.{0,20}(?:img|image|pic|photo|thumb|cover|logo|icon|video|audio|file|attach|site|column|channel|base|share|qr|list|user|author))"
    r".{0,20}(?:url|href|link)$"
)
_DAY_OF = re.compile(
    r"^.{0,12}(?:pub|publish|publication|release|issue|rel|post|show|display|doc|news|art|article|info)\w{0,6}(?:time|date|day|(?<=ed)at)(?:str|string|text)?$"
)
"""Names that a platform makes of those above and a word of its own: ``docUrl``, ``newsTitle``."""
_SEVERAL = ("urls", "links")
"""Names of addresses by device: an object, or one written as a JSON string (``/queryList``)."""
_DEVICES = ("pc", "www", "web", "url", "common", "default")
_WRAPPERS = ("source", "_source")
"""Under which the answers of search engines keep the record itself."""
_TOTALS = (
    "total",
    "totalelements",
    "totalcount",
    "totalrecords",
    "totalrecord",
    "postcount",
    "totalnum",
    "totalsize",
)
_SIZES = ("pagesize", "size", "rows", "limit", "perpage", "pagecount", "n", "per")
_OFFSETS = ("start", "offset", "skip", "from", "startindex", "firstresult")
_TAGS = re.compile(r"<[^>]{1,200}>")
_LEVELS = 8
_NAME = 40
"""Characters of a name that is looked at for what it is made of."""
_DIGITS = 18


def find_records(value: Any, level: int = 0) -> list[Record]:
    """The longest list of records with a headline, best with a day, wherever in the answer it lies."""
    best: list[Record] = []
    if level > _LEVELS:
        return best
    if isinstance(value, list):
        records: list[Record] = [_unwrapped(each) for each in value if isinstance(each, dict)]
        if records and _pick(records[0], _TITLES, _TITLE_OF) is not None:
            return records
        parts = [find_records(each, level + 1) for each in records]
        if parts and all(map(_are_dated, parts)):  # a list in groups
            return [record for part in parts for record in part]
        return max(parts, key=_standing, default=best)
    for child in value.values() if isinstance(value, dict) else ():
        found = find_records(child, level + 1) if isinstance(child, list | dict) else []
        best = max(best, found, key=_standing)
    return best


def _standing(records: Sequence[Record]) -> tuple[bool, int]:
    """What speaks for some records as the list: a day before their number, menus have none."""
    return _are_dated(records), len(records)


def _are_dated(records: Sequence[Record]) -> bool:
    return bool(records) and _day(_pick(records[0], _DAYS, _DAY_OF)) is not None


def links_of_records(document: Document, records: Sequence[Record]) -> tuple[Link, ...]:
    """The links of records; records without an address are left out."""
    require_count(len(records), MAX_LINKS, document.url)
    return unique(link for record in records if (link := link_of_record(document, record)))


def link_of_record(document: Document, record: Record) -> Link | None:
    """One record as a link, by the source's paths where it has some."""
    rules = document.rules
    address = at_path(record, rules.item_url) if rules.item_url else _address(record)
    if rules.url_template:
        address = _fill(rules.url_template, record)
    url = document.absolute(str(address)) if address else None
    if url is None:
        return None
    title = (
        at_path(record, rules.item_title) if rules.item_title else _pick(record, _TITLES, _TITLE_OF)
    )
    stated = at_path(record, rules.item_date) if rules.item_date else _pick(record, _DAYS, _DAY_OF)
    return Link(url, _whole_title(record, plain(title)), _day(stated))


def _whole_title(record: Record, title: str | None) -> str | None:
    """A headline that the record cuts, from another of its names where that has it whole."""
    if not title or not CUT.search(title):
        return title
    start = CUT.sub("", title)
    named = (value for name, value in record.items() if "title" in str(name).lower())
    whole = (plain(value) for value in named)
    return next(
        (each for each in whole if each and each.startswith(start) and not CUT.search(each)), title
    )


def at_path(value: Any, path: str) -> Any:
    """The value at a path of names and numbers joined by dots; None where there is none."""
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def plain(value: Any) -> str | None:
    """A headline without the tags that search results mark words with."""
    if not isinstance(value, str):
        return None
    return squeeze(unescape(_TAGS.sub("", whole_characters(value)))) or None


def next_of_records(document: Document, count: int) -> str | None:
    """The next page of an API that counts pages in its query; None when this was the last."""
    if not count:
        return None
    size = _size(document.url) or count
    total = find_total(document.json)
    page = _page(document.url)
    if page is None and (offset := query_number(document.url, _OFFSETS)) is not None:
        more = offset + count < total if total is not None else count >= size
        return following_query(document.url, count, _OFFSETS) if more else None
    if total is not None and page is not None and page * size >= total:
        return None
    return following_query(document.url) if total is not None or count >= size else None


def find_total(value: Any, level: int = 0) -> int | None:
    """How many records there are in all, as the answer states it."""
    if not isinstance(value, dict) or level > 3:
        return None
    stated = _pick(value, _TOTALS)
    if isinstance(stated, int | str) and (digits := str(stated)).isdecimal():
        return int(digits) if len(digits) <= _DIGITS else None
    children = (find_total(each, level + 1) for each in value.values())
    return next((each for each in children if each is not None), None)


def items_at(document: Document) -> list[Record]:
    """The records, at the source's path where it has one.

    Raises:
        ListingError: there is no list at that path.
    """
    path = document.rules.items
    if path is None:
        return find_records(document.json)
    found = at_path(document.json, path) if path else document.json
    if not isinstance(found, list):
        raise ListingError(f"{document.url}: the answer has no list at the path {path!r}")
    return [each for each in found if isinstance(each, dict)]


def _pick(record: Record, names: tuple[str, ...], made: re.Pattern[str] | None = None) -> Any:
    """The first value under one of the names, else under a name that is made like them."""
    keys = {query_key(name): name for name in record if isinstance(name, str)}
    alike = (key for key in keys if made and len(key) <= _NAME and made.search(key))
    for name in (*names, *alike):
        value = record.get(keys.get(name, ""))
        if value not in (None, "", []):
            return value
    return None


def _day(value: Any) -> dt.date | None:
    return date_of_text(value) if isinstance(value, str) else date_of_value(value)


def _unwrapped(record: Record) -> Record:
    """The record within the wrapper that a search engine puts around it."""
    for name in _WRAPPERS:
        inner = record.get(name)
        if isinstance(inner, dict) and _pick(record, _TITLES, _TITLE_OF) is None:
            return inner
    return record


def _address(record: Record) -> str | None:
    keys = {query_key(name): name for name in record if isinstance(name, str)}
    alike = (key for key in keys if len(key) <= _NAME and _ADDRESS_OF.search(key))
    stated = (_of_name(record, keys, name) for name in _ADDRESSES)
    several = (_of_devices(record.get(keys.get(name, ""))) for name in _SEVERAL)
    made = (_of_name(record, keys, name) for name in alike)
    return next((address for address in chain(stated, several, made) if address), None)


def _of_name(record: Record, keys: Mapping[str, str], name: str) -> str | None:
    value = record.get(keys.get(name, ""))
    return value if isinstance(value, str) and ("/" in value or "." in value) else None


def _of_devices(value: Any) -> str | None:
    """The address for a desktop, of an object of addresses or of the JSON text of one."""
    if isinstance(value, str) and value.lstrip().startswith("{") and len(value) <= MAX_ADDRESSES:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):  # not what the platform writes: no address
            return None
    if not isinstance(value, dict):
        return None
    found = (value.get(name) for name in _DEVICES)
    return next((each for each in found if isinstance(each, str) and each), None)


def _fill(template: str, record: Record) -> str | None:
    try:
        return re.sub(r"\{([\w.]+)\}", lambda found: _value(record, found.group(1)), template)
    except LookupError:
        return None


def _value(record: Record, path: str) -> str:
    value = at_path(record, path)
    if value is None:
        raise LookupError(path)
    return str(value)


def _size(url: str) -> int | None:
    return query_number(url, _SIZES)


def _page(url: str) -> int | None:
    return query_number(url)
