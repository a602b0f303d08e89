"""The page of commands, from the command line's own definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any

import click
import typer

from scheduler.cli.commands import app
from scheduler.cli.exits import EXIT_CODES
from scheduler.docs.markdown import code, page, table

_INTRODUCTION = """
Every command takes `--help`. Results go to standard output, remarks and progress to standard error;
colours and progress bars appear in a terminal only. `--quiet` leaves nothing but results and errors,
and `--json`, where a command has it, gives results for programs. Options of `tonggao` itself stand
before the command: `tonggao --quiet search 供热`.

Any option may also stand in the environment: `TONGGAO_STATS_DAYS=7` is `tonggao stats --days 7`.

To complete commands, options and source ids with the tab key in bash, zsh or fish, run
`tonggao --install-completion` once.
"""


def commands_page() -> str:
    """All commands with their arguments and options."""
    root = root_command()
    codes = table(("Exit code", "Meaning"), EXIT_CODES.items())
    shared = f"## tonggao\n\n{_options(root)}"
    parts = [_section(path, command) for path, command in all_commands()]
    return page("Commands", _INTRODUCTION, codes, shared, *parts)


def root_command() -> Any:
    """The command line as Click sees it."""
    return typer.main.get_command(app)


def all_commands() -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its full name."""
    yield from _below("tonggao", root_command())


def examples(command: Any) -> list[str]:
    """The command lines that a command's help gives as examples."""
    told = " ".join((command.help or "").split()).partition("Example")[2]
    return re.findall(r"`(tonggao [^`]+)`", told)


def _below(path: str, group: Any) -> Iterator[tuple[str, Any]]:
    context = click.Context(group, info_name=path)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group) or hasattr(command, "list_commands"):
            if command.invoke_without_command:
                yield f"{path} {name}", command
            yield from _below(f"{path} {name}", command)
        else:
            yield f"{path} {name}", command


def _section(path: str, command: Any) -> str:
    usage = " ".join(command.collect_usage_pieces(click.Context(command, info_name=path)))
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    rows = [(code((p.name or "").upper()), getattr(p, "help", "")) for p in arguments]
    return "\n\n".join(
        part
        for part in (
            f"## {path}",
            f"```text\n{path} {usage}\n```",
            _paragraphs(command.help or ""),
            table(("Argument", "Meaning"), rows),
            _options(command),
        )
        if part
    )


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _options(command: Any) -> str:
    options = [p for p in command.params if p.param_type_name == "option" and not p.hidden]
    return table(
        ("Option", "Default", "Meaning"),
        [
            (", ".join(map(code, [*p.opts, *p.secondary_opts])), code(_default(p)), p.help or "")
            for p in options
        ],
    )


def _default(option: Any) -> object:
    value = option.default
    if value is None or value is False or callable(value) or "UNSET" in repr(value).upper():
        return ""
    return value.value if isinstance(value, Enum) else value
