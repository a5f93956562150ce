"""Cards that go along with music and with networks: who did what, and from what.

A *process card* says how a piece was made; all of it comes from the provenance, so
that nobody has to remember. A *model card* (Mitchell and others 2019) says what a
network learned from, how well it does, and what it cannot do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deepcomposer_edu.compose.chain import networks_of, origin_of, sources_of, steps_of
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.rights import LICENCES, Layer, to_do
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.paths import data_dir

# What a card of a shipped network compares, in the order of the table
_COMPARED = (
    "triad_rate",
    "dissonant_pair_rate",
    "parallel_fifths_per_1000",
    "parallel_octaves_per_1000",
    "onsets_per_step",
    "best_scale_rate",
    "voice_order_rate",
)


@dataclass(frozen=True)
class Card:
    """A card as Markdown text; in a notebook it shows itself.

    Args:
        text: the Markdown.
        layers: the layers of the piece, as far as they are known.
    """

    text: str
    layers: tuple[Layer, ...] = ()

    def __str__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text

    def save(self, path: str | Path) -> Path:
        """Write the card as a Markdown file and return its path."""
        with atomic_path(path) as temporary:
            temporary.write_text(self.text, encoding="utf-8")
        return Path(path)


def process_card(composition: Composition, intent: str = "") -> Card:
    """Return how a composition came to be, from its provenance alone.

    Args:
        composition: made by `compose`, in one step or in several.
        intent: what its composer wanted, in the composer's own words.
    """
    made = composition.provenance
    steps, score = steps_of(made), composition.score
    works = [_origin(source) for step in steps for source in _given(step)]
    networks = networks_at_work(made)
    layers = (
        *dict.fromkeys(work for _, work in works),
        *(_network_layer(*network) for network in networks.items()),
    )
    melody, *more = [words for words, _ in works]
    rows = [
        ("Music", f"{score.title or 'untitled'}, {score.seconds:.0f} seconds"),
        ("Intent", intent or "*not said*"),
        ("Melody", melody),
        *(("More music", words) for words in dict.fromkeys(more)),
        *((f"Step {i}", _step_words(step)) for i, step in enumerate(steps, 1)),
        *((f"`{name}`", _data_of(name)) for name in networks),
        ("Notes", _who_wrote(composition, origin_of(made))),
        ("Make it again", "`deepcomposer replay composition.json`"),
        ("Fingerprint", f"`{made['result']['sha256'][:16]}`"),
    ]
    duties = to_do(layers) or ["nothing"]
    return Card(
        "\n".join(
            [
                f"### Process card: {score.title or 'untitled'}",
                "",
                "| | |",
                "|---|---|",
                *(f"| {cell(name)} | {cell(text)} |" for name, text in rows),
                "",
                "| layer | kind | licence |",
                "|---|---|---|",
                *(f"| {cell(x.what)} | {x.kind} | {x.licence} |" for x in layers),
                "",
                f"The licences ask for: {cell('; '.join(duties))}.",
                "",
            ]
        ),
        layers,
    )


def model_card(name: str = "wgan-bach") -> Card:
    """Return what is known of a shipped network.

    Args:
        name: the name of its weights, as in `data/weights`.

    Raises:
        InputError: if there are no such weights.
    """
    from deepcomposer_edu.corpora.reference import reference_metrics

    weights = data_dir() / "weights"
    known = sorted(path.stem for path in weights.glob("*.json"))
    if name not in known:
        raise InputError(
            f"There is no network {name[:60]!r}; the shipped ones are "
            f"{', '.join(known)}."
        )
    info = _shipped_info(name)
    row = _manifest().get(f"weights/{name}.safetensors", {})
    bach, own = reference_metrics("valid"), info.get("metrics") or {}
    table = [
        f"| {metric.replace('_', ' ')} | {own[metric]:.3g} | {bach[metric]:.3g} |"
        for metric in _COMPARED
        if isinstance(own, Mapping) and metric in own
    ]
    if table:
        head = "| by itself, on pieces it has not seen | network | Bach |"
        table = ["", head, "|---|---|---|", *table]
    size = (weights / f"{name}.safetensors").stat().st_size
    rows = [
        ("Learned from", info.get("data", "not recorded")),
        ("Source of the data", row.get("source", "not recorded")),
        ("Licence of the weights", row.get("licence", "unknown")),
        ("Trained", f"{info.get('steps', '?')} steps, seed {info.get('seed', '?')}"),
        ("Made by", f"`{info.get('made_by', 'not recorded')}`"),
        ("Size", f"{size / 1e6:.1f} MB, `{str(info.get('sha256'))[:16]}`"),
        ("Known faults", info.get("remark") or info.get("note") or "none recorded"),
    ]
    lines = [f"### Model card: {name}", "", "| | |", "|---|---|"]
    lines += [f"| {what} | {cell(text)} |" for what, text in rows]
    return Card("\n".join([*lines, *table, ""]))


def networks_at_work(provenance: Mapping) -> dict[str, str]:
    """Return all networks that wrote or play a piece: each one's SHA-256 by its name.

    Those of the earliest step come first. Who was to play an earlier step is not heard,
    so only the last step's players count.
    """
    *earlier, last = steps_of(provenance)
    wrote = [networks_of({**step, "raw": None}) for step in earlier]
    return {
        name: sha256
        for found in (*wrote, networks_of(last))
        for name, sha256 in found.items()
    }


def cell(text: object) -> str:
    """Return text that cannot leave its cell of a table nor become HTML."""
    text = " ".join(str(text).split()).replace("|", "\\|")
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _given(step: Mapping) -> list[Mapping]:
    """Return what a step was made from and no recorded step has made."""
    return [x for x in sources_of(step) if x.get("kind") != "composition"]


def _origin(given: Mapping) -> tuple[str, Layer]:
    """Return where the melody comes from, in words and as a layer."""
    from deepcomposer_edu.corpora.tunes import tune_info, tune_names

    name = str(given.get("name", ""))
    if given["kind"] == "tune" and name in tune_names():
        tune = tune_info(name)
        words = f"{tune['title']} ({tune['composer']}): {tune['public_domain']}"
        return words, Layer(f"the melody {tune['title']}", "work", "public domain")
    what = f"the melody {name}".strip() if name else "the melody"
    words = f"{name or 'given as notes'}: say here whose it is"
    return words, Layer(what, "work", "unknown")


def _step_words(step: Mapping) -> str:
    """Return a step in words: technique, genre, seed, parameters, weights."""
    turned = ", ".join(f"{k} {v}" for k, v in step["parameters"].items() if v != "")
    names = [f"`{name}`" for name in networks_of(step)]
    network = f"network {' and '.join(names)}" if names else "no network"
    parts = f"{step['technique']}, {step['genre']}, seed {step['seed']}, {network}"
    return f"{parts}; {turned}" if turned else parts


def _network_layer(name: str, sha256: str) -> Layer:
    """Return the layer that a network adds, with the licence of its weights."""
    row = _manifest().get(f"weights/{name}.safetensors")
    if row is None or _shipped_info(name).get("sha256") != sha256:
        return Layer(f"the network {name}", "network", "unknown")
    licence = str(row["licence"]).partition(",")[0]
    known = licence if licence in LICENCES else "unknown"
    return Layer(f"the network {name}", "network", known)


def _data_of(name: str) -> str:
    """Return what a network learned from."""
    row = _manifest().get(f"weights/{name}.safetensors", {})
    return str(row.get("source", "not recorded here: see its run folder"))


def _shipped_info(name: str) -> dict:
    """Return what stands beside the weights of a shipped network."""
    path = data_dir() / "weights" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def _manifest() -> dict[str, dict]:
    """Return the rows of the data's manifest by path."""
    text = (data_dir() / "manifest.json").read_text(encoding="utf-8")
    return {row["path"]: row for row in json.loads(text)}


def _who_wrote(composition: Composition, given: Mapping) -> str:
    """Return how many notes were given and how many were made."""
    n_all = len(composition.score.notes)
    melody = given["score"]["tracks"][0]["notes"] if given["score"]["tracks"] else []
    if "arrangement" in composition.provenance:
        return (
            f"{len(melody)} were given; the arrangement repeats, moves and cuts what "
            f"was made of them, and has {n_all}"
        )
    now = {(note.start, note.pitch) for note in composition.score.tracks[0].notes}
    n_given = sum((note[0], note[1]) in now for note in melody)  # edited ones are not
    share = n_given / n_all if n_all else 0.0
    return f"{n_given} of {n_all} were given ({share:.0%}); the programs wrote the rest"
