# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 10 Attention and the Transformer
#
# At the end of this lesson eight bars grow to sixteen: a Transformer has written the
# other eight, and you have seen and heard which earlier chords it looked at.
#
# *170 minutes to read and do, best in two sittings: a good place for a break is before
# "Never compute a step twice". One core of your computer works for about 4 minutes. You
# need some Python, and torch as far as `backward`. Lessons needed first: 01, and 04 for
# drawing the next note; 03 and 05 help.*

# %% [markdown]
# ## What you will be able to do
#
# - **build** attention from linear maps, a dot product and a weighted sum
# - **test** whether a network looks ahead, and **hear** what becomes of one that does
# - **read** what the heads of a trained Transformer look at
# - **write** music with it: fast, with the chance you want, without parallel fifths

# %% [markdown]
# ## Set-up (1 minute)

# %%
import copy
import math
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, cat

from deepcomposer_edu import course
from deepcomposer_edu.compose import compose
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.windows import chorale_windows
from deepcomposer_edu.models.chorale_writer import load_transformer
from deepcomposer_edu.models.counterpoint import PERFECT
from deepcomposer_edu.models.ladder import ladder
from deepcomposer_edu.models.melody_transformer import (
    HOLD,
    LOW,
    N_TOKENS,
    SILENCE,
    MelodyTransformer,
    MelodyTransformerConfig,
    melody_tokens,
    tokens_to_grid,
)
from deepcomposer_edu.music.battery import battery
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.score import note_name
from deepcomposer_edu.music.theory import parallels
from deepcomposer_edu.nn.attention import NOT_ALLOWED, Cache
from deepcomposer_edu.nn.leaks import worst_leak
from deepcomposer_edu.nn.sampling import NEVER, keep_top_k, softmax
from deepcomposer_edu.training.pieces import PieceSet, piece_frames
from deepcomposer_edu.training.transformer import frame_loss, nats_per_note, pooled
from deepcomposer_edu.viz.attention import plot_choices, plot_lines
from deepcomposer_edu.widgets import AttentionView, Sliders

torch.set_num_threads(1)  # the networks are small: more threads would gain little
course.setup(seed=0, lesson="10")

# %% [markdown]
# ## Listen first (4 minutes)
#
# Eight bars of a chorale by Bach that the network has never seen, then eight more that
# are not by him. **Guess before you look:** where is the join? It plays a little faster
# than chorales are sung, so that all of it fits.

# %%
writer = load_transformer()
valid = load_chorales("valid")
chorale = valid[3]
eight_bars = chorale.grid.crop(0, 128)
grown = writer.extend(eight_bars, course.amount(128, quick=8), seed=1)
heard = from_grid(grown, tempo=108, title=chorale.title)
course.play(heard, f"{chorale.title}: eight bars by Bach, then the network", seconds=37)

# %%
course.plot(grown, "The network goes on at bar 9.")

# %% [markdown]
# Judge with your ears and keep the judgement for later: do the chords belong together?
# Do the voices sing? Does it know where it is going? The first two are usually better
# than the third.

# %% [markdown]
# ## A question to the past (20 minutes)
#
# Sing *Twinkle, Twinkle* and stop after "little". You know what comes, for you remember
# how the line began, and that such lines answer each other. A recurrent network (lesson
# 04) has to carry everything that may matter later through every step. **Attention**
# goes back and looks, and a **Transformer** is a network that is built from it.
#
# Every step asks a question, its **query**. Every step holds up a sign, its **key**,
# and has something to give, its **value**. All three are **linear maps** of the step's
# vector $x$, such as $q = W x + b$: each number that comes out is a sum of those that
# go in, each times a number that is learned (lesson 05). Where a query and a key agree,
# their **dot product** is large: multiply them number by number, and add up. A softmax
# (lesson 04) turns these scores into shares, and what a step takes home is the
# **weighted sum** of the values, each times its share:
#
# $$a_{ts} = \text{softmax}_s\!\left(\frac{q_t \cdot k_s}{\sqrt{D}}\right), \qquad
#   \text{mixed}_t = \sum_s a_{ts}\, v_s$$
#
# Here $t$ is the step that looks, $s$ a step that is looked at, $D$ how many numbers a
# query has, and $a$ the shares, which the code calls `weights`.
#
# The smallest example: let query and key be the pitch class itself, as a one-hot
# (twelve numbers, all 0 but one) times six. Then the question is "where is my note?"
# Here the last G of *Twinkle*'s first line asks:

# %%
# NBVAL_CHECK_OUTPUT
line = ["C", "C", "G", "G", "A", "A", "G"]
classes = torch.tensor(["C D EF G A B".index(name) for name in line])
sign = 6.0 * F.one_hot(classes, 12)  # (T, 12)
scores = sign @ sign[-1] / math.sqrt(12)  # (T,): the last G asks all seven
shares = softmax(scores)
for name, share in zip(line, shares.tolist(), strict=True):
    print(f"{name}  {share:4.0%}")

# %% [markdown]
# The three Gs share the attention, the one that asks among them, and the others get
# next to nothing: a soft kind of looking something up. If the value of a step were its
# place in the song, the last G would take home the mean place of all Gs.
#
# Why the root of $D$? Dot products of long vectors are large and lie far apart, and
# then a softmax gives nearly everything to one step. Hardly any gradient is left to
# learn from. Queries and keys drawn at random show it: of the eight shares that a query
# gives away, how large is the largest, on average?

# %%
# NBVAL_CHECK_OUTPUT
random = torch.Generator().manual_seed(0)
for D in (4, 64, 1024):
    q, k = torch.randn((2, 1000, 8, D), generator=random)  # 1000 times, 8 steps
    dots = (q[:, :1] * k).sum(-1)  # (1000, 8)
    largest = [softmax(s).amax(-1).mean() for s in (dots, dots / math.sqrt(D))]
    print(f"D = {D:4d}: largest share {largest[0]:.1f}, with the root {largest[1]:.1f}")

# %% [markdown]
# With the root, the largest share stays much the same, however long the vectors are.
#
# Now write attention in full. The letters: B pieces at once, H **heads** (explained
# below; all are treated alike), T steps that ask, S steps that are looked at, D numbers
# for each. `bias` and `mask` are for the sections to come. The bias is added to the
# scores. Where the mask is False, the score becomes `NOT_ALLOWED`, minus infinity,
# before the softmax.

# %% exercise="10.1"
from deepcomposer_edu.nn.attention import attend

# %% [markdown]
# One question is not enough: a note may want to know the chord, the beginning of its
# phrase, and what it was a bar ago. So the numbers of each step, its channels, are
# parted among the heads, each with its own queries, keys and values, and the answers
# are put side by side again.

# %% tags=["show"]
from deepcomposer_edu.nn.attention import split_heads

# %%
# NBVAL_CHECK_OUTPUT
x = torch.randn((1, 7, 12), generator=random)  # (B, T, C)
heads = split_heads(x, n_heads=3)  # (B, H, T, D)
mixed, weights = attend(heads, heads, heads)
print("heads  ", tuple(heads.shape), "batch, heads, steps, channels of a head")
print("weights", tuple(weights.shape), "batch, heads, steps that look, looked at")
print("a row sums to", round(weights[0, 0, 0].sum().item(), 4))

# %% [markdown]
# ## Do not look ahead (22 minutes)
#
# We want to predict the next note, so in training every step has to guess what follows
# it, and all steps do so at the same time. There lies a danger: the answer stands right
# beside the question. A **mask** hides it. Where a step must not look, the score is set
# to minus infinity before the softmax, so that its share is exactly 0. A mask that
# hides all that comes later is called **causal**.
#
# Sometimes only the newest steps ask, since the older ones have done so before: with
# ten keys and two queries, the queries are the steps 8 and 9, counted from 0. A later
# section, on the cache, lives on that.

# %% exercise="10.2"
from deepcomposer_edu.nn.attention import causal_mask

# %% [markdown]
# A wrong mask raises no error, and the loss looks better than ever. So it is tested
# for, with a rule that needs no knowledge of the inside: **changing the future must not
# change the past**.

# %% exercise="10.3"
from deepcomposer_edu.nn.leaks import leak

# %% [markdown]
# ### Spot the mistake
#
# The line that hides the future, written four times. All four run, and all four give
# weights of the right shape.
#
# **Guess before you run:** with which do networks look ahead?


# %%
# NBVAL_CHECK_OUTPUT
def first(scores: Tensor) -> Tensor:
    """Return weights: what is hidden gets no share."""
    return scores.softmax(-1) * causal_mask(8, 8)


def second(scores: Tensor) -> Tensor:
    """Return weights: what is hidden gets a score of 0."""
    return scores.masked_fill(~causal_mask(8, 8), 0.0).softmax(-1)


def third(scores: Tensor) -> Tensor:
    """Return weights: what is hidden gets minus infinity."""
    return scores.masked_fill(~causal_mask(8, 8), NOT_ALLOWED).softmax(-1)


def fourth(scores: Tensor) -> Tensor:
    """Return weights: as the third, the mask made for one step more and cut."""
    return scores.masked_fill(~causal_mask(9, 9)[1:, :8], NOT_ALLOWED).softmax(-1)


now, other = torch.randn((2, 1, 8, 4), generator=random)
for hide in (first, second, third, fourth):

    def look_back(x: Tensor, hide: Callable = hide) -> Tensor:
        return hide(x @ x.transpose(1, 2) / 2) @ x

    step, size = worst_leak(look_back, now, other)
    verdict = f"leaks, most at step {step}" if size > 1e-6 else "does not leak"
    print(f"{hide.__name__:8s}{verdict}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# - The **first** masks after the softmax. The shares of the future are gone, but they
#   were in the sum that all shares were divided by: a large score ahead makes all
#   shares of the past smaller.
# - The **second** sets hidden scores to 0. exp(0) is 1, and that is a share like any
#   other.
# - The **third** is right.
# - The **fourth** is off by one: each step sees the next one, which is the very answer.
#
# </details>
#
# Next, what the fourth one's mistake does to music. For that we need a network to make
# it in.

# %% [markdown]
# ## How far back? (14 minutes)
#
# One thing attention cannot do yet: tell an early step from a late one among those that
# it looks at. A weighted sum is the same in whatever order its parts come.

# %%
# NBVAL_CHECK_OUTPUT
notes = torch.randn((3, 4), generator=random)  # three notes, as vectors
question = torch.randn((1, 4), generator=random)
up, down = notes, notes.flip(0)  # C E G and G E C
same = torch.allclose(attend(question, up, up)[0], attend(question, down, down)[0])
print("C E G and G E C are the same to a step that looks back:", same)

# %% [markdown]
# In music, "a bar ago" says more than "in step 37". So each head gets a number for each
# **distance**, 0 for the step itself, which is added to the score: the bias of 10.1. It
# is learned like everything else, and it means the same in bar 2 as in bar 20. (The
# first Transformer added waves to its inputs instead; relative distances came a year
# later and predicted Bach's chorales better: 0.357 instead of 0.417 in the measure of
# the ladder below, where less is better.)
#
# As in 10.2, the queries are the last of the keys' steps.

# %% exercise="10.4"
from deepcomposer_edu.nn.attention import relative_bias

# %% [markdown]
# Attention brings things together; something has to think about them. So a **block** of
# a Transformer is attention and then, at each step by itself, two linear maps with a
# bend between them (`gelu`, a rounder `relu`). A layer norm stands in front of each of
# the two parts, and each part *adds* to what was there. So what came in is not lost,
# and the gradient has a free way back. (Layer norm, `relu` and dropout are in lesson
# 05; what the cache is for comes later in this one.)

# %% tags=["show"]
from deepcomposer_edu.nn.attention import TransformerBlock

# %% [markdown]
# ## Your Transformer (20 minutes)
#
# Here is the plainest Transformer that writes a tune: an embedding for each token,
# which is a row of numbers that are learned; two blocks; and a last layer norm and
# linear map that give the logits of the token that follows.

# %%
course.show(MelodyTransformer.forward)

# %% [markdown]
# It learns the sopranos of Bach's chorales, eight bars at a time, moved to C major or A
# minor. A token stands for an eighth: a pitch that begins, or "hold", or silence.


# %%
# NBVAL_CHECK_OUTPUT
def sopranos(split: str) -> Tensor:
    """Return the sopranos of a split in excerpts of eight bars, (N, 64) tokens."""
    windows = chorale_windows(load_chorales(split), n_steps=128)
    pitches = windows.pitches[:, 0].astype(int)  # (N, 128)
    in_c = np.where(pitches >= 0, pitches + windows.keys[:, None], -1)
    return melody_tokens(in_c, windows.onsets[:, 0])


def in_words(tokens: Tensor) -> str:
    """Return tokens as names: '-' holds the note, '.' is silence."""
    names = {HOLD: "-", SILENCE: "."}
    return " ".join(names.get(t) or note_name(t + LOW) for t in tokens.tolist())


learn, judge = sopranos("train"), sopranos("valid")
print(tuple(learn.shape), tuple(judge.shape), "of", N_TOKENS, "tokens")
print(in_words(judge[20, :24]))

# %% [markdown]
# Input and target are the same tokens, one step apart, as in lesson 04. The loss is the
# mean of $-\ln p$, where $p$ is the probability that the network gave to the token that
# came. With the natural logarithm its unit is the **nat**. That is all the training
# there is:


# %%
def loss_of(network: MelodyTransformer, tokens: Tensor) -> Tensor:
    """Return the mean -ln p of each next token, in nats."""
    logits = network(tokens[:, :-1])  # (B, T - 1, V)
    return F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())


n_judged = course.amount(200, quick=32)


def train(config: MelodyTransformerConfig, n_steps: int) -> tuple:
    """Return a trained network, and its losses: (step, learned from, not seen)."""
    torch.manual_seed(0)
    network, rows = MelodyTransformer(config), []
    adam = torch.optim.Adam(network.parameters(), lr=2e-3)
    random = torch.Generator().manual_seed(0)
    for step in range(1, n_steps + 1):
        chosen = torch.randint(len(learn), (32,), generator=random)
        loss = loss_of(network.train(), learn[chosen])
        adam.zero_grad()
        loss.backward()
        adam.step()
        if step % 100 == 0 or step == n_steps:
            with torch.no_grad():
                unseen = loss_of(network.eval(), judge[:n_judged]).item()
            rows.append((step, loss.item(), unseen))
    return network, rows


# %% [markdown]
# Three networks, about a quarter of a minute each: a whole one, one that knows no
# distances, and one with the fourth mask.
#
# **Guess before you run:** which will have the lowest loss, and which will write the
# best tune?

# %%
whole = MelodyTransformerConfig()
kinds = {
    "whole": whole,
    "without distances": replace(whole, has_positions=False),
    "looks one step ahead": replace(whole, looks_ahead=True),
}
trained = {
    name: train(config, course.steps(400, quick=4)) for name, config in kinds.items()
}
for name, (_, rows) in trained.items():
    print(f"{name:22s}{rows[-1][2]:6.3f} nats a token on music it has not seen")
    if name == "whole":
        network = trained[name][0]

# %%
steps = [row[0] for row in trained["whole"][1]]
curves = {name: [row[2] for row in rows] for name, (_, rows) in trained.items()}
course.picture(
    plot_lines(steps, curves, "training step", "nats a token"),
    "Loss on unseen music: the network that looks ahead falls to nearly nothing.",
)

# %% [markdown]
# By its loss the third is a genius. Now let each of them go on after the first two bars
# of a melody by Bach.

# %%
start = judge[20, :16]
for name, (each, _) in trained.items():
    tune = each.write(start, 48, temperature=0.9, seed=1)
    print(f"{name}: {in_words(tune[16:40])}")
    display(course.play(tokens_to_grid(tune), name, seconds=20))

# %% [markdown]
# The one that looks ahead has learned to copy what it sees next. When it writes, there
# is nothing next, and it tends to copy the last thing there is: one note, held for
# ever, or a rattle of it. It has learned next to nothing about music. The one without
# distances knows which notes are common, but hardly what was a moment ago and what was
# long ago: listen for a rhythm that stumbles. The whole one has rhythm and steps, and
# wanders: about 100,000 numbers, trained in seconds on tunes alone, have no idea of a
# goal.
#
# Does `leak` see it, too?

# %%
# NBVAL_CHECK_OUTPUT
for name, (each, _) in trained.items():
    size = worst_leak(each.eval(), judge[:1, :12], judge[1:2, :12])[1]
    print(f"{name:22s}{'leaks' if size > 1e-4 else 'does not leak'}")

# %% [markdown]
# ## What it looks at (14 minutes)
#
# Attention can be looked at, and that is rare in a network. Here is yours over a melody
# of Bach's. The stronger the colour of a step, the more it is looked at from the step
# with the frame. Move the layer's slider (a layer is a block), choose heads by their
# pictures, point at notes; click one to hear what it looks at and then itself.

# %%
tune = judge[20]
view = AttentionView(
    tokens_to_grid(tune),
    network.attention(tune),
    starts=range(0, 2 * len(tune) + 1, 2),
    layer=2,
    position=40,
)
view

# %% [markdown]
# A diagonal line in a head's picture means "always so many steps back". The distances
# that the heads of the second layer have learned to prefer:

# %%
tables = network.blocks[1].attention.distance.detach()[:, :33]  # (H, 33)
lines = {f"head {h + 1}": row.tolist() for h, row in enumerate(tables)}
course.picture(
    plot_lines([d / 2 for d in range(33)], lines, "beats back", "added to the score"),
    "What each head adds to the score for each distance.",
)

# %% [markdown]
# Now the network that the course ships: four blocks of four heads, four voices, trained
# for longer and on much more. Its step is a sixteenth. The step that looks is the one
# that is about to be written, so it sees what came before it and not itself.


# %%
def on_what_sounds(weights: np.ndarray) -> np.ndarray:
    """Return weights moved by a step: place s holds the frame before s."""
    moved = np.roll(weights, -1, axis=-1)  # "before the piece" comes last ...
    moved[..., -1] = 0  # ... and is left out
    moved[..., 0, 0] = 1  # the first step has nothing to look at
    return moved / moved.sum(-1, keepdims=True)


seen = on_what_sounds(writer.attention(eight_bars))
AttentionView(from_grid(eight_bars, 80, title=chorale.title), seen, layer=3)

# %% [markdown]
# How far do its heads look? The shares that the steps from bar 5 on give away, put in
# three bins:

# %%
n = seen.shape[-1]
distance = np.subtract.outer(np.arange(n), np.arange(n))  # (T, T)
bins = {
    "within a beat": distance <= 4,
    "to a bar": (distance > 4) & (distance <= 16),
    "farther": distance > 16,
}
print("layer head" + "".join(f"{name:>15s}" for name in bins))
for layer, head in np.ndindex(seen.shape[:2]):
    late = seen[layer, head, 64:]  # steps with enough behind them
    parts = [(late * where[64:]).sum(-1).mean() for where in bins.values()]
    print(f"{layer + 1:5d}{head + 1:5d}" + "".join(f"{part:15.0%}" for part in parts))

# %% [markdown]
# Be careful with what you see. Attention says where a layer takes numbers from, not why
# a note was chosen: the linear maps after it may use a small share a great deal and a
# large one not at all. It is a good source of ideas, and each idea wants a test, such
# as changing the bar that is looked at and seeing whether the next note changes.

# %% [markdown]
# ## Never compute a step twice (14 minutes)
#
# To write step 100, the network needs the keys and values of the 99 steps before. When
# it wrote step 99 it had computed 98 of them. Since nothing looks ahead, they cannot
# have changed. So they are kept, in a **cache**, and each new step needs only its own
# query, key and value.
#
# The exercise is a method: `self` is the cache, whose `self.key` and `self.value` are
# None at the beginning. When it is called, S steps are there already and T new ones
# come.

# %% exercise="10.5"
# its method `extend` is what the exercise asks for
from deepcomposer_edu.nn.attention import Cache as extend  # noqa: N813

# %% [markdown]
# The test of a cache is again a rule that needs no knowledge of the inside: **step by
# step must give the same as all at once**.

# %%
# NBVAL_CHECK_OUTPUT
q, k, v = torch.randn((3, 1, 2, 10, 8), generator=random)  # (B, H, T, D) each
at_once = attend(q, k, v, causal_mask(10, 10))[0]
cache, one_by_one = Cache(), []
for t in range(10):
    keys, values = extend(cache, k[:, :, t : t + 1], v[:, :, t : t + 1])
    mask = causal_mask(1, keys.shape[2])
    one_by_one.append(attend(q[:, :, t : t + 1], keys, values, mask)[0])
print("the same:", torch.allclose(cat(one_by_one, dim=2), at_once, atol=1e-5))
print("kept:", tuple(cache.key.shape))

# %% [markdown]
# What is it worth? Your own network writes on to a length of up to 512 tokens, with the
# cache and without.
#
# **Guess before you run:** without a cache, step $t$ costs about $t$ times as much as
# the first. What does a piece of twice the length then cost in all?

# %%
lengths = course.amount(512, quick=64) * np.array([0.125, 0.25, 0.5, 1.0])
times = {"without the cache": [], "with the cache": []}
for length in lengths.astype(int).tolist():
    for name, uses_cache in zip(times, (False, True), strict=True):
        begin = time.perf_counter()
        network.write(start, length - len(start), uses_cache=uses_cache)
        times[name].append(time.perf_counter() - begin)
slow, fast = (values[-1] for values in times.values())
print(
    f"{lengths[-1]:.0f} tokens: {slow:.1f} s and {fast:.1f} s, {slow / fast:.0f} times"
)
course.picture(
    plot_lines(lengths, times, "tokens", "seconds"),
    "Time to write a piece: with the cache it grows nearly as the length does, without "
    "it faster.",
)

# %% [markdown]
# With the cache the cost grows nearly as the length does. Without it each step costs
# more than the one before, and so a long piece of twice the length costs about four
# times as much, in the end even more; in short ones other work hides some of that. Same
# notes, same seed: the cache changes nothing but the time.

# %% [markdown]
# ## How good is a guess? A ladder (10 minutes)
#
# Of a network that predicts one can ask exactly how well it does so: the mean of
# -ln p(note) over all notes of pieces it has not seen, in **nats per note**, where each
# voice at each sixteenth counts as a note. 0 would be knowing everything; a choice
# among 47 pitches and silence without any knowledge is ln 48 = 3.87. Between them
# stands a ladder, and the fewer nats, the higher the rung. The lower rungs are models
# that only count: how often each note comes ("unigram"); by which interval a voice
# moves; the same for each place of the bar; the same for whether the voices already
# known in this step have moved; the same for how long the note has been held. Above
# them stand two networks: one with an LSTM (lesson 04), and the course's Transformer,
# which differs from it in having attention in that place.

# %%
n_pieces = course.amount(len(valid), quick=2)
learned = [piece.grid.pitches for piece in load_chorales("train")]
learned = learned[: course.amount(len(learned), quick=5)]
judged = [piece.grid.pitches for piece in valid[:n_pieces]]
rungs = {"no knowledge": math.log(48)}
for name, model in ladder().items():
    model.learn(learned)
    nats = sum(model.nats(pitches) for pitches in judged)
    rungs[name] = nats / sum(pitches.size for pitches in judged)
frames = [piece_frames(piece) for piece in valid[:n_pieces]]
lstm = load_transformer("frame-lstm").network  # the same, without attention
rungs["LSTM"] = pooled(nats_per_note(lstm, frames))
rungs["Transformer"] = pooled(nats_per_note(writer.network, frames))
for name, nats in rungs.items():
    print(f"{name:30s}{nats:6.3f} nats, as if each note had p = {math.exp(-nats):.0%}")

# %% [markdown]
# Each rung knows a little more. The networks stand far above the rest: they alone know
# what was two chords ago, and which note the other voices took, not merely whether they
# moved. Most notes are held notes, and easy; that is why even the counting models look
# good.
#
# ### Spot the mistake
#
# > Coconet reaches a negative log-likelihood of 0.57 on Bach's chorales, Music
# > Transformer 0.335 and TonicNet 0.220. So TonicNet is the best of the three.
#
# All three numbers stand in papers or beside published code, and all are in nats.
#
# <details><summary>Answer</summary>
#
# They measure three different things. Music Transformer's is what you computed: each
# note given all that came before. Coconet's is for a frame, not a note, averaged over
# several orders in which the notes could be filled in. TonicNet's is for notes *given
# the true chord of the same step*; that chord has to be guessed as well, and with it
# the joint figure is at most 0.396. Before comparing two numbers, ask of each: the
# logarithm of which probability, per what, given what, on which pieces?
#
# </details>
#
# On which pieces matters, too: of the usual test pieces about a third have the tune of
# a chorale in the training set, in another setting. `benchmarks/jsb_nll.py` measures
# the others by themselves, and prints the published figures beside ours.

# %% [markdown]
# ## Go on training (3 minutes)
#
# The shipped network can learn on from where it stands. A few steps, a second or two
# each; one would need hundreds to hear a difference. Each draws other pieces, so the
# loss goes up and down: so few steps show no trend. From the shell,
# `deepcomposer train transformer --out my_run` trains one from the beginning.

# %%
pieces = PieceSet({"chorale": load_chorales("train")}, batch_size=8)
student = copy.deepcopy(writer.network).train()
adam = torch.optim.AdamW(student.parameters(), lr=1e-4)
random = torch.Generator().manual_seed(0)
for step in range(1, course.amount(6, quick=1) + 1):
    loss = frame_loss(student, pieces.batch(random))
    adam.zero_grad()
    loss.backward()
    adam.step()
    print(f"step {step}: {loss.item():.3f}")

# %% [markdown]
# ## Which notes may come? (20 minutes)
#
# A network gives probabilities, and you decide what to do with them. Always the
# likeliest: dull, and soon in a circle. Fair draws: now and then a note of 0.1 %, and
# with thousands of notes that happens often. In between there are the two ways that you
# heard in lesson 04. Top-k keeps the k likeliest. The nucleus, or top-p, keeps as few
# of the likeliest as are needed to reach a probability of p together. Let us look at
# two moments of a soprano, one where your network is sure and one where it is not:

# %%
with torch.no_grad():
    logits = network.eval()(judge[20][None])[0]  # (T, V)
surprise = -(logits.log_softmax(-1).exp() * logits.log_softmax(-1)).sum(-1)  # (T,)
names = [note_name(i + LOW) for i in range(N_TOKENS - 2)] + ["hold", "rest"]
for what, t in (("sure", surprise.argmin()), ("unsure", surprise.argmax())):
    chances = logits[t].softmax(-1)
    kept = keep_top_k(logits[t], 3) > NEVER
    text = f"{what}: the three likeliest have {chances[kept].sum():.0%} together"
    display(course.picture(plot_choices(chances, names, kept), text, text))

# %% [markdown]
# With k = 3, notes that should hardly ever come are let in at one moment, and at the
# other good ones are shut out. The nucleus adapts.

# %% exercise="10.6"
from deepcomposer_edu.nn.sampling import keep_nucleus

# %%
for what, t in (("sure", surprise.argmin()), ("unsure", surprise.argmax())):
    kept = keep_nucleus(logits[t], 0.9) > NEVER
    text = f"{what}: a nucleus of 0.9 keeps {int(kept.sum())} tokens"
    chances = logits[t].softmax(-1)
    display(course.picture(plot_choices(chances, names, kept), text, text))

# %% [markdown]
# Now by ear, with the shipped network and four voices. Each goes on from the same four
# bars. **Guess:** which is which, if you listen without reading?

# %%
four_bars = eight_bars.crop(0, 64)
n_more = course.amount(64, quick=4)
ways = {
    "fair draws": {},
    "always the likeliest": {"top_k": 1},
    "top-k, k = 3": {"top_k": 3},
    "nucleus, p = 0.9": {"top_p": 0.9},
    "temperature 1.5": {"temperature": 1.5},
}
written = {
    name: writer.extend(four_bars, n_more, seed=2, **options)
    for name, options in ways.items()
}
for name, grid in written.items():
    after = grid.crop(64, grid.n_steps)
    display(course.play(from_grid(after, 100), name, seconds=10))

# %% [markdown]
# The same in numbers, below those of the whole chorale: how many notes stay at a step
# (`hold_rate`), how many steps are a plain triad (`triad_rate`), how many pairs of
# voices are a second, tritone or seventh apart (`dissonant_pair_rate`), all three as
# shares; and how many voices change at a step (`onsets_per_step`).

# %%
chosen = ("hold_rate", "triad_rate", "dissonant_pair_rate", "onsets_per_step")
shown = ("hold", "triad", "dissonant pair", "onsets per step")
print(f"{'':21s}" + "".join(f"{name:>16s}" for name in shown))
rows = {"Bach, whole piece": chorale.grid}
rows |= {name: grid.crop(64, grid.n_steps) for name, grid in written.items()}
for name, grid in rows.items():
    values = battery([grid])
    print(f"{name:21s}" + "".join(f"{values[metric]:16.2f}" for metric in chosen))

# %% [markdown]
# Four bars are too few for more than an impression; take other seeds before you believe
# any of these numbers. What usually shows: the likeliest note is very often the one
# that sounds already, so `top_k=1` stands still; a high temperature has more dissonance
# than Bach; the nucleus stays near him.

# %% [markdown]
# ## A rule that the network broke (14 minutes)
#
# Two voices a fifth (7 semitones) or an octave apart must not both move on by the same
# interval, in Bach's style: in such **parallel fifths or octaves** they would melt into
# one. His chorales have fewer than one parallel fifth in a thousand pairs of moving
# voices. The shipped network, left to itself, made about twenty when we counted.
#
# The repair is no training but one more mask, this time over notes: before a voice is
# drawn, the notes that would make a parallel with a voice already there get minus
# infinity.
#
# In the exercise, `others_before` and `others` are the same voices in the same order. A
# voice that rests or stays makes no parallel. C3 and G4 count as a fifth: octaves in
# between are taken out, and `PERFECT` holds the two intervals that are left.

# %% exercise="10.7"
from deepcomposer_edu.models.counterpoint import parallel_classes

# %%
# NBVAL_CHECK_OUTPUT
# the bass goes from C3 to D3; above it stands G3: which note must not follow?
banned = parallel_classes(before=55, others_before=[48], others=[50])
print([note_name(pitch) for pitch in banned])

# %% [markdown]
# So far this mask was at work whenever the shipped network wrote. Now it goes on from
# the four bars with four seeds, first without the mask and then with it. Can you hear
# the difference?

# %%
for avoids in (False, True):
    grids = [
        writer.extend(four_bars, n_more, seed=seed, avoid_parallels=avoids)
        for seed in range(course.amount(4, quick=1))
    ]
    added = [grid.crop(64, grid.n_steps) for grid in grids]
    faults = [fault for grid in added for fault in parallels(grid)]
    bars = sum(grid.n_steps for grid in added) / 16
    what = "passed over" if avoids else "allowed"
    print(f"Parallels {what}: {len(faults)} of them in {bars:g} bars")
    if faults:
        print("such as:", faults[0].message)
    display(course.play(from_grid(added[0], 100), f"Parallels {what}"))

# %% [markdown]
# Is that cheating? It is a division of labour. What can be said exactly, a rule says;
# what cannot, the network has learned. But a rule is deaf: it passes over a note even
# where Bach would have allowed himself an exception.

# %% [markdown]
# ## Your eight bars grow to sixteen (10 minutes)
#
# The sliders choose what the network may do with your tune. It is harmonised first, and
# then goes on. (AWS DeepComposer's Transformer had much the same knobs, on one track,
# and two for the longest rest and note, here `max_rest` and `max_note`:
# `deepcomposer compose --help` shows all of them.)

# %%
choice = course.choose_tune(first="ode-to-joy")
choice


# %%
def grow(temperature: float, nucleus: float, bars: int, seed: int) -> object:
    """Return the chosen tune in four voices, and `bars` more bars."""
    return compose(
        choice.score,
        technique="transformer",
        mode="extend",
        input_bars=course.amount(8, quick=1),
        extension_bars=bars,
        temperature=temperature,
        top_p=nucleus,
        seed=seed,
    )


n_bars = course.amount(8, quick=1)
Sliders(
    grow,
    temperature=(0.5, 1.5, 1.0),
    nucleus=(0.5, 1.0, 0.95),
    bars=(1, 16, n_bars),
    seed=(0, 20, 0),
)

# %%
# NBVAL_CHECK_OUTPUT
mine = grow(temperature=1.0, nucleus=0.95, bars=n_bars, seed=3)
files = mine.save(course.my_music() / "grown")
for part, path in files.items():
    print(f"{part:5s}{path.name}")

# %%
course.play(mine.score, "Your tune, grown", seconds=35)

# %% [markdown]
# Listen for three things. Is the join smooth? Does the new part remind you of yours?
# And does it end, or stop? A network that only ever asks "what next?" has no plan for
# an ending.

# %% [markdown]
# ## Quiz (4 minutes)

# %%
quiz = course.quiz("10")
quiz

# %% [markdown]
# ## Go further (30 minutes)
#
# - Test an idea that the AttentionView gave you: change the bar that a step looks at
#   most, and compare `network(...)` at that step before and after. Then change a bar
#   that it hardly looks at.
# - Train your Transformer with 4 blocks, or with 1 head: `replace(whole, n_layers=4)`.
#   Which of the two changes more? Take more steps, too: where does the loss on unseen
#   music stop falling, while the loss on what it learns from still falls?
# - Chain techniques: `compose(compose("silent-night", technique="melody-rnn"),
#   technique="transformer")`.
# - Harmonise with the Transformer (`mode="harmonise"`) what lesson 08's network
#   harmonised, and compare the two by ear and with `battery`.
# - Let it go on in another genre: `writer.extend(eight_bars, 128, genre="palestrina")`.

# %% [markdown]
# ## What you learned
#
# - to **build** attention from linear maps, a dot product and a weighted sum
# - to **test** whether a network looks ahead, and to **hear** what becomes of one that
#   does
# - to **read** what the heads of a trained Transformer look at
# - to **write** music with it: fast, with the chance you want, without parallel fifths
#
# ## References
#
# - Bahdanau, D., Cho, K. and Bengio, Y., 2015. Neural Machine Translation by Jointly
#   Learning to Align and Translate.
# - Vaswani, A. and others, 2017. Attention Is All You Need.
# - Shaw, P., Uszkoreit, J. and Vaswani, A., 2018. Self-Attention with Relative Position
#   Representations.
# - Huang, C.-Z. A. and others, 2018. Music Transformer: Generating Music with Long-Term
#   Structure.
# - Raffel, C. and others, 2020. Exploring the Limits of Transfer Learning with a
#   Unified Text-to-Text Transformer.
# - Xiong, R. and others, 2020. On Layer Normalization in the Transformer Architecture.
# - Holtzman, A., Buys, J., Du, L., Forbes, M. and Choi, Y., 2020. The Curious Case of
#   Neural Text Degeneration.
# - Jain, S. and Wallace, B. C., 2019. Attention is not Explanation.
# - Huang, C.-Z. A. and others, 2017. Counterpoint by Convolution.
# - Peracha, O., 2020. Improving Polyphonic Music Models with Feature-Rich Encoding.
