"""The table of compared federations where there is little room."""

from engine.commands import tables

FINAL = {
    "mean_accuracy": 0.9830,
    "worst_decile_accuracy": 0.9470,
    "global_accuracy": 0.6938,
    "bytes_total": 1_911_000_000,
}


def test_no_figure_is_cut_off_at_eighty_columns(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    settings = {"algorithm": "sub-fedavg", "pruning": "unstructured"}
    run = "5b8720ac4c7aaff460c56dc6"
    tables.compare([{"settings": settings, "final": FINAL, "run": run}])
    printed = capsys.readouterr().out
    assert "sub-fedavg unstructured 98.30 94.70 69.38 1,911" in " ".join(printed.split())
    words = printed.split()
    assert any(first + second == run for first in words for second in words)  # in two lines
    assert "…" not in printed
