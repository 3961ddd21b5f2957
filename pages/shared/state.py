"""Names in the URL and in the session, and who the visitor is."""

import hashlib
import re
import secrets

import streamlit as st

from engine.runs.model import Run

# parameters of the URL
RUN = "run"  # the run that a page shows
BASED_ON = "from"  # the run whose settings a form starts from
RUNS = "runs"  # the runs that are compared, with commas
BESIDE = "beside"  # the federations that are drawn beside the one shown, with commas
PIECE = "piece"  # the piece of the page Learn

OWNER_COOKIE = "prunescope_owner"
OWNER_FORM = re.compile(r"[0-9a-f]{32}")


def new_secret() -> str:
    """A cookie for a browser that has none: 128 random bits."""
    return secrets.token_hex(16)


def owner() -> str:
    """Who is visiting: known by the browser's cookie, or for want of it by this session."""
    cookie = st.context.cookies.get(OWNER_COOKIE, "")
    if isinstance(cookie, str) and OWNER_FORM.fullmatch(cookie):
        return owner_of(cookie)
    return owner_of(str(st.session_state.setdefault("owner", new_secret())))


def visit() -> str:
    """Which of the open pages this is: a browser may have several."""
    return str(st.session_state.setdefault("visit", new_secret()))


def owner_of(secret: str) -> str:
    """The owner whom the store names, and anyone may read; it does not give the cookie away."""
    return hashlib.sha256(secret.encode()).hexdigest()[:16]


def is_mine(run: Run) -> bool:
    """Whether the visitor started the run."""
    return run.owner == owner()


def may_cancel(run: Run) -> bool:
    """Whether the visitor started the run, or started it again."""
    return owner() in {run.owner, run.requester}
