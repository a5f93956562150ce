# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 06 GAN, the game
#
# At the end of this lesson you hear bars of rhythm by a network that was never shown a
# single one, and you have sat in the chair of the critic from whom it learned them.
#
# *165 minutes to read and do, best in two sittings: a good place for a break is before
# the plane. One core of your computer works for about 1 minute. You need some Python,
# and torch as far as `backward`. Lessons needed first: 01; 05 helps.*

# %% [markdown]
# ## What you will be able to do
#
# - **judge** like a critic, and say what a guess costs
# - **build** the two turns of a GAN's game, and **train** it in seconds
# - **explain** the non-saturating trick by the slopes of two losses
# - **cause** a mode collapse, **hear** it and **mend** it

# %% [markdown]
# ## Set-up (1 minute)

# %%
import copy
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu import course
from deepcomposer_edu.course.critic_seat import CriticSeat
from deepcomposer_edu.models.click_judge import ClickJudge
from deepcomposer_edu.models.tiny_gan import (
    TinyConfig,
    TinyCritic,
    TinyGenerator,
    bars_to_score,
    to_bars,
)
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.nn.gan import critic_loss, generator_loss
from deepcomposer_edu.nn.gan_basics import LEAST
from deepcomposer_edu.training.tiny_data import TinyData, centres
from deepcomposer_edu.training.tiny_gan import train_tiny
from deepcomposer_edu.training.tiny_statistics import FAIR_SHARE, near, statistics
from deepcomposer_edu.viz.attention import plot_lines
from deepcomposer_edu.viz.tiny_gan import plot_rhythms, plot_stages, plot_steps
from deepcomposer_edu.widgets import GANGame

torch.set_num_threads(1)  # the networks are tiny: more threads would gain nothing
course.setup(seed=0, lesson="06")

# %% [markdown]
# ## Listen first (4 minutes)
#
# A bar has 16 steps, and at each of them a note may start. That is a **rhythm**: 16
# numbers, 0 or 1. Fiddlers of the 18th and 19th century left us thousands in their tune
# books. Here are eight bars of them, on a wood block:

# %%
data = TinyData("rhythm")
random = torch.Generator().manual_seed(0)
fiddlers = to_bars(data.draw(8, random), "rhythm")  # (8, 16)
course.play(bars_to_score(fiddlers, "rhythm", tempo=110), "Eight bars by fiddlers", 18)

# %% [markdown]
# Now a network that starts from noise, before and after it has played a game of some
# hundred rounds, which takes seconds. It has not seen a single one of these bars.

# %%
run = train_tiny(TinyConfig(data="rhythm"), course.amount(600, quick=90), every=15)
heard = {step: to_bars(pieces[:8], "rhythm") for step, pieces in run.snapshots}
last = max(heard)
display(course.play(bars_to_score(heard[0], "rhythm", 110), "Before the game", 18))
course.play(bars_to_score(heard[last], "rhythm", 110), f"After {last} rounds", 18)

# %%
shown = {"fiddlers": fiddlers, "before": heard[0], "after": heard[last]}
course.picture(
    plot_rhythms(shown), "Bars by fiddlers, by the network before and after the game."
)

# %% [markdown]
# **Guess before you read on:** how can anybody learn what rhythms are like without ever
# seeing one?

# %% [markdown]
# ## A game for two (10 minutes)
#
# Most networks that you have heard of **discriminate**: shown a picture, they say "cat"
# or "dog". A **generative** network goes the other way and makes a cat that never was.
# Machine learning can look like a mountain, or like a bore. Amazon built toys with
# which to learn it by playing: DeepLens (2017) recognises what its camera sees,
# DeepRacer (2018) drives by reward, and DeepComposer (2019) generates.
#
# It did so with a **generative adversarial network**, a GAN, which Ian Goodfellow, Jean
# Pouget-Abadie, Mehdi Mirza, Bing Xu, David Warde-Farley, Sherjil Ozair, Aaron
# Courville and Yoshua Bengio published in 2014. Two networks play against each other:
#
# - the **generator** turns random numbers into pieces. It never sees the data.
# - the **critic** (in their paper the *discriminator*) is shown a piece and says how
#   probable it finds it, D, that it is real. It is a plain classifier: it learns from
#   pieces of which it is told whether they are real or fake.
#
# They wrote of counterfeiters and police: the better the police, the better the fakes
# have to be, until in the end the police can do no more than toss a coin. Then D = 0.5.
# At the workshop where DeepComposer was shown it was an orchestra (generator) and its
# conductor (critic). Each picture is wrong somewhere: police do not tell a
# counterfeiter what gave the note away, and this conductor has to learn, too. In a GAN
# the critic's own gradient says to the generator in which direction each number should
# have moved. That is the key to it.
#
# ### Spot the mistake
#
# > After a long training our critic tells real from fake every time. So our GAN has
# > learned very well.
#
# <details><summary>Answer</summary>
#
# The *critic* has learned well. The generator has lost the game: whatever it makes is
# found out. A GAN that has learned well ends with a critic that cannot tell, D = 0.5,
# and a weak critic alone is no proof of that either: it may be weak because it has not
# learned. One has to look at the pieces.
#
# </details>
#
# ### How sure is that?
#
# The brief of a DeepComposer challenge says that Autodesk designed an efficient
# aircraft wing with a GAN. We have found no source that confirms it. Engineering
# programs do propose shapes by the hundred, which is called generative design, but
# "generative" in a product's name does not make it a GAN. Before you repeat such a
# claim, ask what was trained, on what, and who measured it.

# %% [markdown]
# ## You are the critic (18 minutes)
#
# Twelve rhythms, six by fiddlers and six by a generator that has played a few rounds
# only. Each is heard twice in a row. Say what you believe, and how sure you are: your
# answer is a probability, D.

# %%
n_rounds = course.amount(12, quick=6)
half = n_rounds // 2
young = run.snapshots[1][1]  # after 15 rounds
fakes = to_bars(young[8 : 8 + half], "rhythm")
mixed = torch.cat([to_bars(data.draw(half, random), "rhythm"), fakes])  # (n, 16)
order = torch.randperm(n_rounds, generator=random)
judged, is_real = mixed[order], order < half


def twice(bar: Tensor) -> Score:
    """Return one bar, played two times."""
    return bars_to_score(torch.stack([bar, bar]), "rhythm", tempo=110)


seat = CriticSeat(judged, is_real.tolist(), twice, one="rhythm")
seat

# %% [markdown]
# If you went on without listening (or this is a test), somebody else now takes your
# chair: a stickler, who believes in bars whose second half repeats the first. (The
# chair stays yours: judge whenever you like, and run the cells from here on again.)


# %%
def stickler(bar: Tensor) -> float:
    """Return how sure the stickler is that a bar is real."""
    differing = (bar[:8] != bar[8:]).sum().item()
    return max(0.9 - 0.15 * differing, 0.1)


seat.fill(stickler)
print(f"{seat.n_right} of {n_rounds} right")

# %% [markdown]
# Being right is not all: whoever says 0.99 and is wrong has learned less from the piece
# than whoever said 0.6. The price of a guess is -log of what the truth was given. A
# sure right guess costs nothing, a coin toss log 2 = 0.69, a sure mistake a fortune.
# Over N pieces:
#
# $$\text{loss} = -\frac{1}{N} \sum_i \log\begin{cases} D_i & \text{if real} \\
#   1 - D_i & \text{if fake} \end{cases}$$
#
# This is **binary cross-entropy**, and it is what the critic of a GAN minimises.

# %% exercise="6.1"
from deepcomposer_edu.nn.gan_basics import guess_loss

# %%
said = torch.tensor(seat.said)
coin = torch.full((n_rounds,), 0.5)
print(f"your guesses cost {guess_loss(said, is_real):.2f} each")
print(f"a coin's cost     {guess_loss(coin, is_real):.2f}")

# %% [markdown]
# A loss above 0.69 is no disgrace: those who are often right and too sure of it can
# well be worse than a coin.

# %% [markdown]
# ## The best critic there is (14 minutes)
#
# How good can a critic become? Suppose it knew how often each rhythm comes, among the
# real bars and among the generator's. Then there is nothing left to learn.

# %% exercise="6.2"
from deepcomposer_edu.nn.gan_basics import best_critic

# %% [markdown]
# We count the rhythms of all real bars and as many bars of the trained generator, and
# look at the eight that are the most frequent in both together.
#
# **Guess before you run:** for a good generator, near which number will D be?


# %%
def counted(bars: Tensor) -> dict[tuple, int]:
    """Return how often each rhythm comes."""
    different, counts = bars.unique(dim=0, return_counts=True)
    return dict(zip(map(tuple, different.tolist()), counts.tolist(), strict=True))


n_bars = course.amount(7000, quick=1000)
real_bars = to_bars(data.draw(n_bars, random), "rhythm")
made_bars = to_bars(run.game.points(n_bars, seed=1), "rhythm")
by_people, by_network = counted(real_bars), counted(made_bars)
kinds = sorted(by_people | by_network)
real = torch.tensor([float(by_people.get(kind, 0)) for kind in kinds])
fake = torch.tensor([float(by_network.get(kind, 0)) for kind in kinds])
D = best_critic(real, fake)
print("rhythm            people network    D")
for i in (real + fake).argsort(descending=True)[:8].tolist():
    drawn = "".join("x" if step else "." for step in kinds[i])
    print(f"{drawn}{real[i]:8.0f}{fake[i]:8.0f}{D[i]:7.2f}")

# %%
weights = torch.cat([real, fake])  # how often each guess has to be made
costs = [
    guess_loss(d[None], torch.tensor([truth]))
    for truth, ds in ((True, D), (False, D))
    for d in ds
]
cost = (weights * torch.stack(costs)).sum() / weights.sum()
print(f"the best critic pays {cost:.2f} a guess; a coin pays {np.log(2):.2f}")

# %% [markdown]
# If the generator made each rhythm exactly as often as people do, D would be 0.5
# everywhere and nobody could do better than a coin: the end of the game. It is not
# quite there. But look also at what this critic knows: these very bars, one by one, and
# nothing of what makes a rhythm. It is right about every bar that it has counted, and
# lost with a new one. A network has to find out what the bars have in common.

# %% [markdown]
# ## The two turns (40 minutes)
#
# Here are the two players, a few linear maps each with bends between (lesson 05). What
# the generator makes of its noise is drawn step by step, with a gradient that flows
# through the draw (lesson 08 shows how).

# %%
course.show(TinyGenerator.forward)

# %%
course.show(TinyCritic.forward)

# %% [markdown]
# The critic's score is any number; D is its sigmoid, which lies between 0 and 1: score
# 0 is D = 0.5.
#
# They move in turns. First the critic: it scores a batch of real pieces and a batch of
# fakes, and learns to tell them apart.

# %% exercise="6.3"
from deepcomposer_edu.training.tiny_gan import critic_turn

# %% [markdown]
# Then the generator, and here comes what makes it a GAN. The generator has no data to
# compare with. But the critic is a network like any other, so the gradient can walk
# back through it: from the score to the piece, and from the piece into the generator.
# The same signal by which the critic learned shows the generator how to move.

# %% exercise="6.4"
from deepcomposer_edu.training.tiny_gan import generator_turn

# %% [markdown]
# That is all. A GAN is these two, again and again, with what you wrote. (An
# **optimiser** is the rule by which a network's numbers are moved along its gradient.
# Adam is the usual one.)


# %%
ADAM = partial(torch.optim.Adam, betas=(0.5, 0.9))


def play(
    config: TinyConfig,
    n_rounds: int,
    head_start: int = 0,
    generators_optimiser: Callable = ADAM,
) -> tuple[TinyGenerator, list[dict[str, float]]]:
    """Return the generator after a game, and what each round told."""
    source, chance = TinyData(config.data), torch.Generator().manual_seed(0)
    generator, critic = TinyGenerator(config, chance), TinyCritic(config, chance)
    critics_adam = ADAM(critic.parameters(), lr=config.critic_rate)
    optimiser = generators_optimiser(generator.parameters(), lr=config.generator_rate)

    def critics_loss(critic: Callable, real: Tensor, fake: Tensor) -> Tensor:
        return critic_loss(config.loss, critic(real), critic(fake))

    def noise() -> Tensor:
        return torch.randn((config.batch, config.noise), generator=chance)

    rows = []
    for turn in range(head_start + n_rounds):
        real = source.draw(config.batch, chance)
        fake = generator(noise(), chance)
        row = {"D of fakes": critic(fake).sigmoid().mean().item()}
        row["critic"] = critic_turn(critic, critics_adam, real, fake, critics_loss)
        if turn < head_start:
            continue  # the critic learns alone
        row["generator"] = generator_turn(
            partial(generator, chance=chance),
            critic,
            optimiser,
            noise(),
            partial(generator_loss, config.loss),
        )
        rows.append(row)
    return generator, rows


rhythm = TinyConfig(data="rhythm")
n_played = course.amount(600, quick=60)
mine, rows = play(rhythm, n_played)


# %%
def bars_of(generator: TinyGenerator, n: int, seed: int = 2) -> Tensor:
    """Return n pieces of a generator, (n, D)."""
    chance = torch.Generator().manual_seed(seed)
    noise = torch.randn((n, generator.config.noise), generator=chance)
    with torch.no_grad():
        return generator(noise, chance)


made = bars_of(mine, 1000)
groups = {
    "fiddlers": data.draw(1000, random),
    "your generator": made,
    "before the game": bars_of(TinyGenerator(rhythm), 1000),
}
measured = {name: statistics(pieces, "rhythm") for name, pieces in groups.items()}
print(" " * 18 + "".join(f"{name:>16s}" for name in measured))
for metric in ("onsets_per_bar", "off_beat_share", "sixteenth_share", "known_share"):
    print(f"{metric:18s}" + "".join(f"{m[metric]:16.2f}" for m in measured.values()))

# %%
often = {name: (pieces > 0.5).float().mean(0) for name, pieces in groups.items()}
course.picture(
    plot_steps(often, "bars that strike it"),
    "How often each step of a bar is struck: the generator has found the beats.",
)

# %%
course.play(
    bars_to_score(to_bars(made[:8], "rhythm"), "rhythm", 110), "Your generator", 18
)

# %% [markdown]
# The known share counts bars that stand in the tune books, 1 for all real ones. Your
# generator's bars are mostly among them, though it never saw them; of the others some
# are new rhythms that a fiddler could have written, and some are stumbles: two notes
# where one was meant. It knows the beats better than what goes with what.
#
# And the two losses? They fall for a moment and then rise and fall about a level. In a
# game nobody can win for good, so a loss that stands still does not mean that nothing
# is learned, and a low loss does not mean that it is good. Lesson 07 has a game whose
# loss does tell.


# %%
def smooth(rows: list[dict[str, float]], name: str, n_points: int = 60) -> list:
    """Return the means of so many stretches of a game."""
    values = [row[name] for row in rows]
    return [part.mean() for part in np.array_split(values, min(n_points, len(values)))]


lines = {name: smooth(rows, name) for name in ("critic", "generator")}
rounds = np.linspace(0, n_played, len(lines["critic"]))
course.picture(
    plot_lines(rounds, lines, "round", "loss"),
    "Both losses of the game. If the critic said 0.5 of everything, its loss would be "
    f"{2 * np.log(2):.2f} and the generator's {np.log(2):.2f}.",
)

# %% [markdown]
# ## The game in a plane (8 minutes)
#
# What a critic thinks of bars is hard to draw: they have 16 numbers. So here is the
# same game with pieces of two numbers, points in a plane. The real points lie around
# eight places on a ring. The grey shows the critic's scores, the lighter the more real.
#
# **Guess before you run:** where will the generated points be at first, and which way
# will they move?

# %%
stages = []


def keep(game: object, row: dict) -> None:
    """Keep the critic and some points of this moment."""
    critic = copy.deepcopy(game.critic).eval()
    stages.append((f"round {row['step']}", critic, game.real(300), game.points(300, 0)))


n_last = course.amount(800, quick=80)
ring = train_tiny(TinyConfig(data="ring"), n_last, every=n_last // 8, on_snapshot=keep)
course.picture(
    plot_stages([stages[0], stages[1], stages[-1]]),
    "Real and generated points over the critic's scores, at three moments.",
)

# %% [markdown]
# The critic raises the ground where real points are and lowers it where it finds
# generated ones; these climb; and where they gather, the ground sinks under them. Both
# chase each other around until there is nothing left to tell apart, or for ever.
#
# Here the game plays live. Press Train, and try what the settings do:

# %%
GANGame(data="ring")

# %% [markdown]
# ## A loss that gives up (18 minutes)
#
# What does the generator want? In the paper's formula the critic minimises its
# cross-entropy, and the generator does the contrary: it makes log(1 - D) small. That is
# the **original** loss. The paper itself warns of it in the same breath. Early in the
# game the fakes are bad, and the critic is sure: D is nearly 0. There log(1 - D) is
# flat, and a flat curve has no slope to follow. The generator learns least where it has
# the most to learn. The loss **saturates**.
#
# The **non-saturating** trick: make -log D small instead. It wants the same, D = 1, but
# where D is near 0 it is steep.

# %% exercise="6.5"
from deepcomposer_edu.nn.gan_basics import push

# %%
scores = torch.linspace(-8, 8, 65)
course.picture(
    plot_lines(
        scores.tolist(),
        {
            kind: push(kind, scores).tolist()
            for kind in ("original", "non-saturating", "wgan-gp")
        },
        "the critic's score of a fake (left: surely a fake)",
        "push",
    ),
    "How strongly each loss pushes the generator: the original one gives up where the "
    "critic is sure.",
)

# %% [markdown]
# To see what that means, the critic gets a **head start** on the ring: it learns alone
# for a while, until it knows the generator's points for what they are. Then both play,
# once with each loss. The generator goes down the plain gradient here (SGD), for Adam
# makes small gradients larger and so hides a part of the trouble.
#
# **Guess before you run:** which of the two will still be where it began?

# %%
head_start, n_played = course.amount(300, quick=40), course.amount(300, quick=20)
lines = {}
for kind in ("original", "non-saturating"):
    config = TinyConfig(data="ring", loss=kind, generator_rate=0.05)
    _, rows = play(config, n_played, head_start, torch.optim.SGD)
    lines[kind] = smooth(rows, "D of fakes")
course.picture(
    plot_lines(
        np.linspace(0, n_played, len(lines[kind])), lines, "round", "D of the fakes"
    ),
    "What the critic believes of the fakes, after its head start.",
)

# %% [markdown]
# With the original loss nothing happens, however long you wait: D is 0, so the push is
# 0. With the other the generator leaps away, much too far at first, to where the critic
# has never seen a point and believes whatever comes (D = 1). The critic learns better,
# and the two come to terms. With rhythms the critic is not quite as sure, and the
# original loss gets away in the end; but listen to both thirty rounds after the head
# start.

# %%
n_played = course.amount(30, quick=5)
for kind in ("original", "non-saturating"):
    config = TinyConfig(data="rhythm", loss=kind, generator_rate=0.1)
    generator, _ = play(config, n_played, head_start, torch.optim.SGD)
    bars = to_bars(bars_of(generator, 4), "rhythm")
    display(course.play(bars_to_score(bars, "rhythm", 110), kind, 9))

# %% [markdown]
# In a plain GAN the critic must therefore not be too strong, and people kept it weak on
# purpose. The Wasserstein loss of lesson 07 has the same push everywhere. There, the
# better the critic, the better.

# %% [markdown]
# ## When all bars are one (24 minutes)
#
# Nothing in the generator's loss says that its pieces should differ. Whoever finds one
# rhythm that the critic believes can play it for ever, as long as the critic does not
# notice. That is a **mode collapse**: of the many kinds that there are (the **modes**
# of the data) only one is left, or a few.
#
# On the ring it can be counted. There are eight modes; how many does a generator reach?

# %% exercise="6.6"
from deepcomposer_edu.training.tiny_statistics import modes_covered

# %% [markdown]
# Now cause one. The recipe: a generator that moves much faster than its critic. As soon
# as the critic believes in one place, all points are there; when it notices, they are
# gone to the next.

# %%
hasty = {"generator_rate": 1e-2, "critic_rate": 1e-3}
n_last = course.amount(600, quick=60)
fates = {}
for name, rates in (("even rates", {}), ("a hasty generator", hasty)):
    stages.clear()
    train_tiny(
        TinyConfig(data="ring", **rates), n_last, every=n_last // 2, on_snapshot=keep
    )
    fates[name] = stages[-1]
    reached = modes_covered(stages[-1][3], centres("ring"), near("ring"))
    print(f"{name:18s} {reached} of 8 modes after {n_last} rounds")

course.picture(
    plot_stages([(name, *stage[1:]) for name, stage in fates.items()]),
    "Left, both learn at the same rate; right, the generator is ten times faster: "
    "its points crowd together.",
)

# %% [markdown]
# And in music? Listen to eight bars of each.

# %%
ways = {
    "even rates": {},
    "a hasty generator": hasty,
    "hasty, mended": hasty | {"loss": "wgan-gp", "n_critic": 5},
}
n_last = course.amount(300, quick=40)
collapsed = {}
for name, settings in ways.items():
    game = train_tiny(TinyConfig(data="rhythm", **settings), n_last, every=n_last).game
    m = game.statistics()
    print(
        f"{name:18s} {m['distinct_share']:5.1%} different bars, the most frequent one "
        f"{m['top_share']:5.1%} of the time; {m['known_share']:5.1%} known"
    )
    collapsed[name] = to_bars(game.points(8, seed=3), "rhythm")
    score = bars_to_score(collapsed[name], "rhythm", 110)
    display(course.play(score, name, 18))
m = statistics(data.draw(1000, random), "rhythm")
print(
    f"{'fiddlers':18s} {m['distinct_share']:5.1%} different bars, the most frequent "
    f"one {m['top_share']:5.1%} of the time"
)

# %%
course.picture(
    plot_rhythms(collapsed), "Eight bars of each generator: the hasty one repeats."
)

# %% [markdown]
# Each of its bars by itself may well be a rhythm that the critic believes. Whoever
# looks at one bar at a time finds nothing wrong. **A collapse shows only in many pieces
# together**, so count different ones, and listen to several in a row.
#
# The third kept the hasty rates. What mends it is another game: the critic moves five
# times for each step of the generator, and its loss is the Wasserstein loss with a
# gradient penalty, so that it may be that strong. That is lesson 07.

# %% [markdown]
# ## A critic made of your clicks (12 minutes)
#
# So far the critic was told the truth. Now it is told *your* answers: what you called
# real takes the place of the real pieces, what you called a fake that of the fakes,
# right or wrong. With the same `critic_turn`, a critic learns your taste.

# %%
likes = said > 0.5
if not 2 <= likes.sum() <= n_rounds - 2:
    print("Your answers were nearly all alike: the half you were surest of counts.")
    likes = said.argsort(descending=True).argsort() < half
called_real, called_fake = judged[likes].float(), judged[~likes].float()
taste = TinyCritic(rhythm)
adam = torch.optim.AdamW(taste.parameters(), lr=2e-3, weight_decay=0.1)
for _ in range(course.amount(200, quick=50)):
    critic_turn(
        taste,
        adam,
        called_real,
        called_fake,
        lambda critic, real, fake: critic_loss(
            "non-saturating", critic(real), critic(fake)
        ),
    )

pool = real_bars.unique(dim=0)
with torch.no_grad():
    order = taste(pool.float()).argsort(descending=True)
likes = {"to your taste": pool[order[:6]], "not to your taste": pool[order[-6:]]}
course.picture(plot_rhythms(likes), "Real bars that your critic likes best, and least.")

# %% [markdown]
# Is that you? Twelve clicks are few for a network with thousands of numbers. The
# simplest judge there is, one weight for each step, is more modest, and it can say how
# well it would have foretold a click of yours that it had not learned from:

# %%
heard_bars = torch.cat([called_real, called_fake]).numpy()
calls = np.arange(len(heard_bars)) < len(called_real)
click_judge = ClickJudge(heard_bars, calls, [f"step {i + 1}" for i in range(16)])
print(f"foretells {click_judge.left_out:.0%} of clicks that were left out")
for name in click_judge.most_used[:4]:
    print(f"{name:8s}{click_judge.weights[name]:+.2f}")

# %% [markdown]
# Last, a generator that plays against your taste alone. Your critic no longer learns:
# it is n_critic = 0.
#
# **Guess before you run:** how many different bars will it find?

# %%
flatterer = TinyGenerator(rhythm)
adam = torch.optim.Adam(flatterer.parameters(), lr=5e-3)
chance = torch.Generator().manual_seed(0)
for _ in range(course.amount(300, quick=30)):
    generator_turn(
        partial(flatterer, chance=chance),
        taste,
        adam,
        torch.randn((rhythm.batch, rhythm.noise), generator=chance),
        lambda scores: generator_loss("non-saturating", scores),
    )
pieces = bars_of(flatterer, 500)
m = statistics(pieces, "rhythm")
print(f"{m['distinct_share']:.1%} different bars, {m['known_share']:.0%} of them known")
with torch.no_grad():
    print(f"your critic scores them {taste(pieces).mean():.1f} in the mean,")
    print(f"and the best of all fiddlers' bars {taste(pool.float()).max():.1f}")
bars = to_bars(pieces[:8], "rhythm")
course.play(bars_to_score(bars, "rhythm", 110), "To please you", 18)

# %% [markdown]
# A critic that stands still is soon found out. Compare the two scores, and then listen:
# what the generator makes now is mostly no rhythm that anybody ever played. It has
# found what *the critic* likes, which is not what *you* like. That is why in a GAN both
# must learn all the time, and why a fixed measure of quality, once it is a goal, stops
# measuring (lesson 13).

# %% [markdown]
# ## Play with it (10 minutes)
#
# The same game, live, with bars to hear. Try: let it learn melodies; take away the
# critic's turns; make it collapse while it plays, and bring it back.

# %%
GANGame(data="melody")

# %% [markdown]
# ## Quiz (4 minutes)

# %%
quiz = course.quiz("06")
quiz

# %% [markdown]
# ## Go further (30 minutes)
#
# - Train on melodies: `run = train_tiny(TinyConfig(data="melody"), 1000)`, listen with
#   `bars_to_score(to_bars(run.game.points(8), "melody"), "melody")`. Which statistics
#   come near the data's, and which do not?
# - Set `temperature=0` for rhythms: the generator may no longer draw, all its chance is
#   in the noise. What happens to `distinct_share`?
# - Give the critic spectral normalisation (`normalisation="spectral"`) and look at the
#   landscape: how steep does it become? Lesson 07 says why.
# - Play `CriticSeat` with the bars of the last rounds, and let friends play it, too.
#   Whose loss is lowest?

# %% [markdown]
# ## What you learned
#
# - to **judge** like a critic, and to say what a guess costs
# - to **build** the two turns of a GAN's game, and to **train** it in seconds
# - to **explain** the non-saturating trick by the slopes of two losses
# - to **cause** a mode collapse, to **hear** it and to **mend** it
#
# ## References
#
# - Goodfellow, I. J., Pouget-Abadie, J., Mirza, M., Xu, B., Warde-Farley, D., Ozair,
#   S., Courville, A. and Bengio, Y., 2014. Generative Adversarial Nets.
# - Goodfellow, I., 2016. NIPS 2016 Tutorial: Generative Adversarial Networks.
# - Metz, L., Poole, B., Pfau, D. and Sohl-Dickstein, J., 2017. Unrolled Generative
#   Adversarial Networks. (The ring of eight.)
# - Jang, E., Gu, S. and Poole, B., 2017. Categorical Reparameterization with
#   Gumbel-Softmax.
# - Miyato, T., Kataoka, T., Koyama, M. and Yoshida, Y., 2018. Spectral Normalization
#   for Generative Adversarial Networks.
# - Gulrajani, I., Ahmed, F., Arjovsky, M., Dumoulin, V. and Courville, A., 2017.
#   Improved Training of Wasserstein GANs.
# - Kahng, M. and others, 2019. GAN Lab: Understanding Complex Deep Generative Models
#   using Interactive Visual Experimentation.
