"""Webhooks of an organization, and how far their deliveries have come."""

from pathlib import Path

from tortoise import migrations
from tortoise.migrations import operations


class Migration(migrations.Migration):
    dependencies = [("models", "0003_extensions")]
    operations = [operations.RunSQL(Path(__file__).with_suffix(".sql").read_text("utf-8"))]
