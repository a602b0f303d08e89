"""The words that tonggao says to people, in Chinese and in English: in the browser and on the command line.

``en.toml`` and ``zh.toml`` have labels by name; ``sentences.toml`` has the sentences of the command line
under their English form. JSON, logs and what is stored are English always: programs read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

LANGUAGES = {"zh": "中文", "en": "English"}
VARIABLE = "TONGGAO_LANGUAGE"
LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables of POSIX that name a language; the first that is set decides."""
LONGEST = 4000
"""Characters of a sentence that is looked up; what is longer stays as it is."""

_FOLDER = Path(__file__).parent


@cache
def words(language: str) -> Mapping[str, str]:
    """Every label, and every sentence of the reader, by its name."""
    return _read(f"{language}.toml")


def spoken_language(environment: Mapping[str, str]) -> str:
    """What the command line speaks: ``zh`` where a variable says so, else ``en``."""
    if (chosen := environment.get(VARIABLE, "").lower()) in LANGUAGES:
        return chosen
    named = next((environment[name] for name in LOCALES if environment.get(name)), "")
    return "zh" if named.lower().startswith("zh") else "en"


def said(sentence: str, language: str) -> str:
    """A sentence of ours in a language; one that no catalogue has stays English.

    Args:
        sentence: in English, with its values in it.
        language: ``zh`` or ``en``.
    """
    if language == "en" or len(sentence) > LONGEST:
        return sentence
    known = _sentences()
    found = known.get(sentence) or _labels().get(sentence.lower())
    if found is not None:
        return found
    for parts, translation in _patterns():
        values = values_in(sentence, parts)
        if values is not None:
            return filled(translation, values)
    return sentence


def values_in(sentence: str, parts: tuple[str, ...]) -> list[str] | None:
    """What stands between the parts of a pattern, in linear time; None where it does not fit."""
    first, *between, last = parts
    if not (sentence.startswith(first) and sentence.endswith(last)):
        return None
    at, end, values = len(first), len(sentence) - len(last), []
    for part in between:
        place = sentence.find(part, at, end)
        if place < 0:
            return None
        values.append(sentence[at:place])
        at = place + len(part)
    return [*values, sentence[at:end]] if at <= end else None


def parts_of(pattern: str) -> tuple[str, ...]:
    """A pattern's own words, cut where its values stand ({0}, {1} …, in this order)."""
    parts, number = [pattern], 0
    while (hole := f"{{{number}}}") in parts[-1]:
        before, _, after = parts.pop().partition(hole)
        parts += [before, after]
        number += 1
    return tuple(parts)


def filled(pattern: str, values: Iterable[str]) -> str:
    """A pattern with its values; what looks like a hole in a value stays."""
    pieces = dict(enumerate(values))
    out, rest = "", pattern
    while rest:
        place = min(
            ((rest.find(f"{{{n}}}"), n) for n in pieces if f"{{{n}}}" in rest), default=None
        )
        if place is None:
            break
        at, number = place
        out += rest[:at] + pieces[number]
        rest = rest[at + len(f"{{{number}}}") :]
    return out + rest


def sections() -> Mapping[str, Mapping[str, str]]:
    """The sentences of the command line, as the file groups them."""
    return _read("sentences.toml")


@cache
def _sentences() -> Mapping[str, str]:
    return dict(chain.from_iterable(section.items() for section in sections().values()))


@cache
def _labels() -> Mapping[str, str]:
    """Chinese labels by the English ones, of one or two words and without values."""
    chinese = words("zh")
    labels: dict[str, str] = {}
    for name, english in words("en").items():
        if english.count(" ") < 2:
            labels.setdefault(english.lower(), chinese[name])
    return labels


@cache
def _patterns() -> list[tuple[tuple[str, ...], str]]:
    """Sentences with values, those with most words of their own first."""
    found = [(parts_of(english), chinese) for english, chinese in _sentences().items()]
    with_values = [(parts, chinese) for parts, chinese in found if len(parts) > 1]
    return sorted(with_values, key=lambda each: -sum(map(len, each[0])))


@cache
def _read(name: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - English needs none of it

    return tomllib.loads((_FOLDER / name).read_text("utf-8"))
