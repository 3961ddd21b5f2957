"""What is done for each kind of run: only translation between the run store and the engine.

One module for each kind; a new kind is entered in `JOBS`.
"""

from collections.abc import Callable, Mapping

from engine.work.jobs.export import export_job
from engine.work.jobs.federate import federate_job
from engine.work.jobs.schedule import schedule_job
from engine.work.jobs.sweep import sweep_job
from engine.work.jobs.training import train_job
from engine.work.session import Session

JOBS: Mapping[str, Callable[[Session], None]] = {
    "train": train_job,
    "sweep": sweep_job,
    "schedule": schedule_job,
    "export": export_job,
    "federate": federate_job,
}
