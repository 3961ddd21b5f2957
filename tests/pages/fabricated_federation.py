"""Federations with made-up but plausible rounds in a real store, for tests of the pages."""

import dataclasses
import math

import numpy as np

from engine.federated import reports
from engine.federated.client_pruning import Gate
from engine.federated.mask_statistics import MaskStatistics, Pair, shares
from engine.federated.message_costs import Costs
from engine.federated.reports import ClientRow, FinalRow, RoundReport
from engine.runs import artifacts, lifecycle, records
from engine.runs.model import Run, State
from engine.runs.service import Runs
from engine.settings import FederateSettings, flat, quick_federation, to_json
from tests.pages.fabricated import WORKER, _take

SETTINGS = dataclasses.replace(quick_federation(), clients=4, rounds=3, hidden=(20, 10))
LAYERS = 3
LIMITS = {"local": 0.955, "fedavg": 0.93, "fedavg-finetune": 0.97, "sub-fedavg": 0.98}


def federation(
    runs: Runs, settings: FederateSettings = SETTINGS, *, rounds: int | None = None, owner="me"
) -> Run:
    """A federation that has gone through so many rounds; done if these are all."""
    run = runs.submit(settings, owner=owner)
    _take(runs, run)
    wanted = settings.rounds if rounds is None else rounds
    records.write(runs.database, run.id, "split", {"split": split(settings)})
    for number in range(1, wanted + 1):
        payload = round_row(settings, number)
        records.write(runs.database, run.id, "round", {f"round-{number:04}": payload})
        if settings.algorithm.prunes:
            artifacts.save(runs.database, run.id, f"masks-{number:04}.npz", pictures(settings))
    lifecycle.progress(runs.database, run.id, WORKER, stage="round 2 of 3", done=0.5, eta=9)
    if wanted >= settings.rounds:
        finals = {f"final-{row['client']:05}": row for row in map(final(settings), range(4))}
        records.write(runs.database, run.id, "final", finals)
        artifacts.save(runs.database, run.id, "personal-00000.tflite.zip", b"model")
        lifecycle.finish(runs.database, run.id, WORKER, State.DONE)
    return runs.get(run.id)


def result(settings: FederateSettings):
    """As the command line writes it, with rounds that tell nothing of single clients."""
    rounds = [round_row(settings, number) for number in range(1, settings.rounds + 1)]
    told = [{n: v for n, v in row.items() if n != "clients"} for row in rounds]
    final_ = {"clients": [final(settings)(client) for client in range(4)]}
    return {"settings": to_json(settings), "rounds": told, "final": final_}


def split(settings: FederateSettings = SETTINGS):
    counts = [[0] * 10 for _ in range(settings.clients)]
    for client, row in enumerate(counts):
        for label in labels(client):
            row[label] = 250
    told = {"clients": settings.clients, "counts": counts}
    return {**told, "left_out": 100, "label_distance": 0.8}


def labels(client: int) -> tuple[int, int]:
    return client % 10, (client + 1) % 10


def round_row(settings: FederateSettings, number: int):
    """A round as JSON: two clients prune, the third is too alike, the fourth never answers."""
    rows = tuple(client_row(settings, number, client) for client in range(4))
    alone = settings.algorithm.name == "local"
    return reports.round_to_json(
        RoundReport(
            round=number,
            global_accuracy=None if alone else 0.9 - 0.6 * math.exp(-number),
            mean_accuracy=limit(settings) - 0.1 * math.exp(-number),
            masks=masks(number) if settings.algorithm.prunes else MaskStatistics(),
            clients=rows,
            seconds=1.2,
            state=None,  # type: ignore[arg-type]  # not told in JSON
        )
    )


def client_row(settings: FederateSettings, number: int, client: int) -> ClientRow:
    absent = client == 3
    told, kept = flat(settings), 1.0
    if settings.algorithm.prunes:
        kept = max(1 - told["target"], (1 - told["step"]) ** number)
    gate = (
        "dropped" if absent else ("pruned", "pruned", "distance")[client]
    ) * settings.algorithm.prunes
    score = limit(settings) - 0.1 * math.exp(-number) - client / 100
    details = Gate(name=gate, reason=gate, distance=0.0015 / (client + 1), most=0.4)
    return ClientRow(
        client=client,
        labels=labels(client),
        samples=400,
        accuracy_before=None if absent else score - 0.05,
        accuracy_after=None if absent else score,
        loss=0.1,
        density=kept,
        unit_density=1.0,
        macs=1.0,
        layers=(kept,) * LAYERS,
        mask_distance=details.distance,
        gate=gate or None,
        gates=(details,) if settings.algorithm.prunes and not absent else (),
        problem="",
        up=Costs() if absent or settings.algorithm.name == "local" else costs(kept),
        down=Costs() if settings.algorithm.name == "local" else costs(kept),
        seconds=0.0 if absent else 0.4,
        confusion=() if absent else tuple(confusion(label) for label in labels(client)),
    )


def confusion(label: int) -> tuple[int, ...]:
    return tuple(190 if answer == label else 1 for answer in range(10))


def costs(kept: float) -> Costs:
    values = round(66_000 * kept)
    return Costs(
        sent=values + 900,
        bitmap=values + 2070,
        golomb=values + 1900,
        delta=values + 900,
        initial=values + 1000,
        bound=values + 800,
        values_only=values,
        dense=66_000,
        float32=values + 900,
        float16=values // 2 + 900,
        int8=values // 4 + 900,
    )


def masks(number: int) -> MaskStatistics:
    pairs = [(0, 1), (0, 2), (1, 2)]
    overlap = tuple(
        Pair(pair, 1 / 3 if pair[1] - pair[0] == 1 else 0.0, (0.99, 0.98, 0.97), (0.98,) * 3)
        for pair in pairs
    )
    keepers = ((10, 5, 5, 80),) * LAYERS
    return MaskStatistics(orphan_fraction=0.15 * number, keepers=keepers, overlap=overlap)


def final(settings: FederateSettings):
    def row(client: int):
        score = limit(settings) - client / 100
        own = FinalRow(
            client=client,
            labels=labels(client),
            drawn=3,
            accuracy=score,
            density=0.5,
            validation_accuracy=score - 0.01,
            validation_images=100,
            global_validation_accuracy=None if settings.algorithm.name == "local" else 0.8,
        )
        return dataclasses.asdict(own)

    return row


def limit(settings: FederateSettings) -> float:
    return LIMITS.get(settings.algorithm.name, 0.94)


def pictures(settings: FederateSettings) -> bytes:
    """The masks of three clients, and the keepers, as `engine.federated` makes them."""
    import io

    rng = np.random.default_rng(0)
    shapes = ((784, 20), (20, 10), (10, 10))
    shown = {
        f"{name}-{layer}": shares(rng.random(shape) < 0.6, 24)
        for name in ("0", "1", "2", "keepers")
        for layer, shape in enumerate(shapes, 1)
    }
    file = io.BytesIO()
    np.savez_compressed(file, **shown)  # type: ignore[arg-type]
    return file.getvalue()
