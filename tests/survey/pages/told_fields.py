"""What a form that came back says is wrong, as somebody finds it: by the summary's links, and beside each field."""

from tests.survey.pages.page_client import Element, read_html


def told_fields(html: str) -> dict[str, str]:
    """Id of the field that a link of the summary leads to -> the words that stand beside it, by which it is described.

    Words of the link that do not stand there too are an error.
    """
    root, _ = read_html(html)
    by_id = {element.get("id"): element for element in root.walk()}
    (summary,) = [element for element in root.walk() if "govuk-error-summary__list" in element.get("class").split()]
    told = {}
    for link in summary.all("a"):
        field = by_id[link.get("href").removeprefix("#")]
        beside = " ".join(
            by_id[one].text for one in _described_by(field) if "govuk-error-message" in by_id[one].get("class")
        )
        assert link.text in beside, (link.text, beside)
        told[field.get("id")] = link.text
    return told


def _described_by(field: Element) -> list[str]:
    """Also by what describes the group that a choice is in."""
    ids, element = list[str](), field
    while element.tag != "form" and element.parent is not None:
        ids += element.get("aria-describedby").split()
        element = element.parent
    return ids
