"""10,000 customers of one member go to 20 others: `python -m benchmarks hand_over`."""

from collections import Counter

from benchmarks.ground import admin, ground, hold_all, sales_team
from benchmarks.planning import timed
from models.ownership.hand_over import MOST, hand_over
from models.rules.rules import Rules
from models.tables import Customer

RECEIVERS = 20
RULES = {"follow_up_within": "P5D", "max_hold": "P30D", "reminders": ["P3D", "P1D"]}


async def main() -> None:
    async with ground():
        _, team = await sales_team(RECEIVERS + 1, MOST, Rules.from_json(RULES))
        leaver, others = team[0], [each.id for each in team[1:]]
        await hold_all([leaver])
        boss = await admin(team)
        seconds, stalled = await timed(lambda: hand_over(boss, leaver.id, others, None, "离职交接"))
        owners = Counter(await Customer.all().values_list("owner_id", flat=True))
        assert owners == dict.fromkeys(others, MOST // RECEIVERS)
        print(
            f"{MOST:,} handed over to {RECEIVERS}: {seconds:.2f} s,"
            f" the loop held up for {stalled * 1e3:.0f} ms"
        )
