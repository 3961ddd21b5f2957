"""The comparison as one HTML file: plots, table, settings, versions, commands; opens offline.

Names come from people: every text is escaped, and no text of theirs reaches a script as it is.
"""

import json
import math
import platform
from contextlib import suppress
from datetime import UTC, datetime
from html import escape
from importlib import metadata

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from engine.compare.answers import Advice
from engine.compare.reproduce import command
from engine.compare.spread import family
from engine.settings import to_json
from pages.compare import charts
from pages.compare.comparison import Comparison, accuracy, amount, rows, title
from pages.compare.words import CHARTS
from pages.shared.brand import FOOTER
from pages.shared.palette import letter

PACKAGES = ("numpy", "tensorflow", "tf_keras", "ai-edge-litert", "streamlit", "plotly")

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 1000px; margin: 2rem auto;
  padding: 0 1rem; color: #171923; background: #fff; }
h1 { font-size: 2rem; } h2 { margin-top: 2.5rem; }
table { border-collapse: collapse; font-size: 0.85rem; display: block; overflow-x: auto; }
th, td { padding: 0.3rem 0.6rem; border-bottom: 1px solid #dfe2ec; text-align: right; }
th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; }
pre { background: #f4f5fa; padding: 0.8rem; border-radius: 8px; overflow-x: auto; }
.answer { border: 2px solid #6e67f5; border-radius: 10px; padding: 0.6rem 1.2rem; }
figure { margin: 1rem 0; } figcaption { color: #555c6e; font-size: 0.9rem; }
@media (prefers-color-scheme: dark) { body { color: #e8eaf2; background: #0f1117; }
  pre { background: #181b25; } th, td { border-color: #2c3140; } figcaption { color: #a3a9ba; } }
"""

DRAW = """
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
for (const holder of document.querySelectorAll('figure > div')) {
  const chart = JSON.parse(document.getElementById(holder.id + '-data').textContent);
  Object.assign(chart.layout, { paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)' });
  chart.layout.font = { color: dark ? '#e8eaf2' : '#171923' };
  Plotly.newPlot(holder, chart.data, chart.layout, { displaylogo: false, responsive: true });
}
"""


def html(comparison: Comparison, answer: Advice, question: str) -> str:
    """The whole file."""
    drawn = {
        "compare": charts.tradeoff(comparison, answer.pick),
        "parallel": charts.parallel(comparison),
    }
    if any(len(group.members) > 1 for group in comparison.groups):
        drawn["seeds"] = charts.seeds(comparison)
    made_with = [f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", f"Python {platform.python_version()}"]
    for name in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            made_with.append(f"{name} {metadata.version(name)}")
    body = [
        "<h1>Which one should I ship?</h1>",
        f"<p>{escape(FOOTER)}</p>",
        _answer(comparison, answer, question),
        *(_figure(name, chart) for name, chart in drawn.items()),
        f"<h2>All networks</h2>{_table(comparison)}",
        "<h2>The runs, and how to make them again</h2>",
        *(_run(comparison, run) for run in comparison.titles),
        f"<h2>Made with</h2><p>{escape(', '.join(made_with))}</p>",
    ]
    text = "\n".join(body)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Prunescope report</title><style>{STYLE}</style>"
        f"<script>{get_plotlyjs()}</script></head>"
        f"<body>{text}<script>{DRAW}</script></body></html>"
    )


def _answer(comparison: Comparison, answer: Advice, question: str) -> str:
    pick = answer.pick
    if pick is None:
        found, sure = "No pick", f"{answer.reason[:1].upper()}{answer.reason[1:]}."
    else:
        cost = amount(comparison.value(pick), comparison.cost)
        found = f"{title(pick)}: accuracy {accuracy(pick)}, {cost}"
        sure = pick.evidence.sentence
    return (
        f'<div class="answer"><p>{escape(question)}</p><p><strong>{escape(found)}</strong></p>'
        f"<p>{escape(sure)}</p></div>"
    )


def _figure(name: str, chart: go.Figure) -> str:
    return (
        f'<figure><div id="{name}"></div><script type="application/json" id="{name}-data">'
        f"{harmless(chart.to_json())}</script><figcaption>{escape(CHARTS[name].read)}</figcaption></figure>"
    )


def harmless(text: str) -> str:
    """JSON that cannot end the script element that it stands in; the values stay the same."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _table(comparison: Comparison) -> str:
    def cell(value: object) -> str:
        if isinstance(value, bool):
            return "yes" if value else ""
        if isinstance(value, float):
            return "" if math.isnan(value) else f"{value:,.2f}"
        return escape(str(value))

    frame = rows(comparison)
    head = "".join(f"<th>{escape(name)}</th>" for name in frame.columns)
    body = ""
    for line in frame.itertuples(index=False, name=None):
        body += f"<tr>{''.join(f'<td>{cell(value)}</td>' for value in line)}</tr>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _run(comparison: Comparison, run: str) -> str:
    settings = comparison.settings[run]
    number = comparison.families.index(family(settings))
    values = json.dumps({"kind": settings.kind, **to_json(settings)}, indent=2)
    return (
        f"<h3>{letter(number)} · {escape(comparison.titles[run])}</h3><p>Run {escape(run)}</p>"
        f"<pre>{escape(command(settings))}</pre>"
        f"<details><summary>Settings</summary><pre>{escape(values)}</pre></details>"
    )
