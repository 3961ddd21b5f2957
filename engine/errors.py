"""Every error that a person may see: one clear line that names the value and what is allowed.

PrunescopeError
├── InvalidInput        a value of the person's (exit code 2)
│   └── UnknownRun      a run id that is not in the store
├── DatasetError        data could not be fetched, or is damaged
├── StorageError        the home folder, the store or the disk refuses
├── NotYours            the run belongs to somebody else
├── QueueFull           the owner has enough runs waiting already
└── Cancelled           somebody asked the run to stop
"""


class PrunescopeError(Exception):
    """Base of all errors whose message is meant for a person."""


class InvalidInput(PrunescopeError, ValueError):
    """A setting, argument or file that cannot be used; the message names it."""


class UnknownRun(InvalidInput):
    """No run of that id is in the store."""


class DatasetError(PrunescopeError):
    """A data set could not be fetched or its files are damaged."""


class StorageError(PrunescopeError):
    """The home folder, the store or the disk does not take what it must hold."""


class NotYours(PrunescopeError):
    """The run belongs to another owner."""


class QueueFull(PrunescopeError):
    """The owner has as many unfinished runs as one person may have."""


class Cancelled(PrunescopeError):
    """The run was asked to stop; what was measured is kept."""
