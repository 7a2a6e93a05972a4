"""What the URLs of PostgreSQL and Valkey say."""

from addresses.postgres import STANDBY, Postgres, check_postgres, postgres
from addresses.valkey import SCHEMES, Sentinels, Server, check_valkey, valkey

__all__ = [
    "SCHEMES",
    "STANDBY",
    "Postgres",
    "Sentinels",
    "Server",
    "check_postgres",
    "check_valkey",
    "postgres",
    "valkey",
]
