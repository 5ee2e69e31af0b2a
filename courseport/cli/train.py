"""`courseport train`, the main job, told as the course's six steps."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from courseport import __version__, _checks, plots
from courseport._checks import FloatArray
from courseport._files import output_folder
from courseport.cli import options
from courseport.cli.tables import echo_json, say, say_warning, show_progress
from courseport.cli.training_data import Split, load_split
from courseport.cost import NeuralNetworkCost
from courseport.datasets import TrainedNetwork, save_network
from courseport.network.gradient_check import check_gradient
from courseport.network.prediction import accuracy, hypothesis, predict
from courseport.network.unrolling import debug_initialize_weights, rand_initialize_weights, unroll
from courseport.training.history import INTERRUPTED, Progress, TrainingWarning
from courseport.training.train import check_method, train

_HELP = """
Train the course's network, in its six steps, and write what came out.

Without options: the 5000 digits that are shipped, a network 400-25-10, lambda 1, L-BFGS-B, 100 iterations.

    courseport train --data wine.csv --label class --standardize --test-fraction 0.2

The output folder gets `theta.mat` (Theta1, Theta2, ..., and all that `courseport predict` needs; Octave's load reads
it), `cost.png`, `confusion.png` (of the held-out examples, where there are any) and, of images, `hidden_units.png` and
`mistakes.png`. Ctrl-C ends training and keeps the best so far.

It also gets `checkpoint.npz`, saved every ten seconds and at the end. After a crash, or for more iterations, give the
same options with `--resume`.
"""
CHECKED_DIRECTIONS = 5
LINES = 10  # of progress in a pipe, at most one more
CHECKPOINT = "checkpoint.npz"
PICTURES = ("cost.png", "hidden_units.png", "mistakes.png", "confusion.png")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("train", help=_HELP)(_train)


def _train(
    data: options.Data = None,
    label: options.Label = None,
    header: options.Header = None,
    drop: options.Drop = None,
    x_name: options.XName = "X",
    y_name: options.YName = "y",
    standardize: options.Standardize = False,
    impute: Annotated[
        str | None, typer.Option(metavar="mean", help="Fill in missing values by their column's mean.")
    ] = None,
    layer_sizes: Annotated[
        str | None,
        typer.Option(metavar="S1,S2,...", help="Units per layer, such as 400,25,10. Default: inputs, 25, labels."),
    ] = None,
    lambda_: options.Lambda = 1.0,
    method: options.Method = "L-BFGS-B",
    iterations: options.Iterations = 100,
    seed: options.Seed = 0,
    test_fraction: Annotated[
        float, typer.Option(metavar="SHARE", help="Share of the examples to hold out, such as 0.2.")
    ] = 0.0,
    output: options.OutputFolder = Path("output"),
    force: options.Force = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the output folder's checkpoint.npz, if it is there.")
    ] = False,
    quiet: options.Quiet = False,
    as_json: options.AsJson = False,
) -> None:
    method, _ = check_method("--method", method)
    _checks.whole_number("--iterations", iterations, 1)
    _checks.whole_number("--seed", seed, 0)
    if impute is not None:
        _checks.choice("--impute", impute, ("mean",))
    inputs = [] if data is None else [data]
    output_folder("--output", output, ["theta.mat", CHECKPOINT, *PICTURES], inputs=inputs, force=force)
    reading = {"x_name": x_name, "y_name": y_name, "label": label, "header": header, "drop": drop or ()}
    split = load_split(data, test_fraction, seed, reading=reading, standardize=standardize, impute=impute is not None)
    sizes: tuple[int, ...] = (split.X.shape[1], 25, split.units)
    if layer_sizes is not None:
        sizes = _checks.layer_sizes(options.parse_sizes("--layer-sizes", layer_sizes))
    options.check_memory("--layer-sizes", sizes)
    silent = quiet or as_json
    told = (lambda _: None) if silent else say
    with NeuralNetworkCost(sizes, split.X, split.y, lambda_) as cost:
        theta0 = _tell_first_steps(cost, split, seed, told)
        began, held_out = time.monotonic(), dict[int, float]()
        with warnings.catch_warnings(), show_progress(iterations, quiet=silent) as tell:
            warnings.simplefilter("ignore", TrainingWarning)  # the summary says how it ended
            warnings.showwarning = say_warning  # a checkpoint that cannot be written
            follow = _follow(split, sizes, held_out, iterations, tell)
            where: Any = {"checkpoint": output / CHECKPOINT, "resume": resume}
            result = train(cost, theta0, method=method, max_iterations=iterations, callback=follow, **where)
        seconds = time.monotonic() - began
    facts = {"courseport": __version__, "data": split.source, "label": split.label, "seed": seed, "method": method}
    facts |= {"iterations": int(result.nit), "lambda": cost.lambda_}
    scaling: Any = {"fill": split.fill, "mu": split.mu, "sigma": split.sigma}
    network = TrainedNetwork(cost.layout.reshape(result.x), split.classes, split.features, facts=facts, **scaling)
    # First of all the weights are safe, in a folder that someone may have removed meanwhile.
    output.mkdir(parents=True, exist_ok=True)
    save_network(output / "theta.mat", network, lambda_=cost.lambda_, cost_history=result["history"])
    summary = {
        "cost": float(result.fun),
        "iterations": int(result.nit),
        "evaluations": int(result.nfev),
        "converged": bool(result.success),
        "interrupted": bool(result["interrupted"]),
        "message": str(result.message),
        "layer_sizes": list(sizes),
        "lambda": cost.lambda_,
        "classes": list(split.classes),
        "training_accuracy": accuracy(predict(result.x, sizes, split.X), split.y),
    }
    if split.X_test is not None and split.y_test is not None:
        summary["held_out_accuracy"] = accuracy(predict(result.x, sizes, split.X_test), split.y_test)
    files = ["theta.mat", *_draw(output, split, network, result["history"], held_out)]
    summary |= {"seconds": round(seconds, 3), "folder": str(output), "files": files}
    if as_json:
        echo_json(summary)
    else:
        _tell_result(summary)
    if result.interrupted:
        raise typer.Exit(INTERRUPTED)


def _tell_first_steps(cost: NeuralNetworkCost, split: Split, seed: int, told: Callable[[str], None]) -> FloatArray:
    """Tell steps 1 to 5; return the first weights."""
    sizes = cost.layer_sizes
    told(f"Data: {split.source}; {cost.m} examples to train on")
    told(f"1. Architecture: {'-'.join(map(str, sizes))} units, {cost.layout.size} parameters")
    theta0 = rand_initialize_weights(sizes, seed=seed)
    told(f"2. Random initialisation: uniform in [-0.12, 0.12], seed {seed}")
    J, _ = cost(theta0)
    blocks = f"by blocks of {cost.block_rows} rows on {cost.n_threads} thread(s)"
    told(f"3. Forward propagation: h(x) of every example, {blocks}")
    told(f"4. Cost: J = {J:.6f} at the start, lambda = {cost.lambda_:g}")
    small, large = _check_backpropagation(cost, theta0, float(np.abs(np.asarray(split.X[:1000])).max()))
    told(
        "5. Backpropagation, checked numerically: relative difference "
        f"{small:.1e} on a small network of the same depth, {large:.1e} along {CHECKED_DIRECTIONS} directions here; "
        "the check is now turned off"
    )
    told("6. Optimisation:")
    return theta0


def _check_backpropagation(cost: NeuralNetworkCost, theta0: FloatArray, largest: float) -> tuple[float, float]:
    """Compare with two-sided differences: every weight of a small network, some directions of this one."""
    small_sizes = (3, *(5 for _ in cost.layer_sizes[1:-1]), min(3, cost.layer_sizes[-1]))
    X = debug_initialize_weights((2, 5))[:15].reshape(5, 3, order="F")
    y = np.arange(1, 6) % 2 if small_sizes[-1] == 1 else 1 + np.arange(1, 6) % small_sizes[-1]
    small_cost = NeuralNetworkCost(small_sizes, X, y, cost.lambda_)
    small = check_gradient(small_cost, debug_initialize_weights(small_sizes))
    # J bends the more the larger the features: smaller steps. With features of millions no step is exact, so only the
    # small network's check ends the training.
    step = 1e-4 / min(max(1.0, largest), 1e4)
    large = check_gradient(cost, theta0, directions=CHECKED_DIRECTIONS, epsilon=step, allowed=1e-6)
    if not small.ok or (not large.ok and largest <= 1e3):
        wrong = large if small.ok else small
        raise RuntimeError(f"backpropagation does not agree with the numerical gradient\n{wrong}")
    return small.relative_difference, large.relative_difference


def _follow(
    split: Split, sizes: tuple[int, ...], held_out: dict[int, float], iterations: int, tell: Callable[..., object]
) -> Callable[[Progress], None]:
    """Return a callback that keeps J of the held-out examples, without penalty, and shows where training is."""
    cost = None
    if split.X_test is not None and split.y_test is not None and len(split.y_test):
        cost = NeuralNetworkCost(sizes, split.X_test, split.y_test)

    def follow(now: Progress) -> None:
        if cost is not None:
            held_out[now.iteration] = cost.cost(now.theta_vec)
        numbers, line = f"J {now.cost:.6f}  |grad| {now.gradient_norm:.2e}", ""
        if now.iteration % max(1, iterations // LINES) == 0 or now.iteration == iterations:
            left = now.seconds / now.iteration * (iterations - now.iteration) if now.iteration else 0.0
            time_left = f"  {left:.1f} s left" if now.iteration else ""
            line = f"iteration {now.iteration}/{iterations}  {numbers}{time_left}"
        tell(now.iteration, numbers, line)

    return follow


def _draw(
    output: Path, split: Split, network: TrainedNetwork, history: FloatArray, held_out: dict[int, float]
) -> list[str]:
    """Write pictures; mistakes and confusion are those of the held-out examples, where there are any."""
    X, y, what = split.X, split.y, "training examples"
    if split.X_test is not None and split.y_test is not None:
        X, y, what = split.X_test, split.y_test, "held-out examples"
    theta_vec, sizes = unroll(network.thetas), network.layer_sizes
    names = {label: str(name) for label, name in enumerate(split.classes, start=int(sizes[-1] > 1))}
    if split.order and sizes[-1] == 10 and not names:
        names = {10: "0"}
    words: Any = {"names": names, "what": what}
    drawn: list[str] = []
    try:
        pictures = {"cost.png": plots.plot_cost(history, held_out=held_out)}
        if split.order and len(network.thetas) > 1:
            pictures["hidden_units.png"] = plots.plot_hidden_units(network.thetas[0], order=split.order)
        read = predict(theta_vec, sizes, X)
        if split.order:
            h = hypothesis(theta_vec, sizes, X)
            sureness = h.max(axis=1) if sizes[-1] > 1 else abs(h.ravel() - 0.5)
            mistakes = plots.plot_mistakes(X, y, read, sureness=sureness, order=split.order, **words)
            pictures["mistakes.png"] = mistakes
        pictures["confusion.png"] = plots.plot_confusion(y, read, **words)
        for name, axes in pictures.items():
            plots.save_picture(axes, output / name)
            drawn.append(name)
    except ModuleNotFoundError:  # without matplotlib the weights are there all the same
        pass
    except Exception as error:  # noqa: BLE001 - no fault of a picture may hide what came out of the training
        say_warning(f"the pictures could not be drawn: {error}")
    return drawn


def _tell_result(summary: Mapping[str, Any]) -> None:
    ended = "converged" if summary["converged"] else "not converged"
    say(
        f"J = {summary['cost']:.6f} after {summary['iterations']} iterations, {summary['evaluations']} evaluations and "
        f"{summary['seconds']:.2f} s; {ended}: {summary['message']}"
    )
    say(f"Training accuracy: {summary['training_accuracy']:.2f} %")
    if "held_out_accuracy" in summary:
        say(f"Held-out accuracy: {summary['held_out_accuracy']:.2f} %")
    say(f"Written to {summary['folder']}: {', '.join(summary['files'])}")
    if "cost.png" not in summary["files"]:
        say(f"No pictures: they need matplotlib: {_checks.how_to_install('plots')}")
