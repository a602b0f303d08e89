"""Where a watch's messages go: webhooks of http and https, and whatever apprise knows."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from scheduler.notifications.sending import sender
from scraper.archive.watching.keeping import Target
from scraper.errors import SettingsError, UsageError

LONGEST = 2000
LEAST_SECRET = 4
"""Characters; what is shorter hides nothing, and would tear words apart."""
_PART = re.compile("[/?#&=:@;]")
_WEBHOOK = re.compile(r"https?://", re.IGNORECASE)
_UNFIT = re.compile(r"[\x00-\x20\x7f]")


def is_webhook(address: str) -> bool:
    """Whether messages are sent there by our own POST, which is signed."""
    return bool(_WEBHOOK.match(address))


def read_target(address: str) -> Target:
    """The target of an address.

    It is the operator's own, as the addresses of alarms are, and may lie in a private network.

    Raises:
        UsageError: it is none that messages can be sent to. It is not shown: it may hold a secret.
    """
    if len(address) > LONGEST or _UNFIT.search(address) or "://" not in address:
        raise UsageError(
            "--to takes one address: https://… of a webhook, or one in apprise's notation"
            f" (mailto://…, wecombot://…), of at most {LONGEST} characters"
        )
    if is_webhook(address):
        return Target(address, shown(address), signed=True)
    try:
        sender(address)
    except SettingsError as error:
        raise UsageError("the address of --to is none that apprise knows") from error
    return Target(address, shown(address), signed=False)


def without_secrets(said: str, address: str) -> str:
    """What a target or a library said of a message, without what of the address may be secret.

    Servers like to name the path that they do not know ("Cannot POST /hook/KEY"), and redirects lead to it.
    """
    parts = _PART.split(address.partition("://")[2])
    host = re.sub(r"^[^/?#]*@", "", address.partition("://")[2])
    public = set(_PART.split(re.split("[/?#]", host)[0])) if is_webhook(address) else set()
    secret = {form for part in parts for form in (part, unquote(part))} - public
    for part in sorted((part for part in secret if len(part) >= LEAST_SECRET), key=len)[::-1]:
        said = said.replace(part, "…")
    return said


def shown(address: str) -> str:
    """An address without what may be secret: of a webhook its host, of others the kind of service."""
    scheme = address.partition("://")[0].lower()
    if not is_webhook(address):
        return f"{scheme}://…"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError("the address of --to is no address of http or https") from error
    if not host:
        raise UsageError("the address of --to is no address of http or https")
    named = f"[{host}]" if ":" in host else host
    more = "/…" if parts.path.strip("/") or parts.query else ""
    return f"{scheme}://{named}{f':{port}' if port else ''}{more}"
