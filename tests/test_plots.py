"""The pictures of training: what is drawn, on whose Axes, and what bad input says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes

from courseport import plots


def test_the_cost_curve_has_the_history() -> None:
    axes = plots.plot_cost([3.0, 2.0, 1.5], label="J")
    assert np.array_equal(axes.lines[0].get_ydata(), [3.0, 2.0, 1.5])
    assert axes.get_xlabel() == "iteration"


def test_given_axes_are_drawn_on() -> None:
    axes = plots.new_axes()
    assert plots.plot_cost([1.0, 0.5], axes) is axes
    assert plots.display_data(np.eye(4), axes) is axes
    assert plots.plot_confusion([1, 2], [1, 2], axes) is axes


def test_images_stand_upright() -> None:
    image = np.arange(4.0)  # column by column: [[0, 2], [1, 3]]
    drawn = np.asarray(plots.display_data([image]).images[0].get_array())
    assert np.array_equal(drawn[1:3, 1:3] * 3, [[0, 2], [1, 3]])
    drawn = np.asarray(plots.display_data([image], order="C").images[0].get_array())
    assert np.array_equal(drawn[1:3, 1:3] * 3, [[0, 1], [2, 3]])


def test_hidden_units_leave_the_bias_out() -> None:
    axes = plots.plot_hidden_units(np.hstack([np.full((4, 1), 99.0), np.ones((4, 9))]))
    assert np.asarray(axes.images[0].get_array()).shape == (9, 9)
    assert np.asarray(axes.images[0].get_array()).max() == 1


def test_a_confusion_matrix_counts() -> None:
    axes = plots.plot_confusion([1, 1, 2, 3], [1, 2, 2, 2])
    counts = {(text.get_position(), text.get_text()) for text in axes.texts}
    assert counts == {((0, 0), "1"), ((1, 0), "1"), ((1, 1), "1"), ((1, 2), "1")}


def test_names_and_the_kind_of_examples_are_said() -> None:
    axes = plots.plot_confusion([1, 10], [1, 1], names={10: "0"}, what="held-out examples")
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["1", "0"]
    assert axes.get_title() == "Confusion matrix: 2 held-out examples"
    assert len(axes.figure.axes) == 2  # with its colour bar


def titles(axes: Axes) -> list[str]:
    return [panel.get_title() for panel in axes.figure.axes if panel.get_title()]


def test_mistakes_show_right_and_read_labels() -> None:
    axes = plots.plot_mistakes(np.eye(4), [1, 2, 3, 10], [1, 2, 4, 9], names={10: "0"})
    assert titles(axes) == ["3 > 4", "0 > 9"]


def test_mistakes_are_spread_over_the_labels_the_surest_first() -> None:
    labels, read, sureness = [1, 1, 1, 2, 2, 3], [2, 3, 4, 3, 4, 3], [0.2, 0.9, 0.5, 0.1, 0.3, 1.0]
    axes = plots.plot_mistakes(np.ones((6, 4)), labels, read, sureness=sureness, most=4)
    assert titles(axes) == ["1 > 3", "2 > 4", "1 > 4", "2 > 3"]
    assert "5 of 6 examples misread" in axes.figure.get_suptitle()  # type: ignore[union-attr]  # a Figure


def test_the_cost_of_held_out_examples_is_drawn_by_iteration() -> None:
    axes = plots.plot_cost([3.0, 2.0, 1.0], held_out={2: 1.5, 1: 2.5})
    assert {tuple(line.get_xdata()): tuple(line.get_ydata()) for line in axes.lines} == {
        (1, 2): (2.5, 1.5),
        (0, 1, 2): (3.0, 2.0, 1.0),
    }
    assert axes.get_legend() is not None


def test_no_mistakes_make_a_picture_all_the_same(tmp_path: Path) -> None:
    plots.save_picture(plots.plot_mistakes(np.eye(4), [1, 2, 3, 4], [1, 2, 3, 4]), tmp_path / "none.png")
    assert (tmp_path / "none.png").stat().st_size > 0


def test_what_is_no_square_image_is_refused() -> None:
    with pytest.raises(ValueError, match="images must have a square number of columns, got 5"):
        plots.display_data(np.ones((2, 5)))
    with pytest.raises(ValueError, match="order must be one of 'F', 'C', got 'K'"):
        plots.display_data(np.ones((2, 4)), order="K")


def test_a_picture_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not supported"):
        plots.save_picture(plots.new_axes(), tmp_path / "picture.nonsense")
    assert list(tmp_path.iterdir()) == []
