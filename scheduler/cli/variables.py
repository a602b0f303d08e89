"""Which variables of the environment the command line reads: those of options, and nothing else.

An option of a command may stand in ``TONGGAO_<COMMAND>_<OPTION>``. Two things are kept out: options
that act at once (``--help``, ``--version``, those of completion), and names that no option has.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from scraper.errors import SettingsError

PREFIX = "TONGGAO_"


def typed_only(options: Iterable[Any]) -> list[Any]:
    """Take options that act at once from the command line alone.

    They end the call before it starts: a variable would turn every command into ``--version``, and
    ``TONGGAO_INSTALL_COMPLETION`` would write into the shell's start file.
    """
    kept = list(options)
    for option in kept:
        at_once = option.is_eager or not option.expose_value
        if at_once and hasattr(option, "allow_from_autoenv"):
            option.allow_from_autoenv = False
    return kept


def typed_only_below(command: Any, context: Any) -> None:
    """The same for a command and all below it."""
    for _, each in _tree(command, ""):
        typed_only(each.get_params(context))


def refuse_misspelt(command: Any, name: str, settings: Collection[str]) -> None:
    """Refuse a variable that is meant for a command and that none of its options has.

    Args:
        command: the command, with all below it.
        name: its name.
        settings: variables of settings; ``TONGGAO_SOURCES_DIR`` is no option of ``sources``.

    Raises:
        SettingsError: naming the variable and the command.
    """
    prefix = f"{PREFIX}{_part(name)}_"
    known = {
        f"{begin}{option.name.upper()}"
        for begin, each in _tree(command, prefix)
        for option in each.params
        if getattr(option, "allow_from_autoenv", False)
    }
    for variable in os.environ:
        if variable.startswith(prefix) and variable not in known and variable not in settings:
            raise SettingsError(
                f"{variable} is no option of `tonggao {name}`; `tonggao {name} --help` lists them"
            )


def _tree(command: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """A command and all below it, each with what its variables begin with."""
    yield prefix, command
    for name, below in getattr(command, "commands", {}).items():
        yield from _tree(below, f"{prefix}{_part(name)}_")


def _part(name: str) -> str:
    return name.upper().replace("-", "_")
