"""How a command ends: its exit code, and one line that says why; never a traceback."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys

from scraper.controls import visible
from scraper.errors import (
    Altered,
    DatabaseError,
    SettingsError,
    SourceError,
    TonggaoError,
    UsageError,
)
from scraper.words import said, spoken_language

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_DATABASE = 3
EXIT_PARTLY = 4
EXIT_INTERRUPTED = 130
EXIT_CODES = {
    0: "done",
    EXIT_FAILED: "failed; the last line says why and what to do",
    EXIT_USAGE: "called wrongly: unknown option, source, date or setting",
    EXIT_DATABASE: "the database cannot be reached, is unsuitable, or refused to write",
    EXIT_PARTLY: "done in part: some sources or pages failed, or stored values are altered, as listed",
    EXIT_INTERRUPTED: "interrupted; what was archived before is kept",
}


def leave(error: BaseException) -> int:
    """Say in one line on standard error why a command ends, and give its exit code.

    Args:
        error: what ended it. What we do not know is raised again: its traceback is what helps.
    """
    if isinstance(error, KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second one ends what still cleans up
        return _say("interrupted; what was archived before is kept", EXIT_INTERRUPTED)
    if isinstance(error, BrokenPipeError):  # the reader of our output (head, less) has seen enough
        _close_output()
        return 0
    if isinstance(error, TonggaoError):
        return _say(error, exit_code(error))
    if isinstance(error, UnicodeEncodeError) and _half_a_character(*sys.argv):
        return _say("an argument is no text in UTF-8; write it anew", EXIT_USAGE)
    if isinstance(error, OSError):
        return _say(in_words(error), EXIT_FAILED)
    if "psycopg" in sys.modules:
        from psycopg import Error  # noqa: PLC0415 - it takes long, and most commands end well

        from scraper.database import explain  # noqa: PLC0415 - as above

        if isinstance(error, Error):
            return _say(explain(error, ""), EXIT_DATABASE)
    raise error


def _half_a_character(*arguments: str) -> bool:
    """Whether Python holds bytes of an argument as surrogates, since they are no text (PEP 383)."""
    return any("\ud800" <= sign <= "\udfff" for each in arguments for sign in each)


def exit_code(error: TonggaoError) -> int:
    """The exit code that an error of ours ends a command with."""
    if isinstance(error, DatabaseError):
        return EXIT_DATABASE
    if isinstance(error, Altered):
        return EXIT_PARTLY
    if isinstance(error, SettingsError | SourceError | UsageError):
        return EXIT_USAGE
    return EXIT_FAILED


def in_words(error: OSError) -> str:
    """What the system refused, and to what: a file, a folder, an address to listen on."""
    reason = error.strerror or str(error) or type(error).__name__
    if error.errno == errno.EADDRINUSE:
        return f"{reason}; name another port, or end the program that listens there"
    if error.filename is None:
        return reason
    place = os.fsdecode(error.filename)
    return f"{place}: {reason}; name another place, or make this one usable for {_account()}"


def _account() -> str:
    import pwd  # noqa: PLC0415 - only when something went wrong

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"


def _close_output() -> None:
    """Let what is still in buffers go nowhere, so that the interpreter's end does not complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    with contextlib.suppress(OSError, ValueError):
        os.dup2(nowhere, sys.stdout.fileno())


def _say(error: object, code: int) -> int:
    with contextlib.suppress(OSError, ValueError):
        print(f"tonggao: {visible(said(str(error), spoken_language(os.environ)))}", file=sys.stderr)
    return code
