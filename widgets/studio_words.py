"""What the studio calls things: versions, styles, parameters, numbers, folders."""

from __future__ import annotations

from pathlib import Path

from deepcomposer_edu.compose.versions import Version

PART_TITLES = {
    "mid": "MIDI",
    "wav": "WAV",
    "mp3": "MP3",
    "musicxml": "MusicXML",
    "png": "Picture",
    "mp4": "Film",
    "json": "Recipe",
}
PARAMETER_TITLES = {
    "top_k": "Top k",
    "top_p": "Nucleus (top p)",
    "input_bars": "Bars to hear",
    "extension_bars": "Bars to add",
    "mode": "What to do",
    "voices": "Voices to change",
    "bars": "Bars to change",
    "keep": "Notes to keep",
    "max_added": "Notes to add",
    "max_removed": "Per cent to remove",
    "iterations": "Passes",
    "steps": "Sixteenths to add",
    "max_rest": "Longest rest",
    "max_note": "Longest note",
    "scoring": "Who plays",
    "changes": "Mended, by sixteenths",
}
TECHNIQUE_TITLES = {
    "wgan": "WGAN-GP",
    "melody-rnn": "MelodyRNN: the melody goes on",
    "transformer": "Transformer: all voices go on",
    "ar-cnn": "AR-CNN: edits note by note",
    "random": "Random notes of the key",
    "arrange": "Arranged from a few bars",
    "orchestrate": "Other instruments for its sections",
    "mend": "Mended by rule",
}


def version_title(version: Version) -> str:
    """Return what a version is called: its label, or its number."""
    return version.label or f"Version {version.number}"


def genre_title(name: str) -> str:
    """Return a genre as a title; a network of your own keeps its name."""
    return name.capitalize() if name.isalpha() else name


def technique_title(name: str) -> str:
    """Return a technique as a title."""
    usual = name.upper() if len(name) <= 5 else name.capitalize()
    return TECHNIQUE_TITLES.get(name, usual)


def parameter_title(name: str) -> str:
    """Return a parameter as a title."""
    return PARAMETER_TITLES.get(name, name.replace("_", " ").capitalize())


def sentence(text: str) -> str:
    """Return text that begins with a capital and ends with a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def short_path(path: Path) -> str:
    """Return a path as seen from the notebook, if it lies below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def value_words(value: object) -> str:
    """Return a parameter's value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
