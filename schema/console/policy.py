"""What a browser may do with the console: nothing that it does not need."""

from urllib.parse import urlsplit

from settings import Settings

ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
# GraphiQL's editor writes its lines as HTML with style attributes, which no nonce can name. Its
# style sheet has fonts inside.
OF_AN_EDITOR = {"attributes": "'unsafe-inline'", "fonts": "data:"}


def headers(
    settings: Settings, *, nonce: str = "", attributes: str = "", fonts: str = ""
) -> dict[str, str]:
    """Return the headers of a file or page.

    `nonce` is that of its style elements; `attributes` says which style attributes it may have,
    `fonts` where fonts may come from besides our files.
    """
    styles = f"'nonce-{nonce}'" if nonce else ""
    issuer = _origin(settings.oidc_issuer) if settings.oidc_issuer else ""
    directives = (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {styles}".rstrip(),
        *([f"style-src-attr {attributes}"] if attributes else []),
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
