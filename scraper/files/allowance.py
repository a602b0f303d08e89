"""What one file may still cost, shared by all that is inside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scraper.errors import FileTooLarge, FileUnsupported
from scraper.files.kinds import FileKind
from scraper.files.limits import LIMITS, FileLimits
from scraper.files.model import FileMember, FileText
from scraper.refusal import Refusal

RunProgram = Callable[[FileKind, bytes, "Allowance"], FileText]
"""Reads a file by a program of the machine; see `scraper.files.programs`."""


def no_program(kind: FileKind, data: bytes, allowance: Allowance) -> FileText:
    """What stands for the programs of the machine where none may be used."""
    del allowance
    raise FileUnsupported(
        f"a .{kind.value} file of {len(data)} bytes, and no program that reads it may be used",
        Refusal.NO_PROGRAM,
    )


def _unread(name: str, data: bytes, allowance: Allowance) -> FileMember:
    del allowance
    return FileMember(name, len(data), refusal=Refusal.NO_READER)


@dataclass(slots=True)
class Allowance:
    """What may be unpacked and said, and how deep in archives we are.

    Attributes:
        limits: those of the outermost file.
        room: how many bytes may still be unpacked.
        characters: how many of text may still be kept.
        depth: how many archives may still be opened inside each other.
        read_member: how a file inside a file is read.
        run: reads a file by a program of the machine.
    """

    limits: FileLimits
    room: int
    characters: int
    depth: int
    read_member: Callable[[str, bytes, Allowance], FileMember] = _unread
    run: RunProgram = no_program

    @classmethod
    def of(cls, limits: FileLimits = LIMITS) -> Allowance:
        """A fresh one."""
        return cls(limits, limits.unpacked_bytes, limits.characters, limits.depth)

    def spend(self, size: int, what: str) -> None:
        """Account for bytes that are about to be unpacked.

        Raises:
            FileTooLarge: they are more than a member, or the whole file, may have.
        """
        self.room -= size
        if size > self.limits.member_bytes or self.room < 0:
            raise FileTooLarge(f"{what} unpacks to more than is read", Refusal.EXPANDS)
