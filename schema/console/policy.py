"""What a browser may do with the console: nothing that it does not need."""

from urllib.parse import urlsplit

from settings import Settings

ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
# Editors make style elements by themselves. Styles alone: scripts are never inline.
OF_AN_EDITOR = "'unsafe-inline'"


def headers(settings: Settings, *styles: str) -> dict[str, str]:
    """Return the headers of a file or page; `styles` are sources of styles besides our files."""
    issuer = [_origin(settings.oidc_issuer)] if settings.oidc_issuer else []
    directives = (
        "default-src 'none'",
        "script-src 'self'",
        " ".join(("style-src 'self'", *styles)),
        "img-src 'self' data:",
        "font-src 'self'",
        " ".join(("connect-src 'self'", *issuer)),
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return ALWAYS | {"Content-Security-Policy": "; ".join(directives)}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
