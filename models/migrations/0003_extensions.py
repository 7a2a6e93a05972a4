"""Extensions as events, and indexes to take releases back and to follow leavers by."""

from pathlib import Path

from tortoise import migrations
from tortoise.migrations import operations


class Migration(migrations.Migration):
    dependencies = [("models", "0002_calendars")]
    operations = [operations.RunSQL(Path(__file__).with_suffix(".sql").read_text("utf-8"))]
