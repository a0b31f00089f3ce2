"""Wordings and numbers as cells."""

from questionnaires.definition import Text


def wording(column: str, text: Text | None) -> dict[str, str]:
    """The cells of one wording, by column and tag.

    >>> wording("label", Text(zh_Hans="满意", en="Satisfied"))
    {'label::zh_Hans': '满意', 'label::en': 'Satisfied'}
    """
    if text is None:
        return {}
    return {f"{column}::{tag}": part for tag, part in (("zh_Hans", text.zh_Hans), ("en", text.en), *text.others)}


def number(value: float) -> str:
    """The shortest text that is read as the same number.

    >>> number(75.0), number(0.1)
    ('75', '0.1')
    """
    return repr(float(value)).removesuffix(".0")
