"""Bringing pages over the network: one client, polite, patient and safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.faces import lazy

if TYPE_CHECKING:
    from scraper.fetch.exchange import Answer, Decision, Purpose, Request, UrlState
    from scraper.fetch.fetcher import Fetcher
    from scraper.fetch.ledger import DueUrl, FailingUrl
    from scraper.fetch.policy import FetchPolicy, HostRules, SizeLimit, TlsException
    from scraper.outcome import MEANING, Outcome

__all__ = [
    "MEANING",
    "Answer",
    "Decision",
    "DueUrl",
    "FailingUrl",
    "FetchPolicy",
    "Fetcher",
    "HostRules",
    "Outcome",
    "Purpose",
    "Request",
    "SizeLimit",
    "TlsException",
    "UrlState",
]

_PLACES = {
    "Answer": "scraper.fetch.exchange",
    "Decision": "scraper.fetch.exchange",
    "Purpose": "scraper.fetch.exchange",
    "Request": "scraper.fetch.exchange",
    "UrlState": "scraper.fetch.exchange",
    "Fetcher": "scraper.fetch.fetcher",
    "DueUrl": "scraper.fetch.ledger",
    "FailingUrl": "scraper.fetch.ledger",
    "FetchPolicy": "scraper.fetch.policy",
    "HostRules": "scraper.fetch.policy",
    "SizeLimit": "scraper.fetch.policy",
    "TlsException": "scraper.fetch.policy",
    "MEANING": "scraper.outcome",
    "Outcome": "scraper.outcome",
}

__getattr__ = lazy(__name__, _PLACES)
