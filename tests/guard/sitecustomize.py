"""Refuses every connection but to this machine, in each Python process of the tests.

tests/conftest.py puts this folder first on PYTHONPATH, so that commands, kernels and
servers which tests start are guarded, too. Each refused attempt is written to the file
named by COURSE_NETWORK_LOG, so that it is noticed even where the error is swallowed.
"""

import ipaddress
import os
import socket
import sys
from pathlib import Path

LOCAL_NAMES = {"", "localhost", "localhost.localdomain", "ip6-localhost"}


class OfflineError(OSError):
    """The course tried to reach another machine."""


def is_local(host: object) -> bool:
    """Say whether a host name or address means this machine."""
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name.lower() in LOCAL_NAMES | {_own_name.lower()}:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse(what: str, host: object) -> None:
    """Note the attempt and raise."""
    log = os.environ.get("COURSE_NETWORK_LOG")
    if log:
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{what} {host}\n")
    raise OfflineError(f"the tests run offline: {what} {host!r} is refused")


def guard_method(name: str) -> None:
    """Make a socket's method look at the address before it acts."""
    original = getattr(socket.socket, name)

    def guarded(self, *arguments):
        address = arguments[-1] if name == "sendto" else arguments[0]
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_local(
            address[0]
        ):
            refuse(name, address[0])
        return original(self, *arguments)

    setattr(socket.socket, name, guarded)


def guard_lookup(name: str) -> None:
    """Make a name look-up refuse the names of other machines."""
    original = getattr(socket, name)

    def guarded(host, *arguments, **options):
        # An address written in digits is not looked up anywhere.
        if not is_local(host) and not is_address(host):
            refuse(name, host)
        return original(host, *arguments, **options)

    setattr(socket, name, guarded)


def is_address(host: object) -> bool:
    """Say whether a host is written in digits."""
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True


# jsonschema builds 38 parsers of web addresses when it is imported, a second and a half
# of each process that starts a notebook; without them it leaves "iri" unchecked.
sys.modules.setdefault("rfc3987_syntax", None)

_own_name = socket.gethostname()
for _name in ("connect", "connect_ex", "sendto"):
    guard_method(_name)
for _name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
    guard_lookup(_name)
