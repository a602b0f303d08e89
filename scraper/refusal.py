"""The closed vocabulary of why a file's text was not read."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Why a file, or a member of an archive, has no text with us.

    The word is stored and shown; `scraper.errors.FileError` carries it with a sentence for people.
    """

    ENCRYPTED = "encrypted"
    """A password stands before it, be it only against changes of a kind that hides the text."""
    DAMAGED = "damaged"
    """It breaks its own format's rules where they matter for its text, or is cut short."""
    TOO_LARGE = "too_large"
    """It has more bytes than are read."""
    EXPANDS = "expands"
    """It unpacks to more bytes than are read, or at a rate that no honest file has."""
    TOO_MANY_MEMBERS = "too_many_members"
    """An archive with more members than are read."""
    TOO_DEEP = "too_deep"
    """Archives in archives, or elements in elements, deeper than is followed."""
    ENTITIES = "entities"
    """XML that declares entities, which no office format may."""
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_CELLS = "too_many_cells"
    """A table whose used range exceeds what is read."""
    TOO_SLOW = "too_slow"
    """Its reader took more than its seconds and was ended."""
    TOO_MUCH_MEMORY = "too_much_memory"
    """Its reader needed more than its megabytes and was ended."""
    CRASHED = "crashed"
    """Its reader's process ended, or met a fault of ours."""
    NO_READER = "no_reader"
    """A kind that no reader here knows."""
    NO_PROGRAM = "no_program"
    """A program that could read it is not on this machine, or is not allowed."""
    NO_LIBRARY = "no_library"
    """The extra that could read it is not installed."""
