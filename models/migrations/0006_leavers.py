"""An index by which the sweep finds how a leaver left."""

from pathlib import Path

from tortoise import migrations
from tortoise.migrations import operations


class Migration(migrations.Migration):
    dependencies = [("models", "0005_reports")]
    operations = [operations.RunSQL(Path(__file__).with_suffix(".sql").read_text("utf-8"))]
