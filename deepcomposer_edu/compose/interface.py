"""The one interface: any melody in, any technique, a composition out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from deepcomposer_edu.compose import provenance as prov
from deepcomposer_edu.compose.arranging.arranger import arranged_again
from deepcomposer_edu.compose.arranging.record import (
    ARRANGE,
    MEND,
    ORCHESTRATE,
    orchestrated_again,
)
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.genres import (
    CHORALE,
    STYLES,
    checked_genre,
    style_parameters,
)
from deepcomposer_edu.compose.instruments import (
    checked_instruments,
    chosen_timbres,
    with_programs,
)
from deepcomposer_edu.compose.melody_track import is_melody_name
from deepcomposer_edu.compose.mending import mended_again
from deepcomposer_edu.compose.models import SHIPPED, find_recorded
from deepcomposer_edu.compose.parameters import (
    checked_parameters,
    checked_seed,
    checked_tempo,
)
from deepcomposer_edu.compose.prepare import Melody, prepare
from deepcomposer_edu.compose.raw_sound.timbres import raw_record
from deepcomposer_edu.compose.request import Request, Voices
from deepcomposer_edu.compose.sources import lower_voices, source_of
from deepcomposer_edu.compose.techniques.catalogue import find_technique
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.bands import BANDS, arrange
from deepcomposer_edu.music.score import Note, Score
from deepcomposer_edu.music.score_dict import score_to_dict

# what a technique without a network made, made again
_NO_NETWORK: Mapping[str, Callable[[Mapping, object], Composition]] = {
    ARRANGE: arranged_again,
    ORCHESTRATE: orchestrated_again,
    MEND: mended_again,
}


def compose(
    melody: Score | str | Path | Composition,
    technique: str = "wgan",
    genre: str | Path | None = None,
    seed: int = 0,
    tempo: float | None = None,
    instruments: str | int | Sequence[str | int] | None = None,
    model: str | Path | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    **parameters: object,
) -> Composition:
    """Return a composition of a melody; the melody stays, note for note, on top.

    Techniques that go on where the melody ends add to it. Three voices that were given
    below it, named alto, tenor and bass, go on then as well. Only `ar-cnn` can edit the
    melody and given voices, where it is asked to.

    Args:
        melody: a score, the path of a MIDI or MusicXML file, the name of a shipped
            tune, a composition, or the path of a composition.json.
        technique: one of `technique_names()`.
        genre: a style that the technique knows, or a network of your own: the name of
            a kept model, or a run folder, with @STEP if you like; see
            `genre_choices()`. None: what the technique is best at.
        seed: the same seed makes the same music, 0 to 4294967295.
        tempo: quarter notes per minute, 10 to 400; None keeps the melody's tempo.
        instruments: General MIDI names or numbers: one for all tracks, two for the
            melody and the rest, or one for each track; drums stay drums and do not
            count. "wavenet:organ" and the like are played by a network when the piece
            is saved as sound, see `timbres.timbre_names`.
        model: a network of your own instead of the shipped one, named as in `genre`,
            so that a style can be played over its harmony.
        on_progress: called with (parts done, parts in all) while the notes are made;
            an exception raised in it ends the work.
        **parameters: the technique's own, see `technique_parameters(technique)`, and
            the band's, see `style_parameters(genre)`.

    Returns:
        The composition; `.notes` says what was done to the input.

    Raises:
        InputError: if anything given cannot be used; the sentence says what to do.

    >>> compose("ode-to-joy", seed=1).save("out")  # doctest: +SKIP
    """
    chosen = find_technique(technique)
    style, network = checked_genre(genre, model, chosen)
    specified = (*chosen.parameters, *style_parameters(style))
    checked = checked_parameters(technique, specified, parameters)
    seed = checked_seed(seed)
    programs = checked_instruments(instruments, style, chosen.voices)
    tempo = None if tempo is None else checked_tempo(tempo)

    score, parent, parents = source_of(melody)
    own = {parameter.name: checked[parameter.name] for parameter in chosen.parameters}
    below = lower_voices(score) if chosen.keeps_voices(own) else ()
    if below or parents:
        score = replace(score, tracks=score.tracks[:1])
    prepared = prepare(score if tempo is None else score.with_tempo(tempo))
    if not parents:
        recorded = replace(score, tracks=(prepared.given, *below))
        parent["score"] = score_to_dict(recorded)
    learned = style if style in chosen.learned else chosen.learned[0]
    request = Request(prepared, seed, own, network, on_progress, learned, below)
    made = chosen.compose(request)
    result = _with_melody(prepared, made)
    if style in BANDS:
        result = arrange(result, style, prepared.key, seed, checked)
    result = with_programs(result, programs)
    notes = [
        *_key_note(prepared, chosen.hears_in_c),
        *prepared.notes,
        *made.notes,
        *_style_note(style, technique),
    ]
    is_style = genre is None or str(genre) in (*STYLES, CHORALE)
    asked = {
        "technique": technique,
        "genre": style if is_style else network.name,
        "model": None if model is None else network.name,
        "parameters": checked,
        "seed": seed,
        "tempo": tempo,
        "instruments": list(programs),
        **raw_record(chosen_timbres(instruments, len(programs)), seed),
    }
    record = _record(asked, prepared, made, notes, result) | {"parents": [parent]}
    return Composition(score=result, provenance=record, notes=notes, parents=parents)


def _melody_now(prepared: Melody, made: Voices) -> tuple[Note, ...]:
    """Return the given melody's notes, as they are after edits."""
    return prepared.given.notes if made.changed is None else made.changed


def _with_melody(prepared: Melody, made: Voices) -> Score:
    """Return what was made below the melody, and after it."""
    given = prepared.given
    notes = (*_melody_now(prepared, made), *made.melody)
    top = replace(given, notes=notes, name=_melody_name(given.name))
    return replace(prepared.frame, tracks=(top, *made.tracks))


def _record(
    asked: Mapping, prepared: Melody, made: Voices, notes: list[str], result: Score
) -> dict:
    """Return a composition's provenance without its parents, from what was asked."""
    return {
        "format": prov.FORMAT,
        "format_version": prov.FORMAT_VERSION,
        **asked,
        "n_given": len(_melody_now(prepared, made)),
        "melody_edited": made.changed is not None,
        **({} if made.edits is None else {"edits": made.edits}),
        "weights": made.weights,
        "versions": prov.versions(with_torch=made.weights is not None),
        "input_notes": notes,
        "result": {
            "sha256": prov.notes_digest(result),
            "score": score_to_dict(result),
        },
    }


def given_score(composition: Composition) -> Score:
    """Return the music that a composition was made from, as `compose` was given it.

    Raises:
        InputError: if the provenance is damaged.
    """
    record = composition.provenance
    parent = record["parents"][0]
    if composition.parents:
        score = composition.parents[0].score
    else:
        score = prov.recorded_score(parent.get("score"))
    technique = find_technique(record["technique"])
    keeps = technique.keeps_voices(record["parameters"])
    below = lower_voices(score) if keeps else ()
    return replace(score, tracks=(score.tracks[0], *below))


def _style_note(style: str, technique: str) -> list[str]:
    """Return what a band's style is and is not."""
    if style not in BANDS:
        return []
    return [
        f"The harmony is what {technique} wrote; the {style} band plays it by rules "
        f"written by hand, since no network here has learned {style}."
    ]


def _melody_name(name: str) -> str:
    """Return a name for the melody's track by which `prepare` will know it again."""
    if is_melody_name(name):
        return name
    return f"Melody ({name})" if name else "Melody"


def _key_note(prepared: Melody, hears_in_c: bool) -> list[str]:
    """Return in which key the melody is and how the models heard it."""
    if prepared.key.to_c == 0 or not hears_in_c:
        return [f"The melody is in {prepared.key.name}."]
    home = "C major" if prepared.key.mode == "major" else "A minor"
    where = "higher" if prepared.key.to_c > 0 else "lower"
    n = abs(prepared.key.to_c)
    return [
        f"The melody is in {prepared.key.name}; the model heard it in {home}, {n} "
        f"semitone{'s' if n > 1 else ''} {where}."
    ]


def recompose(record: Mapping, melody: Score | Composition) -> Composition:
    """Return `melody` composed again with everything that a provenance records.

    Raises:
        InputError: if the record is damaged, or its network is not on this computer.
    """
    again = _NO_NETWORK.get(record["technique"])
    if again is not None:
        return again(record, melody)
    parameters = dict(record["parameters"])
    reserved = {"melody", "technique", "genre", "seed", "tempo", "instruments"}
    if (reserved | {"model", "on_progress"}) & set(parameters):
        raise InputError("The provenance is damaged: its parameters have wrong names.")
    genre, model = record["genre"], record.get("model")
    if not isinstance(model, str | None):
        raise InputError("The provenance is damaged: 'model' has the wrong type.")
    if model not in (None, SHIPPED):
        model = find_recorded(model, record.get("weights")).name
    elif genre not in STYLES:
        genre = find_recorded(genre, record.get("weights")).name
    return compose(
        melody,
        technique=record["technique"],
        genre=genre,
        seed=record["seed"],
        tempo=record.get("tempo"),
        instruments=record["instruments"],
        model=model,
        **parameters,
    )
