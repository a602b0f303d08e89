"""A record without characters that steer a terminal, whichever of its fields they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from scraper.controls import steers, without_controls
from scraper.record.release import Release


def without_steering(release: Release) -> Release:
    """The record as it is stored from now on; the same object where there is nothing to drop."""
    return release if _is_clean(release) else _cleaned(release)


def _is_clean(release: Release) -> bool:
    """Whether nothing in a record steers; nearly every one is so, and is not put together again."""
    texts: list[str] = []
    _gather(release, texts)
    return not steers("".join(texts))


def _gather(value: Any, texts: list[str]) -> None:
    """Put the texts of a value, and of what is in it, to the others: they are looked at as one."""
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, tuple):
        for part in value:
            _gather(part, texts)
    elif isinstance(value, Mapping):
        texts += value
        _gather(tuple(value.values()), texts)
    elif is_dataclass(value) and not isinstance(value, type):
        for name in _names(type(value)):
            _gather(getattr(value, name), texts)


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(part.name for part in fields(kind))


def _cleaned(release: Release) -> Release:
    changed = {
        part.name: clean
        for part in fields(release)
        if (clean := _clean(value := getattr(release, part.name))) != value
    }
    return replace(release, **changed) if changed else release


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return without_controls(value)
    if isinstance(value, tuple):
        if all(isinstance(part, str) for part in value) and not steers("".join(value)):
            return value
        return tuple(_clean(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{p.name: _clean(getattr(value, p.name)) for p in fields(value)})
    if isinstance(value, Mapping):
        return {without_controls(key): _clean(part) for key, part in value.items()}
    return value
