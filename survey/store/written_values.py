"""Values as histories keep them."""


def written(value: object) -> str:
    """Nothing is "", whole money has no decimals.

    >>> from datetime import date
    >>> written(None), written(2.0), written(2.5), written(date(2026, 5, 1)), written(True)
    ('', '2', '2.5', '2026-05-01', 'True')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
