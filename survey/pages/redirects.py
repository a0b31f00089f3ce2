"""Where a form may send its reader next."""

from urllib.parse import urlsplit


def local_path(target: str | None) -> str | None:
    """``target`` if it is a path of this site, else ``None``: nobody is sent elsewhere by a link made elsewhere.

    >>> local_path("/waves/3?area=1")
    '/waves/3?area=1'
    >>> [local_path(t) for t in ("//evil.example", "https://evil.example/", "/\\\\evil.example", "waves", "", None)]
    [None, None, None, None, None, None]
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) < 32 for character in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target
