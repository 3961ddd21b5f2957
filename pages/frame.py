"""The frame around every page: page config, navigation, footer, nothing else."""

import streamlit as st

from pages.learn import links
from pages.shared import brand
from pages.shared.brand import FOOTER
from pages.shared.turns import turns

PAGES = (
    ("Overview", "What pruning costs and what it buys, on one page."),
    ("Train", "Train a network and watch it learn."),
    ("Sweep", "Prune a network at many K and compare accuracy, loss and size."),
    ("Schedule", "Prune while training: see what a schedule will do, and what training repairs."),
    ("Explore", "A trained network under your hands: move K, and everything answers."),
    ("Federate", "Clients with different data train together, each in a subnetwork of its own."),
    ("Export", "Quantize a network, pruned or not, run every file, and take it home."),
    ("Compare", "Put runs side by side and find the one to ship."),
    ("Learn", "Five short pieces: what pruning is, by doing it."),
    ("Paper", "The published tables, reproduced and compared."),
    ("Runs", "Everyone's finished runs, and yours."),
)
"""Title and help of each page, in the order of the navigation; its folder and address follow."""


def pages() -> list[st.Page]:
    """All pages; the first one is that of the bare address."""
    return [
        st.Page(
            f"{title.lower()}/page.py",
            title=title,
            url_path=title.lower(),
            default=number == 0,
            help=text,
        )
        for number, (title, text) in enumerate(PAGES)
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


with turns().turn():
    show()
