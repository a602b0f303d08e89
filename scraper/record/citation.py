"""How a release is cited: GB/T 7714-2015, BibTeX, RIS and CSL-JSON. Pure; what is not known is left out."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scraper.clock import SHANGHAI
from scraper.record.release import Release


class Style(StrEnum):
    """The forms of a citation."""

    gbt7714 = "gbt7714"
    bibtex = "bibtex"
    ris = "ris"
    csl = "csl"


@dataclass(frozen=True, slots=True)
class Cited:
    """What is cited.

    Attributes:
        release: the record.
        publisher: who publishes the source.
        number: of the release in the archive; names the entry.
        seen_at: aware; when the page was last seen with this text.
        digest: SHA-256, in hex, of the answer that the text was read from; None where none is stored.
    """

    release: Release
    publisher: str
    number: int
    seen_at: dt.datetime
    digest: str | None

    @property
    def published_on(self) -> dt.date | None:
        """The day that the page states, in Asia/Shanghai."""
        at = self.release.published_at
        return at.astimezone(SHANGHAI).date() if at else None

    @property
    def seen_on(self) -> dt.date:
        """The day of the last look, in Asia/Shanghai."""
        return self.seen_at.astimezone(SHANGHAI).date()

    @property
    def author(self) -> str:
        """Who wrote it; else the source that it names; else its publisher."""
        return self.release.author or self.release.source or self.publisher

    @property
    def note(self) -> str | None:
        """The snapshot's digest, by which the archive's copy is known again."""
        return f"tonggao snapshot sha256:{self.digest}" if self.digest else None


def cite(cited: Cited, style: Style) -> str:
    """The citation, without a line's end."""
    return _STYLES[style](cited)


def _gbt7714(cited: Cited) -> str:
    """GB/T 7714-2015 section 8.5: electronic resource, [EB/OL], day published, [day cited], address."""
    day = f"({cited.published_on})" if cited.published_on else ""
    where = f"{_line(cited.publisher)}, " if cited.author != cited.publisher and day else ""
    text = f"{_line(cited.author)}. {_line(cited.release.title)}[EB/OL]. {where}{day}[{cited.seen_on}]. {cited.release.url}."
    return text + (f" {cited.note}." if cited.note else "")


def _bibtex(cited: Cited) -> str:
    day = cited.published_on
    values = {
        "title": f"{{{_tex(cited.release.title)}}}",
        "author": f"{{{_tex(cited.author)}}}",
        "publisher": _tex(cited.publisher),
        "year": f"{day:%Y}" if day else None,
        "date": str(day) if day else None,
        "url": _tex_address(cited.release.url),
        "urldate": str(cited.seen_on),
        "language": "chinese",
        "note": cited.note,
    }
    lines = [f"  {name} = {{{value}}}" for name, value in values.items() if value]
    return f"@online{{tonggao{cited.number},\n" + ",\n".join(lines) + "\n}"


def _ris(cited: Cited) -> str:
    day = cited.published_on
    lines = [
        ("TY", "ELEC"),
        ("TI", _line(cited.release.title)),
        ("AU", _line(cited.author)),
        ("PB", _line(cited.publisher)),
        ("PY", f"{day:%Y}" if day else None),
        ("DA", f"{day:%Y/%m/%d}" if day else None),
        ("UR", cited.release.url),
        ("Y2", f"{cited.seen_on:%Y/%m/%d}"),
        ("LA", "zh"),
        ("ID", f"tonggao{cited.number}"),
        ("N1", cited.note),
    ]
    return "\n".join([*(f"{tag}  - {value}" for tag, value in lines if value), "ER  - "])


def _csl(cited: Cited) -> str:
    day = cited.published_on
    entry: dict[str, Any] = {
        "id": f"tonggao{cited.number}",
        "type": "webpage",
        "title": cited.release.title,
        "author": [{"literal": cited.author}],
        "publisher": cited.publisher,
        "URL": cited.release.url,
        "accessed": {"date-parts": [_parts(cited.seen_on)]},
        "language": "zh-CN",
    }
    if day:
        entry["issued"] = {"date-parts": [_parts(day)]}
    if cited.note:
        entry["note"] = cited.note
    return json.dumps([entry], ensure_ascii=False, indent=1)


def _parts(day: dt.date) -> list[int]:
    return [day.year, day.month, day.day]


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _tex(text: str) -> str:
    """Each sign that TeX would take for a command as the command that prints it."""
    return re.sub(r"[&%$#_{}~^\\]", lambda sign: _PRINTED.get(sign[0], f"\\{sign[0]}"), _line(text))


def _tex_address(url: str) -> str:
    return url.replace("{", "%7B").replace("}", "%7D")


_PRINTED: Mapping[str, str] = {
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""Signs that a backslash does not help: TeX makes accents or a line's end of them, BibTeX counts braces behind it too."""
_STYLES: Mapping[Style, Callable[[Cited], str]] = {
    Style.gbt7714: _gbt7714,
    Style.bibtex: _bibtex,
    Style.ris: _ris,
    Style.csl: _csl,
}
