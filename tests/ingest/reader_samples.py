"""Small real files for the readers' tests, made with the libraries that read them."""

import ctypes
import io
from collections.abc import Sequence

import pypdfium2
from pypdfium2 import raw

Line = tuple[float, float, str]


def pdf(pages: Sequence[Sequence[Line]], *, size: float = 11) -> bytes:
    """A PDF in Helvetica; each line is (x, y, text) in points from the lower left."""
    document = pypdfium2.PdfDocument.new()
    font = raw.FPDFText_LoadStandardFont(document, b"Helvetica")
    for lines in pages:
        page = document.new_page(595, 842)
        for x, y, text in lines:
            encoded = (text + "\0").encode("utf-16-le")
            wide = (ctypes.c_ushort * (len(encoded) // 2)).from_buffer_copy(encoded)
            placed = raw.FPDFPageObj_CreateTextObj(document, font, size)
            raw.FPDFText_SetText(placed, wide)
            raw.FPDFPageObj_Transform(placed, 1, 0, 0, 1, x, y)
            raw.FPDFPage_InsertObject(page, placed)
        page.gen_content()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def column(*lines: str, x: float = 72, top: float = 780, leading: float = 14) -> list[Line]:
    return [(x, top - leading * number, line) for number, line in enumerate(lines)]


def written_pdf(
    *,
    properties: str = "",
    trailer: str = "",
    content: bytes = b"BT /F1 12 Tf 72 700 Td (Some text.) Tj ET",
    letters: dict[int, str] | None = None,
) -> bytes:
    """A PDF written by hand, for what PDFium itself does not write.

    `properties` goes into the document's properties, `trailer` into the trailer;
    `letters` says which character each byte of the font stands for.
    """
    codes = letters or {code: chr(code) for code in range(0x20, 0x7F)}
    mapping = "\n".join(f"<{code:02x}> <{ord(to):04x}>" for code, to in codes.items())
    unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{mapping}\nendbfchar endcmap end end"
    ).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(unicode), unicode),
        b"<< " + properties.encode("latin-1") + b" >>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 8\n0000000000 65535 f \n%strailer\n<< /Size 8 /Root 1 0 R /Info 7 0 R %s >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (table, trailer.encode(), len(out))
    )


def encrypted_pdf() -> bytes:
    """A PDF that no empty password opens: its key check (U) is not that of any."""
    zeros = "00" * 32
    return written_pdf(
        trailer=(
            f"/ID [<{zeros}> <{zeros}>] "
            f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{zeros}> /U <{zeros}> /P -4 >>"
        )
    )
