"""The web reader: the archive as pages for people, rendered on the server, without any script."""

from scraper.web.application import create_application

__all__ = ["create_application"]
