"""Reading a buffer from front to back; whatever is missing is one clear error."""

import struct
from dataclasses import dataclass

from engine.federated.wire.damaged import damaged


@dataclass(slots=True)
class Reader:
    """A buffer and how far it is read; what is taken from it is not copied."""

    data: memoryview
    place: int = 0

    def take(self, count: int) -> memoryview:
        """The next `count` bytes, or DamagedPayload if there are not so many."""
        if count < 0 or count > len(self.data) - self.place:
            raise damaged(f"{count:,} bytes are missing at byte {self.place:,}")
        begin, self.place = self.place, self.place + count
        return self.data[begin : self.place]

    def number(self, form: str) -> int:
        """The next number, in a format of `struct`."""
        return int(struct.unpack(form, self.take(struct.calcsize(form)))[0])

    def end(self) -> None:
        """Raise DamagedPayload if anything is left."""
        if self.place != len(self.data):
            raise damaged(f"{len(self.data) - self.place:,} bytes too many")
