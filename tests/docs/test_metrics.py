"""docs/operations.md names every metric of API and worker, and no other."""

import re

from prometheus_client import Counter, Gauge, Histogram

from models.telemetry import metrics as of_both
from schema.base import metrics as of_the_api
from tests.docs.pages import Page

OPERATIONS = Page("docs/operations.md").text


def test_every_metric_is_in_the_table_and_no_other() -> None:
    section = OPERATIONS.partition("| Metric | Meaning |\n")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(seapool_\w+)`", section))
    assert named == shown()


def shown() -> set[str]:
    """The names as a scrape has them: a counter's ends in `_total`."""
    values = [*vars(of_both).values(), *vars(of_the_api).values()]
    metrics = [each for each in values if isinstance(each, Counter | Gauge | Histogram)]
    families = [family for metric in metrics for family in metric.collect()]
    return {f"{each.name}_total" if each.type == "counter" else each.name for each in families}
