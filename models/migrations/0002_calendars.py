"""Working days of an organization, and when a pool's rules came into force."""

from pathlib import Path

from tortoise import migrations
from tortoise.migrations import operations


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]
    operations = [operations.RunSQL(Path(__file__).with_suffix(".sql").read_text("utf-8"))]
