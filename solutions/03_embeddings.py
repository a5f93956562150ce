# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 03 Embeddings by ear
#
# At the end of this lesson you hear which notes a network takes for alike, you know
# whether it found the circle of fifths by itself, and you walk from a bass to a soprano
# in small steps.
#
# *135 minutes to read and do, best in two sittings: a good place for a break is before
# "Neighbours by ear". About 2 minutes of computing. You need some Python and numpy, and
# torch as far as tensors. Lessons needed first: 00 and 01.*

# %% [markdown]
# ## What you will be able to do
#
# - **look up** vectors in a table, and say what that has to do with one-hot rows
# - **add up** embeddings of note, time, instrument and genre, and **train** a network
#   with them
# - **find** neighbours, and **draw** a table of vectors on a plane without fooling
#   yourself
# - **measure** whether a circle of fifths appears, and **walk** between two vectors

# %% [markdown]
# ## Set-up (1 minute)

# %%
from collections import Counter

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu import course
from deepcomposer_edu.corpora.genres import load_genre
from deepcomposer_edu.corpora.voice_notes import class_pairs, read_voices
from deepcomposer_edu.models.next_note import (
    GENRES,
    INSTRUMENTS,
    LOW_PITCH,
    N_PITCHES,
    NOTES,
    NextNote,
    load_next_note,
    play_on,
)
from deepcomposer_edu.music.circle import CIRCLES, FIFTHS, class_means
from deepcomposer_edu.music.score import NOTE_NAMES, Score
from deepcomposer_edu.music.vectors import line_between, project
from deepcomposer_edu.training.next_note import (
    Examples,
    note_bits,
    shuffled_bits,
    train_next_note,
)
from deepcomposer_edu.viz.embeddings import plot_circles, plot_plane
from deepcomposer_edu.widgets import EmbeddingMap

torch.set_num_threads(1)  # the network is small: more threads would gain little
course.setup(seed=0, lesson="03")

# %% [markdown]
# ## Listen first (5 minutes)
#
# A small network guesses the next note of a voice, and how long it lasts, from the
# twelve notes before. Let it go on by itself and it makes up a melody. It has learned
# from Bach's chorales, Palestrina's masses, quartets by Haydn, Mozart and Beethoven,
# one rag by Joplin, and fiddle tunes. First a fiddle tune:

# %%
shipped = load_next_note()
course.play(play_on(shipped, "violin", "folk", 64), "violin, fiddle tune")

# %% [markdown]
# Now 32 numbers inside the network are exchanged for 32 others, those that stand for
# the genre. Nothing else changes: the same network, the same first note, the same
# chance.

# %%
course.play(play_on(shipped, "violin", "palestrina", 64), "violin, Palestrina")

# %% [markdown]
# And now 32 numbers that stand for the instrument:

# %%
course.play(play_on(shipped, "bass", "palestrina", 64), "bass, Palestrina")

# %% [markdown]
# These are melodies of a small network: they wander, and no phrase comes back. But you
# hear at once which is which. Such 32 numbers are called an **embedding**. In this
# lesson you find out what is in them.

# %% [markdown]
# ## A number says too little (16 minutes)
#
# To a computer a note is a number: C4 is 60, C#4 is 61, C5 is 72. As numbers, C4 and
# C#4 are close, and C4 and C5 are far apart. Is that what you hear?

# %%
pairs = Score.from_notes(
    [(0, 60, 4), (4, 61, 4), (10, 60, 4), (14, 72, 4), (20, 60, 4), (24, 67, 4)]
)
course.play(pairs, "C4 C#4, then C4 C5, then C4 G4")

# %% [markdown]
# C4 and C5 sound so much alike that they have the same letter, and G fits C far better
# than C# does. One number puts all notes on one line. The line is right about height
# and wrong about everything else.
#
# ### Spot the mistake
#
# > We tell the network the instrument as a number: soprano 0, alto 1, tenor 2, bass 3,
# > violin 4, viola 5, cello 6, piano 7.
#
# <details><summary>Answer</summary>
#
# Then a piano is seven times something that an alto is once, a violin is a little more
# of a bass, and halfway between soprano and piano lies something between bass and
# violin. A network multiplies and adds; it takes numbers at their word.
#
# </details>
#
# The opposite extreme claims nothing at all: each thing has a place of its own in a
# row of zeros. Such a row is a **one-hot**. Every two of them are equally far apart.

# %% exercise="3.1"
from deepcomposer_edu.nn.embeddings import one_hot

# %% [markdown]
# Our network knows 63 notes: C2 to C7, a rest, and "start" for what lies before the
# first note. Its **embedding** of notes is a table with a row of 32 numbers for each.
#
# **Guess before you run:** a one-hot row times the table. What comes out?

# %%
# NBVAL_CHECK_OUTPUT
table = shipped.tables()["notes"]  # (V, D)
number = NOTES.index("C4")
row = one_hot(torch.tensor([number]), len(NOTES))  # (1, V)
print("one-hot", tuple(row.shape), "table", tuple(table.shape))
is_row = torch.equal(row @ table, table[[number]])
print("the product is row", number, "of the table:", is_row)

# %% [markdown]
# One row. Everything else is multiplied by 0. So an embedding layer saves itself the
# multiplication and looks the row up. To learning it is all the same. When the network
# errs, each of its numbers gets a **gradient**, which says in which direction a small
# change would make the mistake smaller. Only the rows that were looked up get one:

# %%
# NBVAL_CHECK_OUTPUT
layer = torch.nn.Embedding(6, 4)
layer(torch.tensor([1, 4, 1])).sum().backward()
print("rows with a gradient:", layer.weight.grad.any(dim=1).nonzero()[:, 0].tolist())

# %% [markdown]
# Remember this: as long as a table is only read, the row of a note that never occurs
# stays as chance made it.

# %% [markdown]
# ## Four embeddings (16 minutes)
#
# What should a network know about a note? **What** it is, its pitch. **When** it comes:
# the first beat of a bar is not the last. **Who** plays: a cello seldom climbs to C7.
# And in which **style**: a fiddler hurries where Palestrina takes a breath. Four tables
# hold four embeddings:

# %%
# NBVAL_CHECK_OUTPUT
for name, table in shipped.tables().items():
    print(f"{name:12s}{tuple(table.shape)}")

# %% [markdown]
# All have rows of 32 numbers, so they can be added. If that sounds odd (a pitch plus a
# genre?), think of it as a chord: in 32 numbers there is room for four things to sound
# together and still be told apart. For melodies b and notes t,
#
# $$x_{bt} = n_{bt} + p_{bt} + i_b + g_b$$
#
# with the vectors $n$ of the note (`notes`), $p$ of its place in the bar (`times`), $i$
# of the instrument (`instrument`) and $g$ of the genre (`genre`).

# %% exercise="3.2"
from deepcomposer_edu.nn.embeddings import add_embeddings

# %% [markdown]
# The rest of the network is short. The vectors of twelve notes, and one for the note to
# come, of which place, instrument and genre are known, go through one **layer**: a
# table of numbers by which all are multiplied, and added up (lesson 05). Out comes a
# vector again: the kind of note that should come. It is compared with every row of
# the note table, and the more alike a row is, the likelier its note. The same table
# reads notes and names them.

# %%
course.show(NextNote.think)

# %% [markdown]
# ## Train it (10 minutes)
#
# Every note of every voice is an example: twelve notes before it, and the note itself
# as the answer. The first time, reading the scores can take a minute or two.

# %%
n_pieces = course.amount(10_000, quick=6)
train = {genre: load_genre(genre, "train")[:n_pieces] for genre in GENRES}
valid = {genre: load_genre(genre, "valid")[:n_pieces] for genre in GENRES}
held_back = Examples(valid, shipped.config.n_context)
for genre in GENRES:
    print(f"{genre:11s}{len(train[genre]):5d} pieces to learn from")

# %% [markdown]
# Look at ragtime: one piece. Whatever the network learns about ragtime, it learns about
# *Maple Leaf Rag*. Keep it in mind when you see its point on a map.
#
# Training goes on in this cell, for about a minute. The curve shows the **loss**, the
# mean surprise at the next note and its length: how little the network had expected
# what came. It is given in **nats**; a nat is 1.44 bits, of which more below.

# %%
n_steps = course.steps(1500, quick=4)
runs = len(list(course.my_music().glob("next_note*")))
mine, history = train_next_note(
    course.my_music() / f"next_note_{runs + 1}",  # each time a new folder
    train=train,
    valid=valid,
    n_steps=n_steps,
    sample_every=course.steps(250, quick=2),
    checkpoint_every=n_steps,
)
course.curves(history.rows, "loss", "valid_loss", title="Loss, in nats a note")

# %% [markdown]
# How good are they? A fair measure is the surprise at the next note, in **bits**, on
# music kept back. One bit is the surprise of a tossed coin. A network that knows
# nothing and finds all 63 notes as likely would have 5.98 bits.

# %%
newborn = NextNote().eval()
networks = {"new": newborn, "yours": mine, "shipped": shipped}
for name, network in networks.items():
    print(f"{name:8s}{note_bits(network, held_back):6.2f} bits a note")

# %% [markdown]
# The shipped one had eight times as many steps. Which of the four embeddings does it
# need most? To find out, lie to it: give each example the genre of another, and see how
# the surprise grows. Then the same with the others.
#
# **Guess before you run:** which lie hurts least, which most?

# %%
told = note_bits(shipped, held_back)
print(f"all of it right         {told:5.2f} bits")
for part in ("notes", "places", "instruments", "genres"):
    bits = shuffled_bits(shipped, held_back, part)
    print(f"{part:12s}are wrong   {bits:5.2f} bits, {bits - told:+.2f}")

# %% [markdown]
# The notes themselves matter most, of course, and after them the time. Instrument and
# genre matter less than one might think, for after twelve notes a network hears for
# itself that this is a bass in a chorale. Yet none of the four is there for nothing.

# %% [markdown]
# ## Neighbours by ear (20 minutes)
#
# Now open the table. Which notes have got similar rows? "Similar" shall mean: in the
# same direction, however long they are. The **cosine** of the angle between two vectors
# is
#
# $$\cos(a, b) = \frac{a \cdot b}{\lVert a \rVert \, \lVert b \rVert}$$
#
# with $a$ a row of `table` and $b$ the `vector`: 1 for the same direction, 0 for a
# right angle, -1 for opposite ones.

# %% exercise="3.3"
from deepcomposer_edu.music.vectors import cosine_similarities

# %% exercise="3.4"
from deepcomposer_edu.music.vectors import nearest

# %% [markdown]
# **Guess before you run:** which notes are nearest to C4? C#4 and B3, which are next to
# it on the keyboard? C3 and C5, which have its name? Or others?

# %%
notes = shipped.tables()["notes"].numpy()[:N_PITCHES]  # (61, D), no rest, no start


def neighbours(name: str, n: int = 5) -> list[int]:
    """Print the neighbours of a note, and return their rows."""
    row = NOTES.index(name)
    rows = nearest(notes, row, n)
    cosines = cosine_similarities(notes, notes[row])
    print(name, "is most like", ", ".join(f"{NOTES[r]} {cosines[r]:.2f}" for r in rows))
    return rows


def in_a_row(rows: list[int]) -> Score:
    """Return notes one after the other, the first one twice as long."""
    pitches = [LOW_PITCH + row for row in rows]
    melody = [(0, pitches[0], 8)]
    melody += [(8 + 4 * i, pitch, 4) for i, pitch in enumerate(pitches[1:])]
    return Score.from_notes(melody)


near = neighbours("C4")
course.play(in_a_row([NOTES.index("C4"), *near]), "C4, then its five neighbours")

# %%
for name in ("G4", "D4", "A4", "E5", "F#4"):
    neighbours(name)

# %% [markdown]
# Octaves, fourths and thirds, now and then a semitone. And now a warning: listen to the
# neighbours of C7.

# %%
near = neighbours("C7")
counts = torch.bincount(Examples(train, 1).rows[0], minlength=len(NOTES))
for row in (NOTES.index("C7"), *near, NOTES.index("G4")):
    print(f"{NOTES[row]:4s} was looked up {int(counts[row]):6d} times")
course.play(in_a_row([NOTES.index("C7"), *near]), "C7 and its neighbours")

# %% [markdown]
# The largest cosines of all, and what these notes have in common is that hardly anybody
# plays them. The same table reads notes and names them, and each time that C7 does not
# come, its row is pushed a little away: "not this one". So are the rows of the others.
# **Rare things look alike.** Before you believe in a neighbour, count.

# %% [markdown]
# So count first. Of the notes that were looked up a thousand times or more, how far
# away are the three nearest neighbours, in semitones?

# %%
frequent = [
    row for row in range(N_PITCHES) if counts[row] >= course.amount(1000, quick=10)
]
table = notes[frequent]
intervals = Counter(
    abs(frequent[near] - row)
    for place, row in enumerate(frequent)
    for near in nearest(table, place, 3)
)
for semitones, times in sorted(intervals.items()):
    print(f"{semitones:3d} semitones {'#' * times} {times}")

# %% [markdown]
# Octaves (12) are the same letter. Fourths (5) are the next letter on the circle of
# fifths, which you will meet below. Semitones and thirds are where a melody steps next.
# And hardly a tritone (6), a sixth (8, 9) or a seventh (10, 11), which are no further
# away than an octave. The network was never told what an octave is, or a scale. It was
# told "note 24" and "note 36".

# %% [markdown]
# ## Thirty-two numbers on a plane (20 minutes)
#
# Nobody can look at 32 axes. But perhaps the rows differ mostly along a few of them.
# **Principal component analysis** (PCA, Pearson 1901) turns the axes so that the first
# one shows as much of the differences as one axis can, and the second as much as
# possible of the rest.

# %% exercise="3.5"
from deepcomposer_edu.music.vectors import principal_axes

# %% [markdown]
# The four embeddings, one after the other. First the instruments. Remember that the
# network never hears a sound: it sees numbers of notes and the number of who plays.
#
# **Guess before you run:** where will the viola lie?


# %%
def plane(table: np.ndarray, names: list[str], caption: str, **more) -> object:
    """Draw the rows of a table on their first two principal axes."""
    _, shares = principal_axes(table)
    axes = plot_plane(project(table), names, axes_shares=shares, **more)
    return course.picture(axes, f"Points on a plane: {', '.join(names)}.", caption)


instruments = shipped.tables()["instruments"].numpy()
plane(instruments, list(INSTRUMENTS), "Instruments")

# %% [markdown]
# Soprano, alto, tenor and bass lie in the order in which they stand on the stage, and
# violin, viola and cello run beside them: two families, each from high to low. The
# piano lies by itself; it plays one rag, and nobody else does.
#
# Next, the places in the bar, counted in sixteenths from 0:

# %%
places = shipped.tables()["places"].numpy()[:16]
kinds = {0: "a beat", 2: "an eighth between", 1: "a sixteenth", 3: "a sixteenth"}
plane(places, [str(i) for i in range(16)], "Places in the bar",
      groups=[kinds[i % 4] for i in range(16)])  # fmt: skip

# %% [markdown]
# Time has become metre. The network was given sixteen numbers without an order. It
# found that 1, 5, 9 and 13 are of one kind, and 3, 7, 11 and 15 of another. Are beats
# and the eighths between them of one kind as well? On the plane they look it. Ask the
# cosines:

# %%
for place in (0, 2):
    cosines = cosine_similarities(places, places[place])
    text = ", ".join(f"{r} ({cosines[r]:.2f})" for r in nearest(places, place, 3))
    print(f"Place {place} is most like {text}.")

# %% [markdown]
# They are told apart, along axes that the picture does not show. Now the genres:

# %%
genres = shipped.tables()["genres"].numpy()
plane(genres, list(GENRES), "Genres")

# %% [markdown]
# It is tempting to read this like a map. The two kinds of church music lie side by
# side, well. But five points always lie somewhere, and in two of four axes. The cosines
# between genres are small, so all one may say is: the network holds them well apart.
# And "ragtime" is one piece.

# %% [markdown]
# ## Does the circle of fifths appear? (24 minutes)
#
# Musicians have long put the twelve letters on a circle: from each to the next a
# **fifth** up, 7 semitones. After twelve fifths one is home again. Keys beside each
# other on the circle share six of seven notes; keys across from each other share two.
# Here it is, all the way round:

# %%
# NBVAL_CHECK_OUTPUT
print(" ".join(NOTE_NAMES[pitch_class] for pitch_class in [*FIFTHS, 0]))

# %%
fifths = [(4 * i, 48 + pitch_class, 4) for i, pitch_class in enumerate([*FIFTHS, 0])]
course.play(Score.from_notes(fifths, tempo=160), "Round the circle of fifths")

# %% [markdown]
# Nobody told the network of any circle. To see whether it drew one, take for each
# letter the mean of its rows in all octaves: twelve vectors. Here they are on their
# first two principal axes, with a line from fifth to fifth.

# %%
classes = class_means(notes, np.arange(N_PITCHES) + LOW_PITCH)  # (12, D)
plane(classes, list(NOTE_NAMES), "Twelve pitch classes, joined by fifths",
      path=[*FIFTHS, 0])  # fmt: skip

# %% [markdown]
# The line runs round the plane, and it hardly ever crosses itself. But a picture
# persuades quickly, and these are two axes of 32. How much of the vectors does lie on
# that circle?
#
# Think of a clock whose hand makes `turns` rounds while you walk from C up through the
# twelve semitones. With one turn the hand moves on by an hour at each semitone. With
# five turns it moves on by five hours, and after C it visits the letters so that those
# a fifth apart become neighbours. Multiply each vector by its hand and add up:
#
# $$f_k = \sum_{c=0}^{11} e^{-2 \pi i k c / 12} \, v_c$$
#
# with the twelve `vectors` $v_c$ and $k$ turns. If the vectors lie on the circle of
# $k$ turns, the sum is long; if not, they cancel out. Twelve minus $k$ turns are the
# same circle walked backwards, so there are six:

# %%
# NBVAL_CHECK_OUTPUT
for turns, name in enumerate(CIRCLES, start=1):
    order = [NOTE_NAMES[c] for c in sorted(range(12), key=lambda c: turns * c % 12)]
    print(f"k = {turns}, {name:13s}", " ".join(order))

# %% exercise="3.6"
from deepcomposer_edu.music.circle import circle_shares


# %%
def classes_of(network: NextNote) -> np.ndarray:
    """Return the twelve mean vectors of a network, (12, D)."""
    rows = network.tables()["notes"].numpy()[:N_PITCHES]
    return class_means(rows, np.arange(N_PITCHES) + LOW_PITCH)


found = {name: circle_shares(classes_of(network)) for name, network in networks.items()}
course.picture(plot_circles(found), "Shares of six circles, in three networks.")

# %% [markdown]
# A new network has about 18 % in each of the first five and half as much in the last,
# which has but one way to be walked: that is what chance gives.
# In the trained ones the fifths stand out, and semitones have less than chance would
# give them. Is that more than luck? Shuffle the twelve names, a thousand times, and see
# how often chance does as well with these same vectors:

# %%
rng = np.random.default_rng(seed=0)
for name in ("yours", "shipped"):
    vectors = classes_of(networks[name])
    by_chance = [circle_shares(vectors[rng.permutation(12)])[4] for _ in range(1000)]
    print(
        f"{name:8s}fifths {found[name][4]:.0%}; by chance {np.mean(by_chance):.0%}, at "
        f"most {max(by_chance):.0%} in 1000 shufflings"
    )

# %% [markdown]
# So the honest answer is: **yes, a circle of fifths appears, and it is not all that
# appears.** The larger part of the vectors says other things: how high, how frequent,
# which step comes next.
#
# Is it the cleverness of networks that found it? Count instead: how often do two
# letters stand near each other in a melody? Each letter's row of counts, compared with
# what its frequency alone would give, is a vector too. Once for notes side by side, and
# once for notes up to twelve apart.

# %%
voices = read_voices(piece for pieces in train.values() for piece in pieces)
counted = {}
for reach, name in ((1, "counted side by side"), (12, "counted up to 12 apart")):
    pairs = class_pairs(voices, reach) + 1  # one more, so that none is 0
    share = pairs.sum(axis=0) / pairs.sum()
    surprise = np.log(pairs / pairs.sum() / np.outer(share, share))
    counted[name] = circle_shares(surprise)
course.picture(
    plot_circles({"shipped": found["shipped"], **counted}),
    "Shares of six circles, in the network and in counts.",
)

# %% [markdown]
# The circle is in the music. From note to note melodies move in small steps, so side by
# side the neighbours of the keyboard keep company. Over a phrase melodies stay in one
# scale, and there fifths keep company. Counting shows both, each in its own table. The
# network had to hold both in one, since its table must say what may come next and which
# scale we are in. That is what embeddings do: they keep the company that things keep
# (for words: Mikolov and others, 2013).
#
# ### Spot the mistake
#
# > On the plane, C and D lie on top of each other. So the network takes C for nearly
# > the same as D, and as far from F.

# %%
for other in ("G", "F", "D", "C#", "F#"):
    cosine = cosine_similarities(classes, classes[0])[NOTE_NAMES.index(other)]
    print(f"C and {other:2s}  cosine {cosine:.2f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The cosines see all 32 numbers, and there C is most like its two neighbours on the
# circle, F and G, and not like D at all. The plane shows less than half of the
# variance: whatever differs along the other axes is pressed flat. Points that lie apart
# on a principal plane are apart; points that lie together may be anything.
#
# </details>

# %% [markdown]
# ## Walk along a line (9 minutes)
#
# Between two rows of a table there is a line, and every point on it is a vector that
# the network has never seen. What does it make of them? Nine steps from the bass to the
# soprano, the same first note and the same chance each time:

# %% tags=["show"]
from deepcomposer_edu.music.vectors import line_between

# %%
bass, soprano = (instruments[INSTRUMENTS.index(name)] for name in ("bass", "soprano"))
line = line_between(bass, soprano, 9)
n_tries = course.amount(6, quick=1)
for place, vector in enumerate(line):
    melodies = [
        play_on(shipped, torch.tensor(vector), "chorale", 128, first=57, seed=seed)
        for seed in range(n_tries)
    ]
    mean = np.mean([note.pitch for melody in melodies for note in melody.notes])
    print(f"place {place + 1}: mean pitch {mean:5.1f}  {' ' * int(mean - 45)}*")

# %% [markdown]
# On the whole it climbs. Nobody in the data is half a bass and half a soprano, and the
# network sings that part all the same. Listen to the first, the middle and the
# last place:

# %%
for place in (0, 4, 8):
    vector = torch.tensor(line[place])
    melody = play_on(shipped, vector, "chorale", 64, first=57, tempo=100)
    display(course.play(melody, f"place {place + 1} of 9"))

# %% [markdown]
# ## Play with it (10 minutes)
#
# A map of all notes. Click one and hear it; its neighbours are listed beside it, and
# **Hear them** plays them in order. Below, choose two notes and walk from one to the
# other: at each place the three rows that are most alike sound together, the nearer the
# louder. Do you pass any other note on the way? With the keyboard: Tab to the map, then
# arrow keys, N for the neighbours, W for the walk.

# %%
EmbeddingMap(
    notes,
    NOTES[:N_PITCHES],
    [LOW_PITCH + row for row in range(N_PITCHES)],
    [f"octave {name[-1]}" for name in NOTES[:N_PITCHES]],
    title="Notes",
    walk=("C4", "F#4"),
)

# %% [markdown]
# And a map of styles. Here each point plays a melody, and each place of the walk has a
# melody of its own, made up by the network from a vector between two genres. Walk from
# Palestrina to the fiddle tunes: where does it begin to dance?

# %%
EmbeddingMap(
    genres,
    GENRES,
    [play_on(shipped, "violin", genre, 48, first=67, seed=1) for genre in GENRES],
    title="Genres, each played by a violin",
    n_neighbours=4,
    walk=("palestrina", "folk"),
    make=lambda vector: play_on(
        shipped, "violin", torch.tensor(vector), 48, first=67, seed=1
    ),
)

# %% [markdown]
# ## Quiz (4 minutes)

# %%
quiz = course.quiz("03")
quiz

# %% [markdown]
# ## Go further (as long as you like, from 10 minutes)
#
# - Compare `circle_shares` of your network after 500, 1000 and 1500 steps. In our runs
#   the fifths stood out more early on than in the end. Is it so in yours?
# - Train with one genre alone: `train={"folk": train["folk"]}`. Which circle comes out
#   of fiddle tunes, which out of Palestrina?
# - A famous trick with words is "king - man + woman". Try `violin - cello + bass` with
#   the instruments. What is nearest, and how does it sound?
# - Lesson 10 adds a genre embedding to a Transformer in the same way.

# %% [markdown]
# ## What you learned
#
# - to **look up** vectors in a table, and what that has to do with one-hot rows
# - to **add up** embeddings of note, time, instrument and genre, and **train** a
#   network with them
# - to **find** neighbours, and **draw** a table of vectors on a plane without fooling
#   yourself
# - to **measure** whether a circle of fifths appears, and **walk** between two vectors
#
# ## References
#
# - Pearson, K., 1901. On Lines and Planes of Closest Fit to Systems of Points in Space.
#   The first principal components.
# - Bengio, Y., Ducharme, R., Vincent, P. and Jauvin, C., 2003. A Neural Probabilistic
#   Language Model. The network of this lesson, with words for notes.
# - Mikolov, T., Sutskever, I., Chen, K., Corrado, G. and Dean, J., 2013. Distributed
#   Representations of Words and Phrases and their Compositionality.
# - Press, O. and Wolf, L., 2017. Using the Output Embedding to Improve Language Models.
#   One table to read and to name.
# - Breiman, L., 2001. Random Forests. Measuring what a model needs by shuffling it.
# - Quinn, I., 2006. General Equal-Tempered Harmony. The turns of the clock, for chords.
# - Chuan, C.-H., Agres, K. and Herremans, D., 2020. From Context to Concept: Exploring
#   Semantic Relationships in Music with Word2Vec.
