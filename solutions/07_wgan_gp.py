# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 07 WGAN-GP
#
# At the end of this lesson you hear one melody twice: with a network whose critic went
# on learning, and with its twin whose critic stood still. You can say in numbers why
# one of them went to ruin.
#
# *165 minutes to read and do, best in two sittings: a good place for a break is before
# "How to keep a critic from growing steep". One core of your computer works for about 2
# minutes. You need some Python, and torch as far as `backward`. Lessons needed first:
# 06; 05 helps.*

# %% [markdown]
# ## What you will be able to do
#
# - **work out** by hand how far one heap of notes lies from another, and who goes where
# - **explain** why the loss of 2014 goes blind, and what a Wasserstein critic sees
# - **keep** a critic's slope at 1, and **measure** it without any derivative
# - **choose** `n_critic`, and **catch** the trap of BatchNorm

# %% [markdown]
# ## Set-up (1 minute)

# %%
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product

import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from deepcomposer_edu import course
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.corpora.windows import chorale_windows
from deepcomposer_edu.models.harmonise import Harmoniser, load_harmoniser
from deepcomposer_edu.models.tiny_gan import TinyConfig
from deepcomposer_edu.music.grid import Grid, to_grid
from deepcomposer_edu.music.score import Score, note_name
from deepcomposer_edu.nn.gan import critic_loss, generator_loss, gradient_penalty
from deepcomposer_edu.training.tiny_gan import TinyGame
from deepcomposer_edu.training.wgan import WGANGame, judge, reference
from deepcomposer_edu.training.wgan_data import TrainingSet
from deepcomposer_edu.viz.attention import plot_lines
from deepcomposer_edu.viz.landscape import (
    plot_heaps,
    plot_landscape,
    plot_plan,
    plot_weights,
)
from deepcomposer_edu.widgets import GANGame, Sliders

torch.set_num_threads(1)  # the networks are small: more threads would gain little
course.setup(seed=0, lesson="07")

# %% [markdown]
# ## Listen first (6 minutes)
#
# Here is the network that this course ships. It was given *Twinkle, Twinkle* and wrote
# the three lower voices, at the end of a long training against a **critic**, which
# listened to Bach and to the network and gave marks.

# %%
shipped = load_harmoniser("bach")
melody = to_grid(load_tune("twinkle-twinkle")).voices(0).crop(0, 64)


def sung(generator: torch.nn.Module) -> Grid:
    """Return the melody with the voices that a generator adds."""
    harmoniser = Harmoniser(shipped.config, generator)
    return harmoniser.harmonise(melody, seed=0, inertia=0.0, avoid_parallels=False)


course.play(sung(shipped.generator), "The shipped network")

# %% [markdown]
# Now let this network train on, twice, for 40 more rounds of the game. Everything is
# the same, seed and music, except for one number: `n_critic`, how many steps the critic
# takes for each step of the generator. With 5 the critic goes on learning. With 0 it
# stands still, as good as it was, and the generator goes on trying to please it. About
# 30 seconds.
#
# **Guess before you run:** the critic is a good one. Will the second network become
# better, too?

# %%
windows = {name: chorale_windows(load_chorales(name)) for name in ("train", "valid")}
chorales = {
    name: TrainingSet.from_windows(some, shipped.config)
    for name, some in windows.items()
}
twins = {}
for n_critic in (5, 0):
    config = replace(shipped.config, n_critic=n_critic, batch_size=16)
    twin = twins[n_critic] = WGANGame(config, seed=1)
    twin.generator.load_state_dict(shipped.generator.state_dict())
    twin.critic.load_state_dict(shipped.critic.state_dict())
    for step in range(1, course.amount(40, quick=1) + 1):
        twin.step(chorales["train"], step)

# %%
for n_critic, twin in twins.items():
    music = sung(twin.generator)
    display(course.play(music, f"40 rounds later, n_critic = {n_critic}"))
    display(course.plot(music, f"40 rounds later, n_critic = {n_critic}"))

# %% [markdown]
# Let the same frozen critic mark all of them, and count how many steps are triads, how
# many pairs of voices are dissonant, and how many notes are held.

# %%
batch = chorales["valid"].rows(slice(None, None, 20), shipped.config)
marks = {"Bach": (batch.voices, batch.repeats)}
networks = {"shipped": shipped.generator}
networks |= {f"n_critic {n}": twin.generator for n, twin in twins.items()}
measured = {"Bach": reference(chorales["valid"], shipped.config)}
for name, generator in networks.items():
    twins[0].generator = generator
    with torch.no_grad():
        marks[name] = twins[0].imagine(batch)
    measured[name] = judge(generator, chorales["valid"])
print(f"{'':12s}  score  triads  dissonant  held")
for name, metrics in measured.items():
    with torch.no_grad():
        mark = twins[0].score(batch, *marks[name]).mean().item()
    print(f"{name:12s}{mark:7.2f}{metrics['triad_rate']:8.0%}", end="")
    print(f"{metrics['dissonant_pair_rate']:11.0%}{metrics['hold_rate']:6.0%}")

# %% [markdown]
# Read the last row. The network with the frozen critic has higher marks than Bach
# himself, and it is ruined: its voices stand still, on chords that are seldom triads.
# It did not learn music. It found what this one critic cannot hear. A critic is no law;
# it knows the mistakes that it was shown. If it does not learn the new ones, the game
# is over. The other twin stays about as good as it was. (Not better: its batches are
# small here, and both networks' optimisers had to begin anew.)
#
# So the critic must keep up. How well, and what keeps its own marks from running away?
# That is what this lesson is about. It begins with the question what a critic should
# measure at all.

# %% [markdown]
# ## How far from Bach? (32 minutes)
#
# Play a tune, then play it a fifth higher. How different are they? Counting equal notes
# says: almost everything differs. Your ear says: it lies seven semitones higher. The
# ear has the better measure, because it knows *how far*.
#
# Make a **heap** of each tune: a histogram that says which share of the notes has which
# pitch. To turn one heap into the other, notes must be carried. The least work, share
# times way, is the **Wasserstein distance** of the two, or **earth mover's distance**.
# Here are the heaps of *Ode to Joy* and of the same tune a fifth higher:


# %%
LOW, HIGH = 36, 104
names = [note_name(pitch) for pitch in range(LOW, HIGH)]


def heap_of(score: Score) -> Tensor:
    """Return which share of a score's notes has which pitch, (HIGH - LOW,)."""
    pitches = torch.tensor([note.pitch - LOW for note in score.notes])
    return torch.bincount(pitches, minlength=HIGH - LOW).double() / len(pitches)


def moved(heap: Tensor, semitones: int) -> Tensor:
    """Return a heap as a whole moved up or down."""
    return heap.roll(semitones)


ode = heap_of(load_tune("ode-to-joy"))
seen = slice(20, 44)  # where there is anything to see
course.picture(
    plot_heaps(
        ode[seen],
        moved(ode, 7)[seen],
        names[seen],
        names=("Ode to Joy", "a fifth higher"),
    ),
    "Two histograms of the same form, the second seven semitones further right.",
)

# %% [markdown]
# On a line the distance can be worked out without trying all the ways. Stand at the
# border between two bins. If 70 % of the one heap lie to your left, and 40 % of the
# other, then 30 % must pass you. Every note passes as many borders as it is carried, so
# the work is the sum over all borders:
#
# $$W = w \sum_i \Bigl| \sum_{k \le i} (q_k - p_k) \Bigr|$$
#
# with $p$ the shares of the real ones (`real`), $q$ those of the fakes (`fake`), and
# $w$ the way from one bin to the next (`width`).

# %% exercise="7.1"
from deepcomposer_edu.nn.wasserstein import earth_mover_distance

# %%
# NBVAL_CHECK_OUTPUT
for semitones in (0, 1, 7, -12):
    way = earth_mover_distance(ode, moved(ode, semitones)).item()
    print(f"moved by {semitones:3d} semitones: distance {way:.1f}")

# %% [markdown]
# The distance of a tune from itself, transposed, is the interval. And of different
# tunes? **Guess before you run:** which of these uses the pitches most like *Ode to
# Joy*?

# %%
for name in ("twinkle-twinkle", "amazing-grace", "greensleeves", "sakura"):
    way = earth_mover_distance(ode, heap_of(load_tune(name))).item()
    print(f"Ode to Joy to {name:16s}{way:5.2f} semitones a note")

# %% [markdown]
# ### Who goes where
#
# The distance is a number; behind it stands a **plan** that says who is carried where.
# On a line the best plan is a procession: nobody overtakes anybody.

# %% exercise="7.2"
from deepcomposer_edu.nn.wasserstein import transport_plan

# %%
twinkle, target = load_tune("twinkle-twinkle"), load_tune("greensleeves")
plan = transport_plan(heap_of(target), heap_of(twinkle))  # (V, V)
seen = slice(20, 44)
course.picture(
    plot_plan(plan[seen, seen], names[seen], names=("Greensleeves", "Twinkle")),
    "Lines lead from the pitches of Twinkle down to those of Greensleeves; none cross.",
)

# %% [markdown]
# A plan can be heard. Here every note of *Twinkle* is carried to the pitches of
# *Greensleeves*. Rhythm and ups and downs stay, for nobody overtakes; the notes are
# those of the other song.


# %%
def carried(score: Score, plan: Tensor, share: float) -> Score:
    """Return a melody whose notes are carried a share of the way along a plan."""
    notes = []
    for pitch in sorted({note.pitch for note in score.notes}):
        alike = [note for note in score.notes if note.pitch == pitch]
        row = plan[pitch - LOW]
        ends = row.cumsum(dim=0) / row.sum()
        for number, note in enumerate(alike):
            quantile = torch.tensor((number + 0.5) / len(alike), dtype=ends.dtype)
            way = LOW + int(torch.searchsorted(ends, quantile)) - pitch
            notes.append((note.start, pitch + round(share * way), note.duration))
    return Score.from_notes(sorted(notes), tempo=score.tempo)


course.play(carried(twinkle, plan, 1.0), "Twinkle, carried to Greensleeves' pitches")

# %% [markdown]
# ## Why the loss of 2014 goes blind (16 minutes)
#
# Lesson 06 played the game of 2014: the critic gives a probability of being real. If it
# is as good as can be, the generator's loss is, up to constants, another measure of two
# heaps: the **Jensen-Shannon divergence**. It compares each heap with the one in the
# middle, $m = (p + q) / 2$:
#
# $$JS = \tfrac12 \sum_i p_i \log \frac{p_i}{m_i} +
#   \tfrac12 \sum_i q_i \log \frac{q_i}{m_i}$$
#
# It asks of every bin whose it is, and never how far away the others are.

# %% exercise="7.3"
from deepcomposer_edu.nn.wasserstein import jensen_shannon

# %% [markdown]
# **Guess before you run:** a tune is moved up, semitone by semitone. How do the two
# measures go?

# %%
shifts = range(-24, 25)
measures = {
    "earth mover's distance / 24": [
        earth_mover_distance(ode, moved(ode, k)).item() / 24 for k in shifts
    ],
    "Jensen-Shannon / log 2": [
        jensen_shannon(ode, moved(ode, k)).item() / math.log(2) for k in shifts
    ],
}
course.picture(
    plot_lines(shifts, measures, "moved by, in semitones", "both to 1 at most"),
    "The distance falls in a straight line to 0 and rises again; the divergence is "
    "flat at 1 beyond an octave on both sides, and jumps up and down between.",
)

# %% [markdown]
# A generator learns by small steps in the direction in which its loss falls. On the
# straight line every step shows the way home, from however far. The other has
# plateaus: where the two heaps do not meet, it is log 2, one step to the left or to the
# right makes no difference, and the slope is 0. And it has false valleys, such as those
# at two and at five semitones, where the tune is wrong but shares some notes.
#
# And pieces of music hardly ever meet. Of all that could be written in two bars nearly
# nothing is Bach, and a newborn generator hits none of it.
#
# ### The same, in a game
#
# Here is a game in the plane: real points in a ring of eight blobs, a newborn generator
# in the middle. We teach the critic alone, in two ways, and look at the slope that
# reaches the generator: how fast its loss would fall if its points moved. This takes 10
# seconds.


# %%
def push(game: TinyGame) -> float:
    """Return how long the generator's gradient is, a mean over its points."""
    points = game.points(256, seed=0).requires_grad_()
    loss = generator_loss(game.config.loss, game.critic(points)) * len(points)
    (gradient,) = torch.autograd.grad(loss, points)
    return gradient.norm(dim=1).mean().item()


taught = course.amount(1500, quick=20)
pushes = {}
for loss in ("original", "wgan-gp"):
    game = TinyGame(TinyConfig(data="ring", loss=loss, gradient_penalty=10.0), seed=0)
    pushes[loss] = [push(game)]
    game.generator_optimiser.param_groups[0]["lr"] = 0.0  # it stays where it is
    for step in range(1, taught + 1):
        game.step()
        if step % (taught // 10) == 0:
            pushes[loss].append(push(game))

course.picture(
    plot_lines(
        range(0, taught + 1, taught // 10), pushes, "critic steps", "generator's slope"
    ),
    "With the original loss the slope falls towards 0 as the critic learns; with "
    "WGAN-GP it stays near 1.",
)

# %% [markdown]
# This is the answer to an old puzzle. In the game of 2014 one had to keep the critic
# weak: **the better it was, the less it taught**. In a Wasserstein game it should be as
# good as possible **before** each step of the generator: its slope stays at about 1 and
# shows the way ever more exactly. Both rules are right, each for its own game.

# %% [markdown]
# ## The best critic (18 minutes)
#
# What has a distance to do with a critic? Kantorovich found in the 1940s that the
# mover's problem has a mirror image. Give every place a score, so that the score never
# changes faster than 1 per unit of way: a critic of **slope at most 1**. Then
#
# > mean score of the real ones - mean score of the fakes ≤ Wasserstein distance,
#
# for nobody can gain more by being carried than the way is long. And the best such
# critic reaches it. Scores instead of plans: that can be learned by a network, in any
# number of dimensions, where nobody can stand at borders.
#
# On a line the best critic can be written down. Look at the sign of what crosses each
# border.

# %% exercise="7.4"
from deepcomposer_edu.nn.wasserstein import best_critic

# %%
grace = heap_of(load_tune("amazing-grace"))
scores = best_critic(ode, grace)  # (V,)
gap = (scores * (ode - grace)).sum().item()
print(f"difference of the mean scores {gap:.4f}")
print(f"earth mover's distance        {earth_mover_distance(ode, grace).item():.4f}")
course.picture(
    plot_heaps(
        ode[seen],
        grace[seen],
        names[seen],
        scores=scores[seen],
        names=("Ode to Joy: real", "Amazing Grace: fake"),
    ),
    "Two histograms, and below them scores that rise or fall by 1 from bin to bin.",
)

# %% [markdown]
# Where the line rises to the right, notes of *Amazing Grace* must go up; where it
# falls, down. A generator that climbs the line walks the mover's way.
#
# Now you know where the losses of a **Wasserstein GAN** (WGAN, 2017) come from. The
# generator gets a melody and writes the other voices. The critic hears all of them and
# measures how far that lies from Bach. Both take turns, until neither gains any more:
#
# - critic's loss: mean critic(fake) - mean critic(real), plus something that keeps its
#   slope at 1
# - generator's loss: -critic(fake)

# %%
# NBVAL_CHECK_OUTPUT
for fakes in (ode, grace, moved(ode, 12)):
    scores = best_critic(ode, fakes)
    marks_of = [(scores * heap).sum()[None] for heap in (ode, fakes)]
    loss = critic_loss("wgan-gp", *marks_of).item()
    print(f"critic loss {loss:7.2f}, distance {earth_mover_distance(ode, fakes):.2f}")

# %% [markdown]
# The best critic's loss is the distance with the sign turned. Exercises 8.4 and 8.5
# write these losses for a network. There the critic is not the best one, only the best
# so far.

# %% [markdown]
# ## A loss that tracks quality (10 minutes)
#
# Back to the ring in the plane. A library can find the true distance between 300 real
# and 300 generated points, by trying cleverly who goes to whom. No training ever sees
# that number. We use it as a referee: does the critic know what it knows?


# %%
def distance(game: TinyGame) -> float:
    """Return how far 300 generated points are from 300 real ones, by the referee."""
    ways = torch.cdist(game.points(300, seed=1), game.real(300, seed=1))
    return ways[linear_sum_assignment(ways)].mean().item()


def played(config: TinyConfig, n_steps: int, n_looks: int = 20) -> tuple:
    """Return a game after some steps, and what critic and referee said meanwhile."""
    game, rows, told = TinyGame(config, seed=0), [], []
    for step in range(1, n_steps + 1):
        told.append(game.step())
        if step % (n_steps // n_looks) == 0:
            means = {
                name: sum(row[name] for row in told) / len(told)
                for name in ("gap", "critic_loss")
            }
            rows.append({"step": step, **means, "distance": distance(game)})
            told = []
    return game, rows


def column(rows: Sequence[dict], name: str) -> list[float]:
    """Return one value of every row."""
    return [row[name] for row in rows]


def compared(runs: dict[str, Sequence[dict]], name: str, label: str) -> object:
    """Return a picture of one value in several runs."""
    steps = column(next(iter(runs.values())), "step")
    lines = {run: column(rows, name) for run, rows in runs.items()}
    ends = ", ".join(f"{run} {line[-1]:.2f}" for run, line in lines.items())
    axes = plot_lines(steps, lines, "steps of the generator", label)
    return course.picture(axes, f"{label}; at the end: {ends}.")


ring = TinyConfig(
    data="ring",
    loss="wgan-gp",
    gradient_penalty=1.0,
    n_critic=5,
    generator_rate=0.002,
    critic_rate=0.002,
)
n_steps = course.amount(300, quick=20)
game, healthy = played(ring, n_steps)
steps = column(healthy, "step")
course.picture(
    plot_lines(
        steps,
        {
            "critic: difference of the scores": column(healthy, "gap"),
            "referee: the true distance": column(healthy, "distance"),
        },
        "steps of the generator",
        "distance",
    ),
    "After a short start both curves fall together.",
)

# %% [markdown]
# At first the critic has to learn to hear. Then its curve goes with the true one, and
# both fall while the points come home. This is what no earlier GAN had: **a loss that
# tracks quality**. It is an estimate. This penalty is soft, so slopes a little above 1
# happen, and then the critic says too much; and a critic that is not at its best says
# too little. The referee does not fall to 0, because two handfuls of real points differ
# from each other, too.
#
# The same game with the loss of 2014, for comparison:

# %%
old = replace(ring, loss="non-saturating", n_critic=1)
_, rows = played(old, n_steps)
course.picture(
    plot_lines(
        steps,
        {
            "critic's loss, 2014": column(rows, "critic_loss"),
            "referee: the true distance": column(rows, "distance"),
        },
        "steps of the generator",
        "loss, distance",
    ),
    "The critic's loss of 2014 beside the true distance.",
)

# %% [markdown]
# Here a low critic's loss means that the critic wins, and says nothing about how far
# away the fakes are.
#
# ### The landscape
#
# This is what the WGAN critic thinks of every place of the plane. Light is high. The
# arrows are what it tells the generator: go where the score rises.

# %%
course.picture(
    plot_landscape(game.score, game.real(300, seed=1), game.points(150, seed=1)),
    "A landscape of scores with eight real blobs in a ring and the generated points.",
)

# %% [markdown]
# ## How to keep a critic from growing steep (20 minutes)
#
# Without a bound on its slope a critic doubles its loss by doubling its weights, for
# ever, and the number means nothing. Two ways to bound it were tried in 2017.
#
# **Clipping** (Arjovsky and others): after each step cut every weight to a small range,
# -c to c. **Penalty** (Gulrajani and others): leave the weights alone, and punish
# slopes that differ from 1, at points between real and fake:
#
# > loss = mean critic(fake) - mean critic(real) + λ · mean (||∇critic(x)|| - 1)²
#
# Clipping bounds the slope, but how tightly? A critic is a chain of linear maps with
# bends between them (lesson 05). What each of them can do to a length, they can do one
# after the other.

# %% exercise="7.5"
from deepcomposer_edu.nn.wasserstein import slope_bound


# %% [markdown]
# **Guess before you run:** one critic is clipped to 0.1, one to 0.01, one has the
# penalty. Which of them is as steep as 1?


# %%
def slopes_of(game: TinyGame) -> Tensor:
    """Return how steep a game's critic is at 512 places between real and fake."""
    share = torch.rand(512, 1, generator=torch.Generator().manual_seed(0))
    places = share * game.real(512, seed=1) + (1 - share) * game.points(512, seed=1)
    places.requires_grad_()
    (gradient,) = torch.autograd.grad(game.critic(places).sum(), places)
    return gradient.norm(dim=1)


clipped = replace(ring, loss="wgan-clip")
bounded, runs = {"penalty": game}, {"penalty": healthy}
for clip in (0.1, 0.01):
    name = f"clipped to {clip}"
    bounded[name], runs[name] = played(replace(clipped, clip=clip), n_steps)

print(f"{'':16s}could be    is on average")
for name, some in bounded.items():
    bound = slope_bound([layer.weight.detach() for layer in some.critic.maps]).item()
    print(f"{name:16s}{bound:8.3g}{slopes_of(some).mean().item():17.3g}")

# %%
spreads = {}
for name, some in bounded.items():
    weights = some.critic.maps[1].weight.detach()
    spreads[name] = weights / weights.abs().max()
course.picture(
    plot_weights(spreads, x_label="weight, as a share of the largest", n_bins=31),
    "The penalty leaves a bell of weights; clipping heaps them up at both bounds.",
)

# %%
compared(runs, "distance", "true distance")

# %% [markdown]
# Clipping is crude. The slope that comes out is a product over all layers, so a little
# too much explodes and a little too small vanishes: with 0.01 the critic is nearly
# flat, whatever it has learned, and its pushes are tiny. (Adam makes small slopes
# larger again, so a generator may learn all the same.) And the weights crowd at the two
# bounds, where they can do little else than be on or off. With the penalty the weights
# are free, and the slope is near 1 where it matters.
#
# A third way takes the bound itself seriously: **spectral normalisation** (Miyato and
# others, 2018) divides every matrix by its largest singular value, so that your bound
# is 1 by construction.

# %%
# NBVAL_CHECK_OUTPUT
spectral = TinyGame(replace(ring, normalisation="spectral"), seed=0)
for _ in range(100):  # each look makes the estimate of the singular values better
    spectral.critic(spectral.real(2, seed=0))
bound = slope_bound([layer.weight.detach() for layer in spectral.critic.maps])
print(f"bound with spectral normalisation: {bound.item():.1f}")

# %% [markdown]
# ## The slope, measured by hand (20 minutes)
#
# The penalty needs ||∇critic(x)||, and torch gets it by derivatives of a sum of scores.
# Is that the slope? Do not believe it; measure. Stand at a piece, take a small step in
# each direction, and see how much its score rises.

# %% exercise="7.6"
from deepcomposer_edu.nn.wasserstein import slopes_by_nudging

# %%
# NBVAL_CHECK_OUTPUT
pieces = game.real(6, seed=2).double()
critic = TinyGame(replace(ring, depth=3), seed=0).critic.double()
watched = pieces.clone().requires_grad_()
by_torch = gradient_penalty(critic(watched), [watched]).item()


def scored(some: Tensor) -> Tensor:
    """Return a critic's scores without keeping what derivatives need."""
    with torch.no_grad():
        return critic(some)


by_hand = (slopes_by_nudging(scored, pieces, 1e-6) - 1).square().mean().item()
print("the penalty by hand and by torch agree:", abs(by_hand - by_torch) < 1e-5)

# %% [markdown]
# By hand it takes two scorings for each number of each piece; for a window of a chorale
# that would be thousands. Derivatives give all of them for the price of about one more
# scoring. That is why they are used, and now you know that they are right.

# %% [markdown]
# ## The trap of BatchNorm (14 minutes)
#
# Right for this critic. Now the same test for critics with a norm in them. LayerNorm
# takes the mean over a piece's own numbers, BatchNorm over the batch (lesson 05).

# %%
# NBVAL_CHECK_OUTPUT
for norm in ("none", "layer", "batch"):
    critic = TinyGame(replace(ring, normalisation=norm), seed=0).critic.double()
    watched = pieces.clone().requires_grad_()
    by_torch = gradient_penalty(critic(watched), [watched]).item()
    by_hand = (slopes_by_nudging(scored, pieces, 1e-6) - 1).square().mean().item()
    print(f"{norm:6s} the two agree: {abs(by_hand - by_torch) < 1e-5}")

# %% [markdown]
# With BatchNorm torch computes something else than the slope of a piece. In the sum of
# scores every score depends on every piece, so the "gradient of piece 3" holds what
# piece 3 does to all others. The penalty is **per piece**, and BatchNorm **mixes
# pieces**: it punishes a mixture, and no error is raised.
#
# There is a second trap, and it is worse. **Guess before you run:** all fakes are moved
# far away, by 100. What does each critic say?

# %%
# NBVAL_CHECK_OUTPUT
fakes = game.points(64, seed=0).double()
for norm in ("none", "layer", "batch"):
    critic = TinyGame(replace(ring, normalisation=norm), seed=0).critic.double()
    rise = (scored(fakes + 100) - scored(fakes)).abs().max().item()
    print(f"{norm:6s} notices that all fakes have moved: {rise > 1e-3}")

# %% [markdown]
# The critic with BatchNorm does not notice. It compares the fakes with their own mean,
# and if all move alike, nothing changes: it hears the intervals between pieces, not
# where they lie. A whole batch of pieces two octaves too high would be fine with it. As
# real and generated pieces come in batches of their own, it is deaf to the very thing
# that it should measure: the distance.
#
# Here are three games that differ in nothing but the norm.

# %%
games = {"none": game}
runs = {"none": healthy}
for norm in ("layer", "batch"):
    games[norm], runs[norm] = played(replace(ring, normalisation=norm), n_steps)
compared(runs, "distance", "true distance")

# %%
compared(runs, "gap", "the critic's estimate")

# %% [markdown]
# Look at both pictures together. With BatchNorm the referee sees a generator that stays
# far away for long, and of all three critics its own reports the smallest distance. So
# the one number that was to track quality reassures you while nothing is learned. Late
# the points begin to come home, since a few traces of the place are left in the spread
# of a batch. Use LayerNorm or nothing in a critic with a penalty. In the generator,
# which has no penalty, any norm may stand.

# %% [markdown]
# ## How often the critic learns (12 minutes)
#
# `n_critic` is how many steps the critic takes for one of the generator. Above you
# heard 5 and 0. Here are 1, 5 and 10 in the plane, the same number of generator steps
# each. About 10 seconds.
#
# **Guess before you run:** is 10 twice as good as 5?

# %%
runs = {}
for n_critic in (1, 5, 10):
    one = replace(ring, n_critic=n_critic)
    rows = healthy if n_critic == 5 else played(one, n_steps)[1]
    runs[f"n_critic {n_critic}"] = rows
compared(runs, "distance", "true distance")

# %%
for name, rows in runs.items():
    off = [abs(row["gap"] - row["distance"]) for row in rows[len(rows) // 4 :]]
    print(f"{name:12s}the critic is off by {sum(off) / len(off):.2f} on average")

# %% [markdown]
# With 1 the critic lags behind: its slope shows where the fakes were, not where they
# are, and the points run hither and thither. With 5 it keeps up. 10 costs nearly twice
# as much as 5 and changes little. That is why the paper took **5 : 1**, and why it is
# only a custom: a faster critic needs fewer steps. The shipped network was trained with
# 3.
#
# ### Spot the mistake
#
# > A lower update ratio makes a stronger discriminator.
#
# So says one guide to AWS DeepComposer. Another calls the update ratio "the times the
# discriminator is updated per generator" update. Who is right?
#
# <details><summary>Answer</summary>
#
# Both, and they contradict each other: by the second definition a *higher* ratio makes
# the stronger discriminator. The first counts generator steps for each discriminator
# step. A "ratio" without saying of what to what is no number. So the course always
# writes `n_critic`, critic steps for each generator step, and whoever reports a
# training should, too.
#
# </details>

# %% [markdown]
# ## Play with it (10 minutes)
#
# The game of lesson 06 once more, with this lesson's settings. Start it, and while it
# runs change `n_critic` to 1 or 0, or begin anew with another normalisation of the
# critic. Watch the landscape: is it steep everywhere, or flat where the points are?

# %%
landscape = GANGame(
    data="ring", loss="wgan-gp", normalisation="layer", n_critic=5, gradient_penalty=1.0
)
landscape

# %% [markdown]
# And the mover's plan as an instrument. `share` is how far all notes of *Twinkle* are
# carried, `tune` is whose pitches they are carried to. Stop halfway: the notes there
# belong to neither tune. The line below says how far a note goes on average: the
# Wasserstein distance.

# %%
targets = ("greensleeves", "sakura", "korobeiniki", "amazing-grace")


def on_the_way(share: float, tune: int) -> Score:
    """Return Twinkle, carried a share of the way to another tune's pitches."""
    target = heap_of(load_tune(targets[tune - 1]))
    plan = transport_plan(target, heap_of(twinkle))
    way = earth_mover_distance(target, heap_of(twinkle)).item()
    title = f"{share:.0%} of the way to {targets[tune - 1]}, {way:.1f} semitones a note"
    return replace(carried(twinkle, plan, share), title=title)


Sliders(on_the_way, share=(0.0, 1.0, 1.0), tune=(1, len(targets), 1))

# %% [markdown]
# ## Quiz (4 minutes)

# %%
quiz = course.quiz("07")
quiz

# %% [markdown]
# ## Go further (30 minutes)
#
# - Give the twins of the beginning more rounds, or `n_critic` 1. When does the twin
#   with the living critic begin to suffer, too?
# - In the plane `n_critic` 1 took a fifth of the critic's steps of 5. Give it five
#   times as many rounds. Does it come home?
# - λ is 1 in the plane and 10 in the paper. Try 10 on the ring. Which way does the
#   critic's estimate go, and why? (How long do the edges of the ring take?)
# - Make the penalty one-sided: punish only slopes above 1. Which of the two does the
#   theory ask for?
# - `TinyConfig(data="rhythm")`: what is the distance between two rhythms of 16 steps,
#   and what does half a note mean to the critic?
#
# ## What you learned
#
# - to **work out** by hand how far one heap of notes lies from another, and who goes
#   where
# - to **explain** why the loss of 2014 goes blind, and what a Wasserstein critic sees
# - to **keep** a critic's slope at 1, and to **measure** it without any derivative
# - to **choose** `n_critic`, and to **catch** the trap of BatchNorm
#
# ## References
#
# - Kantorovich, L. and Rubinstein, G., 1958. On a space of completely additive
#   functions.
# - Vallender, S., 1974. Calculation of the Wasserstein distance between probability
#   distributions on the line.
# - Goodfellow, I. and others, 2014. Generative Adversarial Nets.
# - Arjovsky, M. and Bottou, L., 2017. Towards Principled Methods for Training
#   Generative Adversarial Networks.
# - Arjovsky, M., Chintala, S. and Bottou, L., 2017. Wasserstein GAN.
# - Gulrajani, I., Ahmed, F., Arjovsky, M., Dumoulin, V. and Courville, A., 2017.
#   Improved Training of Wasserstein GANs.
# - Miyato, T., Kataoka, T., Koyama, M. and Yoshida, Y., 2018. Spectral Normalization
#   for Generative Adversarial Networks.
