"""Text in pictures is recognised in one process of its own, behind everybody else."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace
from typing import Protocol

from scraper.errors import FileError, FileReaderCrashed
from scraper.files.model import FilePart, FileText
from scraper.files.recognition import Recognised
from scraper.readers.workers import REFUSALS, Lost, ReaderLimits, WorkerPool

RECOGNITION_LIMITS = ReaderLimits(seconds=60.0, megabytes=1536, documents=100)
"""By the clock; of a processor a page may take `scraper.files.recognition.CPU_SECONDS`."""

_PROGRAM = "from scraper.readers.recognition_process import main; main()"
_MOST_PARTS = 100
"""Pages of one file; a longer scan is read so far, and said to be incomplete."""


class Recognisers(Protocol):
    """Recognises text in pictures; ``Recogniser`` does so in a process of its own."""

    async def recognise(
        self,
        data: bytes,
        url: str,
        text: FileText,
        *,
        name: str | None = None,
        media_type: str | None = None,
    ) -> FileText:
        """What a file says together with what is recognised; see ``Recogniser.recognise``."""


class Recogniser(WorkerPool):
    """Recognises text in scanned pages and pictures; use it as an async context manager.

    Args:
        share: which share of a processor it takes over time, of 0 to 1: after each page it waits.
        limits: time and memory of one page.
    """

    def __init__(self, share: float = 0.5, *, limits: ReaderLimits = RECOGNITION_LIMITS) -> None:
        if not 0 < share <= 1:
            raise ValueError(f"a share of a processor lies between 0 and 1: {share}")
        self._share = share
        one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        super().__init__(
            _PROGRAM, (FileError,), 1, limits=limits, environment={**os.environ, **one_thread}
        )

    async def recognise(
        self,
        data: bytes,
        url: str,
        text: FileText,
        *,
        name: str | None = None,
        media_type: str | None = None,
    ) -> FileText:
        """What a file says together with what is recognised in its parts that are pictures.

        Args:
            data: the file as it came; a PDF, an OFD or a picture.
            url: its address, for the log.
            text: what ``read_file`` read from it; ``pictured`` names the parts.
            name: its name where known.
            media_type: the Content-Type of the answer.

        Raises:
            FileError: a part cannot be recognised; ``refusal`` names why.
        """
        parts = list(text.parts)
        chosen = text.pictured[:_MOST_PARTS]
        for number in chosen:
            found = await self._part(data, url, number, name, media_type)
            parts[number] = replace(found, name=parts[number].name)
        complete = text.complete and len(chosen) == len(text.pictured)
        complete = complete and not any(parts[number].cut for number in chosen)
        return replace(text, parts=tuple(parts), complete=complete)

    async def _part(
        self, data: bytes, url: str, number: int, name: str | None, media_type: str | None
    ) -> FilePart:
        """One page or picture, strip by strip."""
        found: list[FilePart] = []
        strips = 1
        while len(found) < strips:
            request = {"data": data, "name": name, "media_type": media_type}
            answer = await self._recognised(url, {**request, "part": number, "strip": len(found)})
            strips = answer.strips
            found.append(answer.part)
        sure = [(each.confidence, len(each.text)) for each in found if each.confidence is not None]
        signs = sum(length for _, length in sure)
        confidence = sum(share * length for share, length in sure) / signs if signs else None
        text = "\n".join(each.text for each in found if each.text)
        sureness = confidence and round(confidence, 4)
        return FilePart(text, recognised=True, confidence=sureness, cut=found[-1].cut)

    async def _recognised(self, url: str, request: dict[str, object]) -> Recognised:
        started = time.monotonic()
        try:
            answer = await self.read("recognise", url, request)
        except Lost as lost:
            raise FileReaderCrashed(
                f"{url}: the recogniser {lost} on this file", REFUSALS[lost.cause]
            ) from lost
        if not isinstance(answer, Recognised):
            raise TypeError(f"a picture was read as {type(answer).__name__}")
        await asyncio.sleep((time.monotonic() - started) * (1 / self._share - 1))
        return answer
