"""The one error for bytes that are no message."""

from engine.errors import PrunescopeError


class DamagedPayload(PrunescopeError):
    """Bytes that cannot be a message of this network: cut off, damaged or made up."""


def damaged(what: str) -> DamagedPayload:
    """The error, to be raised by the caller."""
    return DamagedPayload(f"a message cannot be read: {what}")
