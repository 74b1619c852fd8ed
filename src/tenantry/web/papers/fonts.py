"""The letters of documents: a typeface for most scripts; for Chinese, Japanese, Korean what readers of PDF bring."""

import re
from collections.abc import Iterable
from functools import cache
from xml.sax.saxutils import escape

from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import getFont, registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from tenantry.web.http.statics import FOLDER

REGULAR, BOLD = "DejaVu", "DejaVu-Bold"
FILES = {REGULAR: "DejaVuSansCondensed.ttf", BOLD: "DejaVuSansCondensed-Bold.ttf"}
# Hangul; a run that holds kana, with its ideographs; other ideographs and their punctuation.
EAST_ASIAN = re.compile(
    r"(?P<korean>[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]+)"
    r"|(?P<japanese>[\u3000-\u303f\u4e00-\u9fff]*[\u3040-\u30ff]+[\u3000-\u30ff\u4e00-\u9fff]*)"
    r"|(?P<chinese>[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]+)"
)
BROUGHT = {"korean": "HYGothic-Medium", "japanese": "HeiseiKakuGo-W5", "chinese": "STSong-Light"}


@cache
def ready() -> None:
    """Register the fonts, once for the program."""
    try:
        for name, file in FILES.items():
            registerFont(TTFont(name, FOLDER / "vendor" / "files" / file))
    except TTFError as fault:
        message = "The fonts of documents are not there: run `make frontend`."
        raise FileNotFoundError(message) from fault
    registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    for name in BROUGHT.values():
        registerFont(UnicodeCIDFont(name))


def brought(texts: Iterable[str]) -> bool:
    """Say whether letters are among these texts that the reader of the document has to bring a font for."""
    return any(EAST_ASIAN.search(text) for text in texts)


def lacking(texts: Iterable[str]) -> list[str]:
    """Name the letters of these texts that no font here has, each once: `U+0E01`."""
    ready()
    known = getFont(REGULAR).face.charToGlyph  # type: ignore[attr-defined]
    letters = {letter for text in texts for letter in EAST_ASIAN.sub("", text) if not letter.isspace()}
    return [f"U+{ord(letter):04X}" for letter in sorted(letters) if ord(letter) not in known]


def marked(text: str) -> str:
    """Give a text as a paragraph takes it: escaped, with the right letters for each script."""
    return EAST_ASIAN.sub(_in_its_font, escape(text)).replace("\n", "<br/>")


def _in_its_font(found: re.Match[str]) -> str:
    return f'<font name="{BROUGHT[str(found.lastgroup)]}">{found.group()}</font>'
