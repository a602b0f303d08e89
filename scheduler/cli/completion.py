"""What the tab key offers after a command: ids of sources, names of queries."""

from __future__ import annotations

from scheduler.settings import load_settings
from scraper.errors import TonggaoError


def source_ids(incomplete: str) -> list[str]:
    """Ids that begin so; none while the settings or a definition are broken."""
    from scraper.sources import load_catalogue  # noqa: PLC0415 - only when the key is pressed

    try:
        catalogue = load_catalogue(load_settings().own_sources)
    except TonggaoError:
        return []  # a prompt is no place for a message; the command itself will tell
    return [source.id for source in catalogue if source.id.startswith(incomplete)]


def query_names(incomplete: str) -> list[str]:
    """Names of queries that begin so."""
    from scraper.archive.querying.queries import named_queries  # noqa: PLC0415 - as above

    return [name for name in ("list", *named_queries()) if name.startswith(incomplete)]
