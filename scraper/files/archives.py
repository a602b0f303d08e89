"""Packed files are read for the files in them; nothing is written to a disk."""

from __future__ import annotations

import io
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial

import rarfile

from scraper.errors import FileDamaged, FileEncrypted, FileTooLarge
from scraper.files.allowance import Allowance
from scraper.files.kinds import FileKind
from scraper.files.model import FileMember, FileText
from scraper.files.packages import Package
from scraper.refusal import Refusal

_FURNITURE = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
_CONTROL = re.compile("[\x00-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")
_NAME = 240
_TAR_DAMAGE = (tarfile.TarError, EOFError, OSError, ValueError)


def shown_name(name: str) -> str:
    """A member's path as it may be shown and stored."""
    return _CONTROL.sub("", name.replace("\\", "/"))[-_NAME:]


def read_zip(data: bytes, allowance: Allowance) -> FileText:
    """A ZIP file's members in their order.

    Raises:
        FileEncrypted: all of them are encrypted.
        FileTooLarge, FileDamaged: see `Package`.
    """
    package = Package(data, allowance)
    found = []
    for each in package.members:
        if _FURNITURE.search(each.filename):
            continue
        unpack = partial(package.read, each)
        found.append(_member(each.filename, each.file_size, unpack, allowance))
    return _listed(FileKind.ZIP, found)


def _member(path: str, size: int, unpack: Callable[[], bytes], allowance: Allowance) -> FileMember:
    """One member; a password or a fault of its own refuses it alone, a bomb all of them."""
    name = shown_name(path)
    try:
        content = unpack()
    except (FileEncrypted, FileDamaged) as error:
        return FileMember(name, size, refusal=error.refusal)
    return allowance.read_member(name, content, allowance)


def _listed(kind: FileKind, found: list[FileMember]) -> FileText:
    if found and all(each.refusal is Refusal.ENCRYPTED for each in found):
        raise FileEncrypted("an archive that opens with a password only")
    return FileText(kind, members=tuple(found), complete=all(each.complete for each in found))


def read_gzip(data: bytes, allowance: Allowance) -> FileText:
    """What a gzip file holds: the members of a tar, or the one file it packs."""
    content = _gunzipped(data, allowance)
    if content[257:262] == b"ustar":
        return read_tar(content, allowance)
    member = allowance.read_member("", content, allowance)
    return _listed(FileKind.GZIP, [member])


def _gunzipped(data: bytes, allowance: Allowance) -> bytes:
    most = min(allowance.room, allowance.limits.member_bytes)
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(data, most + 1)
    except zlib.error as error:
        raise FileDamaged(f"a gzip file that cannot be unpacked ({error})") from error
    allowance.spend(len(content), "a gzip file")
    if not unpacker.eof:
        raise FileDamaged("a gzip file that breaks off")
    return content


def read_tar(data: bytes, allowance: Allowance) -> FileText:
    """A tar file's members in their order."""
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as opened:
            found = list(_of_tar(opened, allowance))
    except _TAR_DAMAGE as error:
        raise FileDamaged(f"a tar file that cannot be read ({error})") from error
    return _listed(FileKind.TAR, found)


def _of_tar(packed: tarfile.TarFile, allowance: Allowance) -> Iterator[FileMember]:
    for number, each in enumerate(packed):
        if number >= allowance.limits.members:
            raise FileTooLarge("a tar file of too many files", Refusal.TOO_MANY_MEMBERS)
        if not each.isreg() or each.sparse is not None or _FURNITURE.search(each.name):
            continue
        allowance.spend(each.size, "a tar file")
        content = packed.extractfile(each)
        if content is not None:
            yield allowance.read_member(shown_name(each.name), content.read(), allowance)


def read_rar(data: bytes, allowance: Allowance) -> FileText:
    """A RAR file's members, listed; those that are stored without packing are read too.

    Raises:
        FileEncrypted: its list is encrypted.
    """
    try:
        packed = rarfile.RarFile(io.BytesIO(data))
        members = [each for each in packed.infolist() if not each.is_dir()]
    except rarfile.PasswordRequired as error:
        raise FileEncrypted("a RAR file that opens with a password only") from error
    except (rarfile.Error, OSError, ValueError, IndexError) as error:
        raise FileDamaged(f"a RAR file that cannot be read ({error})") from error
    if packed.needs_password() and not members:
        raise FileEncrypted("a RAR file that opens with a password only")
    if len(members) > allowance.limits.members:
        raise FileTooLarge("a RAR file of too many files", Refusal.TOO_MANY_MEMBERS)
    found = [_of_rar(packed, each, allowance) for each in members]
    return _listed(FileKind.RAR, found)


def _of_rar(packed: rarfile.RarFile, member: rarfile.RarInfo, allowance: Allowance) -> FileMember:
    path, size = str(member.filename), int(member.file_size or 0)
    if member.needs_password():
        return FileMember(shown_name(path), size, refusal=Refusal.ENCRYPTED)
    if member.compress_type != rarfile.RAR_M0:
        return FileMember(shown_name(path), size, refusal=Refusal.NO_PROGRAM)

    def unpack() -> bytes:
        allowance.spend(size, "a RAR file")
        try:
            return bytes(packed.read(member))
        except (rarfile.Error, OSError, ValueError) as error:
            raise FileDamaged(f"a RAR file's member that cannot be read ({error})") from error

    return _member(path, size, unpack, allowance)
