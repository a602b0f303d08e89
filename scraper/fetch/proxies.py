"""Which proxy a request goes through. A proxy is the operator's own choice, so the guard lets it be."""

from __future__ import annotations

from urllib.request import getproxies, proxy_bypass

from scraper.fetch.guard import Target
from scraper.fetch.policy import FetchPolicy, HostRules


def proxy_for(policy: FetchPolicy, rules: HostRules, target: Target) -> str | None:
    """The proxy for a request: the source's own, else the environment's, else none."""
    if rules.proxy is not None:
        return None if rules.proxy == "direct" else rules.proxy
    if not policy.trust_environment or target.host in policy.test_hosts:
        return None
    proxies = getproxies()
    if not proxies or proxy_bypass(target.host):
        return None
    found = proxies.get(target.scheme) or proxies.get("all")
    return found if found is None or "://" in found else f"http://{found}"
