"""Explore in a real browser: the slider, by mouse and by key; a drawn digit; a unit by hand."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import PATIENCE

pytestmark = pytest.mark.browser


def accuracy(visitor):
    return visitor.page.get_by_test_id("stMetricValue").first


def test_the_slider_moves_by_key_and_the_url_follows(visitor):
    visitor.open("/explore")
    before = accuracy(visitor).inner_text()
    slider = visitor.page.locator(".st-key-k input[type=range]")
    slider.focus()
    for _ in range(3):
        visitor.page.keyboard.press("ArrowRight")
    visitor.page.wait_for_url("**k=83**")
    expect(accuracy(visitor)).not_to_have_text(before, timeout=PATIENCE)
    visitor.sees("all 10,000 test images")
    visitor.settled()
    assert visitor.errors == []


def test_a_drawn_seven_is_answered_by_five_networks(visitor):
    visitor.open("/explore?view=Draw+a+digit")
    canvas = visitor.page.locator("canvas[aria-label='Field to draw a digit into']")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    corners = [(0.25, 0.2), (0.75, 0.2), (0.45, 0.85)]
    points = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in corners]
    mouse = visitor.page.mouse
    mouse.move(*points[0])
    mouse.down()
    mouse.move(*points[1], steps=6)
    mouse.move(*points[2], steps=6)
    mouse.up()
    visitor.sees("What five networks answer")
    visitor.sees("the unpruned one: 7")
    visitor.page.get_by_role("button", name="Clear").click()
    visitor.sees("Draw one digit, as large as the field")
    assert visitor.errors == []


def test_a_click_on_a_unit_saves_it_and_the_link_keeps_it(visitor):
    visitor.open("/explore?how=Unit&k=60")
    points = visitor.page.locator(".st-key-norms .scatterlayer .point")
    expect(points).to_have_count(200, timeout=PATIENCE)
    points.last.scroll_into_view_if_needed()
    box = points.last.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visitor.page.mouse.move(*middle)
    hover = visitor.page.locator(".st-key-norms .hoverlayer .hovertext").first
    expect(hover).to_contain_text("unit ", timeout=PATIENCE)
    unit = re.search(r"unit (\d+)", hover.text_content() or "")
    assert unit
    visitor.page.mouse.click(*middle)
    visitor.page.wait_for_url("**hand=**")
    visitor.sees(f"unit {unit[1]} of layer 1 saved")  # the one that the person saw there
    visitor.open(visitor.page.url.removeprefix(visitor.server.url))
    visitor.sees(f"unit {unit[1]} of layer 1 saved")
    assert visitor.errors == []
