"""Make the worked example of the challenge: a minute, its papers, its honest score.

    python data/make/challenge_example.py            make it (a few minutes)
    python data/make/challenge_example.py --check    replay and check what is there
    python data/make/challenge_example.py --score    the same, and write check.json anew

It goes the way of lesson 14 with nothing chosen by ear and every seed 0: eight bars of
a psalm tune of 1551, three voices by the GAN, an edit of the lower voices by the
AR-CNN, the arranger, instruments; then what the check calls the worst bar is edited
once more, and the version with more points is kept. The three instruments were chosen
because the synth plays them about equally loud, so that the arranger's plan of loudness
is what one hears; `loudness_of_sections` measures it. The sound is not shipped, since
it can be rendered at any time. What comes out is no masterpiece: `check.json` says what
a machine finds wrong with it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from deepcomposer_edu.challenge.card import Card, write_card
from deepcomposer_edu.challenge.check import check_entry
from deepcomposer_edu.challenge.example import example_folder, load_example
from deepcomposer_edu.challenge.report import CheckReport
from deepcomposer_edu.compose import arrange, compose
from deepcomposer_edu.compose.arranging.record import arrangement_of, orchestrate
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.export.saving import save_score
from deepcomposer_edu.compose.provenance import to_json
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.music.loudness import loudness
from deepcomposer_edu.music.synth import render

TUNE = "old-hundredth"
LOWER = "alto tenor bass"
RATE = 44_100
INSTRUMENTS = {"A": "church organ", "A'": "strings", "B": "choir aahs"}
CARD = Card(
    title="Old Hundredth, Outward Bound",
    composers=("DeepComposer EDU",),
    intent="solemn, then wonder: a hymn that everybody knew is sung far from home",
    melody="Old Hundredth, from the Genevan Psalter of 1551",
    melody_licence="public domain",
    licence="CC BY",
)


def make() -> tuple[Composition, CheckReport]:
    """Return the entry and what the machine says of it."""
    harmonised = compose(TUNE, technique="wgan", seed=0)
    edited = {"technique": "ar-cnn", "mode": "repair", "voices": LOWER, "seed": 0}
    minute = arrange(compose(harmonised, **edited), seed=0)
    report = check_entry(minute, CARD, replay=False)
    bar = max(report.worst.bar, 1)
    mended = compose(minute, bars=str(bar), **edited)
    again = check_entry(mended, CARD, replay=False)
    print(f"bar {bar}: {report.points:.1f} points before, {again.points:.1f} after")
    better = mended if again.points > report.points else minute
    return checked(orchestrate(better, INSTRUMENTS))


def checked(entry: Composition) -> tuple[Composition, CheckReport]:
    """Return an entry and its check, with sound and replay."""
    with tempfile.TemporaryDirectory() as name:
        made = save_score(entry.score, Path(name), ("wav",), name="entry")
        return entry, check_entry(entry, CARD, made["wav"], replay=True)


def loudness_of_sections(entry: Composition) -> str:
    """Return how loud each section is, in LUFS."""
    score, audio = entry.score, render(entry.score)
    told = []
    for section in arrangement_of(entry).sections:
        first, last = (score.seconds_at(x) for x in (section.start, section.end))
        part = audio[round(first * RATE) : round(last * RATE)]
        told.append(f"{section.name} {loudness(part, RATE):.1f}")
    return ", ".join(told)


def write(entry: Composition, report: CheckReport) -> None:
    """Write the example's four files."""
    folder = example_folder()
    folder.mkdir(parents=True, exist_ok=True)
    save_score(
        entry.score,
        folder,
        ("mid", "json"),
        name="entry",
        provenance=to_json(entry.provenance),
    )
    write_card(folder / "card.json", CARD)
    write_check(report)


def write_check(report: CheckReport) -> None:
    """Write what the machine says of the example."""
    text = json.dumps(report.to_dict(), ensure_ascii=False, indent=1) + "\n"
    with atomic_path(example_folder() / "check.json") as temporary:
        temporary.write_text(text, encoding="utf-8")


def main() -> int:
    """Make the example, or look at the one that is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--score", action="store_true", help="write check.json alone")
    options = parser.parse_args()
    if options.check or options.score:
        example = load_example()
        _, report = checked(example.composition)
        same = abs(report.points - example.points) < 0.1
        print(f"{report.points:.2f} points, {example.points:.2f} shipped")
        if options.score:
            write_check(report)
        return 0 if (same or options.score) and report.passed else 1
    entry, report = make()
    write(entry, report)
    print("LUFS of the sections:", loudness_of_sections(entry))
    for gate in report.gates:
        print(gate.passed, gate.sentence, gate.mend)
    for criterion in report.criteria:
        print(f"{criterion.points:5.2f}  {criterion.title}: {criterion.sentence}")
    print(f"{report.points:.2f} of 40; gates passed: {report.passed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
