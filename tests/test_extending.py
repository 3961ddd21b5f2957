"""The recipes of docs/extending.md are executed: each file as it stands there, and nothing else."""

import json
import os
import re
import subprocess
import sys

import pytest

pytestmark = pytest.mark.tensorflow

COMMANDS = """
import sys
from engine.commands import main

common = ["--dataset", "stripes", "--hidden", "8"]
codes = [
    main(["sweep", "--methods", "largest", "--sparsities", "50", *common,
          "--epochs", "1", "--json", "sweep.json"]),
    main(["federate", "--algorithm", "half-step", "--share", "0.75", "--split", "runs",
          "--clients", "4", "--fraction", "1", "--rounds", "2", "--local-epochs", "1", *common,
          "--json", "federate.json"]),
]
sys.exit(max(codes))
"""

PAGES = """
import json
import sys
from streamlit.testing.v1 import AppTest

def opened(name, **parameters):
    page = AppTest.from_file(sys.argv[1], default_timeout=60).run()
    page.switch_page(f"{name}/page.py")
    for key, value in parameters.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception
    assert not page.error, page.error
    return page

def choices(page):
    return [option for field in [*page.selectbox, *page.button_group] for option in field.options]

sweep, federate = (json.load(open(f"{name}.json"))["run"] for name in ("sweep", "federate"))
found = {
    "sweep form": choices(opened("sweep")),
    "federate form": choices(opened("federate")),
    "federate fields": [
        each.label for each in opened("federate", **{"from": federate}).number_input
    ],
    "explore": choices(opened("explore")),
    "sweep": " ".join(choices(opened("sweep", run=sweep))),
    "federate": " ".join(str(each.value) for each in opened("federate", run=federate).markdown),
    "runs": " ".join(str(each.value) for each in opened("runs").markdown),
}
print(json.dumps(found))
"""


@pytest.fixture
def lab(tmp_path, project, home):
    """The extension as the document writes it, and a way to run a program beside it."""
    document = (project / "docs" / "extending.md").read_text(encoding="utf-8")
    files = re.findall(r"```python\n# (lab/\S+)\n(.*?)```", document, re.DOTALL)
    assert [path.split("/")[1] for path, _ in files] == [
        "methods",
        "algorithms",
        "splits",
        "sources",
    ]
    for path, text in files:
        file = tmp_path / path
        file.parent.mkdir(parents=True)
        (file.parent / "__init__.py").touch()
        file.write_text(text, encoding="utf-8")
    (tmp_path / "lab" / "__init__.py").touch()

    def run(program, *arguments):
        surroundings = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(tmp_path), str(project)]),
            "PRUNESCOPE_EXTENSIONS": "lab",
        }
        command = [sys.executable, "-c", program, *arguments]
        ended = subprocess.run(
            command, cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    return run


def test_each_recipe_works_from_the_command_line_and_on_the_pages(lab, tmp_path, project):
    lab(COMMANDS)
    sweep, federation = (
        json.loads((tmp_path / f"{name}.json").read_text()) for name in ("sweep", "federate")
    )
    assert [point["method"] for point in sweep["points"]] == ["largest"]
    assert sweep["points"][0]["achieved_sparsity"] == 0.5
    assert sweep["baseline"]["accuracy"] > 0.9  # stripes are easy
    assert (federation["settings"]["algorithm"], federation["settings"]["split"]) == (
        "half-step",
        "runs",
    )
    assert federation["settings"]["share"] == 0.75
    assert len(federation["rounds"]) == 2
    found = json.loads(lab(PAGES, str(project / "pages" / "frame.py")))
    assert {"Stripes", "Largest weight"} <= set(found["sweep form"])
    assert {"Stripes", "Half a step", "Runs"} <= set(found["federate form"])
    assert "Share of the way" in found["federate fields"]
    assert "Largest weight" in found["explore"]
    assert "Largest weight" in found["sweep"]
    assert "Stripes" in found["runs"]
    assert "Half a step" in found["federate"] + found["runs"]
