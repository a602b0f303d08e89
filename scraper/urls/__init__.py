"""Addresses: how one is read where it is written, and the one form under which an article is known."""

from scraper.urls.normal import normal_url
from scraper.urls.reference import join, resolve, whole_characters

__all__ = ["join", "normal_url", "resolve", "whole_characters"]
