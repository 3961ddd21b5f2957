"""`python -m engine federate`: rounds of clients that own different data."""

import dataclasses
from itertools import product
from typing import Annotated, Any

import typer

from engine import client, datasets
from engine.commands import options as o
from engine.commands import show, tables
from engine.commands.tables import federate as table
from engine.errors import InvalidInput
from engine.settings import (
    FederateSettings,
    paper_federation,
    quick_federation,
    sparsity_from_percent,
)

Algorithm = Annotated[
    o.Text,
    typer.Option(
        help="local,fedavg,fedavg-finetune,fedprox,fedadam,fedyogi,fedadagrad,sub-fedavg; "
        "several are compared"
    ),
]
Pruning = Annotated[o.Text, typer.Option(help="unstructured, structured or hybrid; or several")]
Clients = Annotated[o.Text, typer.Option(help="2 to 10,000")]
Fraction = Annotated[o.Text, typer.Option(help="share of the clients in each round, to 1")]
Rounds = Annotated[o.Text, typer.Option(help="1 to 1,000")]
LocalEpochs = Annotated[o.Text, typer.Option(help="passes of a client over its images in a round")]
Momentum = Annotated[o.Text, typer.Option(help="of the clients' SGD")]
Split = Annotated[o.Text, typer.Option(help="iid, shards, labels or dirichlet")]
LabelsPerClient = Annotated[o.Text, typer.Option(help="labels, or shards, of each client")]
Alpha = Annotated[o.Text, typer.Option(help="dirichlet: small is unequal")]
Poor = Annotated[
    o.Text, typer.Option(help="dirichlet: clients with fewer than 2 images: fill or leave-out")
]
ShardSize = Annotated[o.Text, typer.Option(help="shards: images of each")]
Samples = Annotated[o.Text, typer.Option(help="most images of a client; 0: no limit")]
Skew = Annotated[o.Text, typer.Option(help="how unequal the clients' amounts are, 0 to 3")]
TestImages = Annotated[o.Text, typer.Option(help="most test images of a client")]
Target = Annotated[o.Text, typer.Option(help="pruned share to stop at, in percent")]
Step = Annotated[o.Text, typer.Option(help="share of what is left that goes at once, in percent")]
UnitTarget = Annotated[o.Text, typer.Option(help="hybrid: target of the units, in percent")]
UnitStep = Annotated[o.Text, typer.Option(help="hybrid: step of the units, in percent")]
Distance = Annotated[o.Text, typer.Option(help="gate: least distance of two candidate masks")]
UnitDistance = Annotated[o.Text, typer.Option(help="gate: the same for units")]
Accuracy = Annotated[o.Text, typer.Option(help="gate: least validation accuracy, 0 to 1")]
MostLoss = Annotated[o.Text, typer.Option(help="gate: most validation accuracy to lose, 0 to 1")]
Orphans = Annotated[o.Text, typer.Option(help="parameters that nobody kept: keep, zero or decay")]
OrphanDecay = Annotated[o.Text, typer.Option(help="the factor of decay")]
Weighting = Annotated[o.Text, typer.Option(help="clients count by samples or equal")]
Server = Annotated[o.Text, typer.Option(help="sub-fedavg: average, adam, yogi or adagrad")]
ServerRate = Annotated[o.Text, typer.Option(help="step of an adaptive server")]
Beta1 = Annotated[o.Text, typer.Option("--beta1", help="its first moment; 0 of adagrad, else 0.9")]
Beta2 = Annotated[o.Text, typer.Option("--beta2", help="its second moment; none of adagrad")]
Tau = Annotated[o.Text, typer.Option(help="its floor")]
Mu = Annotated[o.Text, typer.Option(help="fedprox: pull to the server's network")]
Dropout = Annotated[o.Text, typer.Option(help="probability that a drawn client never answers")]
Values = Annotated[o.Text, typer.Option(help="how weights travel: float32, float16 or int8")]
Preset = Annotated[o.Text, typer.Option(help="paper or quick")]

PERCENTAGES = ("target", "step", "unit_target", "unit_step")
WORDS = ("split", "poor", "orphans", "weighting", "server", "values", "scale", "channels")


def command(
    algorithm: Algorithm = None,
    pruning: Pruning = None,
    clients: Clients = None,
    fraction: Fraction = None,
    rounds: Rounds = None,
    local_epochs: LocalEpochs = None,
    batch_size: o.BatchSize = None,
    learning_rate: o.LearningRate = None,
    momentum: Momentum = None,
    split: Split = None,
    labels_per_client: LabelsPerClient = None,
    alpha: Alpha = None,
    poor: Poor = None,
    shard_size: ShardSize = None,
    samples: Samples = None,
    skew: Skew = None,
    test_images: TestImages = None,
    target: Target = None,
    step: Step = None,
    unit_target: UnitTarget = None,
    unit_step: UnitStep = None,
    distance_threshold: Distance = None,
    unit_distance_threshold: UnitDistance = None,
    accuracy_threshold: Accuracy = None,
    most_loss: MostLoss = None,
    orphans: Orphans = None,
    orphan_decay: OrphanDecay = None,
    weighting: Weighting = None,
    server: Server = None,
    server_rate: ServerRate = None,
    beta1: Beta1 = None,
    beta2: Beta2 = None,
    tau: Tau = None,
    mu: Mu = None,
    dropout: Dropout = None,
    values: Values = None,
    preset: Preset = None,
    dataset: o.Dataset = None,
    network: o.NetworkName = None,
    hidden: o.Hidden = None,
    seed: o.Seed = None,
    scale: o.Scale = None,
    channels: o.Channels = None,
    json: o.JsonFile = None,
) -> None:
    """Federated rounds; several algorithms or prunings are compared on one split."""
    given = {name: text for name, text in locals().items() if isinstance(text, str)}
    algorithms = o.names(given.pop("algorithm", "sub-fedavg"))
    prunings = o.names(given.pop("pruning", "unstructured"))
    start = _start(given.pop("preset", None))
    _check_network(given.pop("network", "dense"))
    chosen = {name: _parsed(name, text) for name, text in given.items()}
    settings = [
        dataclasses.replace(start, algorithm=a, pruning=p, **chosen)
        for a, p in product(algorithms, prunings)
    ]
    distinct = [datasets.settled(each) for each in dict.fromkeys(settings)]
    if not distinct:
        raise InvalidInput("name at least one algorithm and one kind of pruning")
    show.notices(datasets.notices(distinct[0]))
    with show.bar() as look:
        results = list(client.run_all(distinct, on_look=look))
    several = len(results) > 1
    show.write_json(json, _several(results) if several else results[0])
    if several:
        table.compare(results)
    else:
        tables.show("federate", results[0])


def _several(results: list[dict[str, Any]]) -> dict[str, Any]:
    """Several results, with what is to be said of the data and the split that they share."""
    return {"runs": results, "notices": results[0]["notices"]}


def _start(preset: o.Text) -> FederateSettings:
    starts = {None: FederateSettings, "paper": paper_federation, "quick": quick_federation}
    if preset not in starts:
        raise InvalidInput(f"preset must be paper or quick, not {preset!r}")
    return starts[preset]()


def _check_network(name: str) -> None:
    if name != "dense":
        raise InvalidInput(f"network must be dense for federated rounds, not {name!r}")


def _parsed(name: str, text: str) -> Any:
    if name == "dataset":
        return o.dataset(text)
    if name == "hidden":
        return tuple(o.number(word) for word in o.names(text))
    if name in PERCENTAGES:
        return sparsity_from_percent(text)
    return text if name in WORDS else o.number(text)
