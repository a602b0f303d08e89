"""The command ``tonggao``: errors become one line on standard error and an exit code."""

from __future__ import annotations

import sys

import psycopg

from scheduler.cli import app
from scheduler.cli.context import (
    EXIT_DATABASE,
    EXIT_FAILED,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
)
from scraper.controls import visible
from scraper.database import explain
from scraper.errors import (
    DatabaseError,
    SettingsError,
    SourceError,
    TonggaoError,
    UsageError,
)


def main() -> None:
    """Run the command line and leave with a documented exit code."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(_say("interrupted; what was archived before is kept", EXIT_INTERRUPTED))
    except psycopg.Error as error:
        sys.exit(_say(explain(error, ""), EXIT_DATABASE))
    except TonggaoError as error:
        sys.exit(_say(error, exit_code(error)))
    except BrokenPipeError:  # the reader of our output (head, less) has seen enough
        sys.stderr.close()


def exit_code(error: TonggaoError) -> int:
    """The exit code that an error of ours ends a command with."""
    if isinstance(error, DatabaseError):
        return EXIT_DATABASE
    if isinstance(error, SettingsError | SourceError | UsageError):
        return EXIT_USAGE
    return EXIT_FAILED


def _say(error: object, code: int) -> int:
    print(f"tonggao: {visible(str(error))}", file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
