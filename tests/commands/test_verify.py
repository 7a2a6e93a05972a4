import subprocess

from engines.child import environment_of
from models import database as databases
from models import demo
from models.ownership import claims
from models.tables import Customer
from settings import Settings
from tests.support import commands
from tests.support.running import clean_environment
from tests.support.samples import Office, connection, found


def verify(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    known = clean_environment() | environment_of(settings)
    return commands.run(["verify", *arguments], known)


async def claimed(name: str) -> tuple[Office, str]:
    """An organization of this name, and the id of a customer that a member holds."""
    office = await found(name)
    id = await office.customer(await office.pool())
    await claims.claim(await office.person(), [id])
    return office, str(id)


async def test_the_demo_has_no_differences(settings: Settings, database: None) -> None:
    assert await demo.seed()
    done = verify(settings)
    assert (done.returncode, done.stderr) == (0, "")
    customers = await Customer.all().count()
    counted = f"differences: 0, organizations: 2, customers: {customers:,}, seats: "
    assert done.stdout.startswith(counted)


async def test_a_changed_customer_and_a_changed_seat_are_printed(
    settings: Settings, database: None
) -> None:
    _, id = await claimed("示范企业")
    await databases.rows("UPDATE customer SET epoch = 9")
    await databases.rows("UPDATE seat SET claimed_today = 4")
    done = verify(settings)
    assert (done.returncode, done.stderr) == (1, "")
    first, second, last = done.stdout.splitlines()
    assert first == f"customer {id}: epoch: the ledger says 1, the table says 9"
    assert second.startswith("seat of member ")
    assert second.endswith(": claimed_today: the ledger says 1, the table says 4")
    assert last == "differences: 2, organizations: 1, customers: 1, seats: 1, events: 2"


async def test_one_organization_by_its_name_or_id(settings: Settings, database: None) -> None:
    (mine, _), (theirs, id) = await claimed("示范企业"), await claimed("别家")
    await databases.rows("UPDATE customer SET epoch = 9 WHERE id = $1", id)
    assert verify(settings, "--organization", "示范企业").returncode == 0
    assert verify(settings, "--organization", str(mine.id)).returncode == 0
    for named in ("别家", str(theirs.id)):
        done = verify(settings, "--organization", named)
        assert done.returncode == 1
        assert done.stdout.count(id) == 1
    assert verify(settings).returncode == 1


async def test_an_organization_that_is_unknown_or_ambiguous_is_refused(
    settings: Settings, database: None
) -> None:
    twins = [await found("双胞胎"), await found("双胞胎")]
    done = verify(settings, "--organization", "双胞胎")
    assert done.returncode == 1
    assert all(str(twin.id) in done.stderr for twin in twins)
    for unknown in ("无", "0199c0de-0000-7000-8000-000000000000"):
        done = verify(settings, "--organization", unknown)
        assert (done.returncode, done.stderr) == (
            1,
            f"manage.py: there is no organization {unknown}\n",
        )


async def test_it_waits_for_no_lock_and_takes_none_that_a_claim_needs(
    settings: Settings, database: None
) -> None:
    await claimed("示范企业")
    async with connection() as own, own.transaction():
        await own.execute("SELECT FROM customer FOR UPDATE")
        await own.execute("LOCK TABLE event IN EXCLUSIVE MODE")
        assert verify(settings).returncode == 0
