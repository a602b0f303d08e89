"""What a source wants done with the files and pictures of its articles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MIB = 1 << 20
FILE_BYTES = 20 * MIB
"""Largest file that is fetched."""
FILES_A_RELEASE = 5
"""Most files of one kind that are fetched of one page; the first ones."""
FILES_A_RELEASE_FORMERLY = 50
"""The same for sources that say ``keep_images`` or ``keep_attachments``, as before there were policies."""
FILES_A_HOST_AND_DAY = 200
"""Most files that are asked of one host on one day of Asia/Shanghai."""


class FilePolicy(StrEnum):
    """What is done with the files of a source's articles."""

    OFF = "off"
    """Nothing is fetched; their addresses and names are known."""
    TEXT = "text"
    """They are fetched and read; the bytes are not kept."""
    KEEP = "keep"
    """They are fetched and read, and the bytes are kept."""


@dataclass(frozen=True, slots=True)
class FileRules:
    """The policies of a source as they hold.

    Attributes:
        attachments, images: what is done with either.
        most_attachments, most_images: how many of one page.
    """

    attachments: FilePolicy = FilePolicy.OFF
    images: FilePolicy = FilePolicy.OFF
    most_attachments: int = FILES_A_RELEASE
    most_images: int = FILES_A_RELEASE

    @property
    def fetches(self) -> bool:
        """Whether anything is fetched at all."""
        return (self.attachments, self.images) != (FilePolicy.OFF, FilePolicy.OFF)
