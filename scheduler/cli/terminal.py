"""A console that texts from outside cannot steer, and the language it speaks."""

from __future__ import annotations

import os
from typing import Any

from rich.console import Console

from scraper.controls import visible
from scraper.words import said, spoken_language


def spoken(sentence: str) -> str:
    """A sentence or heading of ours in the operator's language (``TONGGAO_LANGUAGE``, else the locale)."""
    return said(sentence, spoken_language(os.environ))


class SafeConsole(Console):
    """Shows controls in the texts it is given as escapes; its own colours stay."""

    def on_broken_pipe(self) -> None:
        """Let the one way out of a command deal with it; rich would make exit code 1 of it."""
        raise BrokenPipeError

    def print(self, *objects: Any, **options: Any) -> None:
        """As rich has it."""
        shown = (visible(each) if isinstance(each, str) else each for each in objects)
        super().print(*shown, **options)
