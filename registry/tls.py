"""An own certificate authority and a server certificate: kiosks trust this one and no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from registry.keys import write_private
from registry.server import Tls

_AUTHORITY_LIVES = timedelta(days=3650)
_SERVER_LIVES = timedelta(days=825)
_CLOCKS_MAY_DIFFER = timedelta(days=1)


class CertificatesExistError(FileExistsError):
    """There are certificates in this folder; they are left alone."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where the files are. ``authority`` goes to the kiosks; ``authority_key`` belongs in a safe."""

    authority: Path
    authority_key: Path
    server: Tls


def make_certificates(folder: Path, hosts: Sequence[str], *, now: datetime) -> Certificates:
    """Make an authority and a server certificate for these names and addresses. Keys are 0600.

    Raises:
        CertificatesExistError: the folder holds such files already.
        ValueError: no host is named.

    """
    if not hosts:
        message = "name at least one host or address for the certificate"
        raise ValueError(message)
    made = Certificates(folder / "ca.crt", folder / "ca.key", Tls(folder / "server.crt", folder / "server.key"))
    there = [path.name for path in (made.authority, made.authority_key, made.server.certificate, made.server.key) if path.exists()]
    if there:
        message = f"{folder} holds {', '.join(there)} already: choose another folder, or move them away first"
        raise CertificatesExistError(message)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key, now)
    server_key = ec.generate_private_key(ec.SECP256R1())
    server = _server(server_key, hosts, authority, authority_key, now)
    _write_key(made.authority_key, authority_key)
    _write_key(made.server.key, server_key)
    made.authority.write_bytes(authority.public_bytes(Encoding.PEM))
    made.server.certificate.write_bytes(server.public_bytes(Encoding.PEM))
    return made


def _authority(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Youyue registry authority")])
    may_sign = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        _unsigned(name, name, key.public_key(), now, _AUTHORITY_LIVES)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(may_sign, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _server(
    key: ec.EllipticCurvePrivateKey,
    hosts: Sequence[str],
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Youyue registry")])
    return (
        _unsigned(name, authority.subject, key.public_key(), now, _SERVER_LIVES)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_name_of(host) for host in hosts]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _unsigned(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, lives: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_MAY_DIFFER)
        .not_valid_after(now + lives)
    )


def _name_of(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    write_private(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
