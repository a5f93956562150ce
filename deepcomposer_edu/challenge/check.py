"""Everything that a machine can say about an entry, in one report."""

from __future__ import annotations

from pathlib import Path

from deepcomposer_edu.challenge import gates
from deepcomposer_edu.challenge.answers import answer_of
from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.criteria import judge_criteria
from deepcomposer_edu.challenge.judged import joins_of, key_of, piece_of
from deepcomposer_edu.challenge.report import CheckReport
from deepcomposer_edu.challenge.sound import SoundFacts, sound_facts
from deepcomposer_edu.challenge.workspace import Workspace
from deepcomposer_edu.challenge.worst import curves, worst_bar
from deepcomposer_edu.compose.comparing.listens import ListeningScore
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.corpora.novelty import novelty
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.rule_grade import grade

MOST_BONUS = 5.0  # for how much it is like Bach; judges give as much for space


def check_entry(
    composition: Composition,
    card: Card,
    wav: str | Path | None = None,
    replay: bool = True,
    midi: str | Path | None = None,
) -> CheckReport:
    """Return the gates, the machine's points and the worst bar of an entry.

    Args:
        composition: the music with its provenance.
        card: what the composers say.
        wav: its sound, as a WAV file; None: the gates about sound are not looked at.
        replay: whether the music is made again from its provenance, and asked whether
            it listens to its melody. Entries of others are not, unless you ask for it:
            it takes seconds and runs networks.
        midi: its MIDI file; None: it is not compared.

    Raises:
        InputError: if the WAV cannot be read as sound.
    """
    score = composition.score
    if not score.notes:
        raise InputError("The entry has no notes; save some music into it first.")
    joins = joins_of(composition)
    sound = None if wav is None else sound_facts(wav, score, joins)
    replayed = gates.replay_gate(composition, replay)
    grid, found, notes = None, {}, []
    try:
        piece = piece_of(composition)
        grid = piece.grid
        answer = _answer(composition, notes) if replayed.passed else None
        found = _judged(composition, piece, sound, answer)
    except InputError as error:
        notes.append(f"No points: {error}")
    shut = (
        gates.length_gate(score),
        gates.midi_gate(score, midi),
        *gates.sound_gates(score, sound),
        gates.techniques_gate(composition),
        replayed,
        gates.silence_gate(score, card.pauses),
        gates.stuck_gate(score),
        gates.overlap_gate(composition, grid),
        gates.card_gate(card),
    )
    title = card.title or score.title or "untitled"
    return CheckReport(title, score.seconds, shut, notes=tuple(notes), **found)


def check_workspace(work: Workspace, replay: bool = True) -> CheckReport:
    """Return what a machine can say about the entry in a workspace.

    Args:
        work: with its music saved.
        replay: as in `check_entry`.

    Raises:
        InputError: if there is no music yet, or something cannot be read.
    """
    there = {part: work.path(part) for part in ("wav", "mid")}
    paths = {part: path if path.is_file() else None for part, path in there.items()}
    return check_entry(
        work.composition, work.card, paths["wav"], replay, midi=paths["mid"]
    )


def _answer(composition: Composition, notes: list[str]) -> ListeningScore | None:
    """Return how a piece answers to its melody; if nobody can say, `notes` says why."""
    try:
        return answer_of(composition)
    except InputError as error:
        notes.append(f"Whether it listens to its melody is not known: {error}")
        return None


def _judged(
    composition: Composition,
    piece: object,
    sound: SoundFacts | None,
    answer: ListeningScore | None,
) -> dict:
    """Return what can be said of four voices."""
    score = composition.score
    shortest = min(note.duration for note in score.notes)
    key, joins = key_of(score), joins_of(composition)
    criteria = judge_criteria(piece, key, joins, shortest, sound, answer)
    rank = grade(piece.grid, piece.metre, piece.pickup).percentile
    return {
        "criteria": criteria,
        "worst": worst_bar(piece, score),
        "grade": rank,
        "bonus": MOST_BONUS * rank / 100,
        "novelty": novelty(piece.grid, piece.metre, piece.pickup),
        "curves": curves(piece, score),
    }
