"""The command ``tonggao``: errors become one line on standard error and an exit code."""

from __future__ import annotations

import codecs
import sys

from scheduler.cli.exits import leave


def main() -> None:
    """Run the command line and leave with a documented exit code."""
    codecs.register_error("tonggao", _escaped)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that knows no Chinese shows escapes
            stream.reconfigure(errors="tonggao")
    try:
        from scheduler.cli.commands import app  # noqa: PLC0415 - Ctrl-C while it loads is one, too

        app()
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the edge of the program
        sys.exit(leave(error))


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""Signs that the output cannot show, as ``\u4e2d``: what is JSON stays the same JSON."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    units = (signs[at : at + 2].hex() for at in range(0, len(signs), 2))
    return "".join(f"\\u{unit}" for unit in units), error.end


if __name__ == "__main__":
    main()
