"""A Flower simulation: `python -m benchmarks.flower.app TASK ROUNDS CPUS HELPED`.

CPUS are those of each client; HELPED clients (1, otherwise 0) keep their compiled models.

Prints as its last line the seconds of each round, and those that a client trained on average.
"""

import json
import os
import sys
from itertools import pairwise
from time import perf_counter

from flwr.app import ArrayRecord, ConfigRecord, Context
from flwr.serverapp import Grid, ServerApp
from flwr.serverapp.strategy import FedAvg
from flwr.simulation import run_simulation

from benchmarks.flower.client import app
from benchmarks.flower.task import read


def main(path: str, rounds: int, cpus: int, *, helped: bool) -> None:
    task = read(path)
    clients = len(task.labels)
    marks: list[float] = []
    trained: list[float] = []

    def serve(grid: Grid, _: Context) -> None:
        """All clients in every round; nothing is measured, neither by them nor by the server."""
        strategy = FedAvg(fraction_evaluate=0.0, min_available_nodes=clients)
        result = strategy.start(
            grid,
            ArrayRecord(task.weights),
            num_rounds=rounds,
            train_config=ConfigRecord({"path": path, "helped": helped}),
            evaluate_fn=lambda *_: marks.append(perf_counter()),  # before the first, after each
        )
        trained.extend(result.train_metrics_clientapp[n + 1]["seconds"] for n in range(rounds))

    server = ServerApp()
    server.main()(serve)
    backend = {
        "client_resources": {"num_cpus": cpus, "num_gpus": 0.0},
        "init_args": {"num_cpus": os.cpu_count()},
    }
    run_simulation(server, app, clients, backend_config=backend)
    seconds = [after - before for before, after in pairwise(marks)]
    print(json.dumps({"rounds": seconds, "clients": trained}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), helped=sys.argv[4] == "1")
