"""Files are read in processes of their own, smaller than those of pages: bombs end there."""

from __future__ import annotations

from typing import Any, NoReturn, Protocol

from scraper.errors import FileError, FileReaderCrashed
from scraper.files.model import FileText
from scraper.files.programs import Programs
from scraper.readers.workers import REFUSALS, Lost, ReaderLimits, WorkerPool

FILE_LIMITS = ReaderLimits(seconds=20.0, megabytes=512, documents=500)
"""What reading one PDF or Office file may take."""

_PROGRAM = "from scraper.readers.file_process import main; main()"


class FileReaders(Protocol):
    """Reads files; ``FilePool`` does so in processes of its own, which a bad file may crash."""

    async def read_file(
        self,
        data: bytes,
        url: str,
        *,
        name: str | None = None,
        media_type: str | None = None,
        charset: str | None = None,
    ) -> FileText:
        """What the file says; see ``scraper.files.read_file``.

        Raises:
            FileError: it says nothing; ``refusal`` names why.
        """


class FilePool(WorkerPool):
    """Processes that read files; use it as an async context manager.

    Args:
        count: processes; one is enough for a daemon, whose downloads come after articles.
        limits: time and memory of one file.
        programs: programs of the machine that may read what no reader of ours knows.
    """

    def __init__(
        self,
        count: int = 1,
        *,
        limits: ReaderLimits = FILE_LIMITS,
        programs: Programs | None = None,
    ) -> None:
        self._programs = programs or Programs.found()
        super().__init__(_PROGRAM, (FileError,), count, limits=limits)

    async def read_file(
        self,
        data: bytes,
        url: str,
        *,
        name: str | None = None,
        media_type: str | None = None,
        charset: str | None = None,
    ) -> FileText:
        """Read a file (the arguments are those of ``scraper.files.read_file``).

        Args:
            data: the file as it came.
            url: its address, for the log.
            name: its name where known.
            media_type: the Content-Type of the answer.
            charset: the encoding that it names.

        Raises:
            FileReaderCrashed: the process died, hung or outgrew its memory on this file; the pool
                goes on with a new one.
            FileError: it says nothing; ``refusal`` names why.
        """
        request: dict[str, Any] = {"data": data, "name": name, "media_type": media_type}
        request |= {"charset": charset, "programs": self._programs}
        try:
            answer = await self.read("file", url, request)
        except Lost as lost:
            _refuse(url, lost)
        if not isinstance(answer, FileText):
            raise TypeError(f"a file was read as {type(answer).__name__}")
        return answer


def _refuse(url: str, lost: Lost) -> NoReturn:
    raise FileReaderCrashed(
        f"{url}: the reader {lost} on this file; the file can be kept, its text cannot be read",
        REFUSALS[lost.cause],
    ) from lost
