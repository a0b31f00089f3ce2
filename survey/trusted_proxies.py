"""Which of our own proxies stand in front of the site, and whose word about a visitor's address is believed.

``X-Forwarded-For`` is a list to which each proxy appends the address it was called from. Anybody can begin such a list,
so only what our own proxies appended counts: it is read from the right, and the first entry that is none of them is
where the request came from.
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

from survey.messages import N_, BadInput, Message

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: A larger number is a slip: each proxy of a chain would have to be ours.
MOST_PROXIES = 9
_WITH_PORT = re.compile(r"(?P<v4>[0-9.]+):[0-9]+|\[(?P<v6>[^\]]+)\](?::[0-9]+)?")


@dataclass(frozen=True, kw_only=True)
class TrustedProxies:
    """Either ``count`` proxies in a row, the nearest on this machine, or proxies with addresses in ``networks``.

    Neither: nobody's word counts.
    """

    count: int = 0
    networks: tuple[Network, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.count or self.networks)

    def hops(self, peer: str, forwarded: Sequence[str]) -> int:
        """How many entries of ``X-Forwarded-For``, from the right, proxies of ours wrote; 0: nothing is believed.

        ``peer``: who holds the connection. The entry that many from the right is the visitor's address.

        >>> one = parse_trusted_proxies("1")
        >>> one.hops("127.0.0.1", ["made up", "192.0.2.7"]), one.hops("192.0.2.7", ["made up"])
        (1, 0)
        >>> parse_trusted_proxies("10.0.0.0/8").hops("10.0.0.1", ["made up", "192.0.2.7", "10.0.0.2"])
        2
        """
        if self.count:
            return min(self.count, len(forwarded)) if _is_local(peer) else 0
        hops, address = 0, peer
        while hops < len(forwarded) and self._holds(address):
            hops += 1
            address = forwarded[-hops]
        return hops

    def _holds(self, address: str) -> bool:
        found = parse_address(address)
        return found is not None and any(found in network for network in self.networks)


def parse_trusted_proxies(text: str) -> TrustedProxies:
    """What ``SURVEY_TRUSTED_PROXIES`` says: a number, or addresses and networks with commas; nothing: none.

    Raises :class:`BadInput` for anything else, and for a network that holds every address.
    """
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) == 1:
        return TrustedProxies(count=int(text))
    try:
        networks = tuple(ipaddress.ip_network(part.strip()) for part in text.split(",")) if text else ()
    except ValueError:
        networks = None
    if networks is None or any(network.prefixlen == 0 for network in networks):
        message = N_(
            "SURVEY_TRUSTED_PROXIES 是“{got}”，应为代理的个数（1–{most}，最近的一个在本机），"
            "或代理的地址，以逗号分隔，例如 10.0.0.5,10.1.0.0/24"
        )
        raise BadInput(Message(message, {"got": text[:100], "most": MOST_PROXIES}))
    return TrustedProxies(networks=networks)


def parse_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address however it is written; an IPv4 address inside an IPv6 one is the IPv4 address. ``None``: is none.

    Some proxies write the visitor's port after it, another one for each connection: it is no part of the address.

    >>> [str(parse_address(text)) for text in ("::ffff:192.0.2.7", "192.0.2.7:50123", "[2001:db8::7]:50123")]
    ['192.0.2.7', '192.0.2.7', '2001:db8::7']
    """
    found = _WITH_PORT.fullmatch(text.strip())
    try:
        address = ipaddress.ip_address((found["v4"] or found["v6"]) if found else text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_local(peer: str) -> bool:
    address = parse_address(peer)
    return address is not None and address.is_loopback
