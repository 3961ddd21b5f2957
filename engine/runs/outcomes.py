"""What a run measured, as the command line writes it: one function for each kind of run.

A new kind is entered in `OUTCOMES`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from engine.checks import choice
from engine.federated.reports import worst_decile
from engine.results.export_report import ExportReport, export_report, file_to_json, network_to_json
from engine.results.paired import TOLERANCE
from engine.results.points import BASELINE, ONE_SHOT, START, Point, from_json, to_json
from engine.runs.model import Record, Run
from engine.runs.records import payloads

Rows: TypeAlias = Sequence[Record]
Outcome: TypeAlias = dict[str, Any]


def of(run: Run, rows: Rows) -> Outcome:
    """The outcome of a run: its id, its settings, what its kind adds, and the notices.

    Raises:
        InvalidInput: this version does not know the run's kind.
    """
    choice(f"the kind of run {run.id}", run.kind, tuple(OUTCOMES))
    common = {"run": run.id, "settings": dict(run.settings)}
    notices = [each for told in payloads(rows, "notices") for each in told["told"]]
    return common | OUTCOMES[run.kind](run, rows) | {"notices": notices}


def points(run: Run, rows: Rows) -> list[Point]:
    """The measured points: what was there before, then methods as asked, K ascending."""
    order = (BASELINE, START, ONE_SHOT, *run.settings.get("methods", ()))
    rank = {method: number for number, method in enumerate(order)}
    found = [from_json(row.payload) for row in rows if row.kind == "point"]
    return sorted(found, key=lambda point: (rank.get(point.method, len(rank)), point.sparsity))


def export_matrix(rows: Rows) -> ExportReport:
    """The measured matrix of an export."""
    return export_report(payloads(rows, "row"), payloads(rows, "cell"))


def _train(_run: Run, rows: Rows) -> Outcome:
    """Scores of each epoch, in order."""
    return {"epochs": payloads(rows, "epoch")}


def _sweep(run: Run, rows: Rows) -> Outcome:
    """The baseline, None if it is not measured yet, and the pruned points."""
    measured = [to_json(point) for point in points(run, rows)]
    baseline = next((point for point in measured if point["method"] == BASELINE), None)
    return {"baseline": baseline, "points": [p for p in measured if p["method"] != BASELINE]}


def _schedule(_run: Run, rows: Rows) -> Outcome:
    """What was planned and measured; None for what is not measured yet.

    `planned` and `achieved` are pairs of step and zero share over all pruned kernels, `layers` the
    same for each kernel at its end, with the least and the most that it could be,
    `history` the epochs of the baseline and of this training.
    """
    plan, epochs = next(iter(payloads(rows, "plan")), {}), payloads(rows, "epoch")
    points = {row["method"]: row for row in payloads(rows, "point")}
    achieved = {row["step"]: row["sparsity"] for row in [*payloads(rows, "step"), *epochs]}
    before = (ONE_SHOT, START)
    after = [row for name, row in points.items() if name not in {BASELINE, *before}]
    return {
        "planned": plan.get("planned", []),
        "achieved": [[step, achieved[step]] for step in sorted(achieved)],
        "agrees": all(row["agrees"] for row in epochs) if epochs else None,
        "layers": [
            {**each, "achieved": epochs[-1]["layers"][str(each["layer"])] if epochs else None}
            for each in plan.get("layers", [])
        ],
        "history": {"before": payloads(rows, "history"), "after": epochs},
        "baseline": points.get(BASELINE),
        "before": next((points[name] for name in before if name in points), None),
        "after": next(iter(after), None),
    }


def _export(_run: Run, rows: Rows) -> Outcome:
    """Networks and files in order; key of the smallest zip within a point, and what it rests on.

    Without one the key is None and `advice` says why.
    """
    found = export_matrix(rows)
    smallest = found.smallest()
    advice: Outcome = {"pick": None, "reason": found.why_none()}
    if smallest is not None and smallest.validation is not None:
        told = smallest.validation
        advice = {
            "pick": smallest.key,
            "reason": "",
            "tolerance": TOLERANCE,
            "images": told.images,
            "loss": told.loss,
            "interval": list(told.interval),
            "p_value": told.p_value,
        }
    return {
        "networks": [network_to_json(row) for row in found.rows.values()],
        "files": [file_to_json(cell) for cell in found.cells.values()],
        "smallest": None if smallest is None else smallest.key,
        "advice": advice,
    }


def _federate(_run: Run, rows: Rows) -> Outcome:
    """Rounds in order, the split, and what the clients have at the end; None if not there yet."""
    rounds = sorted(payloads(rows, "round"), key=lambda row: row["round"])
    clients = sorted(payloads(rows, "final"), key=lambda row: row["client"])
    split, final = next(iter(payloads(rows, "split")), None), None
    if clients:
        scores = [row["accuracy"] for row in clients]
        final = {
            "mean_accuracy": sum(scores) / len(scores),
            "worst_decile_accuracy": worst_decile(scores),
            "global_accuracy": rounds[-1]["global_accuracy"] if rounds else None,
            **_on_validation(clients),
            "bytes_total": sum(row["bytes_up"] + row["bytes_down"] for row in rounds),
            "client_accuracy": scores,
            "clients": clients,
        }
    return {"split": split, "rounds": rounds, "final": final}


def _on_validation(clients: Sequence[Mapping[str, Any]]) -> Outcome:
    """The mean and the global accuracy on the clients' validation images, to choose by.

    None where no image was measured, as in runs of earlier versions, and without a server.
    """
    images = [row.get("validation_images", 0) for row in clients]
    own = [row["validation_accuracy"] for row in clients if "validation_accuracy" in row]
    server = [row.get("global_validation_accuracy") for row in clients]
    shared = None
    if all(images) and None not in server:
        right = sum(share * count for share, count in zip(server, images, strict=True))
        shared = right / sum(images)
    return {
        "validation_accuracy": sum(own) / len(own) if len(own) == len(clients) else None,
        "validation_images": sum(images),
        "global_validation_accuracy": shared,
    }


OUTCOMES: Mapping[str, Callable[[Run, Rows], Outcome]] = {
    "train": _train,
    "sweep": _sweep,
    "schedule": _schedule,
    "export": _export,
    "federate": _federate,
}
