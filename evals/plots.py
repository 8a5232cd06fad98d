"""The plots of a run as SVG markup to put into a page; the only door to matplotlib.

Text stays text and takes the colour of the page around it (`currentColor`), so that a plot
is readable in light and dark. Nothing in a plot refers to anything outside it, and equal
values give equal markup.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from evals.figures import BINS, Bin, Point
from evals.intervals import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

__all__ = ["COLOURS", "coverage_plot", "kind_plot", "reliability_plot", "standalone"]

# At least 3:1 against #ffffff and #111111 (WCAG 2.2, 1.4.11); markers tell engines apart too.
COLOURS = ("#2f7fd6", "#c8661a", "#17928f", "#b45fc4", "#a07d10", "#d4506a")
MARKERS = ("o", "s", "^", "D", "v", "P")
# Stands for the page's text colour until the markup is made.
INK = "#010203"
SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "evals",
    # A dollar sign in a kind's name is a dollar sign.
    "text.parse_math": False,
    "font.size": 11,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.alpha": 0.18,
    **dict.fromkeys(
        ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), INK
    ),
    "grid.color": INK,
}
WIDTH = 7.2  # inches, as all sizes of matplotlib
# How matplotlib names fonts depends on its version.
FONT = re.compile(r"(font-family: |font: [^;]*?px )[^;]*")


def kind_plot(engines: Mapping[str, Mapping[str, Figure]]) -> str:
    """Right by kind with 95 % intervals, `engines` side by side; "" without a kind."""
    kinds = sorted({kind for groups in engines.values() for kind in groups})
    if not kinds:
        return ""
    step = 0.8 / len(engines)
    with _settings():
        sheet = _sheet(1.0 + len(kinds) * (0.14 + 0.13 * len(engines)))
        axes = sheet.subplots()
        for at, (engine, groups) in enumerate(engines.items()):
            rows = [
                (place + step * (at + 0.5) - 0.4, groups[kind])
                for place, kind in enumerate(kinds)
                if kind in groups
            ]
            _whiskers(axes, rows, at=at, name=engine)
        axes.set_yticks(range(len(kinds)), kinds)
        axes.set_ylim(len(kinds) - 0.5, -0.5)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel("share of questions answered right, with 95 % interval")
        axes.tick_params(axis="x", labeltop=True)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        for place in range(1, len(kinds)):
            axes.axhline(place - 0.5, color=INK, alpha=0.18, linewidth=0.6)
        _legend(sheet, axes)
        title = f"Share of questions answered right by kind, with 95 % intervals: {_names(engines)}"
        return _markup(sheet, "kinds", title)


def coverage_plot(engines: Mapping[str, Sequence[Point]]) -> str:
    """Precision against coverage; the engine's own threshold, the last point, is ringed.

    Engines without points, which have no confidence, are left out; "" where all are.
    """
    drawn = {name: points for name, points in engines.items() if points}
    if not drawn:
        return ""
    with _settings():
        sheet = _sheet(4.2)
        axes = sheet.subplots()
        for at, (name, points) in enumerate(engines.items()):
            if points:
                _curve(axes, points, at=at, name=name)
        _unit(axes, "share of all questions answered", "share of those answered right")
        _legend(sheet, axes)
        title = (
            "Precision against coverage as the threshold of answering moves, the engine's own "
            f"threshold ringed: {_names(drawn)}"
        )
        return _markup(sheet, "coverage", title)


def standalone(plot: str) -> str:
    """A plot as a file of its own: dark on white, whatever page shows it."""
    return plot.replace(
        "<svg ",
        '<svg xmlns="http://www.w3.org/2000/svg" style="color:#1f2328;background:#ffffff" ',
        1,
    )


def reliability_plot(engines: Mapping[str, Sequence[Bin]]) -> str:
    """Share right against confidence, bin by bin, and below how many answers each bin has.

    Guo et al. 2017. Engines without bins are left out; "" where all are.
    """
    drawn = {name: bins for name, bins in engines.items() if bins}
    if not drawn:
        return ""
    with _settings():
        sheet = _sheet(5.4)
        above, below = sheet.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        above.plot((0, 1), (0, 1), color=INK, alpha=0.5, linewidth=1, linestyle=(0, (4, 3)))
        for at, (name, bins) in enumerate(engines.items()):
            if bins:
                above.plot(
                    [one.confidence for one in bins],
                    [one.right for one in bins],
                    **_look(at),
                    linewidth=1.2,
                    label=name,
                )
                _counts(below, bins, at=at, of=len(engines))
        _unit(above, "", "share right")
        below.set_xlabel("confidence (the broken line: as often right as it is confident)")
        below.set_ylabel("answers")
        below.margins(y=0.25)
        _legend(sheet, above)
        title = f"Calibration: share right against confidence, with counts: {_names(drawn)}"
        return _markup(sheet, "calibration", title)


def _settings() -> Any:
    import matplotlib as mpl

    return mpl.rc_context(SETTINGS)


def _sheet(height: float) -> Sheet:
    from matplotlib.figure import Figure as Sheet

    return Sheet(figsize=(WIDTH, height), layout="constrained")


def _look(at: int) -> dict[str, Any]:
    return {
        "color": COLOURS[at % len(COLOURS)],
        "marker": MARKERS[at % len(MARKERS)],
        "markersize": 5,
    }


def _names(engines: Mapping[str, object]) -> str:
    return ", ".join(engines)


def _whiskers(axes: Axes, rows: Sequence[tuple[float, Figure]], *, at: int, name: str) -> None:
    axes.errorbar(
        [figure.value for _, figure in rows],
        [y for y, _ in rows],
        # A percentile interval may, rarely, leave out the figure itself.
        xerr=(
            [max(0.0, figure.value - figure.low) for _, figure in rows],
            [max(0.0, figure.high - figure.value) for _, figure in rows],
        ),
        **_look(at),
        linestyle="none",
        elinewidth=1.4,
        label=name,
    )


def _curve(axes: Axes, points: Sequence[Point], *, at: int, name: str) -> None:
    look = _look(at)
    covered = [point.coverage for point in points]
    precise = [point.precision for point in points]
    axes.plot(covered, precise, **{**look, "markersize": 2.5}, linewidth=1.4, label=name)
    axes.plot(
        covered[-1], precise[-1], **{**look, "markersize": 10}, fillstyle="none", markeredgewidth=2
    )


def _counts(axes: Axes, bins: Sequence[Bin], *, at: int, of: int) -> None:
    width = 0.8 / BINS / of
    for one in bins:
        left = (min(int(one.confidence * BINS), BINS - 1) + 0.1) / BINS + at * width
        drawn = axes.bar(left, one.n, width, align="edge", color=COLOURS[at % len(COLOURS)])
        axes.bar_label(drawn, [str(one.n)], fontsize=8, padding=1)


def _unit(axes: Axes, x: str, y: str) -> None:
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.04)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid()


def _legend(sheet: Sheet, axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    sheet.legend(handles, labels, loc="outside upper left", ncols=4)


def _markup(sheet: Sheet, name: str, title: str) -> str:
    """The sheet as an `<svg>` for a page of several: its ids begin with its name.

    Namespaces go, as HTML knows the elements by name, and so does the size, as the page
    sets it.
    """
    written = io.StringIO()
    metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    sheet.savefig(written, format="svg", metadata=metadata)
    root = ElementTree.fromstring(written.getvalue())
    for parent in root.iter():
        for child in list(parent):
            if child.tag.rpartition("}")[2] in ("metadata", "style"):
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        attributes = {key.rpartition("}")[2]: value for key, value in element.items()}
        element.attrib.clear()
        element.attrib.update({key: _own(key, attributes[key], name) for key in attributes})
    box = root.attrib["viewBox"]
    root.attrib.clear()
    root.attrib.update({"viewBox": box, "role": "img", "aria-label": title, "class": "plot"})
    root.attrib["stroke-linejoin"] = "round"
    words = ElementTree.Element("title")
    words.text = title
    root.insert(0, words)
    return ElementTree.tostring(root, encoding="unicode")


def _own(key: str, value: str, name: str) -> str:
    """An attribute with ids made the plot's own, and colours and fonts the page's."""
    if key == "id":
        return f"plot-{name}-{value}"
    if key == "href":
        return f"#plot-{name}-{value.removeprefix('#')}"
    value = value.replace("url(#", f"url(#plot-{name}-")
    return FONT.sub(r"\1system-ui, sans-serif", value.replace(INK, "currentColor"))
