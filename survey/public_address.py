"""The address under which people know the site: on letters, posters and cards, and the only name it answers to.

What a request says of it (``Host``) is written by whoever sends it, so nothing that is printed relies on that.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from survey.messages import N_, BadInput, Message

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, kw_only=True)
class PublicAddress:
    """``host``: as browsers send it, in small letters, with the port unless it is the scheme's own."""

    scheme: str
    host: str

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return f"{self.scheme}://{self.host}"

    @property
    def is_this_machine(self) -> bool:
        return re.sub(r":\d+$", "", self.host) in THIS_MACHINE

    def is_named(self, host: str) -> bool:
        """Whether a ``Host`` header means this address.

        >>> address = parse_public_url("https://survey.example")
        >>> [address.is_named(host) for host in ("Survey.Example", "survey.example:443", "survey.example.evil.example")]
        [True, True, False]
        """
        return host.lower().removesuffix(f":{_DEFAULT_PORTS[self.scheme]}") == self.host


def parse_public_url(text: str) -> PublicAddress | None:
    """What ``SURVEY_PUBLIC_URL`` says: ``https://`` and a name; ``None`` when it says nothing.

    Raises :class:`BadInput` for anything else. ``http://`` is for this machine alone: cookies need TLS.

    >>> parse_public_url("HTTPS://Survey.Example:443/").url
    'https://survey.example'
    """
    text = text.strip()
    if not text:
        return None
    address = _parse(text)
    if address is None or (address.scheme == "http" and not address.is_this_machine):
        message = N_("SURVEY_PUBLIC_URL 是“{got}”，应为 https:// 加网站的域名，不带路径，例如 https://survey.example")
        raise BadInput(Message(message, {"got": text[:100]}))
    return address


def _parse(text: str) -> PublicAddress | None:
    if not text.isprintable():
        return None  # urlsplit would leave line ends out
    try:
        parts = urlsplit(text.lower())
        port = parts.port
    except ValueError:
        return None
    name = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
    plain = parts.path in ("", "/") and not parts.query and not parts.fragment
    if parts.scheme not in _DEFAULT_PORTS or not plain or not _HOST.fullmatch(name):
        return None
    shown = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return PublicAddress(scheme=parts.scheme, host=name + shown)
