"""Which addresses of the network a URL may lead to: public ones, by their plain spelling, on the web's own ports.

As strict as Microsoft's AntiSSRF, whose package stands on requests and takes no resolver; a test compares the two.
It connects to nothing. The address that it gives is the one to connect to, or a name could lead elsewhere by then.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from mapgen.errors import SourceError
from mapgen.text import clean, shorten

Resolve = Callable[[str], tuple[str, ...]]
"""The addresses of a host name. Raises OSError where there are none."""

WEB_PORTS = frozenset({80, 443})
_LENGTH = 2_000  # characters of a URL
_URL = re.compile(r"(https?)://([^/?#]*)([^#]*)(?:#.*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\[\]:@%\\]+)(?::(\d{1,5}))?")
_CREDENTIALS = re.compile(r"//[^/?#]*@")
_PRIVATE = re.compile(r"[?#]")
_SHOWN = 100  # characters of a URL in a message
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_LOCAL = {
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "arpa",
    "onion",
}
_PATH_SAFE = "/?%:@!$&'()*+,;=-._~[]|"
_REFUSED = tuple(
    map(
        ipaddress.ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
            *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
            *(
                "224.0.0.0/4",
                "240.0.0.0/4",
                "2001::/23",
                "2001:db8::/32",
                "2002::/16",
                "2620:4f:8000::/48",
                "3fff::/20",
            ),
        ),
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")  # all else is unassigned, local, mapped, translated or multicast


@dataclass(frozen=True)
class Place:
    """A URL taken apart and found well spelled; ``host`` is in ASCII and lower case, without brackets."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """The URL, spelled plainly."""
        port = "" if self.port == {"http": 80, "https": 443}[self.scheme] else f":{self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{port}{self.target}"


def shown(url: str) -> str:
    """A URL as messages show it: in one line, without its query, fragment and credentials, which may be secret."""
    plain = _CREDENTIALS.sub("//…@", url)
    head, at, rest = plain.rpartition("@")
    parts = _URL.fullmatch(plain)
    if at and not head.endswith("//…") and not (parts and _AUTHORITY.fullmatch(parts[2])):
        plain = f"…@{rest}"
    return shorten(clean(_PRIVATE.split(plain)[0]), _SHOWN)


def resolved(host: str) -> tuple[str, ...]:
    """What the system's resolver says of a host."""
    return tuple(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)))


@dataclass(frozen=True)
class Guard:
    """Judges URLs and hosts. ``ports`` None allows every port; ``allowed`` are pairs of address and port let through.

    Nothing but an argument of the caller makes an exception: no variable of the environment does.
    """

    ports: frozenset[int] | None = WEB_PORTS
    allowed: frozenset[tuple[str, int]] = frozenset()
    resolve: Resolve = resolved

    def place(self, url: str) -> Place:
        """The parts of a URL. Raises SourceError where it is no http(s) URL, oddly spelled, or on another port."""
        place = _place(url)
        if self.ports is not None and place.port not in self.ports | {port for _, port in self.allowed}:
            raise _refused(url, f"port {place.port} is not one of the web's")
        if _number_like(place.host) or ":" in place.host:
            self.judge(place.host, place.port)
        return place

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """The addresses to connect to. Raises SourceError where one of them is not public, or there is none."""
        try:
            found = (host,) if ":" in host or _number_like(host) else self.resolve(host)
        except (OSError, UnicodeError) as error:
            raise SourceError(f"{host} has no address.", hint="Check the spelling, and the network.") from error
        if not found:
            raise SourceError(f"{host} has no address.", hint="Check the spelling, and the network.")
        for address in found:
            self.judge(address, port)
        return found

    def judge(self, address: str, port: int) -> None:
        """Raise SourceError where an address is not public, save one that is allowed with this port."""
        if (address, port) not in self.allowed and not is_public(address):
            raise _refused(address, "it is not a public address")


def is_public(address: str) -> bool:
    """Whether an address, plainly spelled, is of a machine on the open internet."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and (found.scope_id or found not in _GLOBAL_V6):
        return False
    return found.is_global and not any(found in network for network in _REFUSED if network.version == found.version)


def _place(url: str) -> Place:
    if len(url) > _LENGTH or not (parts := _URL.fullmatch(url)) or re.search(r"[\s\\\x00-\x20\x7f-\x9f]", url):
        raise _refused(url, "it is not a plain http or https address")
    scheme, target = parts[1].lower(), parts[3]
    if not (authority := _AUTHORITY.fullmatch(parts[2])):
        raise _refused(url, "its host is not plainly spelled")
    port = int(authority[2] or {"http": 80, "https": 443}[scheme])
    if not 0 < port < 65_536:
        raise _refused(url, "it has no such port")
    target = target if target.startswith("/") else f"/{target}"
    return Place(scheme, _host(authority[1], url), port, quote(target, safe=_PATH_SAFE))


def _host(spelled: str, url: str) -> str:
    """The host in ASCII. Raises SourceError where an address has an odd spelling, or the name is one of a local net."""
    if spelled.startswith("["):
        try:
            return str(ipaddress.IPv6Address(spelled[1:-1]))
        except ValueError as error:
            raise _refused(url, "its host is not plainly spelled") from error
    try:
        host = spelled.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise _refused(url, "its host is not plainly spelled") from error
    labels = host.removesuffix(".").split(".")
    if _number_like(host):
        if not _is_quad(spelled):
            raise _refused(url, "its address is oddly spelled")
    elif len(labels) < 2 or labels[-1] in _LOCAL or not all(map(_LABEL.fullmatch, labels)):
        raise _refused(url, "its host is not a name of the open internet")
    return ".".join(labels)


def _number_like(host: str) -> bool:
    """Whether a browser takes it for an address: its last label is a number."""
    return bool(_NUMBER.fullmatch(host.removesuffix(".").rpartition(".")[2]))


def _is_quad(host: str) -> bool:
    try:
        return str(ipaddress.IPv4Address(host)) == host
    except ValueError:
        return False


def _refused(what: str, why: str) -> SourceError:
    hint = "Save the page as a file, and name that, if you trust it."
    return SourceError(f"{shown(what)} is refused: {why}.", hint=hint)
