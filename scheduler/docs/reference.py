"""The other pages: options, SQL interface, named queries, outcomes and errors."""

from __future__ import annotations

import inspect
import re
from itertools import groupby
from pathlib import Path

from scheduler.cli.exits import exit_code
from scheduler.docs.markdown import code, page, table
from scheduler.settings import FOR_TESTS, PREFIX, Settings, is_secret
from scraper import errors
from scraper.archive.querying.description import Description
from scraper.archive.querying.queries import NamedQuery, named_queries
from scraper.errors import TonggaoError
from scraper.outcome import MEANING, Outcome

_OPTIONS = """
A value comes from, first to last: a flag of the command, the variable, the file that the variable
with `_FILE` at its end names (for secrets), the settings file, the default. Unknown names are refused.

One settings file is read: the one that `TONGGAO_CONFIG` names; else `/etc/tonggao/tonggao.toml` for root
and `tonggao.toml` in the user's folder for others (`$XDG_CONFIG_HOME/tonggao`, that is `~/.config/tonggao`).
A missing one is no error; if `TONGGAO_CONFIG` names it, a warning says so. Others are not read, not even
beside it. `tonggao config show` tells the values in force, where each comes from, and those other files.
"""
_SQL = """
Everything is in schema `archive`; role `tonggao_reader` reads it and nothing else. Names and columns
stay stable between versions. Times are `timestamptz`; days are days of Asia/Shanghai. The same text
is in the database: `tonggao db describe`, or `\\d+ archive.releases` in psql.

People log in as `tonggao_reader_login`, a member of that role which owns nothing. Its timeouts (five
minutes for a statement, ten for an idle transaction) guard against accidents: whoever is connected may
raise them, and may send notifications, which change nothing.
"""
_QUERIES = """
Run one with `tonggao query NAME --param name=value`; `--format csv`, `jsonl` or `parquet` writes files.
Their SQL is in `sql/queries/`, one file each, to copy from.
"""
_OUTCOMES = """
What became of a request. The word stands in the log, in `archive.runs.reasons` and in
`tonggao.attempt`. A page that came and yet is no release is told by the errors in
[errors](errors.md).
"""
_ERRORS = """
Every error that tonggao raises on purpose. A message names the source, the address or the file, and
what to do. The command line prints it as one line and ends with the exit code given here.
"""


def options_page() -> str:
    """All options."""
    return page("Options", _OPTIONS, options_table())


def options_table() -> str:
    """All options as a table, for this page and the README."""
    rows = [
        (code(name), code(PREFIX + name.upper()), code(_default(name)), field.description)
        for name, field in Settings.model_fields.items()
        if name not in FOR_TESTS
    ]
    return table(("Option", "Variable", "Default", "Meaning"), rows)


def sql_page(descriptions: list[Description]) -> str:
    """Views, columns and functions."""
    views = [d for d in descriptions if d.kind != "function"]
    functions = [d for d in descriptions if d.kind == "function"]
    parts = [_view(name, list(rows)) for name, rows in groupby(views, lambda d: d.object)]
    return page(
        "SQL interface", _SQL, "## Views", *parts, "## Functions", *map(_function, functions)
    )


def queries_page() -> str:
    """Named queries."""
    return page("Named queries", _QUERIES, *map(_query, named_queries().values()))


def outcomes_page() -> str:
    """Outcomes of requests."""
    rows = [
        (code(each.value), MEANING[each], "yes" if each.transient else "", _yes(each.strains_host))
        for each in Outcome
    ]
    return page(
        "Outcomes",
        _OUTCOMES,
        table(("Outcome", "Meaning", "Retried soon", "Slows the host down"), rows),
    )


def errors_page() -> str:
    """The tree of errors."""
    tree = inspect.cleandoc(errors.__doc__ or "")
    drawing = re.search(r"TonggaoError\n.*?(?=\n\n)", tree, re.DOTALL)
    kinds = [k for k in vars(errors).values() if inspect.isclass(k) and issubclass(k, TonggaoError)]
    rows = [(code(k.__name__), _codes(k), (k.__doc__ or "").split("\n\n")[0]) for k in kinds]
    shown = "```text\n" + (inspect.cleandoc(drawing[0]) if drawing else "") + "\n```"
    return page("Errors", _ERRORS, shown, table(("Error", "Exit code", "Meaning"), rows))


def _codes(kind: type[TonggaoError]) -> str:
    return str(exit_code(kind.__new__(kind)))


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _default(name: str) -> object:
    field = Settings.model_fields[name]
    if field.default_factory is not None:
        return "" if isinstance(field.get_default(call_default_factory=True), Path) else "{}"
    if field.default is None or is_secret(name):
        return ""
    return field.default


def _view(name: str, rows: list[Description]) -> str:
    columns = [(code(r.column), r.type, r.meaning) for r in rows if r.column is not None]
    return f"### archive.{name}\n\n{rows[0].meaning}\n\n" + table(
        ("Column", "Type", "Meaning"), columns
    )


def _function(function: Description) -> str:
    name = function.object.partition("(")[0]
    call = f"```text\n{function.object}\n→ {function.type}\n```"
    return f"### archive.{name}\n\n{function.meaning}\n\n{call}"


def _query(query: NamedQuery) -> str:
    rows = [(code(p.name), p.type, code(p.default), p.meaning) for p in query.parameters]
    parameters = table(("Parameter", "Type", "Default", "Meaning"), rows)
    return f"## {query.name}\n\n{query.explanation}\n\n{parameters}".rstrip()
