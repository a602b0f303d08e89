"""Whatever comes from outside is read here: pages, lists, walls, in processes that it may kill.

The parsers are C and Python code that meets documents made by anybody. A document that crashes
them, hangs them or makes them grow is to cost one document and never the process that visits,
answers signals and says how it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.faces import lazy

if TYPE_CHECKING:
    from scraper.readers.files import FilePool, FileReaders
    from scraper.readers.here import OwnProcess
    from scraper.readers.pool import ReaderPool
    from scraper.readers.protocol import Readers
    from scraper.readers.recognition import Recogniser, Recognisers
    from scraper.readers.workers import ReaderLimits

__all__ = [
    "FilePool",
    "FileReaders",
    "OwnProcess",
    "ReaderLimits",
    "ReaderPool",
    "Readers",
    "Recogniser",
    "Recognisers",
]

_PLACES = {
    "FilePool": "scraper.readers.files",
    "FileReaders": "scraper.readers.files",
    "OwnProcess": "scraper.readers.here",
    "ReaderLimits": "scraper.readers.workers",
    "ReaderPool": "scraper.readers.pool",
    "Recogniser": "scraper.readers.recognition",
    "Recognisers": "scraper.readers.recognition",
    "Readers": "scraper.readers.protocol",
}

__getattr__ = lazy(__name__, _PLACES)
