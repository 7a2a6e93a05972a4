"""The means of the demo's stories: days, chance, new customers, and calls on them."""

from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from models.demo import notes
from models.demo.companies import Registry
from models.demo.lives import Life
from models.demo.organizations import ORGANIZATIONS, DemoPool
from models.demo.regions import HOUR, MINUTE, Region
from models.rules.calendars import Calendar

# On which days before today lists of customers were imported.
IMPORTS = (120, 90, 60, 33, 12, 2)


class Narrator:
    def __init__(
        self,
        random: Random,
        calendar: Calendar,
        now: datetime,
        region: Region,
        registry: Registry,
    ) -> None:
        self.random, self.calendar, self.now, self.region = random, calendar, now, region
        self.today = calendar.day_of(now)
        self.registry = registry

    def chance(self, likely: float) -> bool:
        return self.random.random() < likely

    def new(self, days_ago: int, pool: DemoPool | None = None) -> Life:
        """Imported by the admin some time before that day."""
        organization, company = ORGANIZATIONS[0], self.registry.another(self.region.cities)
        life = Life(company, organization.id, pool or self.region.pool, self.calendar)
        batch = self.random.choice([day for day in IMPORTS if day > days_ago])
        life.created(self._at(batch, time(8, 30)), organization.admin)
        return life

    def lost_before(self, member: UUID | None = None) -> Life:
        """Held by somebody else two months ago, called a few times, forgotten."""
        day = self.random.randint(65, 88)
        life = self.new(day)
        life.claimed(self.moment(day), self.other_than(member))
        if self.chance(0.7):
            self.first_call(life)
            worked = self.random.choice((0, 4, 8, self.region.longest_hold - 1))
            self.keep_in_touch(life, day, until=day - worked)
        return life

    def first_call(self, life: Life) -> None:
        assert life.facts
        at = life.facts.claimed_at + self.random.randint(15, 200) * MINUTE
        self.follow_up(life, at, notes.FIRST, self.random.randrange(len(notes.FIRST)))

    def keep_in_touch(self, life: Life, day: int, until: int = 0) -> int:
        """Follow-ups as often as the pool asks, from one day to another; answers the last day."""
        turn = self.random.randrange(3)
        while (after := day - self.random.randint(*self.region.gaps)) > until:
            day, turn = after, turn + 1
            self.follow_up(life, self.moment(day), notes.NEXT, turn)
        return day

    def follow_up(
        self, life: Life, at: datetime, choice: tuple[notes.Note, ...], turn: int
    ) -> None:
        number = self.random.randint(3, 12)
        life.followed_up(at, *notes.note(choice, turn, life.company.person, number))

    def anyone(self) -> UUID:
        return self.random.choice(self.region.members)

    def other_than(self, member: UUID | None) -> UUID:
        return self.random.choice([each for each in self.region.members if each != member])

    def before(self, due: datetime, rule: str) -> datetime:
        """When it must have begun, for the rule to end it then."""
        return self.calendar.before(due, getattr(self.region.pool.rules, rule))

    def days_since(self, moment: datetime) -> int:
        return (self.today - self.calendar.day_of(moment)).days

    def moment(self, days_ago: int) -> datetime:
        """Some time in that day's office hours; one day ago at the latest, so before now."""
        return self._at(max(1, days_ago), time(9)) + self.some(9 * HOUR)

    def some(self, most: timedelta) -> timedelta:
        return timedelta(seconds=self.random.randrange(int(most.total_seconds())))

    def _at(self, days_ago: int, wall: time) -> datetime:
        day = self.today - timedelta(days=days_ago)
        return datetime.combine(day, wall, self.calendar.zone).astimezone(self.now.tzinfo)
