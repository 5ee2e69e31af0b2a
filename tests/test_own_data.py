"""Own data end to end: a table in every form that people write, one model file, predictions on new rows."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.io

import courseport as cp
from courseport.cli.app import run
from courseport.datasets import DataWarning, TrainedNetwork, load_network, save_network
from courseport.datasets.own_files import read_examples
from courseport.octave import OctaveSession

pytestmark = pytest.mark.usefixtures("unrendered")
RNG = np.random.default_rng(3)
X = np.round(RNG.normal(size=(30, 4)) * [1, 10, 100, 1000], 3) + 0.5
CODES = np.arange(30) % 3
NAMES = np.array(["red", "green", "blue, pale"])[CODES]
FRAME = pd.DataFrame(X, columns=["length", "width", "mass", "age"])
NUMBERED = FRAME.assign(kind=CODES)
NAMED = FRAME.assign(kind=NAMES)
PLAIN = pd.DataFrame(np.c_[X, CODES])
SHUFFLED = NUMBERED.sample(frac=1, random_state=0)
R_ROWS = "".join(f'"{row + 1}" {" ".join(map(str, values))}\n' for row, values in enumerate(NUMBERED.to_numpy()))

FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "pandas": (NUMBERED.to_csv(index=False), {}),
    "with its index": (NUMBERED.to_csv(), {}),
    "numbered columns": (PLAIN.to_csv(index=False), {}),
    "numbered columns and index": (PLAIN.to_csv(), {}),
    "no header": (NUMBERED.to_csv(index=False, header=False), {}),
    "names of classes": (NAMED.to_csv(index=False), {}),
    "names of classes, no header": (NAMED.to_csv(index=False, header=False), {}),
    "names of classes first": (NAMED[["kind", *FRAME]].to_csv(index=False), {}),
    "everything quoted": (NAMED.to_csv(index=False, quoting=csv.QUOTE_ALL), {}),
    "decimal commas": (NUMBERED.to_csv(index=False, sep=";", decimal=","), {}),
    "decimal commas, tabs, no header": (NUMBERED.to_csv(index=False, header=False, sep="\t", decimal=","), {}),
    "decimal commas, spaces": (NUMBERED.to_csv(index=False, header=False, sep=" ", decimal=","), {}),
    "tabs": (NUMBERED.to_csv(index=False, sep="\t"), {}),
    "bars": (NUMBERED.to_csv(index=False, sep="|"), {}),
    "R's write.csv": (NAMED.set_axis(range(1, 31)).to_csv(quoting=csv.QUOTE_NONNUMERIC), {}),
    "R's write.table": ('"' + '" "'.join(NUMBERED) + '"\n' + R_ROWS, {}),
    "an identifier": (NUMBERED.assign(Id=range(70, 100))[["Id", *NUMBERED]].to_csv(index=False), {}),
    "labels first, by name": (NUMBERED[["kind", *FRAME]].to_csv(index=False), {"label": "kind"}),
    "labels first, by number": (NUMBERED[["kind", *FRAME]].to_csv(index=False), {"label": 0}),
    "labels first, in words": (NUMBERED[["kind", *FRAME]].to_csv(index=False), {"label": "first"}),
    "labels first, by a usual name": (
        NUMBERED.rename(columns={"kind": "Class"})[["Class", *FRAME]].to_csv(index=False),
        {},
    ),
    "a column of notes": (NUMBERED.assign(note="a, b")[["note", *NUMBERED]].to_csv(index=False), {"drop": ["note"]}),
    "Windows": (NUMBERED.to_csv(index=False).replace("\n", "\r\n"), {}),
    "old Mac": (NUMBERED.to_csv(index=False).replace("\n", "\r"), {}),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.filterwarnings("ignore::courseport.datasets.DataWarning")
def test_every_form_of_a_table_gives_the_same_examples(form: str, encoding: str, tmp_path: Path) -> None:
    text, options = FORMS[form]
    (tmp_path / "own.csv").write_bytes(text.encode(encoding))
    if form == "a column of notes":
        options = options | {"label": "kind"}
    X_read, y = cp.load_data(tmp_path / "own.csv", **options)
    assert np.array_equal(X_read, X)
    expected = NAMES if y.dtype.kind == "U" else CODES
    assert y.tolist() == expected.tolist()
    assert (y.dtype.kind == "U") == ("names" in form or "quoted" in form or "write.csv" in form)


@pytest.mark.parametrize("form", ["with its index", "numbered columns", "an identifier"])
def test_what_was_left_out_or_guessed_is_said(form: str, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(FORMS[form][0])
    with pytest.warns(DataWarning, match="own.csv"):
        cp.load_data(tmp_path / "own.csv")


def test_a_header_of_numbers_can_be_refused(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("0,1,2\n5,6,1\n")
    assert cp.load_data(tmp_path / "own.csv", header=False)[1].tolist() == [2, 1]
    (tmp_path / "own.csv").write_text("1990,2000,2010\n5,6,1\n")  # nobody can know
    assert cp.load_data(tmp_path / "own.csv", header=True)[1].tolist() == [1]


@pytest.mark.parametrize("mark", ["", "NA", "nan", "NaN", "?", "null", "None", "N/A"])
def test_missing_values_are_named_by_line_and_column(mark: str, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(f"a,b,y\n1,2,0\n3,{mark},1\n")
    with pytest.raises(ValueError, match=r"lines 3, columns 'b'"):
        cp.load_data(tmp_path / "own.csv")


@pytest.mark.parametrize("mark", ["", "NA", "nan", "?"])
def test_a_missing_label_is_named_by_its_line(mark: str, tmp_path: Path) -> None:
    for labels in (["red", mark], ["1", mark]):
        (tmp_path / "own.csv").write_text("a,y\n1.5," + "\n2.5,".join(labels) + "\n")
        with pytest.raises(ValueError, match=r"y in .* line 3"):
            cp.load_data(tmp_path / "own.csv")


def test_an_identifier_without_a_name_is_told(tmp_path: Path) -> None:
    NAMED.assign(id=np.arange(900, 930) ** 2)[["id", *NAMED]].to_csv(tmp_path / "own.csv", index=False, header=False)
    with pytest.warns(DataWarning, match=r"--drop 0"):
        assert cp.load_data(tmp_path / "own.csv")[0].shape == (30, 5)


def test_a_text_of_one_endless_line_is_refused(tmp_path: Path) -> None:
    for text in ("x" * 10**6, '"' + "x" * 10**6, "," * 10**6):
        (tmp_path / "own.csv").write_text(text)
        with pytest.raises(ValueError, match=r"own\.csv|a line of"):
            cp.load_data(tmp_path / "own.csv")


def images(m: int = 60) -> tuple[np.ndarray, np.ndarray]:
    digits, labels = cp.datasets.load_digit_images()
    return digits[:: 5000 // m].reshape(-1, 784), labels[:: 5000 // m] % 10


@pytest.mark.parametrize("header", [True, False])
def test_the_layouts_of_kaggle_and_of_emnist(header: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pixels, digits = images()
    frame = pd.DataFrame(np.c_[digits, pixels], columns=["label", *(f"pixel{number}" for number in range(784))])
    frame.to_csv(tmp_path / "train.csv", index=False, header=header)
    train = ["train", "--data", str(tmp_path / "train.csv"), "--iterations", "3", "--json"]
    assert run([*train, "--output", str(tmp_path)]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["classes"] == list(range(10))
    assert "hidden_units.png" in summary["files"]
    network = load_network(tmp_path / "theta.mat")
    assert np.array_equal(network.prepare(pixels.astype(float)), pixels / 255)
    frame.drop(columns="label").to_csv(tmp_path / "test.csv", index=False, header=header)  # as Kaggle's has none
    assert run(["predict", str(tmp_path / "theta.mat"), str(tmp_path / "test.csv")]) == 0
    assert set(capsys.readouterr().out.split()) <= set(map(str, range(10)))


def test_tables_are_no_images(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for n in (4, 64):
        data = np.random.default_rng(n).normal(size=(40, n))
        np.savez(tmp_path / "own.npz", X=data, y=(data[:, 0] > 0).astype(int))
        output = str(tmp_path / f"out{n}")
        assert (
            run(["train", "--data", str(tmp_path / "own.npz"), "--iterations", "3", "--output", output, "--json"]) == 0
        )
        assert json.loads(capsys.readouterr().out)["files"] == ["theta.mat", "cost.png", "confusion.png"]


def trained(tmp_path: Path, *options: str, frame: pd.DataFrame = NAMED) -> TrainedNetwork:
    frame.to_csv(tmp_path / "train.csv", index=False)
    command = ["train", "--data", str(tmp_path / "train.csv"), "--lambda", "0.01", "--quiet", *options]
    assert run([*command, "--output", str(tmp_path)]) == 0
    return load_network(tmp_path / "theta.mat")


def test_one_file_holds_all_that_predictions_need(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    network = trained(tmp_path, "--standardize")
    assert network.classes == ("blue, pale", "green", "red")
    assert network.features == tuple(FRAME)
    assert network.facts["label"] == "kind"
    capsys.readouterr()
    right = [network.classes.index(name) + 1 for name in NAMES]
    read = network.predict((X - X.mean(axis=0)) / X.std(axis=0, ddof=1))
    expected = network.names(read).tolist()
    new: dict[str, pd.DataFrame] = {
        "as trained": NAMED,
        "without labels": FRAME,
        "in another order, with more": NAMED.assign(more="x", other=1)[
            ["other", "mass", "age", "more", "width", "length"]
        ],
        "with an index": NAMED.set_axis(range(100, 130)),
    }
    for name, frame in new.items():
        frame.to_csv(tmp_path / "new.csv", index=name == "with an index")
        assert run(["predict", str(tmp_path / "theta.mat"), str(tmp_path / "new.csv")]) == 0
        told = capsys.readouterr()
        assert told.out.splitlines() == expected, name
        assert (f"accuracy: {cp.accuracy(read, right):.2f} %" in told.err) == ("kind" in frame), name


@pytest.mark.parametrize("classes", [2, 3])
def test_probabilities_as_csv_and_as_json(classes: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = NAMED[NAMED["kind"] != "red"] if classes == 2 else NAMED
    network = trained(tmp_path, "--standardize", frame=frame)
    capsys.readouterr()
    command = ["predict", str(tmp_path / "theta.mat"), str(tmp_path / "train.csv"), "--proba"]
    written = tmp_path / "labels.csv"
    assert run([*command, "--output", str(written), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert np.shape(answer["probabilities"]) == (len(frame), classes)
    assert answer["classes"] == list(network.classes)
    with written.open(newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["predicted_label", *(f"h({name})" for name in network.classes)]
    assert [row[0] for row in rows[1:]] == answer["labels"]
    assert np.allclose(np.array([row[1:] for row in rows[1:]], dtype=float), answer["probabilities"], rtol=1e-8)
    best = np.argmax(answer["probabilities"], axis=1)
    assert [network.classes[place] for place in best] == answer["labels"]
    assert run([*command, "--output", str(written)]) == 0  # its own file is replaced
    assert run([*command, "--output", str(tmp_path / "train.csv")]) == 2  # an input is not


def test_missing_values_are_filled_by_the_training_means(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    holes = NUMBERED.copy()
    holes.loc[4, "mass"] = holes.loc[7, "age"] = np.nan
    network = trained(tmp_path, "--standardize", "--impute", "mean", "--test-fraction", "0.2", frame=holes)
    order = np.random.default_rng(0).permutation(30)
    train = holes[list(FRAME)].iloc[np.sort(order[6:])]
    assert network.fill is not None
    assert np.allclose(network.fill, train.mean(), rtol=1e-12)
    assert np.allclose(np.c_[network.mu, network.sigma], train.fillna(train.mean()).agg(["mean", "std"]).T, rtol=1e-12)
    assert run(["predict", str(tmp_path / "theta.mat"), str(tmp_path / "train.csv")]) == 0
    assert len(capsys.readouterr().out.split("\n")) > 30


def test_unscaled_features_are_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trained(tmp_path)
    assert "--standardize" in capsys.readouterr().err
    trained(tmp_path, "--standardize")
    assert "--standardize" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("labels", "classes", "units"),
    [
        ([0, 1], (), 1),
        ([1, 2], (), 2),
        ([1, 2, 3], (), 3),
        ([0, 1, 2], (0, 1, 2), 3),
        ([-1, 1], (-1, 1), 1),
        ([2, 4], (2, 4), 1),
        ([3, 7, 100], (3, 7, 100), 3),
        (["no", "yes"], ("no", "yes"), 1),
    ],
)
def test_labels_of_every_kind(labels: list[Any], classes: tuple[Any, ...], units: int, tmp_path: Path) -> None:
    frame = FRAME.assign(kind=np.array(labels)[np.arange(30) % len(labels)])
    network = trained(tmp_path, "--standardize", "--iterations", "60", frame=frame)
    assert network.classes == classes
    assert network.layer_sizes[-1] == units
    read = network.names(network.predict(network.prepare(X)))
    assert set(read.tolist()) <= set(labels)


def test_other_names_in_a_mat_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scipy.io.savemat(tmp_path / "own.mat", {"Xtrain": X, "labels": CODES + 1})
    names = ["--x-name", "Xtrain", "--y-name", "labels"]
    output = str(tmp_path / "out")
    assert run(["train", "--data", str(tmp_path / "own.mat"), *names, "--output", output, "--iterations", "2"]) == 0
    assert run(["predict", f"{output}/theta.mat", str(tmp_path / "own.mat"), *names]) == 0
    assert "accuracy" in capsys.readouterr().err


@pytest.mark.octave
def test_octave_uses_the_model_file(octave: OctaveSession, tmp_path: Path) -> None:
    network = trained(tmp_path, "--standardize")
    octave.push("file", str(tmp_path / "theta.mat"))
    octave.push("X", X)
    octave.eval("""
        s = load (file); info = jsondecode (s.model_info);
        a2 = 1 ./ (1 + exp (-[ones(30, 1), (X - s.mu) ./ s.sigma] * s.Theta1'));
        [~, p] = max ([ones(30, 1), a2] * s.Theta2', [], 2);
        names = strjoin (info.classes(p)', '|');
    """)
    assert octave.pull("names") == "|".join(network.names(network.predict(network.prepare(X))).tolist())


NETWORKS: dict[str, Callable[[], TrainedNetwork]] = {
    "names": lambda: TrainedNetwork([np.ones((2, 5))], ("Größe", "日本"), tuple(FRAME), facts={"data": 'a "b"'}),
    "scales": lambda: TrainedNetwork([np.ones((3, 5))], (4, 5, 6), (), X[0], X[1], X[2], "relu", "linear"),
}


@pytest.mark.parametrize("suffix", [".mat", ".npz"])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_model_comes_back_as_it_was(name: str, suffix: str, tmp_path: Path) -> None:
    network = NETWORKS[name]()
    save_network(tmp_path / f"m{suffix}", network)
    again = load_network(tmp_path / f"m{suffix}")
    for attribute in ("classes", "features", "hidden_activation", "output_activation"):
        assert getattr(again, attribute) == getattr(network, attribute)
    for attribute in ("fill", "mu", "sigma"):
        assert np.array_equal(getattr(again, attribute), getattr(network, attribute))


@pytest.mark.parametrize(
    "info", ["no JSON", "[1]", '{"classes": 3}', '{"classes": ["a"]}', '{"features": [[]]}', "[" * 10**5]
)
def test_a_damaged_model_file_is_refused(info: str, tmp_path: Path) -> None:
    scipy.io.savemat(tmp_path / "m.mat", {"Theta1": np.ones((3, 5)), "model_info": info})
    with pytest.raises(ValueError, match=r"in .*m\.mat"):
        load_network(tmp_path / "m.mat")


def test_rows_of_another_width_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trained(tmp_path, "--standardize")
    for columns in (1, 3, 7):
        pd.DataFrame(np.ones((4, columns))).to_csv(tmp_path / "new.csv", index=False, header=False)
        assert run(["predict", str(tmp_path / "theta.mat"), str(tmp_path / "new.csv")]) == 2
        assert re.search(r"must have (shape \(m, 4\)|at least two columns)", capsys.readouterr().err)


def test_examples_say_what_was_understood(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(FORMS["names of classes"][0])
    source = read_examples(tmp_path / "own.csv").source
    assert "30 examples of 4 numbers" in source
    assert "'kind'" in source
