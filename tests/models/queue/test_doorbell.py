from contextlib import aclosing

from models.queue.doorbell import NOBODY, rings
from models.queue.queue import Queue, connected, queue
from settings import Settings


async def test_who_hears_the_doorbell_hears_whose_it_was(settings: Settings) -> None:
    async with connected(settings), aclosing(rings(settings, seconds=60)) as heard:
        assert await anext(heard) == NOBODY
        await queue.send((), None, ring=True)
        assert await anext(heard) == queue.bell.name


async def test_a_ring_is_heard_in_its_own_process_without_valkey() -> None:
    alone, heard = Queue(), list[str]()
    with alone.bell.heard_by(lambda: heard.append("ring")):
        await alone.send((), None, ring=False)
        assert not heard
        await alone.send((), None, ring=True)
        assert heard == ["ring"]
    await alone.send((), None, ring=True)
    assert heard == ["ring"]


def test_two_processes_are_told_apart() -> None:
    assert Queue().bell.name != Queue().bell.name
