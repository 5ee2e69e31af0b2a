"""Scripts that call a function, and the tests in .m files: what of them runs, and the code that runs it."""

from __future__ import annotations

import re
from pathlib import Path

from courseport.octave.finding import quoted
from courseport.octave.signature import read_signature

BEGINNINGS = r"\s*(clear|close|clc|clearvars|more|format|warning|addpath|pkg|1;)"  # of scripts


def has_tests(content: bytes) -> bool:
    """Tell whether a .m file has ``%!`` blocks that run anything."""
    return re.search(rb"^\s*[%#]!(?!\s*demo|shared)\w", content, re.MULTILINE) is not None


def script_code(link: Path, log: Path) -> tuple[str, str]:
    """Return the code that runs a script, and what is to follow if the function was not called then.

    Parameters
    ----------
    link : Path
        A link to the script; where it needs a change, a changed copy takes its place.
    log : Path
        Where the tests in it tell how they went.
    """
    content = link.read_bytes()
    tests = f"test ({quoted(link)}, 'quiet', {quoted(log)});" if has_tests(content) else ""
    if changed := functions_first(content.decode("utf-8", "surrogateescape")):
        link.unlink()
        link.write_bytes(changed.encode("utf-8", "surrogateescape"))
    try:
        signature = read_signature(link)
    except ValueError:
        return f"source ({quoted(link)});", tests
    # A file of functions alone: the first one is the script, where it needs no arguments.
    call = f"{link.stem} ();" if not set(signature.inputs) - {"varargin"} else ""
    return f"source ({quoted(link)});", call + tests


def functions_first(text: str) -> str:
    """Return a script whose functions stand at its end, as MATLAB has them, with them first; empty for any other.

    Octave defines a function where it comes to it.
    """
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if re.match(r"function\b", line)), 0)
    code = [re.sub(r"[%#].*", "", line).rstrip() for line in lines]
    if all(not line or re.match(BEGINNINGS, line) for line in code[:first]):
        return ""
    ends = [number for number in range(first, len(lines)) if re.match(r"(end|endfunction)$", code[number])]
    after = [next((line for line in code[number + 1 :] if line), "function") for number in ends]
    if not ends or not all(re.match(r"function\b", line) for line in after) or any(code[ends[-1] + 1 :]):
        return ""
    # After "clear all" and its like, which forgets functions.
    begin = next(number for number in range(first) if code[number] and not re.match(BEGINNINGS, code[number]))
    return "\n".join([*(lines[:begin] or ["1;"]), *lines[first:], *lines[begin:first], ""])
