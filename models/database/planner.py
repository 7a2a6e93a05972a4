"""What PostgreSQL's planner knows of a table's size.

It plans once a connection, by the last ANALYZE. While it takes a table for empty it looks a row up
by any index that begins with the organization: each look-up, also each check of a foreign key,
then reads all rows of the organization.
"""

from models.database.statements import rows

# A wrong plan costs little among so few.
FEW = 100
KNOWS_OF = "SELECT reltuples FROM pg_class WHERE oid = $1::text::regclass"


async def tell_planner(table: str, added: int) -> None:
    """Count the table again if this transaction added more rows than the planner knows of.

    Every connection then plans again. Without the lock it is left to autovacuum: waiting for an
    index that is being built could deadlock.
    """
    if added > FEW and added > (await rows(KNOWS_OF, table))[0]["reltuples"]:
        await rows(f"ANALYZE (SKIP_LOCKED) {table}")
