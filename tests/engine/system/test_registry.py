"""What rooms hold is found by looking; extensions join; a name is nobody else's."""

import sys

import pytest

from engine.errors import InvalidInput
from engine.system import registry

MODULE = """
class Thing:
    name, order = {name!r}, {order}

{room} = (Thing(),)
"""


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A room `things` with two modules, and an extension that adds to it; as files."""

    def package(folder, **modules):
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
        for name, order in modules.items():
            text = MODULE.format(name=name.replace("_", "-"), order=order, room="THINGS")
            (folder / f"{name}.py").write_text(text)

    package(tmp_path / "registered_house", b_thing=1, a_thing=2)
    package(tmp_path / "registered_addition")
    package(tmp_path / "registered_addition" / "things", own=0)
    package(tmp_path / "registered_double")
    package(tmp_path / "registered_double" / "things", a_thing=9)
    package(tmp_path / "registered_elsewhere")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(registry.ROOMS, "things", "registered_house")
    monkeypatch.delenv(registry.EXTENSIONS, raising=False)
    registry.found.cache_clear()
    yield
    registry.found.cache_clear()
    for name in [name for name in sys.modules if name.startswith("registered_")]:
        del sys.modules[name]


def test_what_stands_in_the_folder_is_found_in_order(house):
    assert registry.names("things") == ("b-thing", "a-thing")


def test_extensions_join(house, monkeypatch):
    monkeypatch.setenv(registry.EXTENSIONS, "registered_addition, registered_elsewhere")
    assert registry.names("things") == ("own", "b-thing", "a-thing")


@pytest.mark.parametrize(
    ("packages", "line"), [("registered_double", "'a-thing' twice"), ("nobody_here", "nobody_here")]
)
def test_a_name_that_is_taken_and_a_package_that_is_not_there_are_refused(
    house, monkeypatch, packages, line
):
    monkeypatch.setenv(registry.EXTENSIONS, packages)
    with pytest.raises(InvalidInput, match=line):
        registry.found("things")
