"""Who is calling: one answer for limits, logs and the device list."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """Return the caller's address as seen by the outermost trusted proxy.

    `TRUSTED_PROXY_COUNT` proxies append to X-Forwarded-For; what stands further left was written
    by the caller and is ignored.
    """
    remote = str(request.META.get("REMOTE_ADDR", ""))
    count: int = settings.TRUSTED_PROXY_COUNT
    if count:
        chain = [
            part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        ]
        if len(chain) >= count and _is_address(chain[-count]):
            return chain[-count]
    return remote


def limit_subject(request: HttpRequest) -> str:
    """Return the address that limits count by: an IPv6 /64 is one subject."""
    address = client_ip(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address


def is_internal(request: HttpRequest) -> bool:
    """Return whether the caller is in one of our own networks (INTERNAL_NETWORKS)."""
    try:
        address = ipaddress.ip_address(client_ip(request))
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in settings.INTERNAL_NETWORKS)


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True
