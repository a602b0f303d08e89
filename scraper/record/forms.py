"""Values of the record in types of JSON and back, by their annotated types alone."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from scraper.clock import SHANGHAI

_Record = TypeVar("_Record")
_JSON_NAMES: Mapping[type, str] = {str: "text", list: "list", dict: "object", int: "number"}


def without_none(hint: Any) -> tuple[Any, bool]:
    """A type without its null, and whether it may be null."""
    if get_origin(hint) not in {Union, types.UnionType}:
        return hint, False
    (inner,) = (part for part in get_args(hint) if part is not types.NoneType)
    return inner, True


@cache
def types_of(kind: type) -> Mapping[str, tuple[Any, bool]]:
    """The fields of a dataclass with their types, and whether each may be null."""
    return {name: without_none(hint) for name, hint in get_type_hints(kind).items()}


def read_record(kind: type[_Record], record: Any, name: str = "") -> _Record:
    """A dataclass from a JSON object: missing fields take their defaults, unknown keys are ignored.

    Raises:
        TypeError, ValueError: a value does not fit its field, which the message names.
    """
    _checked(dict, record, name or "the record")
    given: dict[str, Any] = {}
    kinds = types_of(kind)  # type: ignore[arg-type]
    for part in fields(kind):  # type: ignore[arg-type]
        path = f"{name}.{part.name}" if name else part.name
        value = record.get(part.name)
        if value is not None:
            given[part.name] = _read(kinds[part.name][0], value, path)
        elif part.default is MISSING and part.default_factory is MISSING:
            raise ValueError(f"{path} is missing")
    return kind(**given)


def in_json(value: Any) -> Any:
    """A value in types of JSON, rows of the archive whole: a field without a value is null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: in_json(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): in_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [in_json(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def plain(value: Any) -> Any:
    """A value in types of JSON; parts of a picture, file or document without a value are left out."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if is_dataclass(value):
        parts = ((part.name, getattr(value, part.name)) for part in fields(value))
        return {name: plain(part) for name, part in parts if part is not None}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return dict(value) if isinstance(value, Mapping) else value


def _read(kind: Any, value: Any, name: str) -> Any:
    """A JSON value as its type has it; raises TypeError or ValueError with the field's name."""
    if kind is dt.datetime or kind is dt.date:
        return _moment(kind, value, name)
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return tuple(_read(inner, part, name) for part in _checked(list, value, name))
    if get_origin(kind) is Mapping:
        pairs = _checked(dict, value, name).items()
        return {key: _read(str, part, f"{name}.{key}") for key, part in pairs}
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{name} must be one of {', '.join(get_args(kind))}")
        return value
    if is_dataclass(kind) and isinstance(kind, type):
        return read_record(kind, value, name)
    return _checked(kind, value, name)


def _moment(kind: Any, value: Any, name: str) -> Any:
    text = _checked(str, value, name)
    try:
        moment = kind.fromisoformat(text)
        return _in_shanghai(moment) if kind is dt.datetime else moment
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{name}: {text[:40]!r} is no time of ISO 8601") from error


def _checked(kind: type, value: Any, name: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{name} must be of type {_JSON_NAMES.get(kind, kind.__name__)}")
    return value


def loose(kind: Any, value: Any) -> Any:
    """A stored value as its type has it; what does not fit is given as it is."""
    try:
        if isinstance(value, dt.datetime):
            return _in_shanghai(value)
        if kind is dt.date and isinstance(value, str):
            return dt.date.fromisoformat(value)
    except (ValueError, OverflowError):  # an end of the calendar, or no day at all
        return value
    if get_origin(kind) is tuple and isinstance(value, list):
        return tuple(loose(get_args(kind)[0], part) for part in value)
    if is_dataclass(kind) and isinstance(kind, type) and isinstance(value, Mapping):
        parts = types_of(kind)
        given = {name: loose(parts[name][0], part) for name, part in value.items() if name in parts}
        return kind(**(dict.fromkeys(parts) | given))
    return value


def _in_shanghai(moment: dt.datetime) -> dt.datetime:
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
