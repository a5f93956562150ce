"""Which line of the model's code a parameter changes, found in the source itself.

A slider that says only "temperature" hides what it does. Each link below names a
function and a name in it; where that name is first used is looked up in the source
whenever it is asked for, so a link stays right when lines move.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from deepcomposer_edu.compose.parameters import did_you_mean
from deepcomposer_edu.compose.techniques.catalogue import find_technique
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.bands import BANDS
from deepcomposer_edu.paths import PACKAGE_DIR

LINES_AROUND = 5  # of an excerpt, above and below its line

# (technique or genre, parameter) -> (module, function, the name whose first use in it
# is the line)
PLACES: dict[tuple[str, str], tuple[str, str, str]] = {
    ("wgan", "temperature"): ("models.harmonise", "Harmoniser.draw", "temperature"),
    ("wgan", "inertia"): ("models.counterpoint", "draw_voice", "inertia"),
    ("wgan", "candidates"): ("models.harmonise", "Harmoniser.choose", "argmax"),
    ("wgan", "avoid_parallels"): (
        "models.counterpoint",
        "draw_voice",
        "avoid_parallels",
    ),
    ("wgan", "smoothness"): ("models.counterpoint", "draw_voice", "hard_to_sing"),
    ("wgan", "seed"): ("models.harmonise", "Harmoniser.harmonise", "seed"),
    ("melody-rnn", "steps"): (
        "compose.techniques.extending",
        "compose_melody_rnn",
        "n_new",
    ),
    ("melody-rnn", "variant"): (
        "models.melody_network",
        "MelodyNetwork.__init__",
        "has_lookback",
    ),
    ("melody-rnn", "seed"): (
        "models.melody_rnn",
        "MelodyRNN.continue_melody",
        "seed",
    ),
    **{
        (technique, parameter): ("nn.sampling", "sample", name)
        for technique in ("melody-rnn", "transformer")
        for parameter, name in (
            ("temperature", "float"),
            ("top_k", "keep_top_k"),
            ("top_p", "keep_nucleus"),
        )
    },
    ("transformer", "mode"): (
        "compose.techniques.extending",
        "compose_transformer",
        "is_longer",
    ),
    ("transformer", "input_bars"): (
        "compose.techniques.extending",
        "compose_transformer",
        "n_input",
    ),
    ("transformer", "extension_bars"): (
        "compose.techniques.extending",
        "compose_transformer",
        "n_new",
    ),
    ("transformer", "max_rest"): (
        "models.page",
        "Page.forbidden",
        "rests_long",
    ),
    ("transformer", "max_note"): (
        "models.chorale_writer",
        "ChoraleWriter._draw_frame",
        "steps_since",
    ),
    ("transformer", "avoid_parallels"): (
        "models.page",
        "Page.forbidden",
        "parallel_classes",
    ),
    ("transformer", "seed"): (
        "models.chorale_writer",
        "ChoraleWriter._write",
        "manual_seed",
    ),
    ("ar-cnn", "mode"): ("compose.techniques.editing", "edit_plan", "is_meant"),
    ("ar-cnn", "voices"): ("compose.techniques.editing", "_region", "voices"),
    ("ar-cnn", "bars"): ("compose.techniques.editing", "_region", "bars"),
    ("ar-cnn", "keep"): ("compose.techniques.editing", "_region", "kept"),
    ("ar-cnn", "max_added"): ("models.edit_draft", "Draft._allows", "max_added"),
    ("ar-cnn", "max_removed"): ("models.edit_draft", "Draft._allows", "most_removed"),
    ("ar-cnn", "iterations"): (
        "models.orderless_editor",
        "OrderlessEditor.rewrite",
        "sweeps",
    ),
    ("ar-cnn", "temperature"): (
        "models.orderless_editor",
        "OrderlessEditor.redraw",
        "temperature",
    ),
    ("ar-cnn", "avoid_parallels"): (
        "models.cell_drawing",
        "draw_cells",
        "parallels_at",
    ),
    ("ar-cnn", "extension_bars"): ("compose.techniques.editing", "_new_steps", "n_new"),
    ("ar-cnn", "variant"): ("models.ar_cnn", "load_ar_cnn", "_checked"),
    ("ar-cnn", "seed"): (
        "models.orderless_editor",
        "OrderlessEditor.edit",
        "manual_seed",
    ),
    ("random", "seed"): ("models.baselines", "random_in_key", "seed"),
    ("jazz", "swing"): ("music.bands.time", "Pulse.off_beat", "swing"),
    ("jazz", "energy"): ("music.bands.jazz", "_groove", "energy"),
    ("rock", "energy"): ("music.bands.rock", "_groove", "energy"),
    ("pop", "energy"): ("music.bands.pop", "_groove", "energy"),
}
BAND_SEED = ("music.bands.song", "Dice.at", "seed")


@dataclass(frozen=True)
class CodeLink:
    """The line of code that a parameter changes.

    Args:
        path: the file, relative to the package ("models/harmonise.py").
        line: its number, from 1.
        text: the line, without the space before it.
        excerpt: the lines around it: (number, text).
        function: the function that it stands in ("Harmoniser.draw").
        technique: the technique that was asked about.
        parameter: the parameter that was asked about.
    """

    path: str
    line: int
    text: str
    excerpt: tuple[tuple[int, str], ...]
    function: str
    technique: str
    parameter: str

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.text}"

    @property
    def file(self) -> Path:
        """The file itself, to open it."""
        return PACKAGE_DIR / self.path


def code_parameters(technique: str) -> list[str]:
    """Return the parameters of a technique, or of a band, whose line is known.

    Raises:
        InputError: if there is no such technique or band.
    """
    if technique not in BANDS:
        find_technique(technique)
    known = [parameter for name, parameter in PLACES if name == technique]
    return [*known, "seed", "genre"] if technique in BANDS else known


def code_of(technique: str, parameter: str, genre: str = "") -> CodeLink:
    """Return the line of code that a parameter changes.

    Args:
        technique: one of `technique_names()`, or a genre with a band.
        parameter: one of its parameters, or "seed"; of a band "genre", too, for the
            function that plays it.
        genre: where to look if the parameter is not the technique's but the band's.

    Raises:
        InputError: if there is no such technique or parameter.

    >>> print(code_of("wgan", "inertia").text)
    row[before - low] += inertia
    """
    known = code_parameters(technique)
    if parameter not in known and genre in BANDS:
        return code_of(genre, parameter)
    if parameter not in known:
        raise InputError(
            f"The technique {technique} has no line of code for "
            f"{str(parameter)[:40]!r}{did_you_mean(str(parameter), known)}; there is "
            f"one for: {', '.join(known)}."
        )
    module, function, name = _place(technique, parameter)
    path = module.replace(".", "/") + ".py"
    source = _source(module)
    line = first_use(source, function, name)
    lines = source.splitlines()
    first = max(line - LINES_AROUND, 1)
    last = min(line + LINES_AROUND, len(lines))
    return CodeLink(
        path,
        line,
        lines[line - 1].strip(),
        tuple((number, lines[number - 1]) for number in range(first, last + 1)),
        function,
        technique,
        parameter,
    )


def _place(technique: str, parameter: str) -> tuple[str, str, str]:
    """Return module, function and name of a parameter that is known."""
    if technique in BANDS and parameter == "genre":
        return f"music.bands.{technique}", "play", "song"
    if technique in BANDS and parameter == "seed":
        return BAND_SEED
    return PLACES[technique, parameter]


def first_use(source: str, function: str, name: str) -> int:
    """Return the line on which a function first reads a name, from 1.

    Args:
        source: the text of a module.
        function: "draw_voice", or "Harmoniser.draw" for a method.
        name: a variable, an argument or an attribute.

    Raises:
        LookupError: if there is no such function, or it never reads the name.
    """
    node: ast.AST = ast.parse(source)
    for part in function.split("."):
        node = next(
            (child for child in _body(node) if getattr(child, "name", None) == part),
            None,
        )
        if node is None:
            raise LookupError(f"there is no {function}")
    uses = [
        use.lineno
        for statement in _body(node)
        for use in ast.walk(statement)
        if isinstance(use, ast.Name | ast.Attribute)
        and name in (getattr(use, "id", None), getattr(use, "attr", None))
        and isinstance(use.ctx, ast.Load)
    ]
    if not uses:
        raise LookupError(f"{function} never uses {name}")
    return min(uses)


def _body(node: ast.AST) -> list[ast.stmt]:
    """Return the statements inside a module, class or function."""
    return getattr(node, "body", [])


def _source(module: str) -> str:
    """Return the text of one of the package's modules, without importing it."""
    path = PACKAGE_DIR / (module.replace(".", "/") + ".py")
    if not path.is_file():  # in an archive, say
        spec = find_spec(f"deepcomposer_edu.{module}")
        return spec.loader.get_source(spec.name)
    return path.read_text(encoding="utf-8")
