"""What only a running database knows: the SQL interface with its COMMENTs."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scraper.archive.querying.description import Description, describe
from scraper.database import embedded, migrate, open_pool
from scraper.database.embedded import cluster as clusters


def interface() -> list[Description]:
    """Every view, function and column of schema ``archive``, from an empty archive."""
    with empty_server() as url:
        return asyncio.run(_described(url))


async def _described(url: str) -> list[Description]:
    await migrate(url)
    async with open_pool(url) as pool:
        return await describe(pool)


@contextmanager
def empty_server() -> Iterator[str]:
    """Connection string of a new server that ends with the block."""
    with tempfile.TemporaryDirectory(prefix="tonggao-docs-") as folder:
        Path(folder).chmod(0o755)
        cluster = clusters.open_cluster(Path(folder), settings={"fsync": "off"})
        clusters.initialise(cluster)
        clusters.start(cluster)
        try:
            yield embedded.url(cluster, "postgres")
        finally:
            clusters.stop(cluster)
