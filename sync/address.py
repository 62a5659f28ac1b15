"""Where the registry is and whom to believe that it is there: checked before anything is sent."""

import ssl
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sync.errors import one_line


class RegistryAddressError(ValueError):
    """The registry's address or the file of its certificate authority can't be used. Names it and says what to do."""


def checked_url(url: str) -> str:
    """Give a registry's address without a slash at its end.

    Raises:
        RegistryAddressError: it is none, or other machines could read what is sent to it.

    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or parts.query or parts.fragment or parts.username or parts.scheme not in {"http", "https"}:
        message = f"{one_line(url)!r} is no address of a registry; write it like https://registry.library.example:8390"
        raise RegistryAddressError(message)
    if parts.scheme == "http" and not _is_this_machine(host):
        message = f"{one_line(url)!r}: plain http:// is for a registry on this machine only; write https://"
        raise RegistryAddressError(message)
    return url.rstrip("/")


def checked_ca(path: Path) -> str:
    """Give the path of a file that holds certificates.

    Raises:
        RegistryAddressError: it holds none that can be read.

    """
    try:
        ssl.create_default_context(cafile=str(path))
    except OSError as error:
        message = f"{path}: no certificates of an authority can be read here ({error.strerror or type(error).__name__})"
        raise RegistryAddressError(message) from None
    return str(path)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
