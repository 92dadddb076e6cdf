"""The guard: URLs and addresses that it refuses and lets through, and that it is as strict as another's."""

from __future__ import annotations

import ipaddress

import pytest
from AntiSSRF import IPAddressRanges
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import SourceError
from mapgen.sources.guard import Guard, is_public, shown

PUBLIC = "93.184.216.34"
NAMES = {
    "example.org": (PUBLIC, "2606:2800:220:1::1"),
    "inside.example.org": ("10.0.0.7",),
    "both.example.org": (PUBLIC, "127.0.0.1"),
    "metadata.google.example": ("169.254.169.254",),
    "mapped.example.org": ("::ffff:127.0.0.1",),
    "scoped.example.org": ("fe80::1%eth0",),
    "none.example.org": (),
    "xn--mnchen-3ya.example": (PUBLIC,),
    "www.example.org": (PUBLIC,),
}


def resolve(host: str) -> tuple[str, ...]:
    """The addresses of NAMES."""
    if host not in NAMES:
        raise OSError("no such name")
    return NAMES[host]


GUARD = Guard(resolve=resolve)


def led_to(url: str, guard: Guard = GUARD) -> tuple[str, tuple[str, ...]]:
    """The plain URL, and the addresses that it leads to."""
    place = guard.place(url)
    return place.url, guard.addresses(place.host, place.port)


REFUSED = [
    "http://127.0.0.1/",
    "http://127.0.0.1:80",
    "https://127.8.9.1/x",
    "http://0.0.0.0/",
    "http://0/",
    "http://127.1/",
    "http://127.0.1",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001",
    "http://0x7f.1/",
    "http://127.0.0.1./",
    "http://127.000.000.001/",
    "http://00127.0.0.1/",
    "http://1.1.1.1./",
    "http://8.8.2056/",
    "http://0x08.8.8.8/",
    "http://10.0.0.1/",
    "http://10.255.255.255",
    "http://172.16.0.1/",
    "http://172.31.255.254/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://100.127.255.254/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.170.2/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://192.88.99.1/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://192.0.2.1/",
    "http://203.0.113.9/",
    "http://256.256.256.256/",
    "http://1.2.3.4.5/",
    "http://1.2.3/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:93.184.216.34]/",
    "http://[::127.0.0.1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:5db8:d822::1]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::93.184.216.34]/",
    "http://[64:ff9b:1::1]/",
    "http://[2001:db8::1]/",
    "http://[100::1]/",
    "http://[5f00::1]/",
    "http://[3fff::1]/",
    "http://[::1",
    "http://::1/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://a.localhost/",
    "http://printer/",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://router.lan/",
    "http://1.0.0.127.in-addr.arpa/",
    "http://x.onion/",
    "http://user@example.org/",
    "http://user:pw@example.org/",
    "http://example.org@127.0.0.1/",
    "http://@example.org/",
    "http://example.org:8080/",
    "http://example.org:22/",
    "https://example.org:0/",
    "http://example.org:65536/",
    "http://example.org:/",
    "http://example.org:80:80/",
    "http://example.org:+80/",
    "http://%31%32%37.0.0.1/",
    "http://127.0.0.1%2f.example.org/",
    "http://ex%61mple.org/",
    "http://example.org\\@127.0.0.1/",
    "http://127.0.0.1\\.example.org/",
    "http:\\\\127.0.0.1/",
    "http://１２７.0.0.1/",
    "http://127。0。0。1/",
    "http://①②⑦.0.0.1/",
    "http://⑯⑨.254.169.254/",
    "http://ⓛocalhost/",
    "http:///x",
    "http://",
    "ftp://example.org/",
    "file:///etc/passwd",
    "gopher://example.org/",
    "dict://example.org/",
    "data:text/plain,x",
    "javascript:alert(1)",
    "//example.org/",
    "example.org",
    "http:/example.org/",
    "http:example.org",
    "https//example.org",
    "jar:http://example.org!/",
    "http://-a.example.org/",
    "http://a..example.org/",
    "http://.example.org/",
    "http://exa<mple.org/",
    "http://a,b.example.org/",
    "http://inside.example.org/",
    "http://both.example.org/",
    "http://metadata.google.example/",
    "http://mapped.example.org/",
    "http://scoped.example.org/",
    "http://none.example.org/",
    "http://unknown.example.org/",
]


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_refused(url: str) -> None:
    with pytest.raises(SourceError) as caught:
        led_to(url)
    assert caught.value.exit_code == 66
    assert caught.value.hint


@pytest.mark.parametrize(
    "url",
    [" http://example.org/", "http://example.org/ a", "http://exam\nple.org/", "http://example.org/\x00", "", "x" * 9],
)
def test_space_and_controls_are_refused(url: str) -> None:
    with pytest.raises(SourceError, match="is refused"):
        led_to(url)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://example.org", "http://example.org/"),
        ("HTTPS://Example.ORG:443/A?b=c#d", "https://example.org/A?b=c"),
        ("https://example.org:80/", "https://example.org:80/"),
        ("http://example.org./x", "http://example.org/x"),
        ("http://example.org?q=1", "http://example.org/?q=1"),
        ("http://www.example.org/ä ".strip(), "http://www.example.org/%C3%A4"),
        ("http://example.org/%C3%A4/@127.0.0.1:22/", "http://example.org/%C3%A4/@127.0.0.1:22/"),
        ("http://münchen.example/", "http://xn--mnchen-3ya.example/"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://[2606:2800:0220:1:0::1]/", "http://[2606:2800:220:1::1]/"),
    ],
)
def test_what_is_let_through(url: str, plain: str) -> None:
    found, addresses = led_to(url)
    assert found == plain
    assert addresses


def test_an_exception_is_one_address_on_one_port() -> None:
    guard = Guard(resolve=lambda host: ("127.0.0.1",), allowed=frozenset({("127.0.0.1", 5000)}))
    assert led_to("http://site.example:5000/", guard)[1] == ("127.0.0.1",)
    assert led_to("http://127.0.0.1:5000/", guard)[1] == ("127.0.0.1",)
    for url in ("http://127.0.0.1/", "http://127.0.0.2:5000/", "http://site.example/", "http://site.example:5001/"):
        with pytest.raises(SourceError):
            led_to(url, guard)


def test_other_ports_are_let_through_where_that_is_asked() -> None:
    guard = Guard(ports=None, resolve=resolve)
    assert led_to("http://example.org:8080/x", guard)[0] == "http://example.org:8080/x"
    with pytest.raises(SourceError):
        led_to("http://inside.example.org:8080/", guard)


@pytest.mark.parametrize("block", IPAddressRanges.recommended_latest)
def test_it_is_as_strict_as_another(block: str) -> None:
    network = ipaddress.ip_network(block)
    assert not is_public(str(network[0]))
    assert not is_public(str(network[-1]))
    assert not is_public(str(network[network.num_addresses // 2]))


@given(st.ip_addresses())
def test_what_is_public_is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if is_public(str(address)):
        assert address.is_global
        assert not address.is_multicast


@given(st.text(max_size=40))
def test_any_text_is_judged(text: str) -> None:
    for url in (text, f"http://{text}", f"http://example.org{text}", f"http://{text}@example.org/"):
        try:
            _, addresses = led_to(url)
        except SourceError:
            continue
        assert all(map(is_public, addresses))


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://example.org/a?key=secret", "http://example.org/a"),
        ("http://example.org?secret", "http://example.org"),
        ("http://example.org/a#secret", "http://example.org/a"),
        ("http://user:secret@example.org/a", "http://…@example.org/a"),
        ("http://user:secret@secret@example.org/", "http://…@example.org/"),
        ("http://user:secret/secret@example.org/", "…@example.org/"),
        ("http://user:secret?secret@example.org/", "…@example.org/"),
        ("http://user:secret#@example.org/", "…@example.org/"),
        ("user:secret@example.org/", "…@example.org/"),
        ("http://example.org/@writer/page", "http://example.org/@writer/page"),
        ("http://example.org/\x1b[31m\u202ered\n", "http://example.org/red"),
        ("http://example.org/" + "x" * 200, "http://example.org/" + "x" * 80 + "…"),
    ],
)
def test_a_message_shows_no_secret_of_a_url(url: str, plain: str) -> None:
    assert shown(url) == plain
    if "@e" in url:
        with pytest.raises(SourceError) as caught:
            GUARD.place(url)
        assert "secret" not in caught.value.message + caught.value.hint
