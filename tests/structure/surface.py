"""What programs of others hang on besides SQL: commands with their options, exit codes, errors, names.

The same shape is kept of version 0.1 in ``tests/fixtures/archives/7c5fad8/surface.json``.
"""

from __future__ import annotations

import inspect
from typing import Any

import scraper
from scheduler.cli.exits import EXIT_CODES
from scheduler.docs.commands import all_commands, root_command
from scraper import errors

Surface = dict[str, dict[str, list[str]]]
"""By kind of promise, then by name: what belongs to it. None of it may go; more may come."""


def surface() -> Surface:
    """The surface of the code as it stands."""
    commands = {"tonggao": _options(root_command())}
    commands |= {path: _options(command) for path, command in all_commands()}
    return {
        "command": commands,
        "exit code": {str(code): [] for code in EXIT_CODES},
        "error": {name: _above(kind) for name, kind in vars(errors).items() if _is_ours(kind)},
        "name of scraper": {name: _parameters(name) for name in scraper.__all__},
    }


def broken(before: Surface, now: Surface) -> list[str]:
    """The promises of ``before`` that ``now`` does not keep, each in a line that names it."""
    missing = []
    for kind, promised in before.items():
        for name, parts in promised.items():
            kept = now.get(kind, {}).get(name)
            if kept is None:
                missing.append(f"{kind} {name} is gone")
                continue
            missing += [f"{kind} {name}: {part} is gone" for part in parts if part not in kept]
            if kind == "name of scraper" and not set(parts) - set(kept):
                missing += _moved(f"{kind} {name}", parts, kept)
    return missing


def _moved(name: str, parts: list[str], kept: list[str]) -> list[str]:
    pairs = zip(parts, kept, strict=False)
    return [
        f"{name}: {part} is no longer argument {place}"
        for place, (part, now) in enumerate(pairs, 1)
        if part != now
    ]


def _options(command: Any) -> list[str]:
    return sorted(name for each in command.params for name in (*each.opts, *each.secondary_opts))


def _is_ours(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, errors.TonggaoError)


def _above(kind: type) -> list[str]:
    """The errors that catch it: who wrote ``except SourceError`` goes on catching the same."""
    return [each.__name__ for each in kind.__mro__[1:] if _is_ours(each)]


def _parameters(name: str) -> list[str]:
    return list(inspect.signature(getattr(scraper, name)).parameters)
