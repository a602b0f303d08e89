"""What a file says: the text of PDF, Office, OFD, plain and packed files, and of pictures of text.

`read_file` is a function of bytes and limits. It runs in a process that may die
(`scraper.readers.FilePool`), for it meets documents made by anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.faces import lazy

if TYPE_CHECKING:
    from scraper.files.kinds import FileKind, kind_of
    from scraper.files.limits import FileLimits
    from scraper.files.model import FileMember, FilePart, FileText
    from scraper.files.programs import Programs
    from scraper.files.reading import read_file
    from scraper.files.recognition import Recognised, recognise

__all__ = [
    "FileKind",
    "FileLimits",
    "FileMember",
    "FilePart",
    "FileText",
    "Programs",
    "Recognised",
    "kind_of",
    "read_file",
    "recognise",
]

_PLACES = {
    "FileKind": "scraper.files.kinds",
    "FileLimits": "scraper.files.limits",
    "FileMember": "scraper.files.model",
    "FilePart": "scraper.files.model",
    "FileText": "scraper.files.model",
    "Programs": "scraper.files.programs",
    "Recognised": "scraper.files.recognition",
    "kind_of": "scraper.files.kinds",
    "read_file": "scraper.files.reading",
    "recognise": "scraper.files.recognition",
}

__getattr__ = lazy(__name__, _PLACES)
