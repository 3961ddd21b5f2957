"""Compare in a real browser: the link, the file of the answer, the report without a network."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import PATIENCE

pytestmark = pytest.mark.browser


def test_the_answer_is_the_file_that_is_downloaded(visitor, small_sweep):
    visitor.open(f"/compare?runs={small_sweep.id}")
    button = visitor.button("download-answer")
    expect(button).to_be_visible(timeout=PATIENCE)
    visitor.settled()
    with visitor.page.expect_download() as waiting:
        button.click()
    content = Path(waiting.value.path()).read_bytes()
    stored = {
        visitor.server.runs.file(small_sweep.id, each.name)
        for each in visitor.server.runs.files(small_sweep.id)
    }
    assert content in stored
    assert visitor.errors == []


def test_the_report_opens_from_a_file_without_a_network(visitor, small_sweep, tmp_path, chromium):
    visitor.open(f"/compare?runs={small_sweep.id}")
    button = visitor.button("download-report")
    expect(button).to_be_visible(timeout=PATIENCE)
    visitor.settled()
    with visitor.page.expect_download() as waiting:
        button.click()
    file = tmp_path / "report.html"
    waiting.value.save_as(file)
    context = chromium.new_context(offline=True)
    page, asked, errors = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" else 0
    )
    page.goto(file.as_uri())
    expect(page.locator("figure .main-svg").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("figure .js-plotly-plot")).to_have_count(2)
    assert "python -m engine sweep" in page.locator("body").inner_text()
    assert {url.partition(":")[0] for url in asked} <= {"file", "data", "blob"}
    assert errors == []
    context.close()
