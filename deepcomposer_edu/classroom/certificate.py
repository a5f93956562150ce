"""A certificate of one's own, so that browsers offer MIDI on a classroom's network.

Nobody vouches for it: each browser asks once whether to go on. A school that has a
certificate gives that one instead.
"""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path

DAYS = 397  # the longest that browsers take


def own_certificate(folder: Path, hosts: Sequence[str]) -> tuple[Path, Path]:
    """Return a certificate and its key for these hosts, made now if need be.

    Args:
        folder: where both are kept, readable for this account alone.
        hosts: names and addresses that browsers will use.

    Raises:
        InputError: if the package that makes certificates is not installed.
    """
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if key.exists() and _is_good(certificate, hosts):
        return certificate, key
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError as error:
        raise InputError(
            "A certificate needs the package cryptography, which comes with "
            "JupyterHub; install that, or give --certificate and --key."
        ) from error
    secret = ec.generate_private_key(ec.SECP256R1())
    hidden = secret.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    shown = _signed(secret, hosts).public_bytes(serialization.Encoding.PEM)
    for path, content in ((key, hidden), (certificate, shown)):
        with atomic_path(path, private=True) as part:
            part.write_bytes(content)
    return certificate, key


def _signed(secret: object, hosts: Sequence[str]) -> object:
    """Return a certificate that signs itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    for host in ("127.0.0.1", *hosts):
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            names.append(x509.DNSName(host))
    who = x509.Name(
        [x509.NameAttribute(x509.NameOID.COMMON_NAME, "DeepComposer EDU class")]
    )
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(secret, hashes.SHA256())
    )


def _is_good(path: Path, hosts: Sequence[str]) -> bool:
    """Return whether a certificate names all hosts and holds for another day."""
    with suppress(ImportError, OSError, ValueError):
        from cryptography import x509

        found = x509.load_pem_x509_certificate(path.read_bytes())
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        told = {str(name.value) for name in names.value}
        tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
        return set(hosts) <= told and found.not_valid_after_utc > tomorrow
    return False
