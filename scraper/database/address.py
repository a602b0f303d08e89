"""Connection strings as addresses that other programs take: psql, SQLAlchemy, pandas, JDBC."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from psycopg import conninfo

from scraper.errors import UsageError

_IN_THE_ADDRESS = frozenset({"user", "password", "host", "port", "dbname"})
_JDBC_NAMES = {"sslmode", "sslrootcert", "sslcert", "sslkey", "options"}
"""Parameters of libpq that JDBC's driver knows by the same name."""


def as_address(url: str, *, password: bool = False) -> str:
    """The ``postgresql://`` address of a connection string of either of libpq's forms.

    Args:
        url: what libpq reads. A folder of sockets becomes ``?host=``, as libpq and SQLAlchemy want.
        password: let it show the password, where there is one.
    """
    parts = _parts(url)
    host, port = parts.get("host", ""), parts.get("port", "")
    extra = {name: value for name, value in parts.items() if name not in _IN_THE_ADDRESS}
    if "/" in host or "," in host or "," in port or host.startswith("@"):
        extra = {"host": host, **({"port": port} if port else {}), **extra}
        place = ""
    else:
        place = (f"[{host}]" if ":" in host else _escaped(host)) + (f":{port}" if port else "")
    shown = f":{_escaped(parts['password'])}" if password and "password" in parts else ""
    login = f"{_escaped(parts['user'])}{shown}@" if "user" in parts else ""
    query = f"?{_query(extra)}" if extra else ""
    return f"postgresql://{login}{place}/{_escaped(parts.get('dbname', ''))}{query}"


def as_jdbc(url: str, *, password: bool = False) -> str:
    """The ``jdbc:postgresql://`` address: user and password are parameters there, not before an ``@``.

    Raises:
        UsageError: the server is reached through a folder of sockets, of which Java knows nothing.
    """
    parts = _parts(url)
    hosts = parts.get("host", "localhost").split(",")
    if any(not host or "/" in host or host.startswith("@") for host in hosts):
        raise UsageError(
            "JDBC reaches no unix socket; set TONGGAO_EMBEDDED_PORT to a port for the embedded server"
            " and start it anew (`tonggao db stop`, `tonggao db start`), or name a host"
        )
    ports = parts.get("port", "5432").split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    places = (
        f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        for host, port in zip(hosts, ports, strict=False)
    )
    names = ("user", *(("password",) if password else ()), *sorted(_JDBC_NAMES))
    query = _query({name: parts[name] for name in names if name in parts})
    return f"jdbc:postgresql://{','.join(places)}/{_escaped(parts.get('dbname', ''))}?{query}"


def without_password(url: str) -> str:
    """The connection string in libpq's own form, without its password."""
    parts = {name: value for name, value in _parts(url).items() if name != "password"}
    return conninfo.make_conninfo(**_any(parts))


def with_password(url: str, password: str) -> str:
    """The connection string with this password in it."""
    return conninfo.make_conninfo(url, password=password)


def _parts(url: str) -> dict[str, str]:
    found = conninfo.conninfo_to_dict(url)
    return {name: str(value) for name, value in found.items() if value not in {None, ""}}


def _any(parts: Mapping[str, str]) -> dict[str, Any]:
    return dict(parts)


def _escaped(value: str) -> str:
    return quote(value, safe="")


def _query(values: Mapping[str, str]) -> str:
    """Spaces as ``%20``: libpq does not read a ``+`` as one."""
    return urlencode(values, quote_via=quote, safe="/,")
