"""Pages run in Streamlit's AppTest on a real store in a folder of their own."""

import json
from functools import cache

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from engine.runs.service import open_runs
from pages.shared import state

OWNER = "ab" * 16


@pytest.fixture(autouse=True, scope="session")
def _scanned_once():
    """AppTest looks through all installed packages for components at every visit."""
    scan = cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    """Caches are the process's: without this, one test would see the store of another."""
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setattr(state, "owner", lambda: OWNER)
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def runs(home):
    return open_runs()


@pytest.fixture
def visit(project, home):
    """Opens a page, with URL parameters, as a browser that comes for the first time."""

    def open_page(name="overview", **parameters):
        page = AppTest.from_file(str(project / "pages" / "frame.py"), default_timeout=30)
        if name != "overview":
            # what switch_page() would do, after a run of the overview that costs more than the page
            page._page_hash = calc_hash(name)
        for key, value in parameters.items():
            page.query_params[key] = value
        return page.run()

    return open_page


def text(page):
    """Everything a person reads on the page, as one string."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "error", "info", "success")
    return "\n".join(str(element.value) for kind in kinds for element in page.get(kind))


def charts(page):
    """The traces of every chart, by what is said of it to those who do not see it."""
    found = [chart.proto for chart in page.get("plotly_chart")]
    shown = {each.alt: json.loads(each.spec)["data"] for each in found}
    assert len(shown) == len(found)
    assert all(shown)
    return shown


def alts(texts, *topics, **words):
    """What is said of these charts, in that order."""
    return [texts[topic].alt.format(**words) for topic in topics]


def button(page, key):
    """The button of that key."""
    return next(element for element in page.button if element.key == key)


@pytest.fixture
def read():
    return text


@pytest.fixture
def press():
    def click(page, key):
        return button(page, key).click().run()

    return click
