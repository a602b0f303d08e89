"""Tokens of readers on other machines: shown once, kept as digests in a file of mode 600.

A token is 32 random bytes, so its bare SHA-256 tells nothing of it. Where the file is, a token is asked
for, even when it names nobody any more: taking the last one away opens nothing.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from scraper.database.readers import keep_secret
from scraper.errors import SettingsError, UsageError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_BYTES = 32
_LARGEST = 1 << 20
_LONGEST = 500


class TokenFile:
    """The file of tokens. It is read again when it has changed: nobody has to be started anew.

    Args:
        path: where it is, or will be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[tuple[int, int, int], dict[str, dict[str, str]]] | None = None

    @property
    def exists(self) -> bool:
        """Whether a token is asked for."""
        return self.path.exists()

    def names(self) -> Mapping[str, str]:
        """Who has a token, and since when (ISO 8601).

        Raises:
            SettingsError: others than its owner can read the file, or it is none of ours.
        """
        return {name: entry["added_at"] for name, entry in self._entries().items()}

    def add(self, name: str, at: dt.datetime) -> str:
        """A new token, which is shown this once.

        Args:
            name: of the person or program that gets it.
            at: the present; aware.

        Raises:
            UsageError: the name cannot be one, or is taken.
        """
        if not NAME.fullmatch(name):
            raise UsageError(
                f"{name!r} cannot name a token: letters, digits, dots, - and _, at most 60"
            )
        entries = self._entries() if self.exists else {}
        if name in entries:
            raise UsageError(f"there is a token {name} already; remove it first, or name another")
        token = secrets.token_urlsafe(_BYTES)
        entry = {"sha256": _digest(token), "added_at": at.isoformat(timespec="seconds")}
        self._write({**entries, name: entry})
        return token

    def remove(self, name: str) -> None:
        """Let this token open nothing any more.

        Raises:
            UsageError: there is none of this name.
        """
        entries = self._entries() if self.exists else {}
        if name not in entries:
            raise UsageError(f"there is no token {name}; `tonggao web token list` shows them")
        self._write({key: entry for key, entry in entries.items() if key != name})

    def holder(self, token: str) -> str | None:
        """Whose token this is, None where it is nobody's; in a time that does not tell how near it was."""
        given, found = _digest(token), None
        for name, entry in self._entries().items():
            if hmac.compare_digest(entry["sha256"], given):
                found = name
        return found

    def _entries(self) -> dict[str, dict[str, str]]:
        try:
            state = self.path.stat()
        except FileNotFoundError:
            return {}  # taken away while we serve: nobody comes in
        mark = (state.st_mtime_ns, state.st_size, state.st_ino)
        if self._read is None or self._read[0] != mark:
            if state.st_mode & 0o077:
                raise SettingsError(
                    f"{self.path} can be read by others than its owner; run `chmod 600 {self.path}`"
                )
            self._read = (mark, self._parsed())
        return self._read[1]

    def _parsed(self) -> dict[str, dict[str, str]]:
        try:
            with self.path.open(encoding="utf-8") as file:
                entries = json.loads(file.read(_LARGEST))
            return {
                name: {"sha256": str(entry["sha256"]), "added_at": str(entry["added_at"])}
                for name, entry in entries.items()
            }
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SettingsError(
                f"{self.path} is no file of tokens; remove it and give tokens anew by `tonggao web token add`"
            ) from error

    def _write(self, entries: Mapping[str, Mapping[str, str]]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        keep_secret(self.path, json.dumps(entries, indent=1))
        self._read = None


def token_of(authorization: str) -> str | None:
    """The token that a request's header carries; None where there is none.

    As ``Bearer TOKEN`` (RFC 6750), or as the password of ``Basic`` (RFC 7617), which is what browsers
    and readers of feeds know.
    """
    scheme, _, rest = authorization.strip().partition(" ")
    given = rest.strip()
    if not given or len(given) > _LONGEST:
        return None
    if scheme.lower() == "bearer":
        return given
    if scheme.lower() != "basic":
        return None
    try:
        pair = base64.b64decode(given, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return pair.partition(":")[2] or None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
