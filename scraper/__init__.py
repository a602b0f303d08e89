"""A page becomes an archived record: listing, fetching, parsing, archiving."""

from scraper.release import Attachment, Document, Image, Release

__all__ = ["Attachment", "Document", "Image", "Release"]
