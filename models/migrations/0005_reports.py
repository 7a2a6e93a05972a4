"""Indexes by which reports and advice read the ledger."""

from pathlib import Path

from tortoise import migrations
from tortoise.migrations import operations


class Migration(migrations.Migration):
    dependencies = [("models", "0004_webhooks")]
    operations = [operations.RunSQL(Path(__file__).with_suffix(".sql").read_text("utf-8"))]
