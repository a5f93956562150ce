"""The class's chorale as one page for the wall: it plays, and says who sings what."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from deepcomposer_edu.challenge.roll_picture import roll_svg
from deepcomposer_edu.classroom.chorale import ClassChorale, Stretch, Verse
from deepcomposer_edu.compose.arranging.scoring import Section
from deepcomposer_edu.compose.blind.sound import matched_clips, mp3_of
from deepcomposer_edu.compose.export.html_page import page_text
from deepcomposer_edu.corpora.reference import reference_metrics
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.voice_net import LEARNED
from deepcomposer_edu.music.battery import battery
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.web_page import checked_page, write_page

PAGES = Path(__file__).parent / "pages"
SHOWN = {"triad_rate": "triads", "dissonant_pair_rate": "pairs of voices that clash"}


def write_chorale(chorale: ClassChorale, path: str | Path) -> list[Path]:
    """Write the page, with its sound in it, and beside it MIDI and record.

    Args:
        chorale: of `class_chorale`.
        path: of the page.

    Returns:
        The paths of the page, of the MIDI file and of the record (JSON).

    Raises:
        InputError: if the name does not end in .html or a file cannot be written.
    """
    path = checked_page(path)
    sound = mp3_of(matched_clips([chorale.score])[0])
    midi, record = path.with_suffix(".mid"), path.with_suffix(".json")
    write_midi(chorale.score, midi)
    with atomic_path(record) as temporary:
        text = json.dumps(chorale.record(), ensure_ascii=False) + "\n"
        temporary.write_text(text, encoding="utf-8")
    return [write_page(path, chorale_page(chorale, sound)), midi, record]


def chorale_page(chorale: ClassChorale, sound: bytes = b"") -> str:
    """Return the page as HTML; a name shows as it is, whatever it holds.

    Args:
        chorale: of `class_chorale`.
        sound: its MP3.
    """
    n_verses, n = len(chorale.verses), len(chorale.bars_sung())
    verses = "1 verse" if n_verses == 1 else f"{n_verses} verses"
    length = _verse_steps(chorale)
    sections = [
        Section(f"verse {i + 1}", i * length, (i + 1) * length, chorale.n_bars)
        for i in range(n_verses)
    ]
    body = f"""<header><p class="faint">A class's chorale</p>
<h1>{escape(chorale.title)}</h1>
<p>The soprano sings the tune. Everything below it is sung by {n}
network{"" if n == 1 else "s"}, each trained for one voice, in {verses} of
{chorale.n_bars} bars.</p>
<p><audio controls aria-label="The chorale"></audio></p>
</header>
<main>
<section class="now" aria-label="Who sings now">
<p id="place">Before the first bar</p>
<dl>{"".join(_part(voice) for voice in ("soprano", *LEARNED))}</dl>
</section>
{_scrolling("The notes", roll_svg(chorale.score, sections))}
<h2>Who sings what</h2>
<p class="faint">A name plays from there.</p>
{"".join(_verse(chorale, number) for number in range(n_verses))}
<h2>How they agreed</h2>
{_agreeing(chorale.verses)}
<h2>The singers</h2>
{_singers(chorale)}
<h2>How it sounds, in numbers</h2>
{_numbers(chorale)}
{_left_out(chorale.problems)}
</main>"""
    title = f"A class's chorale: {chorale.title}"
    data = {
        "sound": "data:audio/mpeg;base64," + base64.b64encode(sound).decode(),
        "seconds": chorale.score.seconds_at(n_verses * length),
        "bars": _bars(chorale),
    }
    return page_text(title, body, ("chorale.css",), "chorale.js", data, folder=PAGES)


def _verse_steps(chorale: ClassChorale) -> int:
    """Return how many steps of the score a verse takes, with the rests at its end."""
    bar = int(chorale.score.metres[0].steps_per_bar)
    return -(-int(chorale.edges[-1]) // bar) * bar


def _bars(chorale: ClassChorale) -> list[dict[str, object]]:
    """Return when each bar sounds, and who sings in it."""
    length, found = _verse_steps(chorale), []
    for number, verse in enumerate(chorale.verses):
        for bar in range(chorale.n_bars):
            steps = number * length + chorale.edges[bar : bar + 2]
            if bar == chorale.n_bars - 1:
                steps[1] = (number + 1) * length
            start, end = (chorale.score.seconds_at(float(step)) for step in steps)
            names = [chorale.singers[i].name for i in verse.cast[:, bar]]
            found.append(
                {
                    "start": round(start, 3),
                    "end": round(end, 3),
                    "verse": number + 1,
                    "bar": bar + 1,
                    "names": names,
                }
            )
    return found


def _part(voice: str) -> str:
    who = "the tune" if voice == "soprano" else "–"
    return (
        f'<div class="{voice}"><dt>{voice.capitalize()}</dt>'
        f'<dd id="{voice}">{who}</dd></div>'
    )


def _verse(chorale: ClassChorale, number: int) -> str:
    """Return a verse as a table: a row for each voice, a column for each bar."""
    heads = "".join(f'<th scope="col">{b + 1}</th>' for b in range(chorale.n_bars))
    found = [one for one in chorale.stretches() if one.verse == number]
    rows = "".join(
        f'<tr class="{voice}"><th scope="row">{voice.capitalize()}</th>'
        f"{''.join(_stretch(chorale, one) for one in found if one.voice == voice)}</tr>"
        for voice in LEARNED
    )
    title = f"Verse {number + 1}"
    return f"<h3>{title}</h3>" + _scrolling(
        title,
        f'<table class="cast"><thead><tr><th scope="col">bar</th>{heads}</tr>'
        f"</thead><tbody>{rows}</tbody></table>",
    )


def _scrolling(title: str, content: str) -> str:
    """Return what scrolls by itself where it is too wide, by keys as well."""
    return (
        f'<div class="scroll" role="region" aria-label="{title}" tabindex="0">'
        f"{content}</div>"
    )


def _stretch(chorale: ClassChorale, one: Stretch) -> str:
    name = escape(chorale.singers[one.singer].name)
    first = one.verse * chorale.n_bars + one.first
    bars = (
        f"bar {one.first + 1}"
        if one.first == one.last
        else f"bars {one.first + 1} to {one.last + 1}"
    )
    return (
        f'<td colspan="{one.last - one.first + 1}" data-first="{first}" '
        f'data-last="{first + one.last - one.first}">'
        f'<button type="button" aria-label="{name}, {bars}: play from here">'
        f"{name}</button></td>"
    )


def _agreeing(verses: Sequence[Verse]) -> str:
    """Return how content the singers were from round to round."""
    n_rounds = max(len(verse.rounds) for verse in verses)
    heads = "".join(
        f'<th scope="col" class="number">round {i + 1}</th>' for i in range(n_rounds)
    )
    rows = ""
    for number, verse in enumerate(verses, 1):
        shares = [f"{one.share:.0%}" for one in verse.rounds]
        shares += [""] * (n_rounds - len(shares))
        cells = "".join(f'<td class="number">{share}</td>' for share in shares)
        end = "agreed" if verse.is_agreed else "stopped, not agreed"
        rows += f'<tr><th scope="row">{number}</th>{cells}<td>{end}</td></tr>'
    return (
        "<p>When the notes were drawn, each singer was asked for each of its notes, "
        "hidden: would you sing it again? A note in whose place it liked another one "
        "clearly better was changed. The numbers are the shares of notes with which "
        "their singers were content. Who was not content and changed nothing would "
        "have come into parallel fifths or octaves.</p>"
        + _scrolling(
            "Rounds of each verse",
            '<table class="agreed"><thead><tr><th scope="col">verse</th>'
            f'{heads}<th scope="col">end</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>",
        )
    )


def _singers(chorale: ClassChorale) -> str:
    """Return everybody with what is told of the training."""
    sung = chorale.bars_sung()
    rows = ""
    for number, one in enumerate(chorale.singers):
        about = one.about
        right = f"{about['right']:.0%}" if "right" in about else "–"
        steps = f"{about['steps']:.0f}" if "steps" in about else "–"
        minutes = f"{about['seconds'] / 60:.1f}" if "seconds" in about else "–"
        rows += (
            f'<tr class="{one.voice}"><th scope="row">{escape(one.name)}</th>'
            f"<td>{one.voice}</td>"
            f'<td class="number">{sung.get(number, 0)}</td>'
            f'<td class="number">{steps}</td><td class="number">{minutes}</td>'
            f'<td class="number">{right}</td></tr>'
        )
    return (
        "<p>Steps, minutes and notes are what the files say: of Bach's sixteenths in "
        "this voice, in chorales that the network had not learned from, how many it "
        "found when it heard the other voices.</p>"
        + _scrolling(
            "All singers",
            '<table class="singers"><thead><tr>'
            '<th scope="col">singer</th><th scope="col">voice</th>'
            '<th scope="col" class="number">bars</th>'
            '<th scope="col" class="number">steps</th>'
            '<th scope="col" class="number">minutes</th>'
            '<th scope="col" class="number">notes found</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>",
        )
    )


def _numbers(chorale: ClassChorale) -> str:
    """Return triads and clashes beside Bach's, before and after agreeing."""
    columns = (
        ("as drawn", battery([verse.drawn for verse in chorale.verses])),
        ("agreed", battery([verse.grid for verse in chorale.verses])),
        ("Bach", reference_metrics("test")),
    )
    heads = "".join(
        f'<th scope="col" class="number">{name}</th>' for name, _ in columns
    )
    rows = "".join(
        f'<tr><th scope="row">{words}</th>'
        + "".join(f'<td class="number">{_rate(v.get(key))}</td>' for _, v in columns)
        + "</tr>"
        for key, words in SHOWN.items()
    )
    return (
        _scrolling(
            "Triads and clashes",
            f'<table><thead><tr><th scope="col">share</th>{heads}</tr></thead>'
            f"<tbody>{rows}</tbody></table>",
        )
        + '<p class="faint">Triads: of all sixteenths. Clashes: seconds, tritones and '
        "sevenths, of all pairs of voices that sound together. Bach: his test "
        "chorales.</p>"
    )


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _left_out(problems: Sequence[str]) -> str:
    if not problems:
        return ""
    items = "".join(f"<li>{escape(text)}</li>" for text in problems)
    return f"<h2>Not heard</h2><ul>{items}</ul>"
