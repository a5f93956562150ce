"""The 128 General MIDI instruments by number, by name and by what people call them.

Programs count from 0, as in MIDI files and in `Track.program`: 0 is the grand piano.
"""

from __future__ import annotations

import difflib
import re

from deepcomposer_edu.errors import InputError

# Eight instruments in each family, in the order of the standard.
_FAMILIES = {
    "piano": (
        "acoustic grand piano, bright acoustic piano, electric grand piano, "
        "honky-tonk piano, electric piano 1, electric piano 2, harpsichord, "
        "clavinet"
    ),
    "chromatic percussion": (
        "celesta, glockenspiel, music box, vibraphone, marimba, xylophone, "
        "tubular bells, dulcimer"
    ),
    "organ": (
        "drawbar organ, percussive organ, rock organ, church organ, reed organ, "
        "accordion, harmonica, tango accordion"
    ),
    "guitar": (
        "acoustic guitar (nylon), acoustic guitar (steel), "
        "electric guitar (jazz), electric guitar (clean), "
        "electric guitar (muted), overdriven guitar, distortion guitar, "
        "guitar harmonics"
    ),
    "bass": (
        "acoustic bass, electric bass (finger), electric bass (pick), "
        "fretless bass, slap bass 1, slap bass 2, synth bass 1, synth bass 2"
    ),
    "strings": (
        "violin, viola, cello, contrabass, tremolo strings, pizzicato strings, "
        "orchestral harp, timpani"
    ),
    "ensemble": (
        "string ensemble 1, string ensemble 2, synth strings 1, synth strings 2, "
        "choir aahs, voice oohs, synth voice, orchestra hit"
    ),
    "brass": (
        "trumpet, trombone, tuba, muted trumpet, french horn, brass section, "
        "synth brass 1, synth brass 2"
    ),
    "reed": (
        "soprano sax, alto sax, tenor sax, baritone sax, oboe, english horn, "
        "bassoon, clarinet"
    ),
    "pipe": (
        "piccolo, flute, recorder, pan flute, blown bottle, shakuhachi, whistle, "
        "ocarina"
    ),
    "synth lead": (
        "lead 1 (square), lead 2 (sawtooth), lead 3 (calliope), lead 4 (chiff), "
        "lead 5 (charang), lead 6 (voice), lead 7 (fifths), "
        "lead 8 (bass and lead)"
    ),
    "synth pad": (
        "pad 1 (new age), pad 2 (warm), pad 3 (polysynth), pad 4 (choir), "
        "pad 5 (bowed), pad 6 (metallic), pad 7 (halo), pad 8 (sweep)"
    ),
    "synth effects": (
        "fx 1 (rain), fx 2 (soundtrack), fx 3 (crystal), fx 4 (atmosphere), "
        "fx 5 (brightness), fx 6 (goblins), fx 7 (echoes), fx 8 (sci-fi)"
    ),
    "ethnic": "sitar, banjo, shamisen, koto, kalimba, bagpipe, fiddle, shanai",
    "percussive": (
        "tinkle bell, agogo, steel drums, woodblock, taiko drum, melodic tom, "
        "synth drum, reverse cymbal"
    ),
    "sound effects": (
        "guitar fret noise, breath noise, seashore, bird tweet, telephone ring, "
        "helicopter, applause, gunshot"
    ),
}
GM_FAMILIES: dict[str, tuple[str, ...]] = {
    family: tuple(names.split(", ")) for family, names in _FAMILIES.items()
}

GM_NAMES: tuple[str, ...] = tuple(
    name for family in GM_FAMILIES.values() for name in family
)

# What people say -> the standard's name.
ALIASES: dict[str, str] = {
    "piano": "acoustic grand piano",
    "grand piano": "acoustic grand piano",
    "electric piano": "electric piano 1",
    "organ": "church organ",
    "pipe organ": "church organ",
    "guitar": "acoustic guitar (nylon)",
    "acoustic guitar": "acoustic guitar (nylon)",
    "nylon guitar": "acoustic guitar (nylon)",
    "steel guitar": "acoustic guitar (steel)",
    "electric guitar": "electric guitar (clean)",
    "clean guitar": "electric guitar (clean)",
    "jazz guitar": "electric guitar (jazz)",
    "muted guitar": "electric guitar (muted)",
    "distorted guitar": "distortion guitar",
    "bass": "acoustic bass",
    "bass guitar": "electric bass (finger)",
    "electric bass": "electric bass (finger)",
    "finger bass": "electric bass (finger)",
    "pick bass": "electric bass (pick)",
    "picked bass": "electric bass (pick)",
    "slap bass": "slap bass 1",
    "synth bass": "synth bass 1",
    "double bass": "contrabass",
    "harp": "orchestral harp",
    "strings": "string ensemble 1",
    "string ensemble": "string ensemble 1",
    "synth strings": "synth strings 1",
    "choir": "choir aahs",
    "voice": "voice oohs",
    "voices": "choir aahs",
    "horn": "french horn",
    "brass": "brass section",
    "sax": "alto sax",
    "saxophone": "alto sax",
    "cor anglais": "english horn",
    "panpipes": "pan flute",
    "square": "lead 1 (square)",
    "square lead": "lead 1 (square)",
    "sawtooth": "lead 2 (sawtooth)",
    "saw lead": "lead 2 (sawtooth)",
    "pad": "pad 2 (warm)",
    "warm pad": "pad 2 (warm)",
    "space": "pad 1 (new age)",
    "bells": "tubular bells",
    "bagpipes": "bagpipe",
}


def instrument_name(program: int) -> str:
    """Return the General MIDI name of a program, 0 to 127.

    >>> instrument_name(19)
    'church organ'
    """
    return GM_NAMES[program]


def _plain(name: str) -> str:
    """Return a name in lower case with every run of signs as one space."""
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()


_PROGRAMS = {_plain(name): program for program, name in enumerate(GM_NAMES)}
_PROGRAMS |= {_plain(name): GM_NAMES.index(full) for name, full in ALIASES.items()}


def instrument_menu() -> list[list]:
    """Return the 128 instruments as [family, names], written as in a menu.

    >>> instrument_menu()[0][0], instrument_menu()[0][1][0]
    ('Piano', 'Acoustic grand piano')
    """

    def titled(name: str) -> str:
        return name[:1].upper() + name[1:]

    return [
        [titled(family), [titled(name) for name in names]]
        for family, names in GM_FAMILIES.items()
    ]


def find_instrument(name: str | int) -> int:
    """Return the program, 0 to 127, of an instrument given by name or number.

    Args:
        name: a General MIDI name ("church organ"), what people call it ("finger bass"),
            or a program number, 0 to 127, as an int or as digits. Capitals, hyphens and
            brackets do not matter.

    Returns:
        The program as in `Track.program`: 0 is the grand piano.

    Raises:
        InputError: if there is no such instrument; it names the nearest ones.

    >>> find_instrument("Overdriven Guitar"), find_instrument("organ")
    (29, 19)
    """
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise InputError(
            f"An instrument is given as {name!r}, but it must be a name such as "
            "'church organ' or a number from 0 to 127."
        )
    text = str(name).strip()
    if re.fullmatch(r"-?[0-9]{1,9}", text):
        program = int(text)
        if not 0 <= program <= 127:
            raise InputError(
                f"The instrument number is {program}, but General MIDI programs go "
                "from 0 to 127 (0 is the grand piano, 19 the church organ)."
            )
        return program
    plain = _plain(text)
    if plain in _PROGRAMS:
        return _PROGRAMS[plain]
    if plain in {"drum", "drums", "drum kit", "percussion"}:
        raise InputError(
            "Drums cannot play a melody or its voices, because they have no pitches; "
            "choose an instrument such as 'marimba' or 'timpani'."
        )
    raise InputError(f"There is no instrument called {text[:40]!r}; {_nearest(plain)}.")


def _nearest(plain: str) -> str:
    """Return the words that name the instruments most like `plain`."""
    close = difflib.get_close_matches(plain, _PROGRAMS, n=6, cutoff=0.5)
    close += [key for key in _PROGRAMS if plain and plain in key.split()]
    names = list(dict.fromkeys(GM_NAMES[_PROGRAMS[key]] for key in close))[:4]
    if not names:
        names = ["church organ", "string ensemble 1", "violin", "overdriven guitar"]
        return "instruments are for example " + ", ".join(names)
    return "the nearest are " + ", ".join(names)
