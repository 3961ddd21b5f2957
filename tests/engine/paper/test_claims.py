import json

import pytest

from engine.paper import claims
from engine.results.export_report import (
    ExportedFile,
    ExportedNetwork,
    export_report,
    file_to_json,
    network_to_json,
)


def row(method, sparsity, zipped, *, removed=False, accuracy=0.98):
    return ExportedNetwork(
        method=method,
        sparsity=sparsity,
        removed=removed,
        accuracy=accuracy,
        validation_accuracy=accuracy,
        loss=0.1,
        parameters=100,
        nonzero_parameters=50,
        macs=100,
        bytes={"keras": 10_000, "keras_zip": zipped},
    )


def made(*rows, cells=()):
    return export_report(
        [network_to_json(each) for each in rows], [file_to_json(each) for each in cells]
    )


BASE = row("baseline", 0.0, 9_000)


def test_a_ratio_is_that_of_the_zipped_files():
    found = claims.claims(made(BASE, row("unit", 0.5, 2_900, removed=True, accuracy=0.9)))
    assert [claim.what for claim in found] == ["half of the units removed, Keras file, zipped"]
    assert found[0].ratio == pytest.approx(9_000 / 2_900)
    assert found[0].lost == pytest.approx(0.08)
    assert found[0].holds


def test_a_quantized_file_counts_with_its_own_bytes_and_accuracy():
    small = ExportedFile(
        row="weight-0.8", variant="dynamic", bytes=2_000, zip_bytes=1_000, accuracy=0.97
    )
    found = claims.claims(made(BASE, row("weight", 0.8, 2_300), cells=[small]))
    assert [(c.claimed, c.bytes, c.holds) for c in found] == [(10.0, 1_000, False)]
    assert found[0].lost == pytest.approx(0.01)


def test_files_that_could_not_be_made_are_left_out():
    broken = ExportedFile(row="weight-0.8", variant="dynamic", error="the disk is full")
    assert claims.claims(made(BASE, row("weight", 0.8, 2_300), cells=[broken])) == ()
    assert claims.claims(made(row("weight", 0.5, 2_300))) == ()


def test_a_claim_survives_json():
    for claim in claims.claims(made(BASE, row("weight", 0.5, 5_000))):
        assert claims.from_json(json.loads(json.dumps(claims.to_json(claim)))) == claim
