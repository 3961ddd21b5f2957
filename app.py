"""Entry of the dashboard: `streamlit run app.py` finds this application and serves it."""

import streamlit as st

from pages.server import server

app = st.App("pages/frame.py", lifespan=server.lifespan, middleware=server.middleware())
