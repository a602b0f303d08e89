"""The command ``tonggao``: errors become one line on standard error and an exit code."""

from __future__ import annotations

import sys

from scheduler.cli.exits import leave


def main() -> None:
    """Run the command line and leave with a documented exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that knows no Chinese shows escapes
            stream.reconfigure(errors="backslashreplace")
    try:
        from scheduler.cli.commands import app  # noqa: PLC0415 - Ctrl-C while it loads is one, too

        app()
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the edge of the program
        sys.exit(leave(error))


if __name__ == "__main__":
    main()
