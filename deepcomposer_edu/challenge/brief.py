"""What the challenge asks for: one minute of music for a film about space."""

from __future__ import annotations

from deepcomposer_edu.challenge.card import ENTRY_LICENCES, TAG

SHORTEST, LONGEST = 55.0, 65.0  # seconds
MAX_OVERLAP = 0.10  # of runs of eight chords that stand in the training chorales
CRITERIA = {
    "originality": "Originality: nobody has heard this before",
    "rhythm": "Rhythm: it carries melody and harmony",
    "accompaniment": "Accompaniment: the chords hold the melody up",
    "cleanliness": "Cleanliness: nothing makes you wince",
    "emotion": "Emotional resonance: it does what its composers meant",
}
ANCHORS = {
    1: "broken or accidental",
    2: "forgettable",
    3: "pleasant, with some intent",
    4: "convincing, would replay",
    5: "moving, would hire",
}


def brief_text() -> str:
    """Return the brief as Markdown, in a composer's words.

    The challenge is that of the source documents: a film about people who leave for
    the planets wants a test track, Baroque and space at once, one minute long.
    """
    rows = "\n".join(
        f"- **{words.replace(': ', ':** ')}." for words in CRITERIA.values()
    )
    marks = "\n".join(f"- {mark}: {words}" for mark, words in ANCHORS.items())
    return f"""# One minute to space

A film tells of the first people who leave for good, to live on other planets. Its
director wants music that is old and new at once: the order of a Bach chorale, and the
stillness between the stars. Before anybody is hired, every composer sends a **test
track of one minute**.

You need neither be a musician nor have trained a network; both help.

## What to send

- {SHORTEST:.0f} to {LONGEST:.0f} seconds of music of your own making.
- A GAN has worked on it, and so has an AR-CNN: compose with both, in one chain.
- No more than {MAX_OVERLAP:.0%} of its runs of eight chords stand in the chorales that
  the networks learned from. A melody that you name as given may be quoted.
- No silent bar but one that you mean and name, and no note that got stuck.
- A card: title, composers, what a listener should feel, whose the melody is.
- A licence that lets judges play it: {", ".join(ENTRY_LICENCES)}.
- The tag `{TAG}`.

## Steps

1. Choose a melody: your own, a shipped tune, a MIDI file.
2. Harmonise it with the GAN: `deepcomposer compose MELODY -o one`.
3. Edit the result with the AR-CNN: `deepcomposer edit one -o two`.
4. Make a minute of it: `deepcomposer arrange two -o three`.
5. Put it into this folder: `deepcomposer challenge use FOLDER three`, and fill in
   `card.json`.
6. `deepcomposer challenge check FOLDER` says what is in the way, and which bar is the
   worst.
7. `deepcomposer challenge submit FOLDER` packs it.

## How it is judged

Blind, at one loudness, in a random order, by three judges at least. Five criteria:

{rows}

A machine gives 0 to 10 points for each of the first four, by comparing with real
chorales, and judges 1 to 5:

{marks}

A judge's mark counts twice, for emotional resonance four times; no machine has points
to give there. 100 points in all, and up to 10 more for how well it fits the brief:
Baroque, and space.
"""
