"""What only a running database knows: the SQL interface with its COMMENTs."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from scraper.archive.description import Description, describe
from scraper.database import Pool, embedded, migrate, open_pool
from scraper.database.embedded import cluster as clusters


async def interface() -> list[Description]:
    """Every view, function and column of schema ``archive``, from an empty archive."""
    async with empty_archive() as pool:
        return await describe(pool)


@asynccontextmanager
async def empty_archive() -> AsyncIterator[Pool]:
    """A new, migrated archive on a server that ends with the block."""
    with tempfile.TemporaryDirectory(prefix="tonggao-docs-") as folder:
        Path(folder).chmod(0o755)
        cluster = clusters.open_cluster(Path(folder), settings={"fsync": "off"})
        clusters.initialise(cluster)
        clusters.start(cluster)
        try:
            url = embedded.url(cluster, "postgres")
            await migrate(url)
            async with open_pool(url) as pool:
                yield pool
        finally:
            clusters.stop(cluster)
