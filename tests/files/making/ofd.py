"""OFD files as writers of GB/T 33190 make them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
A4 = (210.0, 297.0)


@dataclass
class Page:
    """A page; positions are in millimetres from its upper left corner."""

    size: tuple[float, float] = A4
    drawn: list[str] = field(default_factory=list)
    template: str | None = None

    def text(self, x: float, y: float, text: str, size: float = 4.5, *, ctm: str = "") -> None:
        """A text object of one code whose steps are runs, as WPS writes them."""
        steps = [size if ord(sign) > 0x2FF else size / 2 for sign in text][:-1]
        self.code(x, y, [(0.0, text, runs(steps))], size, ctm=ctm)

    def code(
        self, x: float, y: float, codes: list[tuple[float, str, str]], size: float, *, ctm: str = ""
    ) -> None:
        inner = "".join(
            f'<ofd:TextCode X="{at}" Y="0"{f" DeltaX={step!r}" if step else ""}>{escape(text)}</ofd:TextCode>'
            for at, text, step in codes
        ).replace("'", '"')
        turned = f' CTM="{ctm}"' if ctm else ""
        self.drawn.append(
            f'<ofd:TextObject ID="9" Boundary="{x} {y} 200 10" Font="3" Size="{size}"{turned}>{inner}</ofd:TextObject>'
        )

    def standing(self, x: float, y: float, text: str, size: float = 4.5) -> None:
        self.drawn.append(
            f'<ofd:TextObject ID="9" Boundary="{x} {y} 10 200" Font="3" Size="{size}">'
            f'<ofd:TextCode X="0" Y="0" DeltaX="g {len(text)} 0" DeltaY="g {len(text) - 1} {size}">'
            f"{text}</ofd:TextCode></ofd:TextObject>"
        )

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.drawn.append(
            f'<ofd:PathObject ID="9" Boundary="{x0} {y0} {x1 - x0} {y1 - y0}" LineWidth="0.3">'
            f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def picture(self) -> None:
        self.drawn.append(
            f'<ofd:ImageObject ID="9" Boundary="0 0 {self.size[0]} {self.size[1]}" ResourceID="7"/>'
        )

    def xml(self) -> str:
        used = (
            f'<ofd:Template TemplateID="{self.template}" ZOrder="Background"/>'
            if self.template
            else ""
        )
        return (
            f"<ofd:Page {_SPACE}><ofd:Area><ofd:PhysicalBox>0 0 {self.size[0]} {self.size[1]}"
            f'</ofd:PhysicalBox></ofd:Area>{used}<ofd:Content><ofd:Layer ID="2" Type="Body">'
            f'<ofd:PageBlock ID="8">{"".join(self.drawn)}</ofd:PageBlock></ofd:Layer></ofd:Content></ofd:Page>'
        )


def runs(steps: list[float]) -> str:
    """Steps with equal ones as ``g 3 4.5``."""
    out: list[str] = []
    at = 0
    while at < len(steps):
        past = at
        while past < len(steps) and steps[past] == steps[at]:
            past += 1
        out.append(f"g {past - at} {steps[at]}" if past - at > 1 else f"{steps[at]}")
        at = past
    return " ".join(out)


def ofd(
    *documents: list[Page],
    titles: tuple[str, ...] = (),
    template: Page | None = None,
    attached: dict[str, bytes] | None = None,
    extra: dict[str, bytes] | None = None,
    media: dict[str, bytes] | None = None,
) -> bytes:
    """The file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        bodies = "".join(
            f"<ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID><ofd:Title>{escape(title)}</ofd:Title></ofd:DocInfo>"
            f"<ofd:DocRoot>/Doc_{n}/Document.xml</ofd:DocRoot></ofd:DocBody>"
            for n, title in enumerate([*titles, *[""] * len(documents)][: len(documents)])
        )
        packed.writestr(
            "OFD.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {_SPACE} Version="1.0">{bodies}</ofd:OFD>',
        )
        for n, pages in enumerate(documents):
            _write(packed, f"Doc_{n}", pages, template, attached if n == 0 else None)
            _write_media(packed, f"Doc_{n}", media or {})
        for name, content in (extra or {}).items():
            packed.writestr(name, content)
    return out.getvalue()


def _write(
    packed: zipfile.ZipFile,
    folder: str,
    pages: list[Page],
    template: Page | None,
    attached: dict[str, bytes] | None,
) -> None:
    listed = "".join(
        f'<ofd:Page ID="{n + 10}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages))
    )
    with_template = (
        '<ofd:TemplatePage ID="5" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    )
    with_files = "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>" if attached else ""
    packed.writestr(
        f"{folder}/Document.xml",
        f"<ofd:Document {_SPACE}><ofd:CommonData><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
        f"</ofd:PageArea>{with_template}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{with_files}</ofd:Document>",
    )
    for n, page in enumerate(pages):
        packed.writestr(f"{folder}/Pages/Page_{n}/Content.xml", page.xml())
    if template:
        packed.writestr(f"{folder}/Tpls/Tpl_0/Content.xml", template.xml())
    if attached:
        entries = "".join(
            f'<ofd:Attachment ID="{n}" Name="{name}"><ofd:FileLoc>file_{n}.{name.rpartition(".")[2]}</ofd:FileLoc></ofd:Attachment>'
            for n, name in enumerate(attached)
        )
        packed.writestr(
            f"{folder}/Attachs/Attachments.xml",
            f"<ofd:Attachments {_SPACE}>{entries}</ofd:Attachments>",
        )
        for n, (name, content) in enumerate(attached.items()):
            packed.writestr(f"{folder}/Attachs/file_{n}.{name.rpartition('.')[2]}", content)


def _write_media(packed: zipfile.ZipFile, folder: str, media: dict[str, bytes]) -> None:
    listed = "".join(
        f'<ofd:MultiMedia ID="{ident}" Type="Image" Format="PNG"><ofd:MediaFile>{ident}.png</ofd:MediaFile>'
        "</ofd:MultiMedia>"
        for ident in media
    )
    packed.writestr(
        f"{folder}/DocumentRes.xml",
        f'<ofd:Res {_SPACE} BaseLoc="Res"><ofd:MultiMedias>{listed}</ofd:MultiMedias></ofd:Res>',
    )
    for ident, content in media.items():
        packed.writestr(f"{folder}/Res/{ident}.png", content)
