"""Reading a buffer from front to back; whatever is missing is one clear error."""

import struct
from dataclasses import dataclass

from engine.errors import PrunescopeError


class DamagedPayload(PrunescopeError):
    """Bytes that cannot be a message of this network: cut off, damaged or made up."""


def damaged(what: str) -> DamagedPayload:
    """The error, to be raised by the caller."""
    return DamagedPayload(f"a message cannot be read: {what}")


@dataclass(slots=True)
class Reader:
    """A buffer and how far it is read; what is taken from it is not copied."""

    data: memoryview
    position: int = 0

    def take(self, count: int) -> memoryview:
        """The next `count` bytes, or DamagedPayload if there are not so many."""
        if count < 0 or count > len(self.data) - self.position:
            raise damaged(f"{count:,} bytes are missing at byte {self.position:,}")
        begin, self.position = self.position, self.position + count
        return self.data[begin : self.position]

    def number(self, form: str) -> int:
        """The next number, in a format of `struct`."""
        return int(struct.unpack(form, self.take(struct.calcsize(form)))[0])

    def end(self) -> None:
        """Raise DamagedPayload if anything is left."""
        if self.position != len(self.data):
            raise damaged(f"{len(self.data) - self.position:,} bytes too many")
