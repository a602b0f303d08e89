"""Addresses: how one is read where it is written, and the one form under which an article is known."""

from scraper.urls.normal import KEY_VERSION, normal_url, without_session
from scraper.urls.reference import join, resolve, whole_characters

__all__ = ["KEY_VERSION", "join", "normal_url", "resolve", "whole_characters", "without_session"]
