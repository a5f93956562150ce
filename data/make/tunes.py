"""Write the melodies of data/tunes/ from the text below.

Run `python data/make/tunes.py`. Each melody was written down for this course in a small
part of ABC notation: `C D E F G A B` is the octave from middle C, `c` to `b` the next,
`,` after a letter is an octave lower and `'` an octave higher. A number multiplies the
tune's unit of length and `/` halves it: with a unit of 2 steps (an eighth), `C3/` lasts
3 steps. `^` raises one note by a semitone, `_` lowers it, `=` takes the key signature
away; `z` is a rest, `-` ties a note to the next one, `|` is a bar line.

One tune is made from another: `ode-to-joy-off-tune` has wrong notes, by the rule of
`off_tune`, for a network to put right.
"""

from __future__ import annotations

import json
import random
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Metre, Note, Score, Track
from deepcomposer_edu.paths import data_dir

SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
SIGNATURES = {  # semitones that the key signature adds to a letter
    "C major": {},
    "A minor": {},
    "G major": {"F": 1},
    "D major": {"F": 1, "C": 1},
    "F major": {"B": -1},
    "D minor": {"B": -1},
}
TOKEN = re.compile(r"([\^_=]?)([A-Ga-gz])([,']*)(\d*)(/?)(-?)")
EIGHTH, QUARTER = 2, 4  # steps
OFF_TUNE = "ode-to-joy-off-tune"
N_WRONG = 6  # of its 62 notes, about one in ten
WRONG_BY = (-2, -1, 1, 2)  # semitones; of these, those that leave the key

TRADITIONAL = "a traditional melody; nobody owns it"
OLD = "its composer died more than 70 years ago and it was printed before 1929"


@dataclass(frozen=True)
class Tune:
    """A melody as text, and what is known about it."""

    title: str
    composer: str
    year: str
    key: str
    metre: str
    tempo: int  # quarter notes per minute
    unit: int  # steps of a letter without a number
    notes: str
    reason: str  # why it is in the public domain
    about: str = ""


def parse(tune: Tune) -> tuple[list[tuple[float, int, float]], list[float]]:
    """Return a tune's notes as (start, pitch, duration) and the lengths of its bars.

    All times are in steps. Raises ValueError for text that is not in the notation.
    """
    notes: list[tuple[float, int, float]] = []
    bars: list[float] = []
    position, is_tied = 0.0, False
    for bar in tune.notes.replace("\n", " ").strip().strip("|").split("|"):
        start = position
        for word in bar.split():
            at = 0
            while at < len(word):
                match = TOKEN.match(word, at)
                if match is None:
                    raise ValueError(f"{tune.title}: cannot read {word[at:]!r}")
                sign, letter, marks, count, half, tie = match.groups()
                at = match.end()
                steps = tune.unit * int(count or 1) / (2 if half else 1)
                if letter != "z":
                    pitch = 60 + SEMITONES[letter.upper()] + 12 * letter.islower()
                    pitch += 12 * (marks.count("'") - marks.count(","))
                    shift = {"^": 1, "_": -1, "=": 0}.get(sign)
                    if shift is None:
                        shift = SIGNATURES[tune.key].get(letter.upper(), 0)
                    pitch += shift
                    if is_tied and notes[-1][1] == pitch:
                        begin, _, before = notes.pop()
                        notes.append((begin, pitch, before + steps))
                    else:
                        notes.append((position, pitch, steps))
                is_tied = bool(tie)
                position += steps
        bars.append(position - start)
    return notes, bars


def to_score(tune: Tune) -> Score:
    """Return the tune as a score of one track with its metre and pickup."""
    notes, bars = parse(tune)
    beats, beat_type = (int(part) for part in tune.metre.split("/"))
    metre = Metre(0, beats, beat_type)
    track = Track(tuple(Note(s, p, d, 90) for s, p, d in notes), name="Melody")
    return Score(
        (track,),
        tempo=tune.tempo,
        metres=(metre,),
        pickup=bars[0] if bars[0] < metre.steps_per_bar else 0,
        title=tune.title,
    )


TUNES = {
    "ode-to-joy": Tune(
        "Ode to Joy",
        "Ludwig van Beethoven (1770–1827)",
        "1824",
        "G major",
        "4/4",
        120,
        QUARTER,
        """
        B B c d | d c B A | G G A B | B3/ A/ A2 |
        B B c d | d c B A | G G A B | A3/ G/ G2 |
        A A B G | A B/c/ B G | A B/c/ B A | G A D B- |
        B B c d | d c B A | G G A B | A3/ G/ G2 |
        """,
        OLD,
        "From the last movement of the Ninth Symphony (there in D major).",
    ),
    "twinkle-twinkle": Tune(
        "Twinkle, Twinkle, Little Star",
        "French melody, “Ah ! vous dirai-je, maman”",
        "1761",
        "C major",
        "4/4",
        100,
        QUARTER,
        """
        C C G G | A A G2 | F F E E | D D C2 |
        G G F F | E E D2 | G G F F | E E D2 |
        C C G G | A A G2 | F F E E | D D C2 |
        """,
        TRADITIONAL,
        "Mozart wrote twelve variations on it.",
    ),
    "new-world": Tune(
        "Largo from the New World Symphony",
        "Antonín Dvořák (1841–1904)",
        "1893",
        "C major",
        "4/4",
        96,
        EIGHTH,
        """
        E3 G G4 | E3 D C4 | D2 E2 G3 E | D8 |
        E3 G G4 | E3 D C4 | D2 E2 D3 C | C8 |
        A3 c c4 | B3 G A4 | A2 c2 B3 G | A8 |
        A3 c c4 | B3 G A4 | A2 c2 B3 G | A8 |
        E3 G G4 | E3 D C4 | D2 E2 G3 E | D8 |
        E3 G G4 | c3 d e4 | d2 c2 d3 A | c8 |
        """,
        OLD,
        "The cor anglais melody of the second movement, in doubled note values and "
        "moved from D flat to C.",
    ),
    "deck-the-halls": Tune(
        "Deck the Halls",
        "Welsh carol, “Nos Galan”",
        "16th century, printed 1794",
        "F major",
        "4/4",
        132,
        EIGHTH,
        """
        c3 B A2 G2 | F2 G2 A2 F2 | G A B G A3 G | F2 E2 F4 |
        c3 B A2 G2 | F2 G2 A2 F2 | G A B G A3 G | F2 E2 F4 |
        G3 A B2 G2 | A3 B c2 G2 | A =B c2 d e f2 | e2 d2 c4 |
        c3 B A2 G2 | F2 G2 A2 F2 | d d d d c3 B | A2 G2 F4 |
        """,
        TRADITIONAL,
    ),
    "frere-jacques": Tune(
        "Frère Jacques",
        "French round",
        "about 1780",
        "F major",
        "4/4",
        112,
        EIGHTH,
        """
        F2 G2 A2 F2 | F2 G2 A2 F2 | A2 B2 c4 | A2 B2 c4 |
        c d c B A2 F2 | c d c B A2 F2 | F2 C2 F4 | F2 C2 F4 |
        """,
        TRADITIONAL,
        "A round: a second voice may begin two bars after the first.",
    ),
    "greensleeves": Tune(
        "Greensleeves",
        "English melody",
        "1580",
        "A minor",
        "6/8",
        90,
        EIGHTH,
        """
        A | c2 d e3/ f/ e | d2 B G3/ A/ B | c2 A A3/ ^G/ A | B2 ^G E2 A |
        c2 d e3/ f/ e | d2 B G3/ A/ B | c3/ B/ A ^G3/ ^F/ ^G | A3 A3 |
        g3 g3/ f/ e | d2 B G3/ A/ B | c2 A A3/ ^G/ A | B2 ^G E3 |
        g3 g3/ f/ e | d2 B G3/ A/ B | c3/ B/ A ^G3/ ^F/ ^G | A3 A2 |
        """,
        TRADITIONAL,
        "There are many readings; this one keeps the sixth step of the scale low.",
    ),
    "merry-christmas": Tune(
        "We Wish You a Merry Christmas",
        "English carol",
        "19th century or older",
        "G major",
        "3/4",
        140,
        EIGHTH,
        """
        D2 | G2 G A G F | E2 E2 E2 | A2 A B A G | F2 D2 D2 |
        B2 B c B A | G2 E2 D D | E2 A2 F2 | G4 D2 |
        G2 G2 G2 | F4 F2 | G2 F2 E2 | D4 A2 |
        B2 A2 G2 | d2 D2 D D | E2 A2 F2 | G4 |
        """,
        TRADITIONAL,
    ),
    "amazing-grace": Tune(
        "Amazing Grace",
        "American hymn tune, “New Britain”",
        "1829",
        "G major",
        "3/4",
        88,
        EIGHTH,
        """
        D2 | G4 B G | B4 A2 | G4 E2 | D4 D2 |
        G4 B G | B4 A2 | d6- | d4 B2 |
        d3 B d B | G4 D2 | E3 G G E | D4 D2 |
        G4 B G | B4 A2 | G6- | G4 |
        """,
        TRADITIONAL,
        "Five notes only: G, A, B, D, E.",
    ),
    "auld-lang-syne": Tune(
        "Auld Lang Syne",
        "Scottish melody",
        "1799",
        "F major",
        "4/4",
        100,
        EIGHTH,
        """
        C2 | F3 F F2 A2 | G3 F G2 A2 | F3 F A2 c2 | d6 d2 |
        c3 A A2 F2 | G3 F G2 A2 | F3 D D2 C2 | F6 d2 |
        c3 A A2 F2 | G3 F G2 d2 | c3 A A2 c2 | d6 d2 |
        c3 A A2 F2 | G3 F G2 A2 | F3 D D2 C2 | F6 |
        """,
        TRADITIONAL,
        "Sung at the turn of the year; five notes only.",
    ),
    "au-clair-de-la-lune": Tune(
        "Au clair de la lune",
        "French song",
        "18th century",
        "G major",
        "4/4",
        108,
        QUARTER,
        """
        G G G A | B2 A2 | G B A A | G4 | G G G A | B2 A2 | G B A A | G4 |
        A A A A | E2 E2 | A G F E | D4 | G G G A | B2 A2 | G B A A | G4 |
        """,
        TRADITIONAL,
        "In 1860 it became the first song ever recorded.",
    ),
    "london-bridge": Tune(
        "London Bridge Is Falling Down",
        "English nursery rhyme",
        "18th century",
        "G major",
        "4/4",
        120,
        EIGHTH,
        """
        d3 e d2 c2 | B2 c2 d4 | A2 B2 c4 | B2 c2 d4 |
        d3 e d2 c2 | B2 c2 d4 | A4 d4 | B2 G6 |
        """,
        TRADITIONAL,
    ),
    "row-your-boat": Tune(
        "Row, Row, Row Your Boat",
        "American round",
        "1852",
        "C major",
        "6/8",
        120,
        EIGHTH,
        """
        C3 C3 | C2 D E3 | E2 D E2 F | G6 |
        c c c G G G | E E E C C C | G2 F E2 D | C6 |
        """,
        TRADITIONAL,
        "A round: a second voice may begin two bars after the first.",
    ),
    "old-hundredth": Tune(
        "Old Hundredth",
        "Loys Bourgeois (about 1510–1560)",
        "1551",
        "G major",
        "4/4",
        80,
        QUARTER,
        """
        G | G F E D | G A B B | B B A G | c B A G |
        A B A G | E F G d | B G A c | B A G |
        """,
        OLD,
        "From the Genevan Psalter, in even notes as hymn books have it; Bach set it.",
    ),
    "silent-night": Tune(
        "Silent Night",
        "Franz Xaver Gruber (1787–1863)",
        "1818",
        "C major",
        "6/8",
        72,
        EIGHTH,
        """
        G3/ A/ G E3 | G3/ A/ G E3 | d2 d B3 | c2 c G3 |
        A2 A c3/ B/ A | G3/ A/ G E3 | A2 A c3/ B/ A | G3/ A/ G E3 |
        d2 d f3/ d/ B | c3 e3 | c3/ G/ E G3/ F/ D | C6 |
        """,
        OLD,
    ),
    "jingle-bells": Tune(
        "Jingle Bells (chorus)",
        "James Lord Pierpont (1822–1893)",
        "1857",
        "G major",
        "4/4",
        132,
        EIGHTH,
        """
        B2 B2 B4 | B2 B2 B4 | B2 d2 G3 A | B8 |
        c2 c2 c3 c | c2 B2 B2 B B | B2 A2 A2 B2 | A4 d4 |
        B2 B2 B4 | B2 B2 B4 | B2 d2 G3 A | B8 |
        c2 c2 c3 c | c2 B2 B2 B B | d2 d2 c2 A2 | G8 |
        """,
        OLD,
    ),
    "good-king-wenceslas": Tune(
        "Good King Wenceslas",
        "Spring carol, “Tempus adest floridum”, Piae Cantiones",
        "1582",
        "G major",
        "4/4",
        120,
        EIGHTH,
        """
        G2 G2 G2 A2 | G2 G2 D4 | E2 D2 E2 F2 | G4 G4 |
        G2 G2 G2 A2 | G2 G2 D4 | E2 D2 E2 F2 | G4 G4 |
        d2 c2 B2 A2 | B2 A2 G4 | E2 D2 E2 F2 | G4 G4 |
        D2 D2 E2 F2 | G2 G2 A4 | d2 c2 B2 A2 | G4 c4 | G8 |
        """,
        TRADITIONAL,
    ),
    "minuet-in-g": Tune(
        "Minuet in G",
        "Christian Petzold (1677–1733)",
        "about 1725",
        "G major",
        "3/4",
        120,
        EIGHTH,
        """
        d2 G A B c | d2 G2 G2 | e2 c d e f | g2 G2 G2 |
        c2 d c B A | B2 c B A G | F2 G A B G | A6 |
        d2 G A B c | d2 G2 G2 | e2 c d e f | g2 G2 G2 |
        c2 d c B A | B2 c B A G | A2 B A G F | G6 |
        """,
        OLD,
        "From the Notebook for Anna Magdalena Bach; long thought to be by Bach.",
    ),
    "korobeiniki": Tune(
        "Korobeiniki",
        "Russian song",
        "1861",
        "A minor",
        "4/4",
        140,
        EIGHTH,
        """
        e2 B c d2 c B | A2 A c e2 d c | B3 c d2 e2 | c2 A2 A4 |
        d3 f a2 g f | e3 c e2 d c | B2 B c d2 e2 | c2 A2 A4 |
        """,
        TRADITIONAL,
        "“The Pedlars”: many know it from a computer game.",
    ),
    "sakura": Tune(
        "Sakura, Sakura",
        "Japanese song",
        "before 1868, printed 1888",
        "D minor",
        "4/4",
        80,
        QUARTER,
        """
        d d e2 | d d e2 | d e f e | d e/d/ B2 |
        A F A B | A A/F/ E2 | d e f e | d e/d/ B2 |
        A F A B | A A/F/ E2 | d d e2 | d d e2 | A B e/d/ B | A4 |
        """,
        TRADITIONAL,
        "“Cherry blossoms”, in the Japanese in scale: D, E, F, A, B flat.",
    ),
}

TUNES[OFF_TUNE] = replace(
    TUNES["ode-to-joy"],
    about="Six notes of it are wrong, by one or two semitones: something to repair.",
)


def off_tune(tune: Tune, seed: int = 0) -> tuple[Score, list[dict]]:
    """Return a tune with wrong notes, and a row for each of them.

    N_WRONG notes, none of them the first or the last nor beside one another, are moved
    by one or two semitones out of the key: a wrong note of the key could just as well
    belong to another melody. All of it follows from the seed.

    Returns:
        The score, and rows with "note" (its number in the melody, from 0), "right" and
        "wrong" (MIDI pitches).
    """
    score, dice = to_score(tune), random.Random(seed)
    notes = list(score.tracks[0].notes)
    signature = SIGNATURES[tune.key]
    scale = {(step + signature.get(name, 0)) % 12 for name, step in SEMITONES.items()}
    rows: list[dict] = []
    while len(rows) < N_WRONG:
        note, by = dice.randrange(1, len(notes) - 1), dice.choice(WRONG_BY)
        right = notes[note].pitch
        is_alone = all(abs(note - row["note"]) > 1 for row in rows)
        if is_alone and (right + by) % 12 not in scale:
            notes[note] = replace(notes[note], pitch=right + by)
            rows.append({"note": note, "right": right, "wrong": right + by})
    rows.sort(key=lambda row: row["note"])
    track = replace(score.tracks[0], notes=tuple(notes))
    title = f"{score.title}, off tune"
    return replace(score, tracks=(track,), title=title), rows


def write_tunes(folder: Path) -> None:
    """Write one MIDI file a tune, and index.json with what is known about each."""
    index = []
    for name, tune in TUNES.items():
        score, more = to_score(tune), {"about": tune.about} if tune.about else {}
        if name == OFF_TUNE:
            score, more["wrong_notes"] = off_tune(tune)
        write_midi(score, folder / f"{name}.mid")
        _, bars = parse(tune)
        pitches = [note.pitch for note in score.notes]
        row = {
            "name": name,
            "title": score.title,
            "composer": tune.composer,
            "year": tune.year,
            "key": tune.key,
            "metre": tune.metre,
            "tempo": tune.tempo,
            "bars": len(bars) - (1 if score.pickup else 0),
            "pickup_steps": int(score.pickup),
            "lowest": min(pitches),
            "highest": max(pitches),
            "public_domain": tune.reason,
        }
        index.append(row | more)
    with atomic_path(folder / "index.json") as temporary:
        text = json.dumps(index, indent=2, ensure_ascii=False)
        temporary.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else data_dir() / "tunes"
    write_tunes(target)
    print(f"{len(TUNES)} tunes written to {target}")
