"""Every error that tonggao raises on purpose, as one tree.

    TonggaoError
    ├── SettingsError            an option is unknown, malformed or contradictory
    ├── SourceError
    │   ├── UnknownSource        no source has the id that was named
    │   └── InvalidSource        a source definition breaks a rule; names file and line
    ├── ListingError             a list page cannot be used
    │   ├── EmptyListing         it was read, and holds no link that belongs to the source
    │   ├── ListingTooLarge      it exceeds a stated limit (bytes, links, depth)
    │   └── ListingCrashed       its reader died or hung on it
    ├── PageError                a page cannot become a release
    │   ├── EmptyPage            there is nothing in it, although it was delivered
    │   ├── TooShort             it has a headline, and hardly anything below it
    │   ├── NoHeadline           it has a text, but no headline anywhere
    │   ├── TooLarge             it exceeds the size or depth that is parsed
    │   ├── ParserCrashed        the parser died or hung on it; carries the page's bytes
    │   ├── Unstorable           the database refuses what was read from it
    │   ├── ErasedPage           what stood at its address was erased; it is not archived again
    │   ├── Wall                 a JavaScript challenge or captcha stands in front of it
    │   └── NotAnArticle         it is some other kind of page
    │       ├── ListPage         a list of articles
    │       ├── MissingPage      an error text ("页面不存在") under a good status
    │       ├── LoginPage        a login form
    │       └── VideoOnly        a player without text
    ├── FileError                a file's text cannot be read; carries the refusal
    │   ├── FileEncrypted        a password stands before it
    │   ├── FileDamaged          it breaks its own format's rules
    │   ├── FileTooLarge         it exceeds a stated limit (bytes, unpacked bytes, depth, cells)
    │   ├── FileUnsupported      no reader, program or extra for its kind is here
    │   └── FileReaderCrashed    its reader died, hung or outgrew its memory on it
    ├── FetchError               a request did not bring the page; carries the outcome
    ├── DatabaseError
    │   ├── DatabaseUnavailable  no connection could be made
    │   ├── UnsuitableDatabase   wrong encoding or a server that is too old
    │   ├── SchemaMismatch       the schema is not the one this version works with
    │   ├── WriteRefused         the server could not write (disk full, read-only)
    │   ├── DocumentRefused      the server refused one document's values; others are no matter
    │   │   └── AddressErased    what stood at the address was erased; it is not archived again
    │   ├── BackupError          a backup cannot be written, read or restored
    │   └── EmbeddedServerError  the embedded server cannot be installed, started or stopped
    ├── Altered                  a stored value is not what its digest says; `tonggao verify` names all
    ├── NotificationError        a message could not be delivered
    ├── TimestampError           an authority gave no timestamp of a root, or it is of something else
    └── UsageError               a command was called with something it cannot use
        ├── Erased               what is asked for was erased for good; the message tells its tombstone
        ├── UnderHold            what is to be erased or pruned is under a hold
        ├── UnknownRelease       no release has the number that was named
        └── UnknownRegion        a place is named that GB/T 2260 does not have, or has several times

A message names the thing (source, URL, file) and what the operator can do next.
"""

from __future__ import annotations

from typing import ClassVar

from scraper.outcome import Outcome
from scraper.refusal import Refusal


class TonggaoError(Exception):
    """The root: catch it to catch every error that tonggao raises on purpose."""


class SettingsError(TonggaoError):
    """An option is unknown, malformed or contradicts another."""


class UsageError(TonggaoError):
    """A command was called with a value it cannot use (a bad date, an unknown id of a row)."""


class Erased(UsageError):
    """What is asked for was erased for good; the message has its tombstone: when, why, by whose login."""


class UnderHold(UsageError):
    """What is to be erased is under a hold; ``--override-hold`` erases it all the same, and is logged."""


class UnknownRelease(UsageError):
    """No release has the number that was named, or none that has a text yet."""


class UnknownRegion(UsageError):
    """A place is named that GB/T 2260 does not have, or that has several namesakes."""


class NotificationError(TonggaoError):
    """A message to the operator could not be delivered."""


class TimestampError(TonggaoError):
    """A timestamp authority cannot be reached or refused, or what it gave is no timestamp of the root."""


class SourceError(TonggaoError):
    """Something is wrong with a source definition or its name."""


class UnknownSource(SourceError):
    """No source in the catalogue or the user's folder has the id that was named."""


class InvalidSource(SourceError):
    """A source definition breaks a rule; the message begins with ``file:line``."""


class ListingError(TonggaoError):
    """A list page cannot be used.

    Attributes:
        outcome: the word under which the ledger keeps it.
    """

    outcome: ClassVar[Outcome] = Outcome.UNREADABLE


class EmptyListing(ListingError):
    """A list page was read and holds no link that belongs to the source."""

    outcome: ClassVar[Outcome] = Outcome.EMPTY_LISTING


class ListingTooLarge(ListingError):
    """A list page exceeds a stated limit (bytes, links, depth)."""

    outcome: ClassVar[Outcome] = Outcome.TOO_LARGE


class ListingCrashed(ListingError):
    """The reader's process died, hung or outgrew its memory on this list page."""

    outcome: ClassVar[Outcome] = Outcome.PARSER_CRASHED


class PageError(TonggaoError):
    """A page cannot become a release.

    Attributes:
        outcome: the word under which the ledger keeps it.
    """

    outcome: ClassVar[Outcome] = Outcome.PARSE_ERROR


class EmptyPage(PageError):
    """The page holds no text and no picture, although it was delivered."""

    outcome: ClassVar[Outcome] = Outcome.EMPTY


class TooShort(PageError):
    """The page has a headline, and nothing below it that makes a release."""

    outcome: ClassVar[Outcome] = Outcome.TOO_SHORT


class NoHeadline(PageError):
    """The page has a text, but neither it nor its ``title`` element holds a headline."""

    outcome: ClassVar[Outcome] = Outcome.NO_HEADLINE


class TooLarge(PageError):
    """The page exceeds the size or the depth that is parsed."""

    outcome: ClassVar[Outcome] = Outcome.TOO_LARGE


class ParserCrashed(PageError):
    """The parser's process died, hung or outgrew its memory on this page.

    Attributes:
        page: the page's bytes, to be set aside for `tonggao doctor`.
        url: the page's address.
    """

    outcome: ClassVar[Outcome] = Outcome.PARSER_CRASHED

    def __init__(self, message: str, *, page: bytes, url: str) -> None:
        super().__init__(message)
        self.page = page
        self.url = url


class Unstorable(PageError):
    """The database refuses what was read from the page; no other page is concerned."""

    outcome: ClassVar[Outcome] = Outcome.UNSTORABLE


class ErasedPage(PageError):
    """What stood at the page's address was erased for good; it is not archived again."""

    outcome: ClassVar[Outcome] = Outcome.ERASED


class Wall(PageError):
    """A JavaScript challenge or captcha stands in front of the page."""

    outcome: ClassVar[Outcome] = Outcome.WALL


class NotAnArticle(PageError):
    """The page is some other kind of page than an article."""

    outcome: ClassVar[Outcome] = Outcome.NOT_AN_ARTICLE


class ListPage(NotAnArticle):
    """The page is a list of articles."""

    outcome: ClassVar[Outcome] = Outcome.LIST_PAGE


class MissingPage(NotAnArticle):
    """The page says that there is no such page, under a status that says there is."""

    outcome: ClassVar[Outcome] = Outcome.MISSING_PAGE


class LoginPage(NotAnArticle):
    """The page is a login form."""

    outcome: ClassVar[Outcome] = Outcome.LOGIN_PAGE


class VideoOnly(NotAnArticle):
    """The page is a player without text."""

    outcome: ClassVar[Outcome] = Outcome.VIDEO_ONLY


class FileError(TonggaoError):
    """A file's text cannot be read; the file itself may be kept all the same.

    Attributes:
        refusal: the word under which it is stored and shown.
    """

    refusal: Refusal

    def __init__(self, message: str, refusal: Refusal) -> None:
        super().__init__(message, refusal)
        self.refusal = refusal

    def __str__(self) -> str:
        return str(self.args[0])


class FileEncrypted(FileError):
    """A password stands before the file, or before all that could be read of it."""

    def __init__(self, message: str, refusal: Refusal = Refusal.ENCRYPTED) -> None:
        super().__init__(message, refusal)


class FileDamaged(FileError):
    """The file breaks its own format's rules, or is cut short."""

    def __init__(self, message: str, refusal: Refusal = Refusal.DAMAGED) -> None:
        super().__init__(message, refusal)


class FileTooLarge(FileError):
    """The file exceeds a stated limit; ``refusal`` says which kind."""

    def __init__(self, message: str, refusal: Refusal = Refusal.TOO_LARGE) -> None:
        super().__init__(message, refusal)


class FileUnsupported(FileError):
    """No reader, no program of the machine or no extra for the file's kind is here."""

    def __init__(self, message: str, refusal: Refusal = Refusal.NO_READER) -> None:
        super().__init__(message, refusal)


class FileReaderCrashed(FileError):
    """The file's reader died, hung or outgrew its memory."""

    def __init__(self, message: str, refusal: Refusal = Refusal.CRASHED) -> None:
        super().__init__(message, refusal)


class FetchError(TonggaoError):
    """A request did not bring the page.

    Attributes:
        outcome: what happened.
        url: the address that was asked for.
    """

    def __init__(self, message: str, *, outcome: Outcome, url: str) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.url = url


class DatabaseError(TonggaoError):
    """Something is wrong with the database."""


class DatabaseUnavailable(DatabaseError):
    """No connection could be made; the message names the address without its password."""


class UnsuitableDatabase(DatabaseError):
    """The database has another encoding than UTF-8, or the server is older than PostgreSQL 15."""


class SchemaMismatch(DatabaseError):
    """The schema was never made, is older than this version needs, or newer than it knows."""


class WriteRefused(DatabaseError):
    """The server could not write: disk full, read-only, or out of a resource."""


class DocumentRefused(DatabaseError):
    """The server refused the values of one document; what others say is no matter."""


class AddressErased(DocumentRefused):
    """What stood at the address was erased for good; it is not archived again."""

    outcome: ClassVar[Outcome] = Outcome.ERASED


class BackupError(DatabaseError):
    """A backup cannot be written, read or restored; the archive is as it was."""


class EmbeddedServerError(DatabaseError):
    """The embedded PostgreSQL cannot be installed, started or stopped."""


class Altered(TonggaoError):
    """A stored value is not what was stored: its digest is another one.

    Attributes:
        outcome: the word for it where pages that cannot be used are counted.
        expected: the digest that was stored with it, in hexadecimal.
        found: that of what is there, or why there is none.
    """

    outcome: ClassVar[str] = "altered"

    def __init__(self, kind: str, digest: bytes, found: str) -> None:
        self.expected, self.found = digest.hex(), found
        super().__init__(
            f"the stored bytes of a {kind} are not what was stored: expected {self.expected}, found {found}; "
            "`tonggao verify --all` names all such values, a backup has the right ones"
        )


class ClockWrong(TonggaoError):
    """The clock of this machine is more than a day off: nothing is visited until it is set."""
