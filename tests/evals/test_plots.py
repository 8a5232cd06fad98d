import re
from xml.etree import ElementTree

import pytest

from evals.figures import Bin, Point
from evals.intervals import Figure
from evals.plots import COLOURS, coverage_plot, kind_plot, reliability_plot, standalone

NAN = float("nan")
KINDS = {
    "ours": {"fact": Figure(0.6, 0.4, 0.8, 10), "<b>&$x$": Figure(0.2, 0.0, 0.5, 5)},
    "theirs": {"fact": Figure(0.5, 0.3, 0.7, 10), "list": Figure(NAN, NAN, NAN, 0)},
}
POINTS = {"ours": (Point(0.9, 0.1, 1.0), Point(0.4, 0.6, 0.75)), "theirs": ()}
BINS = {"ours": (Bin(0.12, 0.0, 7), Bin(0.95, 0.9, 31)), "theirs": ()}
PLOTS = (lambda: kind_plot(KINDS), lambda: coverage_plot(POINTS), lambda: reliability_plot(BINS))


def texts(svg):
    return [element.text for element in ElementTree.fromstring(svg).iter("text")]


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def dots(svg, at):
    """The places of the markers in the colour of the engine `at`, in drawing order."""
    uses = ElementTree.fromstring(svg).iter("use")
    return [
        (float(use.get("x")), float(use.get("y")))
        for use in uses
        if f"fill: {COLOURS[at]}" in use.get("style", "")
    ]


@pytest.mark.parametrize("background", ["#ffffff", "#111111"])
@pytest.mark.parametrize("colour", COLOURS)
def test_series_stand_out_in_light_and_dark(colour, background):
    assert contrast(colour, background) >= 3


@pytest.mark.parametrize("make", PLOTS)
def test_a_plot_says_what_it_shows_and_asks_for_nothing(make):
    svg = make()
    root = ElementTree.fromstring(svg)
    assert root.tag == "svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.find("title").text
    assert "ours" in root.get("aria-label")
    assert "http" not in svg
    assert "<style" not in svg
    assert "metadata" not in svg


@pytest.mark.parametrize("make", PLOTS)
def test_text_and_axes_take_the_colour_of_the_page(make):
    svg = make()
    assert all("currentColor" in style for style in re.findall(r'<text style="([^"]*)"', svg))
    colours = set(re.findall(r"#[0-9a-f]{6}(?=[;\"])", svg))
    assert colours <= set(COLOURS)
    assert "black" not in svg


@pytest.mark.parametrize("make", PLOTS)
def test_equal_values_give_equal_markup(make):
    assert make() == make()


def test_ids_are_unique_on_a_page_of_all_plots_and_references_meet_them():
    page = "".join(make() for make in PLOTS)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    references = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', page)
    assert references
    assert {one or other for one, other in references} <= set(ids)


def test_kinds_and_engines_stand_as_text():
    svg = kind_plot(KINDS)
    assert {"fact", "<b>&$x$", "list", "ours", "theirs"} <= set(texts(svg))


def test_a_kind_without_a_figure_is_named_but_not_drawn():
    svg = kind_plot(KINDS)
    # One marker for each figure, one in the legend.
    assert len(dots(svg, 0)) == 3
    assert len(dots(svg, 1)) == 2


def test_better_figures_stand_further_right():
    svg = kind_plot({"ours": {"a": Figure(0.9, 0.8, 1, 9), "b": Figure(0.1, 0, 0.2, 9)}})
    (better, above), (worse, below), _ = dots(svg, 0)
    assert better > worse
    assert above < below


def test_the_last_point_is_ringed():
    svg = coverage_plot(POINTS)
    rings = [
        (float(use.get("x")), float(use.get("y")))
        for use in ElementTree.fromstring(svg).iter("use")
        if "fill-opacity: 0" in use.get("style", "") and COLOURS[0] in use.get("style", "")
    ]
    assert rings == [dots(svg, 0)[1]]


def test_counts_stand_in_the_calibration_plot():
    assert {"7", "31"} <= set(texts(reliability_plot(BINS)))


def test_engines_without_confidence_are_left_out():
    assert "theirs" not in coverage_plot(POINTS)
    assert "theirs" not in reliability_plot(BINS)


def test_an_engine_keeps_its_colour_from_plot_to_plot():
    points = {"theirs": (), "ours": POINTS["ours"]}
    assert dots(coverage_plot(points), 1)
    assert not dots(coverage_plot(points), 0)


def test_nothing_to_draw_is_no_plot():
    assert kind_plot({"ours": {}}) == ""
    assert coverage_plot({"theirs": ()}) == ""
    assert reliability_plot({}) == ""


def test_a_plot_of_its_own_is_svg_with_ink_on_paper():
    plot = standalone(coverage_plot(POINTS))
    root = ElementTree.fromstring(plot)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    ink, paper = re.findall(r"#[0-9a-f]{6}", root.get("style"))
    assert contrast(ink, paper) > 7
    assert "currentColor" in plot
