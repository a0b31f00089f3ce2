"""HTML to PDF with the embedded font alone. WeasyPrint is imported here only, when the first PDF is made."""

import ctypes
import gc
import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from survey.messages import N_, Failure, Message
from survey.reports.rendering import TEMPLATES
from survey.reports.stamped_pages import stamp_pages

FONTS = Path(__file__).parent / "fonts"
FONT_FILES = ("SurveySansSC-Regular.ttf", "SurveySansSC-Bold.ttf")
STYLE_SHEET = TEMPLATES / "report.css"
REPLACEMENT = "□"
PANGO_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

#: Pango's font maps are not made for several threads at once.
_rendering = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Pdf:
    content: bytes
    pages: int


@dataclass(frozen=True, kw_only=True)
class _Renderer:
    """What one process needs once: the library, the font configuration and the parsed style sheet."""

    weasyprint: Any
    font_config: Any
    style_sheet: Any
    fetcher: Any


def replace_missing(text: str) -> tuple[str, str]:
    """``text`` with every character outside the font as □, and those characters, each once, in order.

    Invisible controls and joiners are dropped: they have no picture, and some turn the text around. One character
    without a picture would send the text engine through every font of the system.

    >>> replace_missing("幸福\\U0001f600社区")
    ('幸福□社区', '\\U0001f600')
    """
    known = _font_characters()
    found: dict[str, str] = {}
    for character in set(text) - known:
        found[character] = "" if _invisible(character) else REPLACEMENT
    if not found:
        return text, ""
    composed = unicodedata.normalize("NFC", text)
    unknown = [c for c in dict.fromkeys(composed) if c not in known]
    replacements = {ord(c): "" if _invisible(c) else REPLACEMENT for c in unknown}
    return composed.translate(replacements), "".join(c for c in unknown if not _invisible(c))


def render_pdf(html: str) -> Pdf:
    """``html`` (a whole document whose characters are all in the font) as PDF.

    Raises:
        Failure: the text library or a font file is missing, or there is no room for temporary files.
    """
    with _rendering, _rubbish_afterwards():
        try:
            return _typeset(html)
        except OSError as error:
            raise Failure(Message(N_("报告无法排版成PDF：{error}"), {"error": str(error)})) from error


def render_stamped(html: str, copies: Sequence[str]) -> Pdf:
    """Many copies of a few forms, each laid out once, see :mod:`survey.reports.stamped_pages`. Raises alike."""
    with _rendering, _rubbish_afterwards():
        try:
            return _stamped(html, copies)
        except OSError as error:
            raise Failure(Message(N_("报告无法排版成PDF：{error}"), {"error": str(error)})) from error


def _typeset(html: str) -> Pdf:
    document = _lay_out(html, tags=True)
    return Pdf(content=document.write_pdf(pdf_tags=True), pages=len(document.pages))


def _lay_out(html: str, *, tags: bool) -> Any:
    renderer = _renderer()
    return renderer.weasyprint.HTML(string=html, url_fetcher=renderer.fetcher).render(
        font_config=renderer.font_config, stylesheets=[renderer.style_sheet], pdf_tags=tags
    )


def _stamped(html: str, copies: Sequence[str]) -> Pdf:
    document, printed = _lay_out(html, tags=False), [0]

    def put_together(_document: Any, pdf: Any) -> None:
        printed[0] = stamp_pages(pdf, [list(page.anchors) for page in document.pages], copies)

    return Pdf(content=document.write_pdf(finisher=put_together), pages=printed[0])


@contextmanager
def _rubbish_afterwards() -> Iterator[None]:
    """Collects cyclic rubbish once, after a report, and gives its memory back to the system.

    The hundred thousand boxes of a report all live until it is written: looking through them again and again while
    it grows took a quarter of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
        gc.collect()
        _give_back()


def require_typesetter() -> None:
    """Raises :class:`~survey.messages.Failure` before any work is done where a PDF could not be made."""
    _font_characters()
    with _rendering:
        _renderer()


@lru_cache(maxsize=1)
def _font_characters() -> frozenset[str]:
    path = FONTS / "characters.txt"
    try:
        return frozenset(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _missing_font(path) from error


def _invisible(character: str) -> bool:
    category = unicodedata.category(character)
    return category in ("Cc", "Cf") or "VARIATION SELECTOR" in unicodedata.name(character, "")


@lru_cache(maxsize=1)
def _renderer() -> _Renderer:
    for name in FONT_FILES:
        if not (FONTS / name).is_file():
            raise _missing_font(FONTS / name)
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as error:
        message = N_("缺少排版用的系统库（{error}）。请安装Debian软件包：{packages}。")
        raise Failure(Message(message, {"error": str(error), "packages": PANGO_PACKAGES})) from error

    fonts = {(FONTS / name).as_uri(): FONTS / name for name in FONT_FILES}

    class OwnFontsOnly(URLFetcher):  # type: ignore[misc]  # weasyprint is untyped
        """Gives the two font files; no other address is ever opened."""

        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 - the library passes it
            if url not in fonts:
                raise ValueError(f"{url}: refused, a report holds everything it shows")
            return URLFetcherResponse(url, fonts[url].read_bytes())

    font_config, fetcher = FontConfiguration(), OwnFontsOnly()
    try:
        style_sheet = weasyprint.CSS(
            string=STYLE_SHEET.read_text(encoding="utf-8"),
            base_url=FONTS.as_uri() + "/",
            font_config=font_config,
            url_fetcher=fetcher,
        )
    except OSError as error:  # the fonts are copied into a temporary folder
        raise Failure(Message(N_("报告无法排版成PDF：{error}"), {"error": str(error)})) from error
    gc.collect()
    gc.freeze()  # the library stays: no later collection need look through it
    return _Renderer(weasyprint=weasyprint, font_config=font_config, style_sheet=style_sheet, fetcher=fetcher)


@lru_cache(maxsize=1)
def _malloc_trim() -> Callable[[int], int] | None:
    """glibc's own; other C libraries have none."""
    try:
        return cast(Callable[[int], int], ctypes.CDLL(None).malloc_trim)
    except (AttributeError, OSError):
        return None


def _give_back() -> None:
    if (trim := _malloc_trim()) is not None:
        trim(0)


def _missing_font(path: Path) -> Failure:
    return Failure(Message(N_("缺少报告字体文件{path}。请从源代码库取回它。"), {"path": str(path)}))
