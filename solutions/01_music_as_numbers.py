# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 01 Music as numbers
#
# At the end of this lesson you hear a chorale by Bach that went through your own hands
# as numbers and came out again with every note in its place.
#
# *120 minutes to read and do, best in two sittings: a good place for a break is before
# the piano roll. Less than 20 seconds of computing. A little Python helps: functions,
# lists, loops, and arrays of numpy. Lessons needed first: 00.*

# %% [markdown]
# ## What you will be able to do
#
# - **read** a note as a name, a number, a frequency and a MIDI message
# - **draw** notes as a piano roll, **read** them back, and keep held and repeated notes
#   apart
# - **measure** how much of a piece lies in a scale, and find a wrong note with it
# - **cut** a collection of pieces into the batches that a network learns from

# %% [markdown]
# ## Set-up (1 minute)

# %%
import io
from collections.abc import Iterator, Sequence

import mido
import numpy as np

from deepcomposer_edu import course
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.corpora.windows import chorale_windows
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, Grid, from_grid
from deepcomposer_edu.music.keys import MAJOR_SCALE, duration_histogram, find_key
from deepcomposer_edu.music.midi import read_midi, write_midi
from deepcomposer_edu.music.pianoroll import N_PITCHES, fold_pitch, note_span
from deepcomposer_edu.music.score import NOTE_NAMES, Note, Score, Track
from deepcomposer_edu.widgets import PianoKeyboard

course.setup(seed=0, lesson="01")

# %% [markdown]
# ## Listen first (4 minutes)
#
# *Jesu, meine Freude* is a **chorale**, a song for a congregation. The tune is by
# Johann Crüger, 1653; Johann Sebastian Bach set it for four voices some seventy years
# later. This course learns from settings like it. Loading them takes a few seconds the
# first time.

# %%
chorales = load_chorales("train")
chorale = next(piece for piece in chorales if piece.bwv == "227.1")
course.play(chorale.to_score(), "Bach, Jesu, meine Freude, BWV 227.1")

# %% [markdown]
# Four melodies at once. Listen to each by itself, from the highest to the lowest. Which
# one could you sing back after hearing it once?

# %%
for voice, name in enumerate(("Soprano", "Alto", "Tenor", "Bass")):
    display(course.play(chorale.grid.voices(voice), name))

# %% [markdown]
# The picture below shows the first four bars. By the end of this lesson you can make
# both the picture and the sound from a table of whole numbers.

# %%
course.plot(chorale.grid.crop(0, 64), "Jesu, meine Freude, bars 1 to 4")

# %% [markdown]
# ## A note is a number (22 minutes)
#
# A piano key is either down or not, and the keys stand in a row, so they can be
# counted. In 1983 the makers of synthesizers agreed on how: the key in the middle of
# the piano, **middle C**, is number 60, and each key to the right is one more. The step
# from one key to the next, black or white, is a **semitone**. A key's number is its
# **pitch**, from 0 to 127.
#
# A note needs more than a pitch: when it starts, how long it lasts and how hard it is
# struck. Time in this course is counted in **steps** of a sixteenth note, 16 to a bar
# of four beats. So a note is four numbers:

# %%
# NBVAL_CHECK_OUTPUT
Note(start=0, pitch=60, duration=4, velocity=80)

# %% [markdown]
# Three notes make a chord that everybody knows, first one after the other, then
# together.

# %%
chord = Score.from_notes(
    [(0, 60, 4), (4, 64, 4), (8, 67, 4), (12, 60, 8), (12, 64, 8), (12, 67, 8)]
)
course.play(chord, "C, E and G")

# %% [markdown]
# Twelve semitones make an **octave**, and after an octave the letters begin again:
# C, C#, D, D#, E, F, F#, G, G#, A, A#, B. To tell the Cs apart, the octave is written
# after the letter. Middle C is C4, and the B one semitone below it is B3.

# %% exercise="1.1"
from deepcomposer_edu.music.score import note_name

# %%
# NBVAL_CHECK_OUTPUT
[note_name(pitch) for pitch in (60, 64, 67, 69, 36, 83)]

# %% [markdown]
# ### Spot the mistake
#
# Two sentences that you can find in print about music keyboards. Each is wrong, or at
# least not the whole truth. Decide what is wrong before you open the answer.
#
# > A keyboard with 32 keys has two octaves.
#
# > Middle C is C3.
#
# The keys of the AWS DeepComposer keyboard are the pitches 41 to 72:

# %%
# NBVAL_CHECK_OUTPUT
lowest, highest = 41, 72
print("keys:", highest - lowest + 1)
print("from", note_name(lowest), "to", note_name(highest))
print("octaves:", (highest - lowest) // 12, "and semitones:", (highest - lowest) % 12)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Two octaves are 25 keys, from C to C. Thirty-two keys from F2 to C5 are two octaves
# and a fifth (7 semitones).
#
# Middle C is C3 in some programs and C4 in others; no standard fixes the octave, only
# the number 60. So "C3" alone can mean two keys. Look which one a program means by
# finding its name for 60. In this course middle C is C4, and A4 is 69.
#
# </details>

# %% [markdown]
# A pitch is also a **frequency**: how often the air swings in a second, in hertz (Hz).
# Orchestras tune to the A above middle C, pitch 69, at 440 Hz. An octave up, the air
# swings twice as often. And each of the twelve semitones between multiplies the
# frequency by the same factor, so that every key sounds equally in tune.
#
# **Guess before you run:** is C5, twelve semitones above middle C, nearer to middle C
# in hertz than C6 is to C5?

# %% exercise="1.2"
from deepcomposer_edu.music.score import frequency

# %%
# NBVAL_CHECK_OUTPUT
for pitch in (60, 72, 84, 69):
    print(f"{note_name(pitch):3s} {frequency(pitch):8.2f} Hz")

# %% [markdown]
# The formula is $f = 440 \cdot 2^{(p - 69) / 12}$, with $f$ the frequency and $p$ the
# pitch. The distance in hertz doubles with every octave, but to the ear all octaves are
# the same size: hearing compares by ratio, and that is why pitch, not frequency, is the
# number that the course works with.
#
# A pure tone is nothing but this swing, computed 44,100 times a second. Here are A3, A4
# and A5 from your frequencies:

# %%
seconds = np.arange(22050) / 44100  # (N,)
tones = [np.sin(2 * np.pi * frequency(pitch) * seconds) for pitch in (57, 69, 81)]
course.play(0.3 * np.concatenate(tones), "A3, A4, A5 as pure tones")

# %% [markdown]
# ## What a keyboard sends (8 minutes)
#
# A music keyboard sends no sound. It sends **MIDI** messages of a few bytes: which key
# went down, how fast, and which key came up. The synthesizer at the other end of the
# cable makes the sound. Here are the messages for middle C, pressed and released:

# %%
# NBVAL_CHECK_OUTPUT
pressed = mido.Message("note_on", note=60, velocity=80)
released = mido.Message("note_off", note=60, velocity=0)
print(pressed.bytes())
print(released.bytes())

# %% [markdown]
# Three bytes each. The first says what happened: 144 is **note-on**, 128 is
# **note-off**. The second is the pitch, and the third the **velocity**, how fast the
# key moved, which we hear as loudness. First bytes are 128 or more and the others stay
# below it, so a receiver that is plugged in late knows where a message begins. It is
# also why pitches end at 127.
#
# **Guess before you open the answer:** what does `[144, 60, 0]` mean, a key struck with
# velocity 0?

# %% [markdown]
# <details><summary>Answer</summary>
#
# It is a note-off. Many keyboards send it instead of 128, because when the first byte
# does not change it need not be sent again (this is called running status). A program
# that takes it for a very soft note never stops that note. All of the course's readers
# know about it, and so does the keyboard widget.
#
# </details>

# %% [markdown]
# Live messages carry no time: they mean *now*. In a MIDI file each message says how
# many **ticks** after the one before it comes. The course writes 480 ticks to a quarter
# note, so a step is 120. Here is the beginning of the chord from above, as it stands in
# a file:

# %%
# NBVAL_CHECK_OUTPUT
file = io.BytesIO()
write_midi(chord, file)
data = file.getvalue()
print(len(data), "bytes")
for message in mido.MidiFile(file=io.BytesIO(data)).tracks[1]:
    if message.type in ("note_on", "note_off") and message.note == 60:
        print(message)

# %% [markdown]
# Reading the file gives the same notes again. That is called a **round trip**, and it
# is the best test that nothing was lost on the way.

# %%
# NBVAL_CHECK_OUTPUT
read_midi(data).notes == chord.notes

# %% [markdown]
# ## The piano roll (36 minutes)
#
# A network learns from tables of numbers with a fixed shape, and a list of notes has
# none: one bar has three notes, the next has twelve. The way out is older than
# computers. A player piano reads its music from a roll of paper with holes: the place
# of a hole says which key, its length says how long.
#
# A **piano roll** is that paper as a table. Rows are steps of time, columns are
# pitches, and a cell is 1 while the key is down. Here are the white keys C, D, E, one
# step each:

# %%
# NBVAL_CHECK_OUTPUT
roll = np.zeros((4, 5), dtype=int)  # (T, P): 4 steps, 5 pitches from C4 to E4
roll[0, 0] = roll[1, 2] = roll[2, 4] = 1
print(roll)

# %% [markdown]
# Now a trap. Here are two melodies of one bar. In the first, C4 is held for the whole
# bar. In the second it is struck four times.

# %%
held_note = Score.from_notes([(0, 60, 16)], tempo=100, title="held")
struck_notes = Score.from_notes(
    [(start, 60, 4) for start in (0, 4, 8, 12)], tempo=100, title="struck four times"
)
display(course.play(held_note))
display(course.play(struck_notes))

# %% [markdown]
# **Guess before you run:** in how many cells do their piano rolls differ?

# %%
# NBVAL_CHECK_OUTPUT
pictures = []
for melody in (held_note, struck_notes):
    picture = np.zeros((16, 128), dtype=bool)  # (T, P)
    for note in melody.notes:
        picture[int(note.start) : int(note.end), note.pitch] = True
    pictures.append(picture)
print("cells that differ:", (pictures[0] != pictures[1]).sum())

# %% [markdown]
# In none. The key is down in every step of both. What differs is how often it went
# down, and a single picture does not show that. So the course draws two: `held`, where
# keys are down, and `onsets`, where notes begin. Many well-known data sets and models
# keep only the first. In a moment you will hear what that costs.

# %% exercise="1.3"
from deepcomposer_edu.music.pianoroll import draw_notes

# %%
# NBVAL_CHECK_OUTPUT
for melody in (held_note, struck_notes):
    held, onsets = draw_notes(melody.notes, n_steps=16, low=60, n_pitches=12)
    assert held.shape == onsets.shape == (16, 12)  # (T, P)
    print(melody.title)
    print("  held  ", held[:, 0].astype(int))
    print("  onsets", onsets[:, 0].astype(int))

# %% [markdown]
# The whole chorale is four such pairs, one for each voice: an array of shape (K, T, P),
# K voices, T steps, P pitches. Bach needs only the 48 pitches from C2 to B5 for it.

# %%
# NBVAL_CHECK_OUTPUT
score = chorale.to_score()
rolls = [draw_notes(track.notes, 304, low=36, n_pitches=48) for track in score.tracks]
held = np.stack([picture for picture, _ in rolls])  # (K, T, P)
print(held.shape, "cells:", held.size, "on:", int(held.sum()))

# %% [markdown]
# Only two cells in a hundred are on, because in each step each voice sings one of 48
# pitches. When each voice has one note at a time, a shorter table will do: for each
# step the number of the pitch, or -1 for a rest. The course calls it a **grid**. It is
# the table of whole numbers promised above, here with the second half of the first bar:

# %%
# NBVAL_CHECK_OUTPUT
grid = chorale.grid
print(grid.pitches[:, 8:16])
print(grid.onsets[:, 8:16].astype(int))

# %% [markdown]
# Models give back tables, not notes. To hear what a model made, somebody has to read
# the notes out of its table. In exercise 1.4 that is you. Every composition of this
# course goes through this function.

# %% exercise="1.4"
from deepcomposer_edu.music.grid import voice_notes

# %% [markdown]
# Now the chorale goes through your hands: from the grid to notes, and from notes to
# sound.

# %%
through_your_hands = Score(
    tuple(Track(tuple(voice_notes(grid, voice))) for voice in range(4)), tempo=80
)
course.play(through_your_hands, "The chorale, read from the grid")

# %%
# NBVAL_CHECK_OUTPUT
through_your_hands.notes == chorale.to_score().notes

# %% [markdown]
# And here is what the onsets are worth. The second player has the same pitches without
# onsets, so every repeated note melts into the one before it. Listen to the soprano:
# in this chorale, which words could no longer be sung?

# %%
melted = Grid(grid.pitches)  # no onsets: every run of one pitch is one held note
display(course.play(grid.voices(0), "Soprano"))
display(course.play(melted.voices(0), "Soprano, onsets lost"))

# %%
# NBVAL_CHECK_OUTPUT
n_notes = n_repeated = 0
for piece in chorales:
    same = piece.grid.pitches[:, 1:] == piece.grid.pitches[:, :-1]
    n_repeated += int((same & piece.grid.onsets[:, 1:]).sum())
    n_notes += int(piece.grid.onsets.sum())
print(f"{n_repeated} of {n_notes} notes repeat the one before.")

# %% [markdown]
# Thirteen notes in a hundred. The collection of Bach's chorales that most papers use
# stores pitches alone and has lost them all. The course reads Bach's scores anew to
# keep them.

# %% [markdown]
# ## Scales and keys (22 minutes)
#
# Play any song, and most of its notes come from seven of the twelve letters: its
# **scale**. Add the note that feels like home and you have its **key**. In C major they
# are the white keys of the piano, with C as home.
#
# Octaves do not matter for this: every C counts as C. The remainder of the pitch by 12
# is the **pitch class**, 0 for C to 11 for B. A **histogram** counts how long each of
# them sounds. Here is the one of a chorale in a bright key, drawn in letters:

# %%
bright = next(piece for piece in chorales if piece.bwv == "373")
histogram = duration_histogram(bright.grid)  # (12,)
for name, n_steps in zip(NOTE_NAMES, histogram, strict=True):
    print(f"{name:2s} {'#' * round(n_steps / 8)}")
course.play(bright.to_score(), "Liebster Jesu, wir sind hier, BWV 373")

# %% [markdown]
# Seven long bars and a few short ones. A **major scale** goes up from its home note,
# the **tonic**, by 2, 2, 1, 2, 2, 2 and 1 semitones. From C, that gives these pitch
# classes:

# %%
# NBVAL_CHECK_OUTPUT
print(MAJOR_SCALE, [NOTE_NAMES[degree] for degree in MAJOR_SCALE])

# %% [markdown]
# How much of a piece lies in a scale? For the tonic $k$ the **scale share** is
#
# $$s_k = \frac{\sum_{d \in D} h_{(k + d) \bmod 12}}{\sum_{c=0}^{11} h_c}$$
#
# with $h$ the histogram (`histogram` in the code), $D$ the steps of the scale
# (`MAJOR_SCALE`) and $k$ the tonic (`tonic`). In words: add up the bars of the scale's
# seven notes, and divide by all twelve.

# %% exercise="1.5"
from deepcomposer_edu.music.keys import scale_shares

# %%
shares = scale_shares(histogram)
best = int(np.argmax(shares))
print(f"Most of it lies in {NOTE_NAMES[best]} major: {shares[best]:.1%}.")
print(f"In C major: {shares[0]:.1%}. A key finder says: {find_key(bright.grid).name}.")

# %% [markdown]
# ### Spot the mistake
#
# > We measure quality by the share of notes in C major: the more, the better the music.
#
# That is how one well-known workshop judged its models. Here is Bach, judged like that,
# and with the best of the twelve scales in place of C major:

# %%
in_c, in_best = [], []
for piece in chorales:
    shares = scale_shares(duration_histogram(piece.grid))
    in_c.append(shares[0])
    in_best.append(shares.max())
print(f"in C major: {np.mean(in_c):.0%}   in the best scale: {np.mean(in_best):.0%}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Bach did not write everything in C major, so the first number measures the choice of
# key, not quality. The second is fair to every key. And even there more is not better:
# Bach stays below 100 % on purpose, because notes from outside the scale lead from one
# key into another. A model should come near Bach's number, not above it.
#
# </details>

# %% [markdown]
# ### Find the wrong note, by eye and by ear
#
# Here are the first two bars of *Liebster Jesu*. One note, chosen by chance, is moved
# up by a semitone, out of the scale of G major. Look for it in the picture first. Then
# listen: it is easier to hear than to see. Another seed makes another puzzle.

# %%
rng = np.random.default_rng(seed=0)
scale = [(7 + degree) % 12 for degree in MAJOR_SCALE]  # G major
excerpt = bright.grid.crop(0, 32)
candidates = [
    (voice, note)
    for voice in range(4)
    for note in voice_notes(excerpt, voice)
    if (note.pitch + 1) % 12 not in scale
]
voice, note = candidates[rng.integers(len(candidates))]
spoilt_pitches = excerpt.pitches.copy()
spoilt_pitches[voice, int(note.start) : int(note.end)] += 1
spoilt = Grid(spoilt_pitches, excerpt.onsets)
display(course.plot(spoilt))
display(course.play(spoilt, "One note is wrong"))

# %% [markdown]
# The scale finds it too. It is the one place where a voice leaves G major:

# %%
# NBVAL_CHECK_OUTPUT
for track in from_grid(spoilt).tracks:
    for note in track.notes:
        if note.pitch % 12 not in scale:
            beat = int(note.start) // 4 + 1
            name = note_name(note.pitch)
            print(f"{track.name}, beat {beat}: {name} is not in G major")

# %%
course.play(excerpt, "As Bach wrote it")

# %% [markdown]
# ## From a corpus to batches (18 minutes)
#
# A collection to learn from is called a **corpus**. Ours is split into three parts: the
# network learns from **train**, we tune it by **valid**, and **test** stays locked away
# until the end, because a piece that was seen in training proves nothing.
#
# ### Spot the mistake
#
# > The data set is Bach's 229 chorales.

# %%
# NBVAL_CHECK_OUTPUT
canonical = {"train": 229, "valid": 76, "test": 77}
print("in the split that papers use:", canonical, "together", sum(canonical.values()))
for split in canonical:
    print(f"{split}: {len(load_chorales(split))} found in the scores")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 229 is the train part. The set has 382 pieces. It also matters which pieces are where:
# some test chorales have the tune of a train chorale, since Bach set good tunes many
# times. The course marks the test pieces whose tune is in no other part.
#
# The scores that come with the course contain most, not all, of the 382.
#
# </details>

# %% [markdown]
# Chorales differ in length, and a network wants equal shapes. So each is cut into
# **windows** of two bars, one from each bar line. That also turns two hundred pieces
# into thousands of examples. Cutting at bar lines keeps the strong beat where it is.

# %%
# NBVAL_CHECK_OUTPUT
windows = chorale_windows(chorales, n_steps=32)
print("pitches", windows.pitches.shape)  # (N, K, T)
print("onsets ", windows.onsets.shape)
print("keys   ", windows.keys.shape)

# %% [markdown]
# How should the network see them? One at a time, each step of learning would follow the
# taste of a single example and jump about. All at once, one step would take as long as
# thousands. The way between is a **batch**: a few dozen examples, whose average says
# well enough where to go.
#
# Before each pass through the corpus, an **epoch**, the windows are shuffled. Otherwise
# a batch would hold neighbours from one chorale, all in one key, and the network would
# sway from key to key.

# %% exercise="1.6"
from deepcomposer_edu.corpora.windows import batches

# %%
# NBVAL_CHECK_OUTPUT
arrays = (windows.pitches, windows.onsets, windows.keys)
sizes = [len(keys) for _, _, keys in batches(arrays, batch_size=64, seed=0)]
print(len(sizes), "batches, the first of", sizes[0], "and the last of", sizes[-1])

# %% [markdown]
# What does a batch sound like? Here are its first three windows, one after the other:
# three pieces, three keys, three bits of music that have nothing to do with each other.
# To the network this is a good mixture.

# %%
pitches, onsets, keys = next(batches(arrays, batch_size=64, seed=0))
assert pitches.shape == (64, 4, 32)  # (B, K, T)
three = Grid(
    np.concatenate(list(pitches[:3]), axis=1), np.concatenate(list(onsets[:3]), axis=1)
)
course.play(three, "Three windows of one batch", seconds=18)

# %% [markdown]
# ## Play with it (5 minutes)
#
# The keyboard holds the chorale: press Play and watch the keys. Then press Record, play
# something, and run the cell below it. Without a recording it takes a tune from the
# shelf.

# %%
keyboard = PianoKeyboard()
keyboard.load(from_grid(grid.crop(0, 64), tempo=80, title="Jesu, meine Freude"))
keyboard

# %%
mine = keyboard.recording() if keyboard.has_recording else load_tune("twinkle-twinkle")
shares = scale_shares(duration_histogram(mine))
best = int(np.argmax(shares))
print(f"{shares[best]:.0%} of it lies in {NOTE_NAMES[best]} major.")
course.plot(mine, "Your melody, or a tune from the shelf")

# %% [markdown]
# ## Quiz (4 minutes)

# %%
quiz = course.quiz("01")
quiz

# %% [markdown]
# ## Go further (as long as you like, from 10 minutes)
#
# - In *Find the wrong note*, spoil another note, and ask a friend to find it by ear.
# - `course.show(find_key)` shows the key finder. Which chorales does it call minor
#   although their best scale is major? Listen to two of them.
# - Move a chorale to another key with `grid.transposed(5)`. Which of its numbers
#   change, and what happens to its twelve scale shares?

# %% [markdown]
# ## What you learned
#
# - to **read** a note as a name, a number, a frequency and a MIDI message
# - to **draw** notes as a piano roll, **read** them back, and keep held and repeated
#   notes apart
# - to **measure** how much of a piece lies in a scale, and find a wrong note with it
# - to **cut** a collection of pieces into the batches that a network learns from
#
# ## References
#
# - MIDI Manufacturers Association, 1983 and later. MIDI 1.0 Detailed Specification.
# - Boulanger-Lewandowski, N., Bengio, Y. and Vincent, P., 2012. Modeling Temporal
#   Dependencies in High-Dimensional Sequences. The source of the split into 229, 76 and
#   77 chorales.
# - Krumhansl, C. and Kessler, E., 1982. Tracing the Dynamic Changes in Perceived Tonal
#   Organization. The profiles of the key finder.
# - Cuthbert, M. and Ariza, C., 2010. music21: A Toolkit for Computer-Aided Musicology.
#   The scores of Bach's chorales.
