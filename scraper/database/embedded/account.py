"""Which user of the system the embedded server runs as: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scraper.errors import EmbeddedServerError

_CANDIDATES = ("tonggao", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the system. ``switch`` says that we are root and must become it."""

    name: str
    uid: int
    gid: int
    switch: bool


def name_of(uid: int) -> str:
    """The name of a user of the system, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def server_account(wanted: str | None = None) -> Account:
    """Ourselves, or for root the user ``wanted``, else the first of tonggao, postgres, nobody.

    Raises:
        EmbeddedServerError: we are root and there is no such user.
    """
    if os.geteuid() != 0:
        own = pwd.getpwuid(os.geteuid())
        return Account(own.pw_name, own.pw_uid, own.pw_gid, switch=False)
    known = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in (wanted,) if wanted else _CANDIDATES:
        if name in known:
            return Account(name, known[name].pw_uid, known[name].pw_gid, switch=True)
    raise EmbeddedServerError(
        f"PostgreSQL does not run as root, and there is no user {wanted or ' or '.join(_CANDIDATES)}; "
        "make one, or set TONGGAO_DATABASE_URL"
    )


def run_as(
    account: Account, command: list[str], *, seconds: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program of the server's as its user, in the plain C locale, and keep what it prints.

    The caller's locale is not passed on: ``LANG=zh_CN.UTF-8`` on a machine without that locale makes
    initdb fail, and messages that we read must not be translated.
    """
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    return subprocess.run(  # noqa: S603  (our own programs, no shell)
        command,
        env=environment,
        cwd="/",  # the caller's folder may be closed to the server's user
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        umask=0o077,
        user=account.uid if account.switch else None,
        group=account.gid if account.switch else None,
        extra_groups=[] if account.switch else None,
    )


def can_use(account: Account, program: Path) -> bool:
    """Whether ``account`` can reach and run ``program``."""
    if not account.switch:
        return os.access(program, os.X_OK)
    try:
        return run_as(account, [str(program), "--version"], seconds=30).returncode == 0
    except OSError:  # a folder on the way is closed to that user
        return False
