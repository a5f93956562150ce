"""What an entry must have. Each gate says what was found, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from deepcomposer_edu.challenge.brief import LONGEST, MAX_OVERLAP, SHORTEST
from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.judged import declared_grid
from deepcomposer_edu.challenge.report import Gate
from deepcomposer_edu.challenge.sound import MATCH_FLOOR, MAX_TAIL, SoundFacts
from deepcomposer_edu.compose.chain import steps_of
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.replay import replay
from deepcomposer_edu.compose.techniques.catalogue import TECHNIQUES
from deepcomposer_edu.corpora.novelty import LONG, chord_runs, training_index
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.bars import bar_lines
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.midi_read import read_midi
from deepcomposer_edu.music.score import Score

STUCK_BARS = 3  # a note that lasts longer hangs
TICK = 1 / 60  # steps: how exactly a MIDI file gives back notes, and a bit more
NEEDED = {"wgan": "GAN", "ar-cnn": "AR-CNN"}


def length_gate(score: Score) -> Gate:
    """Return whether the music lasts 55 to 65 seconds, by its notes and tempos."""
    seconds = score.seconds
    is_so = SHORTEST <= seconds <= LONGEST
    return Gate(
        "length",
        is_so,
        f"The music lasts {seconds:.1f} seconds; {SHORTEST:.0f} to {LONGEST:.0f} are "
        "asked for.",
        "" if is_so else "Arrange it anew with `deepcomposer arrange --seconds 60`.",
    )


def midi_gate(score: Score, path: str | Path | None) -> Gate:
    """Return whether a MIDI file holds the notes that the provenance says."""
    mend = "Save the entry again: Workspace.save(composition)."
    if path is None:
        return Gate("MIDI", None, "No MIDI file was given.")
    try:
        read = read_midi(path)
    except InputError as error:
        return Gate("MIDI", False, f"The MIDI file cannot be read: {error}", mend)
    old, new = _note_rows(score), _note_rows(read)
    is_so = old.shape == new.shape and bool(np.allclose(old, new, atol=TICK))
    is_so = is_so and abs(read.seconds - score.seconds) < 0.05
    if is_so:
        return Gate("MIDI", True, "The MIDI file has the notes of the provenance.")
    return Gate(
        "MIDI",
        False,
        f"The MIDI file has {len(new)} notes and lasts {read.seconds:.1f} seconds, the "
        f"provenance says {len(old)} and {score.seconds:.1f}, or they differ in time "
        "or height.",
        mend,
    )


def _note_rows(score: Score) -> np.ndarray:
    """Return start, pitch and duration of every note, in order, (N, 3)."""
    rows = sorted((n.start, n.pitch, n.duration) for n in score.notes)
    return np.array(rows, dtype=float).reshape(-1, 3)


def sound_gates(score: Score, sound: SoundFacts | None) -> list[Gate]:
    """Return whether the WAV is the sound of the notes, and not clipped."""
    if sound is None:
        said = "No WAV file was given, so the sound was not looked at."
        return [Gate("sound", None, said), Gate("clipping", None, said)]
    longer = sound.seconds - score.seconds
    is_long_enough = -0.5 <= longer <= MAX_TAIL
    is_so = is_long_enough and sound.match >= MATCH_FLOOR
    why = (
        f"The WAV lasts {sound.seconds:.1f} seconds, the notes {score.seconds:.1f}"
        if not is_long_enough
        else f"The WAV follows the notes: its pitches agree by {sound.match:.2f} "
        f"({MATCH_FLOOR:g} is needed, 1 is all)"
    )
    if is_long_enough and not is_so:
        why = why.replace("follows the notes", "is not the sound of these notes")
    clip = sound.n_clipped
    return [
        Gate(
            "sound",
            is_so,
            f"{why}.",
            "" if is_so else "Render it again: Workspace.save(composition).",
        ),
        Gate(
            "clipping",
            clip == 0,
            "The sound never stays at full scale."
            if clip == 0
            else f"The sound is clipped at {clip} places: it stays at full scale.",
            "" if clip == 0 else "Make the mix softer and write the WAV again.",
        ),
    ]


def techniques_gate(composition: Composition) -> Gate:
    """Return whether a GAN and an AR-CNN both worked on it, by its provenance."""
    steps = steps_of(composition.provenance)
    used = [_kind(step) for step in steps]
    missing = [words for name, words in NEEDED.items() if name not in used]
    order = ", ".join(str(step.get("technique"))[:30] for step in steps)
    if not missing:
        return Gate("GAN and AR-CNN", True, f"Both worked on it: {order}.")
    advice = {
        "GAN": "Harmonise the melody with compose(technique='wgan').",
        "AR-CNN": "Edit it with compose(..., technique='ar-cnn'), or `deepcomposer "
        "edit`, before you arrange it or after.",
    }
    return Gate(
        "GAN and AR-CNN",
        False,
        f"No {' and no '.join(missing)} worked on it; its steps are: {order}.",
        " ".join(advice[words] for words in missing),
    )


def _kind(step: Mapping) -> str:
    """Return the kind of network that a step used, if it recorded its weights."""
    technique = TECHNIQUES.get(str(step.get("technique")))
    if technique is None or technique.network is None or not step.get("weights"):
        return ""
    return technique.network


def replay_gate(composition: Composition, is_asked: bool) -> Gate:
    """Return whether the notes come out again from their provenance."""
    if not is_asked:
        return Gate("replay", None, "It was not made again from its provenance.")
    try:
        replay(dict(composition.provenance))
    except InputError as error:
        return Gate(
            "replay",
            False,
            f"It cannot be made again: {error}",
            "Compose it again here, and change no note by hand in entry.json or in "
            "entry.mid.",
        )
    return Gate("replay", True, "The same notes come out again from the provenance.")


def silence_gate(score: Score, pauses: Sequence[int] = ()) -> Gate:
    """Return whether every bar sounds, but for those that are meant to be silent."""
    silent = [bar for bar in silent_bars(score) if bar not in pauses]
    if not silent:
        return Gate("silence", True, "Every bar sounds, or is meant to be silent.")
    listed = ", ".join(map(str, silent[:8])) + (" …" if len(silent) > 8 else "")
    return Gate(
        "silence",
        False,
        f"Silent: bar{'s' if len(silent) > 1 else ''} {listed}.",
        "Fill them (`deepcomposer edit --mode inpaint --bars ...`), or name them as "
        "pauses in the card.",
    )


def silent_bars(score: Score) -> list[int]:
    """Return the numbers of the bars in which nothing sounds."""
    lines = bar_lines(score)
    spans = [(note.start, note.end) for note in score.notes]
    return [
        number
        for (start, number), (end, _) in pairwise(lines)
        if not any(first < end and last > start for first, last in spans)
    ]


def stuck_gate(score: Score) -> Gate:
    """Return whether no note hangs for more than three bars."""
    longest = STUCK_BARS * score.metres[0].steps_per_bar
    lines = bar_lines(score)
    for track in score.tracks:
        for note in track.notes:
            if note.duration > max(longest, 16):
                bar = max(number for start, number in lines if start <= note.start)
                return Gate(
                    "stuck notes",
                    False,
                    f"In bar {bar}, {track.name[:30] or 'a voice'} holds a note for "
                    f"{note.duration / 4:.0f} quarters.",
                    "Shorten it, or let the AR-CNN write the bars anew.",
                )
    return Gate("stuck notes", True, f"No note lasts more than {STUCK_BARS} bars.")


def overlap_gate(composition: Composition, grid: Grid | None) -> Gate:
    """Return whether little enough of it stands in the training chorales.

    Runs of eight chords count; those that stand in the given music are quoted from it
    and do not.
    """
    if grid is None:
        return Gate("copying", None, "It has not four voices, which are compared.")
    quoted: set[bytes] = set()
    declared = declared_grid(composition)
    if declared is not None:
        quoted = set(chord_runs(declared, LONG))
    found = [run for run in chord_runs(grid, LONG) if run not in quoted]
    known = training_index().runs[LONG]
    share = sum(run in known for run in found) / len(found) if found else 0.0
    is_so = share <= MAX_OVERLAP
    return Gate(
        "copying",
        is_so,
        f"{share:.1%} of its runs of eight chords stand in the chorales that the "
        f"networks learned from; at most {MAX_OVERLAP:.0%} may.",
        ""
        if is_so
        else "Compose with another seed, or let the AR-CNN vary the bars that are "
        "alike.",
    )


def card_gate(card: Card) -> Gate:
    """Return whether the card says all that only its composers can say."""
    missing = card.missing()
    if not missing:
        return Gate("card", True, "The card is complete.")
    return Gate(
        "card",
        False,
        f"The card lacks {len(missing)} thing{'s' if len(missing) > 1 else ''}.",
        " ".join(missing),
    )
