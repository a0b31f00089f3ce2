"""Where a request came from when proxies of ours stand in between, decided once, before anything looks at it."""

import ipaddress
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from survey.trusted_proxies import TrustedProxies, parse_address

#: Whoever has one IPv6 address has all of its network.
_IPV6_NETWORK_BITS = 64
#: The network of many neighbours: what a provider gives to one place.
_NEIGHBOURS = {4: 24, 6: 48}


class Forwarding:
    """WSGI: the visitor's address and ``https`` as the trusted proxies say; from others nothing is believed.

    A proxy's word about the host is never taken: it hands on ``Host`` itself.
    """

    def __init__(self, application: WSGIApplication, trusted: TrustedProxies) -> None:
        self._application, self._trusted = application, trusted

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # At every comma: a quotation mark that a visitor began would otherwise swallow what the proxies appended.
        forwarded = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        hops = self._trusted.hops(environ.get("REMOTE_ADDR", ""), forwarded)
        if not hops:
            return self._application(environ, start_response)
        believed = environ | {"HTTP_X_FORWARDED_FOR": forwarded[-hops].replace('"', "")}
        # The nearest proxy alone says whether it was called by TLS: many proxies replace that header.
        return ProxyFix(self._application, x_for=1, x_proto=1, x_host=0)(believed, start_response)


def init_app(app: Flask, trusted: TrustedProxies) -> None:
    if trusted:
        app.wsgi_app = Forwarding(app.wsgi_app, trusted)  # type: ignore[method-assign]


def client_address() -> str:
    """What stands for the visitor where attempts are counted: an IPv4 address, or the network of an IPv6 one."""
    found = parse_address(request.remote_addr or "")
    if found is None:
        return request.remote_addr or "unknown"
    if found.version == 4:
        return str(found)
    return f"{found.exploded[: _IPV6_NETWORK_BITS // 4 + 3]}::"


def client_network() -> str | None:
    """The wider network of the visitor, a /24 or a /48 of IPv6, where answers of one place are counted.

    ``None``: not known, as behind a proxy that is not said to be ours, where everybody seems to be this machine.
    """
    found = parse_address(request.remote_addr or "")
    if found is None or found.is_loopback:
        return None
    return str(ipaddress.ip_network((found, _NEIGHBOURS[found.version]), strict=False))
