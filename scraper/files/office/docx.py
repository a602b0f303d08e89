"""Word documents (.docx): what is shown, in order, without what was deleted.

The tree is walked by ourselves: no library's interface reaches text boxes, footnotes, tables in
tables and tracked changes, which documents of offices are full of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from scraper.files.allowance import Allowance
from scraper.files.kinds import FileKind
from scraper.files.layout.headings import heading_of
from scraper.files.layout.lines import Run
from scraper.files.model import FilePart, FileText
from scraper.files.office.numbering import Numbering
from scraper.files.packages import Package, attribute, local, relations
from scraper.files.wording import told

_GONE = frozenset({"del", "moveFrom", "rt", "instrText", "delText", "delInstrText", "comment"})
"""Elements that are not shown: deletions, readings above signs, fields' own code."""
_NOTES = ("footnotes", "endnotes")
_TITLES = frozenset({"title", "标题", "主标题", "文件标题", "公文标题", "大标题"})
_DOCUMENT = "word/document.xml"
_DEFAULT_SIZE = 21.0  # half points: 五号, what Chinese editions begin with
_ROWS, _CELLS = 20_000, 200


@dataclass(slots=True)
class _Styles:
    """What is needed of styles.xml by a style's id: names, sizes, lists, whether text is hidden."""

    names: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)
    lists: dict[str, tuple[str, int]] = field(default_factory=dict)
    hidden: dict[str, bool] = field(default_factory=dict)
    default: float = _DEFAULT_SIZE


def read_docx(data: bytes, allowance: Allowance) -> FileText:
    """A Word document as one part; text boxes stand after the paragraph they hang on.

    Headers, footers and comments are left out; footnotes stand at the end.

    Raises:
        FileTooLarge, FileDamaged, FileEncrypted: see `Package`.
    """
    package = Package(data, allowance)
    path = _main_part(package)
    related = dict(relations(package, path).values())
    styles = package.xml(related.get("styles", "word/styles.xml"))
    numbers = package.xml(related.get("numbering", "word/numbering.xml"))
    notes = (package.xml(related[kind]) for kind in _NOTES if kind in related)
    root = package.needed_xml(path)
    return document_text(FileKind.DOCX, root, allowance, styles, numbers, list(notes))


def document_text(
    kind: FileKind,
    root: etree._Element,
    allowance: Allowance,
    styles: etree._Element | None = None,
    numbers: etree._Element | None = None,
    notes: Sequence[etree._Element | None] = (),
) -> FileText:
    """What a document's tree says.

    Args:
        kind: of the file.
        root: the element that holds the paragraphs.
        allowance: what it may still cost.
        styles: the tree that describes how they look.
        numbers: the tree of its lists.
        notes: the trees of footnotes and endnotes, which stand at the end.
    """
    walk = _Walk(_styles(styles), Numbering(numbers))
    lines = list(walk.blocks(root))
    for each in notes:
        lines += walk.notes(each) if each is not None else ()
    heading = walk.title or heading_of(walk.shown)
    part = FilePart("\n".join(lines), cut=walk.cut)
    return told(kind, [part], allowance, heading=heading)


def _main_part(package: Package) -> str:
    for kind, target in relations(package, "").values():
        if kind == "officeDocument" and package.find(target):
            return target
    return _DOCUMENT


def _child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The element that a path of names leads to."""
    for name in names:
        if element is None:
            return None
        element = next((each for each in element if local(each) == name), None)
    return element


def _said(element: etree._Element | None, *names: str) -> str | None:
    found = _child(element, *names)
    return attribute(found, "val") if found is not None else None


def _size(element: etree._Element | None, *names: str) -> float | None:
    stated = _said(element, *names, "sz")
    return float(stated) if stated and stated.isdigit() else None


def _set(element: etree._Element | None, name: str) -> bool | None:
    """Whether a property is set or switched off; None where nothing is said of it."""
    found = _child(element, name)
    if found is None:
        return None
    return (attribute(found, "val") or "1") not in {"0", "false", "off"}


def _is_gone(element: etree._Element) -> bool:
    """Whether an element is not shown; Word 2003 wrapped what was deleted in annotations."""
    name = local(element)
    if name == "annotation":
        return (attribute(element, "type") or "").endswith((".Deletion", ".Comment"))
    return name in _GONE


def _styles(root: etree._Element | None) -> _Styles:
    styles, based = _Styles(), dict[str, str]()
    if root is None:
        return styles
    styles.default = _size(root, "docDefaults", "rPrDefault", "rPr") or _DEFAULT_SIZE
    for each in root:
        ident = attribute(each, "styleId") or ""
        styles.names[ident] = (_said(each, "name") or "").strip().lower()
        based[ident] = _said(each, "basedOn") or ""
        if (size := _size(each, "rPr")) is not None:
            styles.sizes[ident] = size
        if (hidden := _set(_child(each, "rPr"), "vanish")) is not None:
            styles.hidden[ident] = hidden
        if (listed := _said(each, "pPr", "numPr", "numId")) is not None:
            level = _said(each, "pPr", "numPr", "ilvl") or "0"
            styles.lists[ident] = (listed, int(level) if level.isdigit() else 0)
    for ident in list(based):
        _inherit(ident, based, styles)
    return styles


def _inherit(ident: str, based: dict[str, str], styles: _Styles) -> None:
    """Give a style what it does not say itself of the nearest styles that it is based on."""
    above, steps = based.get(ident, ""), 0
    while above and steps < 20:
        if above in styles.sizes:
            styles.sizes.setdefault(ident, styles.sizes[above])
        if above in styles.hidden:
            styles.hidden.setdefault(ident, styles.hidden[above])
        above, steps = based.get(above, ""), steps + 1


class _Walk:
    """One way through a document.

    Attributes:
        title: the first paragraph whose style is a title's.
        shown: the first paragraphs as lines, for the heading.
        cut: whether anything that the document shows was left out.
    """

    def __init__(self, styles: _Styles, numbering: Numbering) -> None:
        self.styles = styles
        self.numbering = numbering
        self.title: str | None = None
        self.shown: list[Run] = []
        self.cut = False
        self._open = ""  # a paragraph whose end was deleted goes on in the next one

    def blocks(self, element: etree._Element) -> Iterator[str]:
        """The lines of all paragraphs and tables below an element."""
        for each in element:
            name = local(each)
            if name == "p":
                yield from self._paragraph(each)
            elif name == "tbl":
                yield from self._close()
                yield from self._table(each)
            elif name == "altChunk":
                self.cut = True  # a document of another kind, shown in this place
            elif not _is_gone(each) and name not in {"sectPr", "pPr", "tcPr", "sdtPr"}:
                yield from self.blocks(each)
        yield from self._close()

    def _close(self) -> Iterator[str]:
        if self._open:
            yield self._open
        self._open = ""

    def notes(self, root: etree._Element) -> Iterator[str]:
        """Foot- or endnotes without the lines that part them from the text."""
        for note in root:
            if attribute(note, "type") in {None, "normal"}:
                yield from self.blocks(note)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        properties = _child(paragraph, "pPr")
        style = _said(properties, "pStyle") or ""
        inline = _Inline(self.styles, style)
        inline.walk(paragraph)
        text = "".join(inline.parts).strip("\n")
        if self._open or _child(properties, "rPr", "del") is not None:
            self._open += text
            if _child(properties, "rPr", "del") is None:
                yield from self._close()
        elif text.strip():
            number = self._number(properties, style)
            text = number + text
            self._remember(text.strip(), style, inline.size)
            yield text
        for box in inline.boxes:
            yield from self.blocks(box)

    def _number(self, properties: etree._Element | None, style: str) -> str:
        """The number that Word sets before a paragraph; the style's where it has none itself."""
        own = _said(properties, "numPr", "numId")
        listed, level = self.styles.lists.get(style, ("", 0))
        if own is not None:
            stated = _said(properties, "numPr", "ilvl") or "0"
            listed, level = own, int(stated) if stated.isdigit() else 0
        return self.numbering.next(listed, level) if listed and listed != "0" else ""

    def _remember(self, text: str, style: str, size: float) -> None:
        if self.title is None and self.styles.names.get(style) in _TITLES:
            self.title = text
        if len(self.shown) < 60:
            self.shown.append(Run(text, 0, 0, 0, 0, size))

    def _table(self, table: etree._Element) -> Iterator[str]:
        """A table's rows; a row of one cell is a frame, whose content is read as it is."""
        for count, row in enumerate(_below(table, "tr")):
            if count >= _ROWS:
                self.cut = True
                return
            if _child(row, "trPr", "del") is not None:
                continue
            cells = [each for each in _below(row, "tc") if _child(each, "tcPr", "cellDel") is None]
            if len(cells) == 1:
                yield from self.blocks(cells[0])
                continue
            self.cut = self.cut or len(cells) > _CELLS
            told_cells: list[str] = []
            for cell in cells[:_CELLS]:
                merged = _child(cell, "tcPr", "vMerge")
                goes_on = merged is not None and attribute(merged, "val") != "restart"
                told_cells.append("" if goes_on else self._cell(cell))
                span = _said(cell, "tcPr", "gridSpan") or "1"
                told_cells += [""] * (min(int(span), _CELLS) - 1 if span.isdigit() else 0)
            line = "\t".join(told_cells).rstrip("\t")
            if line:
                yield line

    def _cell(self, cell: etree._Element) -> str:
        """A cell's text in one line, tables in it included."""
        lines = [line.replace("\t", " ").replace("\n", " ") for line in self.blocks(cell)]
        return " ".join(line.strip() for line in lines if line.strip())


def _below(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Children of a name, those inside controls and custom markup included."""
    for each in element:
        if local(each) == name:
            yield each
        elif local(each) in {"sdt", "sdtContent", "customXml", "ins"}:
            yield from _below(each, name)


class _Inline:
    """What a paragraph says: its runs' texts, the text boxes that hang on it, its largest size."""

    def __init__(self, styles: _Styles, style: str) -> None:
        self.parts: list[str] = []
        self.boxes: list[etree._Element] = []
        self.size = 0.0
        self._usual = styles.sizes.get(style, styles.default)
        self._styles, self._hidden = styles, styles.hidden.get(style, False)

    def walk(self, element: etree._Element) -> None:
        """Everything below an element."""
        for each in element:
            name = local(each)
            if name in _SIGNS:
                self.parts.append(_SIGNS[name])
            elif name == "t":
                self.parts.append(each.text or "")
            elif name == "txbxContent":
                self.boxes.append(each)
            elif name == "AlternateContent":
                self._alternative(each)
            elif name == "r":
                self._run(each)
            elif not _is_gone(each) and name not in {"pPr", "rPr"}:
                self.walk(each)

    def _run(self, run: etree._Element) -> None:
        properties = _child(run, "rPr")
        styled = self._styles.hidden.get(_said(properties, "rStyle") or "", self._hidden)
        hidden = _set(properties, "vanish")
        if (styled if hidden is None else hidden) or _set(properties, "webHidden"):
            return
        before = len(self.parts)
        self.walk(run)
        if any(part.strip() for part in self.parts[before:]):
            self.size = max(self.size, _size(properties) or self._usual)

    def _alternative(self, element: etree._Element) -> None:
        """What newer programs show of a drawing; the older form says the same again."""
        for name in ("Choice", "Fallback"):
            chosen = _child(element, name)
            if chosen is not None:
                before = len(self.parts), len(self.boxes)
                self.walk(chosen)
                if (len(self.parts), len(self.boxes)) != before:
                    return


_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
