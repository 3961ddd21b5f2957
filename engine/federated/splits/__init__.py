"""Who owns which training images? One way to split them is one file of this room.

A file declares a `Partitioner` with its settings and names it in a tuple ``SPLITS``;
`engine.system.registry` finds it. What they share is in `partition`.
"""

from engine.federated.splits.partition import FEWEST as FEWEST
from engine.federated.splits.partition import Partitioner as Partitioner
from engine.federated.splits.partition import Split as Split
from engine.federated.splits.partition import label_counts as label_counts
from engine.federated.splits.partition import label_distance as label_distance
from engine.federated.splits.partition import notices_of_split as notices_of_split
from engine.federated.splits.partition import split_clients as split_clients
from engine.federated.splits.partition import split_to_json as split_to_json
