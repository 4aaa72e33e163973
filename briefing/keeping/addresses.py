"""A web address → what is asked of whom; and which machines may be asked."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from briefing.keeping.refusing import refused

__all__ = ["Address", "address_of", "is_inside", "led_to", "says_scheme"]

_PORTS = {"http": 80, "https": 443}
_LONGEST = 4_000
# What may stand in an address as it is; all else is written as %XX.
_PRINTABLE = "".join(character for character in map(chr, range(0x21, 0x7F)) if character not in '"<>\\^`{|}')
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Not `C:\`, which is a disk.
_SCHEME = re.compile(
    r"([A-Za-z][A-Za-z0-9+.-]+):(?=//)|(file|data|javascript|mailto|ftp|gopher|jar):", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Address:
    """`host` is as it is looked up and as a certificate must have it, `named` as the request names it."""

    scheme: str
    host: str
    port: int
    named: str
    target: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.named}{self.target}"


def says_scheme(text: str) -> bool:
    """Whether what somebody named is an address, of whatever kind, and no file."""
    return _SCHEME.match(text) is not None


def address_of(url: str) -> Address:
    """What an address asks of whom; UsageError, in words, for one that is not asked for."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise refused(f"{url[:200]} is no web address") from None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise refused(
            f"{_without_user(url)}: only http:// and https:// are read; save it as a file, and name that"
        )
    if "@" in parts.netloc:
        raise refused(
            f"{_without_user(url)} has a user name or password in it, which is sent to nobody; save the page, and name"
            " the file"
        )
    if len(url) > _LONGEST or re.search(r"[\s\\\x00-\x20\x7f]", url) or not host or port == 0:
        raise refused(f"{url[:200]} is no web address")
    asked = _host(host, url)
    bracketed = f"[{asked}]" if ":" in asked else asked
    target = quote(parts.path or "/", safe=_PRINTABLE) + (
        f"?{quote(parts.query, safe=_PRINTABLE)}" if parts.query else ""
    )
    port = port or _PORTS[scheme]
    return Address(
        scheme, asked, port, bracketed if port == _PORTS[scheme] else f"{bracketed}:{port}", target
    )


def led_to(here: Address, location: str) -> Address:
    """Where an answer leads that says the text is elsewhere; `location` as it stands in the answer, in Latin-1."""
    try:
        said = quote(location.encode("latin-1"), safe=_PRINTABLE)
        url = urljoin(str(here), said)
    except ValueError:
        raise refused(f"{here} leads to what is no web address") from None
    there = address_of(url)
    if here.scheme == "https" and there.scheme == "http":
        raise refused(
            f"{here} leads to {there}, where anybody on the way can change the text; nothing was kept"
        )
    return there


def _host(host: str, url: str) -> str:
    """The host in ASCII; of an address in numbers that address."""
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host.rstrip(".")
    except UnicodeError:
        raise refused(f"{url[:200]} is no web address") from None


def _without_user(url: str) -> str:
    return re.sub(r"//[^/?#]*@", "//…@", url[:200])


def is_inside(number: str) -> bool:
    """Whether a machine with this address is this one, or in a network that not everybody reaches.

    Also where an address of the newer sort has one of the older in it, to which it leads.
    """
    try:
        address = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return True
    if isinstance(address, ipaddress.IPv6Address):
        older = address.ipv4_mapped or address.sixtofour
        if older is None and address.teredo:
            older = address.teredo[1]
        if older is None and address in _NAT64:
            older = ipaddress.IPv4Address(address.packed[-4:])
        if older is not None:
            address = older
    return not address.is_global or address.is_multicast or address.is_reserved
