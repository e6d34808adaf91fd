"""From where a request comes, and under which address people know the house: what is believed of a gateway before it."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from fastapi import Request

OF_ONE_LINE: Final = 64  # of an IPv6 address: one connection is given all the addresses beneath
NOWHERE: Final = "-"


def address_of(request: Request) -> str:
    """Whom a bound on how often counts: an IPv4 address, or the /64 of an IPv6 one, of which one line has as many as it likes.

    Where a gateway is believed (`Installation.trusted_proxies`), the server has put the address that it names in its place.
    """
    try:
        address = ip_address(request.client.host.partition("%")[0] if request.client else "")
    except ValueError:
        return NOWHERE
    if not isinstance(address, IPv6Address):
        return str(address)
    within = address.ipv4_mapped
    return str(within) if within is not None else str(ip_network((address, OF_ONE_LINE), strict=False))


def origin_of(request: Request) -> str:
    """How browsers write where the house is: `https://doithoai.example.vn`, as set, else as this request came."""
    known: str = getattr(request.app.state, "public_origin", "")
    return known or f"{request.url.scheme}://{request.url.netloc}"
