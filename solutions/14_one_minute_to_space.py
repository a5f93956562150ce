# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 14 One minute to space
#
# At the end of this lesson you have handed in a minute of music for a film: composed
# with two networks, arranged, checked, mended where it was worst, and packed with all
# that a judge needs to know about it.
#
# *240 minutes to read and do, best in three sittings: good places for a break are
# before "What a machine can say" and before "Judging each other". One core of your
# computer works for about a minute. You need some Python and numpy; no torch. Lessons
# needed first: 00 and 01; 08, 09 and 13 help.*

# %% [markdown]
# ## What you will be able to do
#
# - **plan** a minute: bars, form, sequence, joins, an ending
# - **chain** networks, and **mend** one bar without touching the others
# - **judge** your own piece by percentiles, and say what these cannot know
# - **hand in** with everything declared, and **even out** what judges say

# %% [markdown]
# ## Set-up (1 minute)

# %%
from collections.abc import Sequence
from textwrap import fill

import numpy as np

from deepcomposer_edu import course
from deepcomposer_edu.challenge.brief import ANCHORS, CRITERIA
from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.check import check_entry
from deepcomposer_edu.challenge.example import load_example
from deepcomposer_edu.challenge.submitting import RefusedError, submit
from deepcomposer_edu.challenge.workspace import new_workspace
from deepcomposer_edu.compose import arrange, compose, replay
from deepcomposer_edu.compose.arranging.record import (
    arrangement_of,
    orchestrate,
    voices_of,
)
from deepcomposer_edu.compose.export.cards import process_card
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.raw_sound.rendering import render_raw
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.music import battery
from deepcomposer_edu.music.arranging import SLOWEST, scale_shift, section_names
from deepcomposer_edu.music.grid import REST, Grid, from_grid, to_grid
from deepcomposer_edu.music.keys import Key, find_key
from deepcomposer_edu.music.loudness import loudness
from deepcomposer_edu.music.ratings import (
    Table,
    adjusted_means,
    checked_ratings,
    pair_differences,
)
from deepcomposer_edu.music.synth import render
from deepcomposer_edu.music.typical import typicality

course.setup(seed=0, lesson="14")

# %% [markdown]
# ## Listen first (5 minutes)
#
# Here is an entry that this course made by the steps of this lesson. A psalm tune of
# 1551 lies under it; everything else was written by two networks and put in order by
# rules.
#
# **Guess before you go on:** where does the first section come back, and how can you
# tell?

# %%
example = load_example()
print(fill(f"{example.card.title}: {example.card.intent}", 80))
course.play(example.composition.score, example.card.title, seconds=65)

# %%
print(f"{example.points:.1f} of 40 points from the machine")
for sentence in example.sentences:
    print(fill(f"- {sentence}", 80, subsequent_indent="  "))

# %% [markdown]
# The first section comes back when the organ does, with the notes of the beginning. And
# what a machine said about it is a lot of praise. Does it move you, too? The machine
# has no ears. It found that this is as ordinary as Bach's chorales in what it can
# count. What its numbers mean, and what they miss, is half of this lesson.

# %% [markdown]
# ## The brief (8 minutes)
#
# A **brief** is what somebody who pays asks of a composer. In 2019 a workshop of AWS
# gave one for DeepComposer: a film studio that does not exist plans a film about people
# who explore and settle other planets. It wants music that is Baroque and advanced
# science at once, in Bach's manner, elegant and impressive. As a test, **one minute**.
# It asked for no knowledge of music or of machine learning; whoever had some could
# train a network of their own. Here is the course's own wording of what is asked:

# %%
for title in CRITERIA.values():
    print("-", title)
print()
for mark, words in ANCHORS.items():
    print(f"{mark}  {words}")

# %% [markdown]
# The first four get up to 10 points each from a machine, and up to 10 each from judges.
# Emotional resonance gets up to 20, from judges alone. That makes 100.
#
# The workshop sent its guests to two short courses first, one on the GAN and one on the
# AR-CNN. Here these are lessons 06 to 08, and lesson 09. It is enough to know this: the
# **GAN** writes three voices to a melody, and the **AR-CNN** edits what is there, note
# by note. Both are *generative*: they make new music, where a *discriminative* network
# would tell Bach from Mozart, or cats from dogs.
#
# ### Spot the mistake
#
# > It must be a minute, so I let the network write 25 bars, and take the best of ten.
#
# <details><summary>Answer</summary>
#
# It will be a minute long, and sound like 25 bars out of the middle of something. These
# networks look at a few bars at a time. None of them knows that a minute has a
# beginning, something that comes back, and an end. That has to come from you, or from
# rules. And what "best" means has not been said.
#
# </details>

# %% [markdown]
# ## A melody and two networks (14 minutes)
#
# First a melody: eight bars are enough. Take one of the course's, a file of your own,
# or play one (lesson 00). If it is not yours, write down whose it is. You will need it.
# Sopranos sing from C4 to A5, and three voices below need room. So a tune that lies low
# goes up by a fifth, 7 semitones.

# %%
choice = course.choose_tune(first="twinkle-twinkle")
choice

# %% [markdown]
# **Step 1**, as in the workshop: one piano track gets three more. The GAN writes alto,
# tenor and bass.

# %%
melody = to_grid(choice.score).voices(0).crop(0, 128)
if melody.pitches[melody.sounding].min() < 62:
    melody = melody.transposed(7)
tune = from_grid(melody, tempo=100, title=choice.score.title)
harmonised = compose(tune, technique="wgan", seed=0)
display(course.play(to_grid(harmonised.score), "Four voices by the GAN", seconds=10))

# %% [markdown]
# **Step 2**: the AR-CNN goes over it. It hears all four voices, doubts each note of the
# lower three, and writes those anew of which it is sure that something else belongs
# there. The melody is locked, as it is yours.
#
# **Guess before you run:** how many of the GAN's notes will still be there?

# %%
polished = compose(
    harmonised,
    technique="ar-cnn",
    mode="repair",
    voices="alto tenor bass",
    iterations=course.amount(64, quick=4),
    seed=0,
)
before, after = to_grid(harmonised.score), to_grid(polished.score)
same = (before.pitches[1:] == after.pitches[1:]).mean()
print(f"{same:.0%} of the lower voices' steps are as the GAN wrote them")
for name, music in (("GAN", before), ("then AR-CNN", after)):
    dissonant = battery.dissonant_pair_rate(music)
    triads = battery.triad_rate(music)
    print(f"{name:12s}{triads:5.0%} triads{dissonant:5.0%} dissonant")
course.play(after, "The GAN's voices, edited by the AR-CNN", seconds=10)

# %% [markdown]
# Listen to both. Is the second one better, or only smoother? If you like a bar of the
# first more, keep it: lesson 09 shows how to lock bars. Nobody asks you to use all that
# a network offers.
#
# Whatever you do, it is written down. This is the **provenance** of the music, the
# chain of all steps with their settings and seeds:

# %%
step = polished.provenance
while step:
    print(f"{step['technique']:8s}seed {step['seed']}")
    parent = step["parents"][0]
    step = parent.get("composition")
print("given:", parent["kind"])

# %% [markdown]
# ## A plan for a minute (46 minutes)
#
# You have eight bars, about 19 seconds. How many do you need?

# %% exercise="14.1"
from deepcomposer_edu.music.arranging import bars_for

# %%
# NBVAL_CHECK_OUTPUT
for tempo in (60, 72, 100, 132):
    print(f"at {tempo:3d} quarters a minute: {bars_for(60, tempo)} bars of four")

# %% [markdown]
# So at 100 it is 25 bars, about three times what you have. Playing the same thing three
# times would do it. **Form** is the art of doing it better: what comes back is a
# pleasure if something else came between. Songs of all times go A A B A: twice the
# tune, something else, the tune again. Played twice in a row the second A is varied,
# and written A'.

# %%
# NBVAL_CHECK_OUTPUT
print(section_names("AABA"), section_names("ABAC"), section_names("AAB"))

# %% [markdown]
# The last is the **bar form** of most chorales: two equal sections (in German
# *Stollen*) and another one.
#
# ### Something else from the same: the sequence
#
# Where does B come from? From the network, with another melody, or from a trick that
# Baroque composers lived on: a figure, then the same a step higher, once more a step
# higher. That is a **sequence**. It sounds like going somewhere, and costs one idea.
#
# It is not the same to move music by semitones and by steps of the scale. By semitones
# everything keeps its shape and leaves the key. Along the scale it stays in the key,
# and a great third may become a small one.

# %% tags=["show"]
from deepcomposer_edu.music.arranging import scale_shift

# %%
# NBVAL_CHECK_OUTPUT
c_major = Key(0)
print("semitones:", [pitch + 2 for pitch in (60, 64, 67)])
print("degrees:  ", [scale_shift(pitch, 1, c_major) for pitch in (60, 64, 67)])

# %% [markdown]
# **Guess before you write:** C E G, one degree higher, is a chord of which kind?

# %% exercise="14.2"
from deepcomposer_edu.music.arranging import sequence

# %%
key = find_key(after)
figure = after.crop(0, 32)
rising = sequence(figure, [1, 2], key)
caption = f"Two bars, and twice a step higher in {key.name}"
display(course.play(rising, caption, seconds=16))
in_semitones = [figure, figure.transposed(1), figure.transposed(2)]
chromatic = Grid(
    np.concatenate([part.pitches for part in in_semitones], axis=1),
    np.concatenate([part.onsets for part in in_semitones], axis=1),
)
course.play(chromatic, "The same by semitones", seconds=16)

# %% [markdown]
# The second is a trick of pop songs ("once more, higher!"). In this style it falls out
# of the key, and you have to find a way back.
#
# ### Joins
#
# Where one section ends and another begins, a voice may have to jump to where it is
# needed next. Singers cannot, and listeners wince. What is heard is the widest jump of
# all voices:

# %% exercise="14.3"
from deepcomposer_edu.music.arranging import join_jump

# %%
sections = {
    "A": after,
    "sequence, from the first degree up": sequence(figure, [1], key).crop(32, 64),
    "sequence, from the fourth degree up": sequence(figure, [4], key).crop(32, 64),
    "an octave up": figure.transposed(12),
}
for name, section in sections.items():
    print(f"A, then {name:36s}{join_jump(after, section):3d} semitones")

# %% [markdown]
# More than a fifth, 7 semitones, is a wide leap in this style. What can be done about a
# bad join? Choose another degree for the sequence; move a voice by an octave; or let
# the voice walk there in the last beats. To *measure* is what makes choosing possible:
# with a number for each join, a program can try all of them. Fading one section into
# the other, as one does with recordings, is no good here. Two chords would sound at
# once.

# %% [markdown]
# ## An end, and all of it (16 minutes)
#
# A minute that stops is not one that ends. Two things say "this is the end" in Baroque
# music. A **cadence** leads to the chord of the home key, over the fifth degree in the
# bass: V, then I. And it slows down, a **ritardando**.

# %% exercise="14.4"
from deepcomposer_edu.music.arranging import ritardando

# %%
# NBVAL_CHECK_OUTPUT
shares = ritardando(4, SLOWEST)
print("tempo of the last four beats:", [round(100 * share) for share in shares])
longer = sum(60 / (100 * share) - 60 / 100 for share in shares)
print(f"they take {longer:.2f} seconds longer than at 100")

# %% [markdown]
# Now everything together. `arrange` does what you have built: it counts the bars, makes
# B a sequence, decorates A', tries the joins, adds the cadence and slows down. It lets
# the loudness rise towards the end of B and fall at the very end. And it stretches the
# tempo a little so that the minute comes out exactly.

# %%
minute = arrange(polished, seconds=60, form="AABA", seed=0)
for note in minute.notes:
    print(fill(note, 80))
course.play(minute.score, "A minute", seconds=65)

# %%
course.plot(to_grid(voices_of(minute)), "A minute: A A' B A")

# %% [markdown]
# Can you see in the picture where A comes back? Look at the highest voice.

# %% [markdown]
# ## What a machine can say (24 minutes)
#
# Lesson 13 had two warnings for those who count: no number alone, and never more is
# better. So the points of this contest do not come from a metric's value, but from its
# **percentile** among Bach's own chorales: how many of a hundred are less good in it
# than you? And whoever is as good as the middle one gets all the points.

# %% exercise="14.5"
from deepcomposer_edu.music.points import percentile_points

# %%
chorales = [piece.grid for piece in load_chorales("valid")]
some = chorales[: course.amount(len(chorales), quick=8)]
parallels = [battery.parallels_per_1000_moving(grid) for grid in some]
triads = [battery.triad_rate(grid) for grid in some]
print("parallels in 1000 moves, fewer are better:")
for value in (0, 2, 10, 40):
    print(f"  {value:3d}  {percentile_points(value, parallels, 'low'):4.1f} points")
print("triads, as usual as possible:")
for value in (0.40, 0.60, 0.65, 0.80, 1.0):
    print(f"  {value:.0%}  {percentile_points(value, triads):4.1f} points")

# %% [markdown]
# Nobody earns points by having nothing but triads. Now your minute, with all that the
# course counts, and with the **gates**: conditions without which nobody judges it.

# %%
card = Card()
report = check_entry(minute, card, replay=False)
for gate in report.gates:
    sign = {True: "open", False: "SHUT", None: "not looked at"}[gate.passed]
    text = f"{gate.name}, {sign}: {gate.sentence} {gate.mend}"
    print(fill(text, 80, subsequent_indent="    "))

# %% [markdown]
# The card's gate is shut, as it should be: you have not said anything about your piece
# yet. That comes below, and so do the files. Here are the four criteria:

# %%
for criterion in report.criteria:
    print(f"{criterion.points:4.1f} of 10  {criterion.title}")
    for part in criterion.parts:
        print(f"      {part.points:4.1f}  {part.name}")
print(f"{report.points:4.1f} of 40")

# %% [markdown]
# One number for accompaniment is worth a second look. A drone, one chord held whatever
# the melody does, has no parallels and never leaves its scale. Yet it does not
# **listen**. *Triads on the beats, beyond those that other notes on top would
# make* asks for that. It puts the other notes of the key in the melody's place: voices
# that were written to *this* melody make fewer triads then, and deaf ones as many.
#
# That tells what the voices are, not how they came about. When you hand in, the check
# asks the networks themselves, as lesson 08 did: a note of the melody moves, and they
# compose again. The sound is measured then, too.

# %% [markdown]
# **What do these points not know?** Whether anything in it is beautiful, whether it
# makes you think of space, whether you will hum it tomorrow. They know how ordinary it
# is, among chorales. A minute that breaks a rule on purpose loses points here and may
# win the judges. So do not compose for the machine. Use it like a proofreader: look at
# each place that it marks, and decide.

# %% [markdown]
# ## Mend the worst bar (14 minutes)
#
# The most useful thing that the check says is *where*. It adds up what every bar costs
# and names the worst. First listen, and judge for yourself: is it wrong?

# %%
worst = report.worst
print(fill(worst.sentence, 80))
for fault in worst.faults:
    print("-", fault)


def around(piece: Composition, start: float, end: float) -> Grid:
    """Return a bar of a piece, with a bar before and after it, as far as there are."""
    music = to_grid(voices_of(piece))
    first, last = 2 * start - end, 2 * end - start
    return music.crop(int(max(first, 0)), int(min(last, music.n_steps)))


course.play(around(minute, worst.start, worst.end), f"Bar {worst.bar}, bars beside it")

# %% [markdown]
# Three ways to mend it:
#
# - **by hand**: in the editor, `course.edit`, or in the studio. You hear what is wrong,
#   so move it
# - **by the AR-CNN**, with all other bars locked
# - **at the root**: take another seed for the eight bars from which all was made. Then
#   all that comes back is mended, too
#
# Here is the second. The network writes the lower voices of this bar anew, and nothing
# else. It does so a few times, with other seeds, and the version with the most points
# is kept, for now.

# %%
mended, again = minute, report
for seed in range(course.amount(4, quick=1)):
    tried = compose(
        minute,
        technique="ar-cnn",
        mode="inpaint",
        bars=str(max(worst.bar, 1)),
        voices="alto tenor bass",
        iterations=course.amount(32, quick=4),
        seed=seed,
    )
    found = check_entry(tried, card, replay=False)
    print(f"seed {seed}: {found.points:.1f} points, {report.points:.1f} before")
    if found.points > again.points:
        mended, again = tried, found
print(fill(again.worst.sentence, 80))
course.play(around(mended, worst.start, worst.end), f"Bar {worst.bar}, mended")

# %% [markdown]
# Were all seeds better? Hardly: the network does not know the points, and a bar may
# become smoother and the steps to its neighbours worse. One bar of two dozen cannot
# change the total much, either. And does it *sound* better? If points and ears
# disagree, believe your ears, and keep the version that you like:

# %%
keeper = mended  # or minute
print("kept:", "the one before" if keeper is minute else "the mended one")

# %% [markdown]
# ## The sound (12 minutes)
#
# Baroque and space: a harpsichord or an organ for the one, something wide and slow for
# the other. Instruments may differ from section to section, and that is how a form can
# be heard. Choose others!

# %%
INSTRUMENTS = {"A": "harpsichord", "B": "warm pad"}
sounding = orchestrate(keeper, INSTRUMENTS)
b_section = next(s for s in arrangement_of(sounding).sections if s.name == "B")
print(fill(" ".join(sounding.notes), 80))
course.play(sounding.score, "With instruments", seconds=65)

# %% [markdown]
# The arranger planned how loud each section is, but it plans how hard the keys are
# struck. Struck alike, an organ is louder than a harpsichord, and a section may shout.
# Ears get used to that, and numbers do not. So measure, in **LUFS**, the unit of
# broadcasters: it weighs sound as ears do, and of two figures the higher is louder. Ten
# more sound about twice as loud.
#
# **Guess before you run:** B is planned to be the loudest section. With which of the
# two scorings is it louder beside A?

# %%
scorings = (INSTRUMENTS, {"A": "harpsichord", "B": "church organ, strings"})


def section_loudness(piece: Composition) -> str:
    """Return how loud each section of an arrangement sounds, in LUFS."""
    rate, found = 16_000, []
    sound = render(piece.score, rate)
    for section in arrangement_of(piece).sections:
        ends = (piece.score.seconds_at(x) for x in (section.start, section.end))
        first, last = (round(second * rate) for second in ends)
        found.append(f"{section.name} {loudness(sound[first:last], rate):.1f}")
    return "   ".join(found)


for scoring in scorings[: course.amount(2, quick=1)]:
    print(scoring)
    print("   ", section_loudness(orchestrate(keeper, scoring)))

# %% [markdown]
# If the step is too large for you, choose instruments that are nearer to each other.
#
# Lessons 11 and 12 built networks that make raw sound. They can play in your piece,
# too, as a colour on top: write `"nsynth:organ+space-lead"` where an instrument's name
# stands. It takes a while, so here are two bars of the bass:

# %%
n_steps = course.amount(32, quick=2)
bass = from_grid(to_grid(voices_of(keeper)).voices(3).crop(0, n_steps), tempo=80)
pad = render_raw(bass, "nsynth:organ+space-lead", rate=8000, seed=0)
course.play(pad, "Every number of it drawn by a network", sample_rate=8000)

# %% [markdown]
# The sound is judged for cleanliness: nothing may be louder than full scale, where it
# would be cut off (**clipping**), no clicks, no holes, sections that are loud by your
# plan and not by chance, an end that dies away. The export sees to it, all but the
# sections, which you choose with the instruments. If you mix it yourself in another
# program, put your `entry.wav` into the folder of the entry, and the check measures it.

# %% [markdown]
# ## Whose is it? (8 minutes)
#
# Now the **card**: what only you can say. A title. Who made it. What somebody should
# feel; judges are asked what they felt, and this is compared. Whose the melody is, and
# under which licence. And the licence of your own piece: without one nobody may even
# play it (lesson 13).
#
# Fill in your own:

# %%
card = Card(
    title="First light",
    composers=("Learner 1",),
    intent="wonder, and a little fear: the ship has left and nobody can turn back",
    melody="Twinkle, Twinkle, Little Star, a traditional French melody",
    melody_licence="public domain",
    licence="CC BY",
)
print("still missing:", card.missing() or "nothing")

# %% [markdown]
# What you need *not* fill in is how it was made, for the music knows:

# %%
process_card(sounding, intent=card.intent)

# %% [markdown]
# The tune went in as bare notes, so the line about the melody asks whose it is: your
# own card answers that. Then read the line with the notes: how many of them were given?
# It is a small share; networks and rules wrote the rest. Then what is your part? You
# chose melody, plan, seeds and sounds, threw away what was bad, and you stand up for
# the result. Say it like that, and nobody is deceived.

# %% [markdown]
# ## Hand it in (10 minutes)
#
# An entry grows in a folder, its **workspace**: the card, the music in all formats, and
# every version that you saved. In the shell `deepcomposer challenge new my_minute`
# makes one. Here it is Python:

# %%
folder = course.my_music() / "my_minute"
for number in range(2, 100):
    if not folder.exists():
        break
    folder = folder.with_name(f"my_minute_{number}")
work = new_workspace(folder, card)
work.save(sounding, parts=("mid", "musicxml"))
print("in the workspace:", ", ".join(sorted(path.name for path in folder.iterdir())))

# %% [markdown]
# A program that hands in for you should be as polite and as firm as a good office: say
# what is in the way and how to mend it, and take nothing that will be thrown out later.
# **Guess before you run:** this piece is too long, and the AR-CNN did not work on it.
# What will it say?

# %%
too_long = arrange(harmonised, seconds=68, seed=0)
work.save(too_long, parts=("mid",))
try:
    submit(work)
except RefusedError as refusal:
    print(fill(str(refusal), 80))

# %% [markdown]
# Now the real one. The check runs again, with the sound; the music is made anew from
# its provenance, to see whether the same notes come out, and three times more with a
# note of the melody moved by a third, to see whether it listens; and all is packed.

# %%
work.save(sounding, parts=("mid", "musicxml"))
try:
    handed_in = submit(work)
    print(handed_in.path.name, f"{handed_in.path.stat().st_size / 1e6:.1f} MB")
    print(f"{handed_in.report.points:.1f} of 40 points from the machine")
    parts = [part for found in handed_in.report.criteria for part in found.parts]
    heard = [part for part in parts if part.name == "It answers to its melody"]
    print(fill(heard[0].sentence if heard else "Nobody can say if it listens.", 80))
except RefusedError as refusal:  # a melody that is not declared, a silent bar ...
    for gate in refusal.report.shut:
        print(fill(f"{gate.sentence} {gate.mend}", 80))

# %% [markdown]
# The zip holds notes (MIDI and MusicXML), sound (WAV and MP3), the provenance, the
# process card, the cards of the networks, the licence, and a checksum for each file.
# The workshop had people tag their songs on a web site. The tag is in the zip now, and
# nothing is sent anywhere: where you put the file is your decision.

# %% [markdown]
# ## Teams (10 minutes)
#
# A minute is enough work for three or four. The workshop recommended a list of services
# to its teams; here is a list of roles, and what each of them uses:
#
# | Role | What they do | With |
# |---|---|---|
# | melody | plays or finds it, writes down whose it is | the studio, lesson 00 |
# | harmony | GAN, seeds, chooses | lesson 08, `deepcomposer compose` |
# | editor | AR-CNN, locks, the worst bar | lesson 09, `deepcomposer edit` |
# | arranger | form, sequence, joins, instruments | `deepcomposer arrange` |
# | producer | sound, card, rights, hands in | `deepcomposer challenge` |
#
# Or each makes a section, and one puts them together. The letters of the form can have
# music from different people, as long as metre and number of voices agree. And agree on
# a key: what `arrange` says about keys and joins is worth reading.

# %%
theirs = compose(
    from_grid(to_grid(load_tune("old-hundredth")).voices(0).crop(0, 64), tempo=100),
    technique="wgan",
    seed=1,
)
together = arrange(polished, seconds=60, materials={"B": theirs}, seed=0)
print(fill(" ".join(together.notes), 80))
section = next(s for s in arrangement_of(together).sections if s.name == "B")
start = int(section.start)
heard = to_grid(voices_of(together)).crop(start - 16, start + 64)
course.play(heard, "The last bar of one team mate, then the other", seconds=14)

# %% [markdown]
# Both chains are in the provenance, so the card can say who made what: give the names
# and roles with `card.changed(team=..., roles=(("Learner 1", "melody"), ...))`. And the
# piece can still be made again from its recipe, to the last note:

# %%
print(replay(together.provenance).score == together.score)

# %% [markdown]
# ## Judging each other (46 minutes)
#
# The entries of a class go into one folder, and `deepcomposer challenge judge FOLDER`
# makes a page of them that works without a network. It plays them blind and equally
# loud, in another order for each judge; marks go from 1 to 5; and only after marking
# may one see who made it and how. The results are then put together with
# `deepcomposer challenge results`.
#
# Here are four judges and five entries. Nobody judged a piece they had worked on (nan).
# The numbers are made up, and made up so that something can be learned.

# %%
entries = ["A", "B", "C", "D", "E"]
nan = float("nan")
ratings = np.array(
    [
        [4, 3, nan, 5, 4],
        [2, nan, 2, 3, 2],
        [nan, 4, 3, 5, 4],
        [3, 2, 2, 4, nan],
    ]
)  # (J, E)
raw = np.nanmean(ratings, axis=0)  # (E,)
for entry, mean in zip(entries, raw, strict=True):
    print(f"{entry}  mean of its marks {mean:.2f}")

# %% [markdown]
# D first, then E, then A and B. But look at the rows. The second judge never goes above
# 3. E was spared the fourth judge, who is strict, too; A had both of them. Is that
# fair?
#
# **Guess before you write:** which of A and E is better, if one compares only what the
# same judges said of both?

# %% exercise="14.6"
from deepcomposer_edu.music.ratings import leniency

# %%
lenient = leniency(ratings)  # (J,)
fair = adjusted_means(ratings)  # (E,)
for number, value in enumerate(lenient, start=1):
    print(f"judge {number}: {value:+.2f}")
for entry, mean, adjusted in zip(entries, raw, fair, strict=True):
    print(f"{entry}  {mean:.2f}  evened out {adjusted:.2f}")

# %% [markdown]
# The two judges whom A and E have in common gave them the same marks. So they are about
# equal, A a hair above E, and no longer a third of a point apart. Nobody changed a
# mark; it was only asked what each mark was worth. The AI Song Contest evens out its
# juries, too.
#
# There is one thing that no arithmetic can mend. If two judges have no entry in common,
# and no chain of others between them, nobody can know whether one is lenient or heard
# better music. So each entry should have three judges at least, and they should
# overlap.
#
# ### Do they agree at all?
#
# Suppose the marks were dealt out by lot. There would still be a winner, with decimals.
# Before you believe in a ranking, ask how well the judges agree: do marks of *one*
# entry differ less than marks of *any* two?

# %% exercise="14.7"
from deepcomposer_edu.music.ratings import agreement

# %%
chance, by_lot = np.random.default_rng(0), []
for _ in range(200):
    lot = ratings.copy()
    lot[~np.isnan(lot)] = chance.permutation(ratings[~np.isnan(ratings)])
    by_lot.append(agreement(lot))
print(f"as they marked             {agreement(ratings):5.2f}")
print(f"leniency taken away        {agreement(ratings - lenient[:, None]):5.2f}")
print(f"all marks dealt out by lot {np.mean(by_lot):5.2f} on average,", end=" ")
print(f"{min(by_lot):.2f} to {max(by_lot):.2f}")

# %% [markdown]
# 1 is complete agreement, 0 is what lots give on average. With so few marks a single
# lot may look like agreement, too. As they stand these marks agree little, and nearly
# all of that is leniency: once it is taken away, the judges mean much the same.
# Krippendorff, after whom the measure is named, trusts results from 0.8 on, and is
# careful from 0.667.
#
# With taste it may stay low. That is a finding, and no failure: where judges cannot
# agree, a winner by a tenth of a point is a matter of luck. Say so on the leaderboard.
#
# ### Spot the mistake
#
# > We let the machine's points decide: it is objective, and always agrees with itself.
#
# <details><summary>Answer</summary>
#
# Agreeing with oneself is no proof of being right: a stopped clock does. And the
# machine's points are open to everybody, so they would be gamed at once (lesson 13). It
# gets 40 of 100 points here, for what can be counted. For emotional resonance it gets
# none.
#
# </details>

# %% [markdown]
# ## Play with it (as long as you like, from 20 minutes)
#
# Make it yours. Another form, "ABAC" or "AAB"; a slow minute of 15 bars; a melody of
# your own. Save each version that you like into the workspace: nothing is lost.

# %%
FORM, TEMPO, SEED = "AABA", None, 1
another = arrange(polished, seconds=60, form=FORM, tempo=TEMPO, seed=SEED)
print(f"{check_entry(another, card, replay=False).points:.1f} of 40")
course.play(another.score, f"{FORM}, seed {SEED}", seconds=65)

# %% [markdown]
# ## Quiz (4 minutes)

# %%
quiz = course.quiz("14")
quiz

# %% [markdown]
# ## Go further (60 minutes)
#
# - Train a GAN of your own on another composer (lesson 08), and use it for B alone. Can
#   a friend hear where it begins?
# - Let the Transformer of lesson 10 write eight more bars after your eight, and use
#   these for B: `compose(polished, technique="transformer", mode="continue")`.
# - Take a melody in three four, or with an upbeat. Where are the joins then?
# - Hand in something that breaks one rule of the check on purpose, and have it judged.
#   Do the judges agree with the machine?
# - Publish: `deepcomposer challenge gallery FOLDER` makes a page that plays the entries
#   and can be put on any web space, or on a USB stick.

# %% [markdown]
# ## What you learned
#
# - to **plan** a minute: bars, form, sequence, joins, an ending
# - to **chain** networks, and to **mend** one bar without touching the others
# - to **judge** your own piece by percentiles, and what these cannot know
# - to **hand in** with everything declared, and to **even out** what judges say
#
# ## References
#
# - Fux, J. J., 1725. Gradus ad Parnassum. (Which voices may jump, and how far.)
# - Krippendorff, K., 2004. Content Analysis: An Introduction to Its Methods.
# - Huang, C.-Z. A. and others, 2020. AI Song Contest: Human-AI Co-Creation in
#   Songwriting.
# - Fang, A. and others, 2020. Bach or Mock? A Grading Function for Chorales in the
#   Style of J. S. Bach.
# - Amazon Web Services, 2019. Architecting for ML: Generate AI Compositions with AWS
#   DeepComposer. (The workshop's brief.)
