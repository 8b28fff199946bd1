"""Where a PDF is cut: boxes that print shops look for, and that cairo has no words for."""

import re

from gradart.rendering.layout.page import Page

_PAGE = re.compile(rb"(\d+) 0 obj\n(<< /Type /Page\b.*?\nendobj\n)", re.DOTALL)
_MEDIA = re.compile(rb"/MediaBox \[[^\]]*\]")
_TRAILER = re.compile(rb"trailer\n<<(.*?)>>\s*startxref\s+(\d+)\s+%%EOF\s*\Z", re.DOTALL)


def with_boxes(data: bytes, page: Page, unit: float) -> bytes:
    """A PDF of cairo's, of one page, that says where the sheet is cut and how far it bleeds.

    `unit` points are a millimeter. It is said in what PDF calls an incremental update (ISO 32000-1,
    7.5.6 and 14.11.2): the page's object once more, after the end, and where it is.
    """
    if page.cut is None:
        return data
    boxes = b""
    for name, inset in ("Trim", page.cut.around), ("Bleed", page.cut.around - page.cut.bleed):
        corners = inset, inset, page.width - inset, page.height - inset
        numbers = " ".join(f"{unit * corner:.6f}" for corner in corners)
        boxes += f"\n   /{name}Box [ {numbers} ]".encode()
    found, trailer = _PAGE.search(data), _TRAILER.search(data)
    assert found is not None, "cairo writes the page in the open where it is told to be PDF 1.4"
    assert trailer is not None, "cairo ends a PDF by a trailer"
    (number, body), (said, before) = found.groups(), trailer.groups()
    again = number + b" 0 obj\n" + _MEDIA.sub(lambda media: media[0] + boxes, body, count=1)
    table = b"xref\n%s 1\n%010d 00000 n \n" % (number, len(data))
    pointers = b"trailer\n<<%s/Prev %s\n>>\nstartxref\n" % (said, before)
    return data + again + table + pointers + b"%d\n%%%%EOF\n" % len(data + again)
