"""Addresses: the one form under which an article is known."""

from scraper.urls.normal import normal_url

__all__ = ["normal_url"]
