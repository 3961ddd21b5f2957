"""What travels between a client and the server, as bytes, there and back.

flags     a set of positions as a bitmap or as Golomb-coded gaps, the shorter one
values    float32, float16 or int8
payload   one message: masks, then the values of what lives; the cheapest form of the masks
costs     what the same message would weigh in other forms, and what theory allows
"""

from engine.federated.wire.costs import Costs as Costs
from engine.federated.wire.payload import Context as Context
from engine.federated.wire.payload import decode as decode
from engine.federated.wire.payload import encode as encode
from engine.federated.wire.reader import DamagedPayload as DamagedPayload
