"""Groups of commands one of which need not be named."""

from __future__ import annotations

from typing import Any, ClassVar

from typer.core import TyperGroup


class ImpliedCommand(TyperGroup):
    """A group whose command ``implied`` stands before what is none of its commands."""

    implied: ClassVar[str]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the implied command before what is no command, be it an argument or an option of it."""
        if args and args[0] not in {*self.commands, "--help", "-h"}:
            args = [self.implied, *args]
        return super().parse_args(ctx, args)
