"""A record without characters that steer a terminal, whichever of its fields they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from scraper.controls import steers, without_controls
from scraper.record.release import Release


def without_steering(release: Release) -> Release:
    """The record as it is stored from now on; the same object where there is nothing to drop."""
    return release if _is_clean(release) else _cleaned(release)


def _is_clean(value: Any) -> bool:
    """Whether nothing in a value steers; nearly every record is so, and is not put together again."""
    if isinstance(value, str):
        return not steers(value)
    if isinstance(value, tuple):
        if all(isinstance(part, str) for part in value):
            return not steers("".join(value))
        return all(map(_is_clean, value))
    if isinstance(value, Mapping):
        return _is_clean((*value, *value.values()))
    if is_dataclass(value):
        return all(_is_clean(getattr(value, part.name)) for part in fields(value))
    return True


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
