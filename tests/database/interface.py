"""The public interface of schema ``archive``: what users' own SQL hangs on."""

from __future__ import annotations

import psycopg

Interface = dict[str, list[str]]

VIEWS = """
SELECT c.relname, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'archive'::regnamespace AND c.relkind IN ('v', 'm', 'r')
ORDER BY c.relname, a.attnum
"""
FUNCTIONS = """
SELECT p.proname,
       'takes ' || pg_get_function_arguments(p.oid),
       string_to_array(regexp_replace(pg_get_function_result(p.oid), '^TABLE[(](.*)[)]$', '\\1'), ', ')
FROM pg_proc p WHERE p.pronamespace = 'archive'::regnamespace
ORDER BY p.proname, 2
"""


def interface(url: str) -> Interface:
    """Views with their columns in order; functions with what they take and the columns they give."""
    found: Interface = {}
    with psycopg.connect(url) as connection:
        for view, column in connection.execute(VIEWS):
            found.setdefault(f"view {view}", []).append(column)
        for name, takes, gives in connection.execute(FUNCTIONS):
            found[f"function {name} {takes}"] = list(gives)
    return found


def broken(before: Interface, now: Interface) -> list[str]:
    """What users of ``before`` would miss; additions at the end of a list of columns are none."""
    missing = []
    for name, columns in before.items():
        kept = now.get(name) or _longer(name, now)
        if kept is None:
            missing.append(f"{name} is gone")
        elif kept[: len(columns)] != columns:
            missing.append(f"{name}: {columns} became {kept}")
    return missing


def _longer(name: str, now: Interface) -> list[str] | None:
    """A function of the same name whose arguments only grew at the end, by such with defaults."""
    if not name.startswith("function "):
        return None
    for other, gives in now.items():
        added = other.removeprefix(f"{name}, ")
        if added != other and all("DEFAULT" in part for part in added.split(", ")):
            return gives
    return None
