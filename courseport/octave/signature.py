"""What a .m file says about its cost function: its name, its arguments, and what each argument stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

# What an argument stands for, and the names it goes by (in lower case, without underscores).
ALIASES: dict[str, tuple[str, ...]] = {
    "theta": (
        *("theta", "thetas", "nnparams", "params", "parameters", "param", "unrolledtheta", "unrolledthetas"),
        *("thetaunrolled", "nnweights", "weights", "w", "nntheta", "nnthetas", "flattheta", "thetaflat", "nnparam"),
    ),
    "X": ("x", "features", "inputs", "xdata"),
    "y": ("y", "labels", "targets", "ydata"),
    "lambda": (
        *("lam", "lamda", "lmbda", "lamb", "lambd", "lmd", "l", "ld", "lmbd", "\N{GREEK SMALL LETTER LAMDA}"),
        *("reg", "regularization", "regularisation", "regparam", "regularizationparameter", "learningrate"),
    ),
    "layer_sizes": ("layersizes", "layers", "sizes"),
    "input_layer_size": (
        "inputlayersize",
        "inputlayer",
        "inputsize",
        "ninput",
        "ninputs",
        "numinputs",
        "numinput",
        "numinputunits",
    ),
    "hidden_layer_size": (
        *("hiddenlayersize", "hiddenlayer", "hiddensize", "nhidden", "numhidden", "numhiddenunits", "hiddenunits"),
        "numhiddennodes",
    ),
    "num_labels": (
        *(
            "numlabels",
            "nlabels",
            "numclasses",
            "nclasses",
            "outputlayersize",
            "outputlayer",
            "k",
            "outputsize",
            "noutput",
        ),
        *("numlabel", "numclass", "noutputs", "numoutputs", "numoutputunits"),
    ),
    "m": ("m", "nexamples", "numexamples"),
    "Y": (),  # the ratings of cofiCostFunc: y where there is an R
    "R": ("r",),
    "num_users": ("numusers", "nusers", "nu"),
    "num_movies": ("nummovies", "nmovies", "nm"),
    "num_features": ("numfeatures", "nfeatures", "nf"),
}
ROLE_OF = {alias: role for role, aliases in ALIASES.items() for alias in aliases}

# The course's functions, for files that name their arguments otherwise.
COURSE: dict[str, tuple[str, ...]] = {
    "nnCostFunction": ("theta", "input_layer_size", "hidden_layer_size", "num_labels", "X", "y", "lambda"),
    "lrCostFunction": ("theta", "X", "y", "lambda"),
    "costFunction": ("theta", "X", "y"),
    "costFunctionReg": ("theta", "X", "y", "lambda"),
    "computeCost": ("X", "y", "theta"),
    "computeCostMulti": ("X", "y", "theta"),
    "linearRegCostFunction": ("X", "y", "theta", "lambda"),
    "cofiCostFunc": ("theta", "Y", "R", "num_users", "num_movies", "num_features", "lambda"),
}
_COURSE_NAMES = {name.lower(): roles for name, roles in COURSE.items()}


class NoFunctionError(ValueError):
    """The file holds no function: it is a script, a class, or empty."""


@dataclass(frozen=True)
class Signature:
    """The first function of a file: ``function [outputs] = name(inputs)``."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def __str__(self) -> str:
        return f"[{', '.join(self.outputs)}] = {self.name}({', '.join(self.inputs)})"


_FUNCTION = re.compile(
    r"function(?:\s*(?P<outputs>\[[^\]]*\])\s*=\s*|\s+(?:(?P<output>[A-Za-z_]\w*)\s*=\s*)?)"
    r"(?P<name>[A-Za-z_]\w*)\s*(?:\((?P<inputs>[^)]*)\))?"
)


def read_signature(path: Path) -> Signature:
    """Return the signature of the function a .m file defines.

    Raises
    ------
    OSError
        The file cannot be read.
    ValueError
        The file holds no function, or a script comes before it.
    """
    code = without_comments(path.read_text(encoding="utf-8", errors="replace"))
    match = _FUNCTION.match(code)
    if match is None:
        what = "is empty" if not code else "defines a class" if code.startswith("classdef") else "is a script"
        raise NoFunctionError(f"{path.name} {what}; it must define a function, such as [J, grad] = nnCostFunction(...)")
    return Signature(match["name"], _names(match["inputs"]), _names(match["outputs"] or match["output"]))


def roles_of(name: str, inputs: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return what each argument stands for, by the arguments' names or else by the function's; None where unclear."""
    roles = [role_of(argument) for argument in inputs]
    if "R" in roles:
        roles = ["Y" if role == "y" else role for role in roles]
    if "theta" in roles and all(roles) and len(set(roles)) == len(roles):
        return tuple(roles)
    course = _COURSE_NAMES.get(plain_name(name), ())
    if not course or len(course) != len(inputs):
        return None
    names = named(inputs, course)
    return course if len(set(names)) == len(names) else None


def role_of(name: str) -> str:
    """Return what an argument of this name stands for, such as "theta" for my_initial_theta; empty where unknown."""
    plain = name.lower().replace("_", "")
    if "lambda" in plain or "lmbda" in plain:
        return "lambda"
    core = re.sub(r"^(my|initial|init)|(train|training|vec|vector|flattened|flat|unrolled|rolled)$", "", plain)
    return ROLE_OF.get(plain) or ROLE_OF.get(core, "")


def named(inputs: tuple[str, ...], roles: tuple[str, ...]) -> tuple[str, ...]:
    """Return the arguments' names; one that is unused, ~, goes by what it stands for."""
    return tuple(role if name == "~" else name for name, role in zip(inputs, roles, strict=True))


def plain_name(name: str) -> str:
    """Return a function's name as it compares: nn_cost_function is nnCostFunction."""
    return name.replace("_", "").lower()


def without_comments(text: str) -> str:
    """Return the code without block comments, line comments, continuation marks and leading blank lines."""
    depth, kept = 0, []
    for line in text.lstrip("\ufeff").split("\n"):
        mark = line.strip()
        if mark in {"%{", "#{"}:
            depth += 1
        elif depth and mark in {"%}", "#}"}:
            depth -= 1
        elif not depth:
            kept.append(line)
    # In one pass: dots inside a comment continue no line, and a % after dots begins no comment.
    pattern = r"[%#][^\n]*|\.\.\.[^\n]*\n"
    return re.sub(pattern, lambda match: " " if match[0][0] == "." else "", "\n".join(kept)).strip()


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(re.findall(r"[A-Za-z_]\w*|~", text or ""))
