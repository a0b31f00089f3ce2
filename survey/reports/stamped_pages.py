"""Copies of a form in a PDF: pages laid out and stored once, under a stamp of each copy's own.

Of 500 copies of six pages the words are the same but for a serial: to lay out each would take a quarter of an hour.
The document holds every form once, and for each copy two pages with nothing but its stamp: of its last page, and of
the pages before. A printed page draws what is on the form's page, then what is on the stamp's.
"""

from collections.abc import Sequence
from typing import Any


def stamp_pages(pdf: Any, anchors: Sequence[Sequence[str]], copies: Sequence[str]) -> int:
    """Put the pages of the copies in the place of all pages of ``pdf`` (of pydyf); how many there are.

    ``anchors``: the names of what begins on each page. ``copies``: of each the name of its form; the stamps of copy k
    begin at ``stamp-k`` and ``stamp-k-last``. Forms and stamps begin on pages of their own; all share their resources.
    """
    pages = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
    starts: dict[str, int] = {}
    for number, names in enumerate(anchors):
        for name in names:
            starts.setdefault(name, number)  # what goes on over several pages has its name on each
    begins = sorted(starts.values())
    ends = dict(zip(begins, [*begins[1:], len(pages)], strict=True))
    for page in pages:  # a drawing leaves the paper as it found it
        drawing = pdf.objects[int(page["Contents"].split()[0])].stream
        drawing.insert(0, b"q")
        drawing.append(b"Q")
    dictionary, array = type(pdf.pages), type(pdf.pages["Kids"])
    pdf.pages["Kids"], pdf.pages["Count"] = array(), 0
    pdf.catalog.pop("Outlines", None)  # they lead to the pages that were
    for number, form in enumerate(copies):
        first, end = starts[form], ends[starts[form]]
        for place in range(first, end):
            stamp = pages[starts[f"stamp-{number}-last" if place == end - 1 else f"stamp-{number}"]]
            drawn = array([pages[place]["Contents"], stamp["Contents"]])
            pdf.add_page(dictionary({**pages[place], "Contents": drawn}))
    return int(pdf.pages["Count"])
