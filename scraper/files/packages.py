"""ZIP files and the XML in them, opened within bounds: archives, Office and OFD files."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from posixpath import dirname, join, normpath

from lxml import etree

from scraper.errors import FileDamaged, FileEncrypted, FileTooLarge
from scraper.files.allowance import Allowance
from scraper.refusal import Refusal

_ENCRYPTED = 0x1
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_PARSER_OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class Package:
    """An opened ZIP file. Nothing of it is written to a disk.

    Raises:
        FileDamaged: it is no ZIP file, or breaks off.
        FileTooLarge: too many members, or they unpack to more than is read, or at a rate that
            only bombs have. What is declared is what is unpacked at most.
    """

    def __init__(self, data: bytes, allowance: Allowance) -> None:
        self.allowance = allowance
        try:
            self.zip = _opened(data)
        except _DAMAGE as error:
            raise FileDamaged(f"a ZIP file that cannot be opened ({error})") from error
        self.members = [each for each in self.zip.infolist() if not each.is_dir()]
        limits = allowance.limits
        if len(self.members) > limits.members:
            raise FileTooLarge(f"an archive of {len(self.members)} files", Refusal.TOO_MANY_MEMBERS)
        self._by_name = {each.filename.lower(): each for each in self.members}
        for each in self.members:
            self._refuse_bomb(each)
        if sum(each.file_size for each in self.members) > allowance.room:
            raise FileTooLarge("a file that unpacks to more than is read", Refusal.EXPANDS)

    def _refuse_bomb(self, member: zipfile.ZipInfo) -> None:
        limits = self.allowance.limits
        rate = member.file_size / max(member.compress_size, 1)
        if member.file_size > limits.member_bytes or (
            member.file_size > limits.ratio_from and rate > limits.ratio
        ):
            raise FileTooLarge("a packed file that unpacks without bound", Refusal.EXPANDS)

    def read(self, member: zipfile.ZipInfo) -> bytes:
        """A member's bytes.

        Raises:
            FileEncrypted, FileTooLarge, FileDamaged: they cannot be had.
        """
        if member.flag_bits & _ENCRYPTED:
            raise FileEncrypted("a packed file that opens with a password only")
        self._refuse_bomb(member)
        self.allowance.spend(member.file_size, "a packed file")
        try:
            return self.zip.read(member)
        except _DAMAGE as error:
            raise FileDamaged(f"a packed file that cannot be unpacked ({error})") from error
        except RuntimeError as error:  # zipfile's word for what it has no key for
            raise FileEncrypted("a packed file that opens with a password only") from error

    def find(self, name: str) -> zipfile.ZipInfo | None:
        """A member by its path; programs disagree about case and about a slash before it."""
        return self._by_name.get(normpath(name).lstrip("/").lower())

    def xml(self, name: str) -> etree._Element | None:
        """A member as XML; None where there is none of the name.

        Raises:
            FileTooLarge: it declares entities, or nests without end.
            FileDamaged: it is no XML.
        """
        member = self.find(name)
        return None if member is None else parse_xml(self.read(member), self.allowance)

    def needed_xml(self, name: str) -> etree._Element:
        """A member without which there is no document."""
        root = self.xml(name)
        if root is None:
            raise FileDamaged(f"a packed document without its {name}")
        return root

    def refuse_entities(self) -> None:
        """Look through all XML members for entities, for those who parse it without asking."""
        for member in self.members:
            if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                refuse_doctype(self.read(member))


def _opened(data: bytes) -> zipfile.ZipFile:
    """Names without the UTF-8 flag are GBK, as Chinese programs write them."""
    try:
        return zipfile.ZipFile(io.BytesIO(data), metadata_encoding="gb18030")
    except UnicodeDecodeError:
        return zipfile.ZipFile(io.BytesIO(data))


def refuse_doctype(data: bytes) -> None:
    """Refuse XML with a document type: no office format has one, every entity bomb does.

    Raises:
        FileTooLarge: with ``Refusal.ENTITIES``.
    """
    plain = data.replace(b"\x00", b"") if 0 in data[:4] or data[:1] in b"\xff\xfe" else data
    if _DOCTYPE.search(plain):
        raise FileTooLarge("XML that declares entities", Refusal.ENTITIES)


def parse_xml(data: bytes, allowance: Allowance) -> etree._Element:
    """XML as a tree.

    Raises:
        FileTooLarge: it declares entities, or nests without end.
        FileDamaged: it is no XML.
    """
    refuse_doctype(data)
    try:
        root = etree.fromstring(data, etree.XMLParser(**_PARSER_OPTIONS))  # type: ignore[arg-type]
    except etree.XMLSyntaxError as error:
        if "depth" in str(error).lower():
            raise FileTooLarge("XML that nests without end", Refusal.TOO_DEEP) from error
        raise FileDamaged(f"XML that cannot be read ({error})") from error
    except ValueError as error:
        raise FileDamaged(f"XML that cannot be read ({error})") from error
    if root is None:
        raise FileDamaged("XML without an element")
    if root.xpath(f"boolean({'/*' * (allowance.limits.elements + 1)})"):
        raise FileTooLarge("XML that nests without end", Refusal.TOO_DEEP)
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its local name, whatever its namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def beside(base: str, target: str) -> str:
    """A path that one member names, seen from that member; a leading slash means the root."""
    return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(base), target))


def relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """The parts that a part of an Office file leads to: type's last word and path, by id."""
    name = f"{dirname(part)}/_rels/{part.rpartition('/')[2]}.rels"
    root = package.xml(name)
    found: dict[str, tuple[str, str]] = {}
    for each in root if root is not None else ():
        if each.get("TargetMode") != "External" and each.get("Id"):
            kind = (each.get("Type") or "").rpartition("/")[2]
            found[str(each.get("Id"))] = (kind, beside(part, each.get("Target") or ""))
    return found
