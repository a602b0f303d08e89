"""EXPLAIN (ANALYZE, BUFFERS) of the ten main queries, written to a file."""

from __future__ import annotations

import asyncio
from pathlib import Path

from psycopg import AsyncConnection

from scraper.database import Pool

QUERIES = {
    "known addresses of a list page": "SELECT url, etag FROM tonggao.publication WHERE url = ANY (ARRAY["
    "'https://ballast.example/20001', 'https://ballast.example/nowhere', 'https://ballast.example/20002'])",
    "same text": "SELECT release_id FROM tonggao.fingerprint"
    " WHERE digest = decode('00112233445566778899aabbccddeeff', 'hex') AND version = 1",
    "near texts, one key": "SELECT k.fingerprint_id FROM (SELECT * FROM tonggao.fingerprint_key UNION ALL"
    " SELECT * FROM tonggao.fresh_key) AS k WHERE k.key >= 81000000000000 AND k.key <= 81000000065535 ORDER BY k.key LIMIT 12",
    "one release": "SELECT title, body FROM archive.releases WHERE release_id = 1",
    "its copies": "SELECT * FROM archive.copies WHERE release_id = 1",
    "its revisions": "SELECT number, added, removed FROM archive.revisions WHERE publication_id = 1",
    "newest twenty": "SELECT release_id, title, dated_at FROM archive.releases ORDER BY dated_at DESC, release_id DESC LIMIT 20",
    "newest of a source": "SELECT publication_id, dated_at FROM tonggao.publication"
    " WHERE source_id = 'bench.7' ORDER BY dated_at DESC LIMIT 20",
    "changes since": "SELECT * FROM archive.changes_since(NULL, 100)",
}


SEARCHES = {
    "search for a common word (推动): texts read from the newest backwards": "SELECT tonggao.hits(c, 'true', 20)"
    " FROM tonggao.asked('推动', false) AS c",
    "search for two words (权分 角历): the index, together with the dates of the newest": "SELECT tonggao.indexed_hits(c,"
    " tonggao.text_candidates(c, format('r.dated_at >= %L', w.starts)), 'true')"
    " FROM tonggao.asked('权分 角历', false) AS c, tonggao.newest_window('true', 2000) AS w",
}
"""Statements that give the statement which archive.search runs."""


async def write_plans(pool: Pool, path: Path, releases: int) -> None:
    """Write the plans; the search is shown as the two statements that it chooses between."""
    async with pool.connection() as connection:
        parts = [f"Plans at {releases} releases; times of a two-core machine.\n"]
        for name, query in QUERIES.items():
            parts.append(await _plan(connection, name, query))
        for name, query in SEARCHES.items():
            rows = await connection.execute(query.encode())
            row = await rows.fetchone()
            parts.append(await _plan(connection, name, f"{row[0] if row else ''} LIMIT 70"))
    await asyncio.to_thread(path.write_text, "\n".join(parts), "utf-8")


async def _plan(connection: AsyncConnection, name: str, query: str) -> str:
    if name.startswith("search"):  # as the function sets them for itself
        await connection.execute(
            "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off;"
            " SET LOCAL work_mem = '128MB'; SET LOCAL max_parallel_workers_per_gather = 0"
        )
    rows = await connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {query}".encode())
    lines = [line[:160] for (line,) in await rows.fetchall() if "Planning" not in line]
    await connection.rollback()
    shown = (
        lines if len(lines) <= 60 else [*lines[:30], f"  … {len(lines) - 40} lines …", *lines[-10:]]
    )
    return f"== {name}\n" + "\n".join(shown) + "\n"
