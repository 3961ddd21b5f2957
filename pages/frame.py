"""The frame around every page: page config, navigation, footer, nothing else."""

import streamlit as st

from pages.learn import links
from pages.shared import brand, cached
from pages.shared.texts import FOOTER


def pages() -> list[st.Page]:
    """All pages in the order of the navigation."""
    return [
        st.Page(
            "overview/page.py",
            title="Overview",
            default=True,
            help="What pruning costs and what it buys, on one page.",
        ),
        st.Page(
            "train/page.py",
            title="Train",
            url_path="train",
            help="Train a network and watch it learn.",
        ),
        st.Page(
            "sweep/page.py",
            title="Sweep",
            url_path="sweep",
            help="Prune a network at many K and compare accuracy, loss and size.",
        ),
        st.Page(
            "schedule/page.py",
            title="Schedule",
            url_path="schedule",
            help="Prune while training: see what a schedule will do, and what training repairs.",
        ),
        st.Page(
            "explore/page.py",
            title="Explore",
            url_path="explore",
            help="A trained network under your hands: move K, and everything answers.",
        ),
        st.Page(
            "federate/page.py",
            title="Federate",
            url_path="federate",
            help="Clients with different data train together, each in a subnetwork of its own.",
        ),
        st.Page(
            "export/page.py",
            title="Export",
            url_path="export",
            help="Quantize a network, pruned or not, run every file, and take it home.",
        ),
        st.Page(
            "compare/page.py",
            title="Compare",
            url_path="compare",
            help="Put runs side by side and find the one to ship.",
        ),
        st.Page(
            "learn/page.py",
            title="Learn",
            url_path="learn",
            help="Five short pieces: what pruning is, by doing it.",
        ),
        st.Page(
            "paper/page.py",
            title="Paper",
            url_path="paper",
            help="The published tables, reproduced and compared.",
        ),
        st.Page(
            "runs/page.py",
            title="Runs",
            url_path="runs",
            help="Everyone's finished runs, and yours.",
        ),
    ]


def show() -> None:
    """Draw the frame and the page in it."""
    st.set_page_config(
        page_title="Prunescope",
        page_icon=brand.icon(),
        layout="wide",
        initial_sidebar_state="collapsed",
        menu_items={"Get help": None, "Report a bug": None, "About": f"**Prunescope.** {FOOTER}"},
    )
    st.logo(brand.logo(), size="large")
    page = st.navigation(pages(), position="top")
    links.what_is_this(page.url_path)
    page.run()
    st.space("medium")
    st.caption(FOOTER)


with cached.turns().turn():
    show()
