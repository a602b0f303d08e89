"""The one table of options: each row has a name, a type, a default, a validator and a sentence.

A value comes from, first to last: a flag of the command; the variable ``TONGGAO_<NAME>``; the file
named by ``TONGGAO_<NAME>_FILE`` (for secrets); ``tonggao.toml``; the default. Unknown names are
refused, for a misspelt option that is silently ignored costs more than a start that fails.
"""

from __future__ import annotations

import difflib
import os
import stat
import tomllib
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import platformdirs
from pydantic import Field, IPvAnyAddress, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from scraper.database.embedded.place import default_folder
from scraper.errors import SettingsError
from scraper.readers.processors import MOST_BY_PROCESSORS

PREFIX = "TONGGAO_"
FOR_TESTS = frozenset({"test_hosts"})
"""Options that only the project's own tests set; no reference names them."""
_NOT_OPTIONS = frozenset({"TONGGAO_CONFIG", "TONGGAO_SHARED", "TONGGAO_QUIET"})
"""Where the settings are, where the tests' corpus is, and ``--quiet``, which is no setting."""
_TESTS = "TONGGAO_TEST_"
FILE_NAME = "tonggao.toml"
SYSTEM_FILE = Path("/etc/tonggao") / FILE_NAME
Origin = Literal["flag", "environment", "secret file", "settings file", "default"]

Seconds = Annotated[float, Field(ge=0)]
Days = Annotated[int, Field(ge=1)]
Count = Annotated[int, Field(ge=1)]


def config_file() -> Path:
    """``TONGGAO_CONFIG``, else ``tonggao.toml`` in the user's (for root: the system's) folder."""
    if named := os.environ.get("TONGGAO_CONFIG"):
        return Path(named)
    if os.geteuid() == 0:
        return SYSTEM_FILE
    return Path(platformdirs.user_config_dir("tonggao", appauthor=False)) / FILE_NAME


class Settings(BaseSettings):
    """All options. Frozen: a running process keeps what it started with."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    # Where the archive is
    database_url: SecretStr | None = Field(
        None, description="PostgreSQL 15 or newer. Not set: an embedded server is used."
    )
    data_dir: Path = Field(
        default_factory=default_folder, description="Folder of the embedded server."
    )
    embedded_database: str = Field(
        "tonggao", pattern=r"^[a-z][a-z0-9_]{0,40}$", description="Its database."
    )
    embedded_user: str | None = Field(
        None, description="User of the system it runs as when tonggao runs as root."
    )
    embedded_linger: Seconds = Field(
        5.0, description="How long it stays up after its last user, in seconds."
    )
    embedded_stay: bool = Field(
        False, description="Leave it up for good once it was started; `tonggao db stop` ends it."
    )
    embedded_port: int | None = Field(
        None,
        ge=1024,
        le=65535,
        description="Port on 127.0.0.1 for readers with a password (`tonggao db reader`); it stays up then.",
    )
    pool_size: Count = Field(8, description="Most database connections of one process.")

    # Who reads it
    tokens_file: Path | None = Field(
        None,
        description="Tokens of readers on other machines; default: tokens.json beside tonggao.toml.",
    )

    # What is watched
    sources_dir: Path | None = Field(
        None, description="Folder of your own source definitions; default: beside tonggao.toml."
    )
    recheck_days: Days = Field(
        14, description="How long after publication an article is still checked for changes."
    )
    recheck_hours: float = Field(
        6, ge=0, description="Least time between two checks of one article, in hours."
    )

    # How pages are fetched
    contact_url: str = Field(
        "https://github.com/tonggao/tonggao",
        description="Page or mailto: that tells a webmaster who fetches; part of the User-Agent.",
    )
    host_interval: Seconds = Field(
        3.0, description="Least time between the starts of two requests to one host, in seconds."
    )
    host_jitter: Seconds = Field(
        1.0, description="At most this much is added to it at random, in seconds."
    )
    connect_timeout: Seconds = Field(10.0, description="To connect, in seconds.")
    read_timeout: Seconds = Field(20.0, description="Between two pieces of an answer, in seconds.")
    request_timeout: Seconds = Field(60.0, description="For a whole request, in seconds.")
    max_page_mb: Count = Field(20, description="Largest page that is read, in MiB, unpacked.")
    concurrency: Count = Field(32, description="Most requests of one process under way at once.")
    test_hosts: dict[str, str] = Field(
        default_factory=dict,
        description="Host names served from an address of a test, as JSON. Never in production.",
    )

    # How pages are parsed
    parse_workers: int | None = Field(
        None,
        ge=0,
        le=64,
        description="Most processes that read pages, lists and walls at once; 0 reads in the main process. Not set: one "
        f"less than the processors of the machine, at least 1 and at most {MOST_BY_PROCESSORS}. `reparse` and `import` always "
        "read in processes: so many, or, where that is 0 or not set, one for each processor.",
    )
    libreoffice: bool = Field(
        False,
        description="Whether attached files that nothing else reads (.odt, .wps …) are read by this machine's "
        "LibreOffice: without network, without macros.",
    )
    recognition_share: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Share of a processor with which a daemon recognises text in kept scans and pictures "
        "(extra ocr); 0 leaves it to `tonggao files read --ocr`.",
    )

    # What is said
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least important event that is logged."
    )
    language: Literal["zh", "en"] | None = Field(
        None,
        description="What the command line speaks. Default: zh where the locale is zh, else en.",
    )
    log_format: Literal["console", "json"] | None = Field(
        None, description="Default: console in a terminal, json elsewhere."
    )
    metrics_port: int | None = Field(
        None, ge=1, le=65535, description="Port for /metrics, /healthz and /readyz. Not set: none."
    )
    metrics_host: IPvAnyAddress = Field(
        ip_address("127.0.0.1"),
        description="Address that port is opened on; it asks nobody for a password.",
    )
    standstill_seconds: float | None = Field(
        None,
        ge=10,
        description="A daemon or web reader that hangs so long ends, to be restarted. Not set: it stays.",
    )
    notify_urls: SecretStr | None = Field(
        None,
        description="Where alarms go: addresses in the notation of apprise, separated by spaces.",
    )
    reader_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s]+$",
        description="Where readers of watches' messages find the web reader; links lead there.",
    )

    # Who vouches for the archive
    timestamp_authority: str | None = Field(
        None,
        pattern=r"^https?://[^\s]+$",
        description="Address of a timestamp authority (RFC 3161) that is asked to stamp each new root (extra timestamps). "
        "Not set: nobody is.",
    )
    timestamp_certificates: Path | None = Field(
        None,
        description="Its certificates in PEM, which timestamps are held against. Not set: only whose root they are of is.",
    )

    # What is kept
    attempts_days: Days = Field(90, description="How long attempts are kept.")
    snapshots_days: Days | None = Field(
        None, description="How long raw pages are kept. Not set: for ever."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the library's signature)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, environment, secret files, the settings file."""
        toml = TomlConfigSettingsSource(settings_cls, toml_file=config_file())
        return init_settings, env_settings, _SecretFiles(settings_cls), toml

    @property
    def tokens_path(self) -> Path:
        """The file of the readers' tokens, which need not be there."""
        return self.tokens_file or config_file().parent / "tokens.json"

    @property
    def own_sources(self) -> Path:
        """The folder of the user's source definitions."""
        return self.sources_dir or config_file().parent / "sources"


class _SecretFiles(PydanticBaseSettingsSource):
    """Values from the files that ``TONGGAO_<NAME>_FILE`` names, as container secrets come."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        named = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        if named is None:
            return None, field_name, False
        return Path(named).read_text("utf-8").strip(), field_name, field.annotation is None

    def __call__(self) -> dict[str, Any]:
        fields = self.settings_cls.model_fields
        values = {name: self.get_field_value(field, name)[0] for name, field in fields.items()}
        return {name: value for name, value in values.items() if value is not None}


def load_settings(flags: Mapping[str, Any] | None = None, commands: Iterable[str] = ()) -> Settings:
    """Read the options.

    Args:
        flags: values given on the command line; None means not given.
        commands: names of commands, whose own options may also stand in ``TONGGAO_<COMMAND>_…``.

    Raises:
        SettingsError: naming the option, where it was set, and what is wrong.
    """
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    _refuse_unknown_variables(tuple(commands))
    if config_file().is_dir():
        raise SettingsError(f"{config_file()} is a folder; TONGGAO_CONFIG names a file")
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError("; ".join(map(_explain, error.errors()))) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{config_file()}: {error}") from error
    except OSError as error:
        raise SettingsError(f"a file of the settings cannot be read: {error}") from error


def settings_files() -> list[tuple[Path, str]]:
    """The places where a settings file may be, first the one in force, and what is read there."""
    chosen = config_file()
    user = Path(platformdirs.user_config_dir("tonggao", appauthor=False)) / FILE_NAME
    others = [place for place in (user, SYSTEM_FILE, Path.cwd() / FILE_NAME) if place != chosen]
    told = [(chosen, "read" if chosen.is_file() else "not there")]
    return told + [(place, "there, and not read") for place in others if place.is_file()]


def warnings_about_files() -> list[str]:
    """What is unwise about the settings file: named and missing, or a password all may read."""
    file = config_file()
    if "TONGGAO_CONFIG" in os.environ and not file.exists():
        return [f"TONGGAO_CONFIG names {file}, which is not there; no settings file is read"]
    try:
        readable = file.is_file() and file.stat().st_mode & (stat.S_IROTH | stat.S_IRGRP)
        told = tomllib.loads(file.read_text("utf-8")) if readable else {}
    except (OSError, ValueError):
        return []
    secrets = [name for name in told if name in Settings.model_fields and is_secret(name)]
    if not readable or not secrets:
        return []
    others = "everybody" if readable & stat.S_IROTH else "its group"
    return [f"{file} holds {', '.join(secrets)} and can be read by {others}; `chmod 600 {file}`"]


def origins(flags: Mapping[str, Any] | None = None) -> dict[str, Origin]:
    """Where each option's value comes from."""
    given = {name for name, value in (flags or {}).items() if value is not None}
    file = config_file()
    in_file = set(tomllib.loads(file.read_text("utf-8"))) if file.is_file() else set()
    return {name: _origin(name, given, in_file) for name in Settings.model_fields}


def _origin(name: str, given: set[str], in_file: set[str]) -> Origin:
    variable = PREFIX + name.upper()
    if name in given:
        return "flag"
    if variable in os.environ:
        return "environment"
    if f"{variable}_FILE" in os.environ:
        return "secret file"
    return "settings file" if name in in_file else "default"


def is_secret(name: str) -> bool:
    """Whether an option's value is never shown."""
    annotation = Settings.model_fields[name].annotation
    return annotation is SecretStr or SecretStr in get_args(annotation)


def variables_of_settings() -> frozenset[str]:
    """Every variable that gives an option a value, also those that name a file with it."""
    options = {PREFIX + name.upper() for name in Settings.model_fields}
    return frozenset(options | {f"{option}_FILE" for option in options})


def _refuse_unknown_variables(commands: tuple[str, ...]) -> None:
    allowed = variables_of_settings() | _NOT_OPTIONS
    families = (
        _TESTS,
        *(PREFIX + command.upper().replace("-", "_") + "_" for command in commands),
    )
    for variable in os.environ:
        known = variable in allowed or variable.startswith(families)
        if variable.startswith(PREFIX) and not known:
            raise SettingsError(
                f"{variable} is not an option of tonggao; `tonggao config show` lists them"
            )


def _explain(error: Any) -> str:
    name = str(error["loc"][0]) if error["loc"] else "settings"
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, Settings.model_fields, 1)
        meant = f"did you mean {near[0]}? " if near else ""
        return (
            f"there is no option {name} in {config_file()}: {meant}`tonggao config show` lists them"
        )
    return f"option {name} ({PREFIX}{name.upper()}): {error['msg']}"
