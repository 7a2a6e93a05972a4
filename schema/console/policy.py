"""What a browser may do with the console: nothing that it does not need."""

from urllib.parse import urlsplit

from settings import Settings

ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
# GraphiQL's editor makes style elements, its style sheet has fonts inside. No script is inline.
OF_AN_EDITOR = {"styles": "'unsafe-inline'", "fonts": "data:"}


def headers(settings: Settings, *, styles: str = "", fonts: str = "") -> dict[str, str]:
    """Return the headers of a file or page; `styles` and `fonts` are sources besides our files."""
    issuer = _origin(settings.oidc_issuer) if settings.oidc_issuer else ""
    directives = (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {styles}".rstrip(),
        "img-src 'self' data:",
        f"font-src 'self' {fonts}".rstrip(),
        f"connect-src 'self' {issuer}".rstrip(),
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
