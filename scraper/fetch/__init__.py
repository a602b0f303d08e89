"""Bringing pages over the network: one client, polite, patient and safe."""

from scraper.fetch.exchange import Answer, Decision, Purpose, Request, UrlState
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.files import FileKeeper, FileLink, KeptFile
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
    "FileKeeper",
    "FileLink",
    "HostRules",
    "KeptFile",
    "Outcome",
    "Purpose",
    "Request",
    "SizeLimit",
    "TlsException",
    "UrlState",
]
