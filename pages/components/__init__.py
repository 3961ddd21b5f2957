"""What the pages are made of.

palette    colour, dash and marker of each method: the same everywhere
charts     values -> plotly figures; pure, no Streamlit
texts      the copy: how to read a chart, what a word means
table      points -> rows; snippet  settings -> Python; picture  the drawing of the overview
state      names in the URL and in the session; who the visitor is
cached     everything that is cached
notices    errors and empty states, shown in one way
forms      widgets -> validated settings
live       progress of a run, polled while it is active
curves     the charts of a sweep with their choices; training  those of a training
downloads  what can be taken home
server     start, stop, cookie and headers of the web process
"""
