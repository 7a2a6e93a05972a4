"""What the generated operations stand on: ariadne-codegen copies this file beside them."""

from seapool_client.transport import Transport


class Base(Transport):
    """See seapool_client.transport."""
