"""The first shape of the database, in SQL: see docs/decisions/0001-migrations-in-sql.md."""

from pathlib import Path

from tortoise import migrations
from tortoise.migrations import operations


class Migration(migrations.Migration):
    initial = True
    operations = [operations.RunSQL(Path(__file__).with_suffix(".sql").read_text("utf-8"))]
