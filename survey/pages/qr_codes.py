"""A QR code as a drawing inside the page: nothing is fetched, and what it says goes to nobody else."""

import segno
from markupsafe import Markup


def qr_code(text: str, name: str) -> Markup:
    """An ``<svg>`` of ``text``; ``name`` is what a screen reader says. It readjusts to the width it is given.

    >>> qr_code("https://survey.example/o/abc", "二维码")[:41]
    Markup('<svg viewBox="0 0 37 37" class="qr-code">')
    """
    drawing = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, border=4, title=name, svgclass="qr-code", lineclass=None
    )
    return Markup(drawing)  # noqa: S704 - made here from squares; the name is escaped by segno
