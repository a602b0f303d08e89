"""The former place of :mod:`scraper.record.release`; kept for one release more."""

from scraper.record.release import Attachment, Document, Image, Precision, Release

__all__ = ["Attachment", "Document", "Image", "Precision", "Release"]
