"""arq's worker, which says little where Valkey is away."""

from typing import Any

from arq.worker import Worker

from models import sparing_log
from models.queue.queue import FAULTS


class AlarmWorker(Worker):
    """arq shields what it writes at the end of a job: a fault there had nobody to raise it to.

    The job is then still in the queue, and is run again; it does nothing twice.
    """

    async def finish_job(self, job_id: str, *how: Any) -> None:
        try:
            await super().finish_job(job_id, *how)
        except FAULTS as fault:
            self._warn(fault)

    async def finish_failed_job(self, job_id: str, result_data: bytes | None) -> None:
        try:
            await super().finish_failed_job(job_id, result_data)
        except FAULTS as fault:
            self._warn(fault)

    def _warn(self, fault: BaseException) -> None:
        sparing_log.warning("Valkey is away: ended alarms ring once more", fault=repr(fault))
