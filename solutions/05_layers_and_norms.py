# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 05 Linear layers and normalization
#
# At the end of this lesson you hear one network recite a tune that it has learned by
# heart, and its twin go its own way, and you know which parts make the difference.
#
# *150 minutes to read and do, best in two sittings: a good place for a break is before
# "Learned by heart". About a minute and a half of computing on one core. You need some
# Python, and torch as far as tensors and `backward`. Lessons needed first: 00 and 01.*

# %% [markdown]
# ## What you will be able to do
#
# - **write** the layers that networks are made of, as exact as torch's own
# - **tell** which numbers a norm mixes, and **choose** the right one for a batch of 1
# - **see and hear** when a network has learned its pieces by heart
# - **use** five helps against it, and **measure** what each of them does

# %% [markdown]
# ## Set-up (1 minute)

# %%
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from textwrap import fill

import torch
from torch import Tensor, nn

from deepcomposer_edu import course
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.tune_net import (
    TuneNet,
    TuneNetConfig,
    continue_tune,
    examples,
    from_codes,
    load_tune_net,
    longest_copy,
    to_codes,
)
from deepcomposer_edu.music.augment import (
    HIGH,
    LOW,
    SHIFTS,
    change_tempo,
    jitter,
    stretch,
    wrong_notes,
)
from deepcomposer_edu.music.grid import Grid, from_grid, to_grid
from deepcomposer_edu.nn.layers import EPSILON, BatchNorm, Conv1d, LayerNorm, Linear
from deepcomposer_edu.training.tune_net import (
    TuneRun,
    chorale_melodies,
    train_tune_net,
)
from deepcomposer_edu.widgets import NormView

torch.set_num_threads(1)  # the networks are small: more threads would gain little
course.setup(seed=0, lesson="05")

# %% [markdown]
# ## Listen first (4 minutes)
#
# Two networks have learned from the same 24 chorale melodies. They are twins: they have
# the same number of linear weights and began with the same seed. Here is one of the
# melodies.

# %%
train, valid = chorale_melodies(24)
tune = train[10]
course.play(tune, "A melody that both have learned from")

# %% [markdown]
# Each is given its first eight notes and goes on by itself.

# %%
beginning = from_codes(to_codes(tune)[:8])
for name in ("overfit", "regularised"):
    music = continue_tune(load_tune_net(name), beginning, 32, seed=0)
    display(course.play(music, f"Eight notes, continued by the {name} twin"))

# %% [markdown]
# The first twin recites. It has not learned how melodies go; it knows 24 of them by
# heart. That is called **overfitting**. The second has been helped not to. It makes
# something of its own, with more odd notes than Bach would write: 24 melodies are not
# much to learn from.
#
# In this lesson you build the layers of both, and then the helps, one by one.

# %% [markdown]
# ## Layers are linear maps (34 minutes)
#
# Take three voices and mix them: twice the first, minus the second, plus a constant. A
# **linear map** does nothing but that: each output is a sum of the inputs, each times a
# **weight**, plus a **bias**. It is nearly all that a network is made of. What lies
# between two of them is a small bend, such as `relu`, which makes negative numbers 0.
#
# When every output sees every input, the layer is **fully connected**:
#
# $$y_j = \sum_i W_{ji}\, x_i + b_j$$
#
# with $x$ the inputs (`x`), $W$ the weights (`weight`, a row for each output) and $b$
# the bias (`bias`). On paper this is written $y = Wx + b$.

# %% exercise="5.1"
from deepcomposer_edu.nn.layers import linear

# %% [markdown]
# Such a map can be heard. Here a melody is one input, its pitch. Weight 1 and bias 5
# move it up by five semitones. **Guess before you run:** what does the weight -1 do?

# %%
melody = to_grid(load_tune("ode-to-joy")).voices(0).crop(0, 64)
pitches = torch.tensor(melody.pitches[0], dtype=torch.float32)[:, None]  # (T, 1)
for weight, bias in ((1.0, 5.0), (-1.0, 2 * 67.0)):
    moved = linear(pitches, torch.tensor([[weight]]), torch.tensor([bias]))  # (T, 1)
    heard = Grid(moved.T.round().numpy(), melody.onsets)
    display(course.play(heard, f"Ode to Joy: weight {weight:g}, bias {bias:g}"))

# %% [markdown]
# Upside down: every step up has become a step down. Bach turned themes over like that
# in his fugues; it is called inversion.
#
# ### A convolution: the same small map at every step
#
# A fully connected layer over twelve notes has a weight for each note and output, and
# must learn a figure anew for every place in the bar. A **convolution** has one small
# map, its **kernel**, and uses it at every step:
#
# $$y_{o,t} = \sum_{i,k} W_{o,i,k}\, x_{i,t+k} + b_o$$
#
# with $i$ the input channels, $o$ the output channels, $k$ the steps of the kernel and
# $t$ the place. What it has learned in bar 1 it knows in bar 8.

# %% exercise="5.2"
from deepcomposer_edu.nn.layers import conv1d

# %% [markdown]
# The kernel (-1, 1) over a melody's notes gives its intervals. A kernel of four times
# a quarter gives its mean over four notes: a smooth line with the general direction of
# the tune, and without its face.

# %%
# NBVAL_CHECK_OUTPUT
notes = torch.tensor([[[64.0, 64, 65, 67, 67, 65, 64, 62]]])  # (B, C, T)
print("intervals:", conv1d(notes, torch.tensor([[[-1.0, 1.0]]])).int().tolist()[0][0])

# %%
quarters = pitches[::4].T[None]  # (1, 1, T)
smooth = conv1d(quarters, torch.full((1, 1, 4), 0.25))[0].round()  # (1, T)
line = smooth.repeat_interleave(4, dim=1).numpy()  # (1, T)
struck = torch.arange(line.shape[1])[None] % 4 == 0  # a new note on every beat
course.play(Grid(line, struck.numpy()), "Ode to Joy, smoothed")

# %% [markdown]
# Compare how many weights the two kinds need, from 12 notes of 32 numbers to 12 notes
# of 64 numbers:

# %%
# NBVAL_CHECK_OUTPUT
for name, layer in (("linear", Linear(12 * 32, 12 * 64)), ("conv", Conv1d(32, 64))):
    print(f"{name:8s}{sum(weight.numel() for weight in layer.parameters()):8d} weights")

# %% [markdown]
# ### Two more that are linear maps in disguise
#
# An **embedding** gives each code its own row of numbers. It is a linear map of
# one-hots: all inputs are 0 but one, so only one row of the weights is left. Nobody
# multiplies by all those zeros; one looks the row up. Lesson 03 is about what such rows
# come to mean.

# %%
# NBVAL_CHECK_OUTPUT
table = torch.tensor([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])  # (V, D), 3 codes
one_hot = torch.tensor([0.0, 0.0, 1.0])
print(torch.equal(linear(one_hot, table.T), table[2]))

# %% [markdown]
# **Attention** is a weighted sum, too, but it computes its weights itself. Three linear
# maps make of each step a question, an answer to offer and a content. A dot product
# says how well a question fits each answer, `softmax` makes shares of that, and with
# these shares the contents are added up. Lesson 10 builds a network of it.

# %%
# NBVAL_CHECK_OUTPUT
steps = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 3.0]])  # (T, D): the last differs
questions = answers = contents = linear(steps, torch.eye(2))
shares = (questions @ answers.T).softmax(dim=-1)  # (T, T), each row sums to 1
print([[round(share, 2) for share in row] for row in shares.tolist()])
print([[round(number, 2) for number in row] for row in (shares @ contents).tolist()])

# %% [markdown]
# The first two steps are alike and look at each other; the third looks at itself.

# %% [markdown]
# ## Normalization (44 minutes)
#
# An orchestra tunes before it plays. A network has the same need: each layer multiplies
# and adds what the one before it made, and if that is a little too loud or too soft,
# many layers make it a roar or nothing at all. Look at the spread of the numbers after
# each of ten linear layers whose weights are a little too large, or too small.

# %%
random = torch.Generator().manual_seed(0)
for size in (0.25, 0.05):
    x = torch.randn(64, 100, generator=random)  # (B, C)
    spreads = []
    for _ in range(10):
        x = linear(x, size * torch.randn(100, 100, generator=random))
        spreads.append(x.std().item())
    print(f"weights of {size}:", " ".join(f"{spread:.3g}" for spread in spreads))

# %% [markdown]
# A **norm** is a tuner between the layers: it takes the mean away and divides by the
# spread.
#
# $$\hat{x} = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}$$
#
# with $\mu$ the mean, $\sigma^2$ the variance and $\epsilon$ a very small number
# (`EPSILON`), so that nothing is divided by 0. Which numbers share a mean? That is the
# whole question, and `axes` answers it.

# %% exercise="5.3"
from deepcomposer_edu.nn.layers import normalise

# %% [markdown]
# With this tuner between the same layers:

# %%
for size in (0.25, 0.05):
    x = torch.randn(64, 100, generator=random)  # (B, C)
    for _ in range(10):
        x = normalise(linear(x, size * torch.randn(100, 100, generator=random)), (1,))
    print(f"weights of {size}: the spread after ten layers is {x.std().item():.3f}")

# %% [markdown]
# ### Which numbers share a mean
#
# A batch is a block (B, C, T): pieces, channels, steps.
#
# - **BatchNorm** (2015) takes the mean of each channel over all pieces and steps: axes
#   0 and 2. It asks: is this loud, compared with what *others* have in this channel?
# - **LayerNorm** (2016) takes the mean over the channels, here of each step of each
#   piece: axis 1. It asks: is this loud, compared with the *other channels* here?
#
# Below, the block holds four-part phrases: 6 pieces, 4 voices, 8 quarters, and the
# numbers are pitches, so that a norm can be heard. Click a number: those that share its
# mean are framed. Play a piece, and change the norm and the number of pieces while it
# plays.
#
# **Guess before you try:** under which norm does *Phrase in C* sound different when the
# other pieces leave the batch? And under which norm do *Phrase in C* and *Phrase in A*
# become the same?

# %%
norms = NormView()
norms

# %% [markdown]
# <details><summary>Answer</summary>
#
# BatchNorm: what becomes of a piece depends on who is beside it. Under LayerNorm over
# the voices the phrase is the same in every key, for its mean is taken away at every
# step, and with it the rise and fall of the whole choir.
#
# </details>
#
# In a network the channels are no voices but what it has found out by itself. There
# losing the mean costs nothing, because each channel then gets a **gain** and a
# **shift** of its own, which are learned like the other weights.

# %% tags=["show"]
from deepcomposer_edu.nn.layers import LayerNorm

# %% [markdown]
# ### Which norm for a batch of 1?
#
# When you compose there is one melody, and one next note: a batch of 1.
#
# **Guess before you run:** what does each norm make of it?

# %%
# NBVAL_CHECK_OUTPUT
alone = torch.tensor([[3.0, -1.0, 4.0]])  # (B, C), one piece
print("LayerNorm:", [round(n, 2) for n in normalise(alone, (1,))[0].tolist()])
print("BatchNorm:", normalise(alone, (0,))[0].tolist())
print("another piece:", normalise(10 * alone, (0,))[0].tolist())

# %% [markdown]
# Nothing is left: a number alone is its own mean. (The widget above shows the same with
# one piece and one step.) So BatchNorm keeps a memory. While it
# trains, it remembers the mean and variance of its batches, the last ones most; when it
# is used (`eval()`), it takes those instead of the batch's own. LayerNorm has no such
# second life: it does the same in training and after.

# %% exercise="5.4"
from deepcomposer_edu.nn.layers import running_statistics

# %% tags=["show"]
from deepcomposer_edu.nn.layers import BatchNorm

# %% [markdown]
# ### Why a critic has no BatchNorm
#
# Lessons 07 and 08 train a critic with a gradient penalty, which asks each piece for
# the slope of *its own* score. The following function looks which pieces a score
# depends on.

# %% tags=["show"]
from deepcomposer_edu.nn.layers import influence

# %%
# NBVAL_CHECK_OUTPUT
pieces = torch.randn(3, 4, 8, generator=torch.Generator().manual_seed(0))  # (B, C, T)
for norm in (BatchNorm(6), LayerNorm(6, axis=1)):
    critic = nn.Sequential(Conv1d(4, 6), norm, nn.Tanh(), Conv1d(6, 1))
    print(type(norm).__name__)
    print(influence(critic.train(), pieces).int())

# %% [markdown]
# Under BatchNorm every score depends on every piece of the batch. There is no slope of
# one piece any more, and the penalty punishes a mixture. So the critic of the original
# AWS samples has no batch norm, which a comment in its code points out, and that of
# this course has LayerNorm over the channels. (Gulrajani and others, 2017,
# recommend it.)

# %% [markdown]
# ## Learned by heart (10 minutes)
#
# Back to the twins. Their parts are now known to you: an embedding for each note, a
# convolution over the last twelve notes, two linear layers, and one **logit** for every
# pitch and length that may come next: a number from which `softmax` makes its
# probability.

# %%
course.show(TuneNet.forward)

# %% [markdown]
# The **loss** is the network's mean surprise at the next note, -log of the probability
# that it gave to what came, in **nats** (a nat is 1.44 bits): 0 if it was certain and
# right. We measure it twice, on melodies it learns from (train) and on melodies that
# have none of their tunes (valid). Here is a network without any help, 800 steps, about
# 5 seconds.
#
# **Guess before you run:** how will the two curves go?

# %%
n_steps = course.steps(800, quick=6)
plain = TuneRun(TuneNetConfig())
networks, histories = {}, {}
networks["no help"], histories["no help"] = train_tune_net(
    plain, train, valid, n_steps, seed=0
)
course.curves(histories["no help"], "loss", "valid_loss", title="Without any help")

# %% [markdown]
# After 50 steps both are as good as they get together. Then they part: the network goes
# on to learn its melodies by heart, and on others it becomes worse and worse, since it
# is sure of itself and wrong. Stopping at the lowest point is the first help, **early
# stopping**. It costs nothing, but it also learns no more.
#
# Is it reciting? Take the beginning of each train melody, let the network go on, and
# look for the longest run of notes that stands in one of its melodies, in whatever key.


# %%
def mean_copy(network: TuneNet, melodies: Sequence[Grid]) -> float:
    """Return how long the longest copied run of a continuation is, on average."""
    lengths = []
    for number, melody in enumerate(melodies[: course.amount(24, quick=2)]):
        beginning = from_codes(to_codes(melody)[:8])
        music = continue_tune(network, beginning, 32, seed=number)
        lengths.append(longest_copy(music, train, skip=8)[0])
    return sum(lengths) / len(lengths)


print(f"after train beginnings: {mean_copy(networks['no help'], train):.1f} notes")
print(f"after valid beginnings: {mean_copy(networks['no help'], valid):.1f} notes")

# %% [markdown]
# How much is much? Bach himself, in the melodies kept back, shares short runs with the
# 24 as well: everybody's melodies have scales in them.

# %%
runs = [
    longest_copy(from_codes(to_codes(tune)[:40]), train, skip=8)[0] for tune in valid
]
print(f"Bach himself: {sum(runs) / len(runs):.1f} notes, the longest {max(runs)}")

# %% [markdown]
# ## Five helps (48 minutes)
#
# Each makes it harder to learn by heart than to learn what is common to all melodies.
#
# **1 and 2: BatchNorm and LayerNorm.** Their purpose is that many layers can be trained
# at all, and faster. BatchNorm helps a little against overfitting, too, since a piece
# looks different in every batch.
#
# **3: Dropout** makes a share of the numbers 0, others at each step, like a rehearsal
# where some players are always missing: nobody can rely on one neighbour, and all must
# know the piece.

# %% exercise="5.5"
from deepcomposer_edu.nn.layers import dropout

# %%
# NBVAL_CHECK_OUTPUT
ones = torch.ones(10_000)
dropped = dropout(ones, 0.25, torch.Generator().manual_seed(0))
print("values:", sorted({round(value, 3) for value in dropped.tolist()}))
print(
    f"about {(dropped == 0).float().mean():.0%} fell; the mean is {dropped.mean():.1f}"
)

# %% [markdown]
# **4: A weight penalty.** To know a melody by heart a network needs large weights: it
# must react sharply to one combination of notes. So large weights are made to cost:
#
# $$\text{penalty} = \lambda_1 \sum_w |w| + \lambda_2 \sum_w w^2$$
#
# with $\lambda_1$ and $\lambda_2$ the prices (`l1`, `l2`) and the sums over all weights
# $w$. The two differ in what they do to small weights: the slope of $w^2$ fades as $w$
# does, that of $|w|$ stays. So L1 makes weights 0, and L2 makes them small.

# %% exercise="5.6"
from deepcomposer_edu.nn.layers import weight_penalty

# %% [markdown]
# **5: Augmentation** changes what is learned from instead of the network: copies of the
# music with a change that does not matter. Which changes do not matter is a question of
# music, not of mathematics. Listen, and decide which of these is still *Ode to Joy*:

# %%
score = from_grid(melody, tempo=100)
display(course.play(score, "As it is"))
display(course.play(change_tempo(score, 1.3), "Tempo: 1.3 times as fast"))
display(course.play(stretch(melody.crop(0, 32), 2), "Every note twice as long"))
display(course.play(melody.transposed(-4), "Four semitones lower"))
display(course.play(jitter(score, steps=0.3, velocity=15), "Noise: played unevenly"))
display(course.play(wrong_notes(melody, 0.15, seed=1), "Noise: some notes wrong"))

# %% [markdown]
# The first needs a second look: to a network on the grid of sixteenths another tempo is
# no change at all, since nothing in the grid says how long a sixteenth is. Only
# stretching would be. The noise helps networks that listen to recordings or take what
# somebody plays on a keyboard. For ours, transposing is the great one: 24 melodies
# become some 280.

# %% exercise="5.7"
from deepcomposer_edu.music.augment import transpositions

# %%
in_all_keys = [copy for tune in train for copy in transpositions(tune, 48, 84)]
print(f"{len(train)} melodies became {len(in_all_keys)}")
display(course.play(transpositions(tune.crop(0, 32), 48, 84)[0], "The lowest copy"))
course.play(transpositions(tune.crop(0, 32), 48, 84)[-1], "The highest copy")

# %% [markdown]
# ### Spot the mistake
#
# > I put all melodies into twelve keys and shuffled them. Then I took a tenth of them
# > as valid melodies. My valid loss is wonderful: 0.4!
#
# <details><summary>Answer</summary>
#
# The valid melodies are copies of train melodies in other keys. A network that has
# learned its pieces by heart in eleven keys knows the twelfth as well. First part the
# pieces, then augment, and only what is learned from. The order matters whatever the
# augmentation.
#
# </details>
#
# ### The same run, with each help
#
# Now the same network, the same seed and as many steps, each time with one help, and in
# the end with several. This takes about 45 seconds.
#
# **Guess before you run:** which help will do most?

# %%
config = plain.network
helps = {
    "BatchNorm": (replace(plain, network=replace(config, norm="batch")), train),
    "LayerNorm": (replace(plain, network=replace(config, norm="layer")), train),
    "dropout 0.5": (replace(plain, network=replace(config, dropout=0.5)), train),
    "L1": (replace(plain, l1=1e-4), train),
    "L2": (replace(plain, l2=1e-3), train),
    "twelve keys": (plain, in_all_keys),
    "several": (
        TuneRun(replace(config, norm="layer", dropout=0.3), l2=1e-4),
        in_all_keys,
    ),
}
for name, (run, melodies) in helps.items():
    networks[name], histories[name] = train_tune_net(
        run, melodies, valid, n_steps, seed=0
    )

# %%
print(f"{'':14s}{'train':>8s}{'valid':>8s}{'lowest':>8s}{'copied notes':>14s}")
for name, rows in histories.items():
    lowest = min(row["valid_loss"] for row in rows)
    print(
        f"{name:14s}{rows[-1]['loss']:8.2f}{rows[-1]['valid_loss']:8.2f}{lowest:8.2f}"
        f"{mean_copy(networks[name], train):14.1f}"
    )

# %% [markdown]
# Read it line by line: the surprise at known melodies, at unknown ones, the lowest that
# it was on the way, and how many notes the network copies after the beginning of a
# known melody. All losses are measured without dropout and without the penalty's price,
# so that they can be compared.
#
# In our run the norms lower the surprise at unknown melodies, and yet the networks with
# them recite even longer: their purpose is another, and here they make learning, and
# learning by heart, quicker. The penalties do a little. Dropout does more. Twelve keys
# do most by far, because that is the one help that brings knowledge: *the key does not
# matter*. And helps add up. Your numbers may differ a little.
#
# None of these networks is good. A surprise of 3 nats is as much as a choice between 20
# notes that are all as likely; with ten times as many melodies it would be lower.

# %%
course.curves(histories["several"], "loss", "valid_loss", title="With several helps")

# %% [markdown]
# What did the penalties do to the weights? Count those that are next to nothing:

# %%
for name in ("no help", "L1", "L2"):
    weights = networks[name].linear.weight.detach()
    small = (weights.abs() < 1e-3).float().mean().item()
    print(f"{name:8s} spread {weights.std():.4f}, below 0.001: {small:.0%}")

# %% [markdown]
# Both have made many weights small, L1 a few more of them. On paper L1 makes them 0
# exactly. Here they swing closely around it: **Adam**, the rule by which most networks
# of this course take their steps, makes each step about equally long, however near 0
# is.

# %% [markdown]
# And this is how they sound, after the same eight notes and with the same seed:

# %%
for name in ("no help", "dropout 0.5", "several"):
    music = continue_tune(networks[name], beginning, 24, seed=0)
    display(course.play(music, f"Continued by the network with {name}"))

# %% [markdown]
# ### Spot the mistake
#
# Somebody wants to compose with the BatchNorm network and writes:

# %%
wrong = deepcopy(networks["BatchNorm"]).train()  # it has been trained, after all
try:
    continue_tune(wrong, beginning, 24)
except InputError as error:
    print(fill(str(error), 80))

# %% [markdown]
# "Then I give it the melody twice, that makes a batch of two." Now there is no error.
#
# **Guess before you run:** ten melodies, each given to it twice: how many different
# answers does it have for the next note?

# %%
# NBVAL_CHECK_OUTPUT
answers = set()
with torch.no_grad():
    for melody in valid[:10]:
        codes, _ = examples([melody], context=12)
        logits = wrong(codes[20:21].repeat(2, 1))  # (2, V)
        answers.add(int(logits[0].argmax()))
print("different answers:", len(answers))

# %% [markdown]
# <details><summary>Answer</summary>
#
# Two equal pieces have no spread. In the last norm every number becomes 0, and only the
# shift is left, which knows nothing of the melody. What the network was given no longer
# matters, and with the likeliest note each time it plays one note for ever. `eval()` is
# missing. (Dropout would still be at work, too.) Whenever a network that has learned
# well repeats itself, look for this first.
#
# </details>

# %%
networks["BatchNorm"].eval()
music = continue_tune(networks["BatchNorm"], beginning, 24, seed=0)
course.play(music, "The BatchNorm network in eval()")

# %% [markdown]
# ## Play with it (5 minutes)
#
# Your choice of tune, continued by any of your networks. A `temperature` below 1 makes
# it more careful, above 1 more daring.

# %%
choice = course.choose_tune(first="ode-to-joy")
choice

# %%
start = from_codes(to_codes(to_grid(choice.score).voices(0))[:8])
mine = continue_tune(networks["several"], start, 32, temperature=0.8, seed=3)
display(course.plot(mine, "Eight notes of yours, and what the network made of them"))
course.play(mine, "Continued")

# %% [markdown]
# And the norms once more, now with four chorales of Bach as the batch. How far does a
# chorale move when you take the other three away?

# %%
NormView(
    [piece.grid.crop(0, 32) for piece in load_chorales("train")[:4]],
    names=[f"BWV {piece.bwv}" for piece in load_chorales("train")[:4]],
)

# %% [markdown]
# ## Quiz (4 minutes)

# %%
quiz = course.quiz("05")
quiz

# %% [markdown]
# ## Go further (20 minutes)
#
# - `chorale_melodies(200)` gives ten times as many melodies. Which helps are still
#   worth it then? (One run takes as long as before.)
# - Train "several" for 3000 steps. Where is its lowest point?
# - `stretch` as an augmentation: does a melody in doubled values teach the network
#   anything about chorales?
# - Build GroupNorm: `normalise` after the channels were split into groups. Compare it
#   with `torch.nn.functional.group_norm`.

# %% [markdown]
# ## What you learned
#
# - to **write** the layers that networks are made of, as exact as torch's own
# - to **tell** which numbers a norm mixes, and to **choose** the right one for a batch
#   of 1
# - to **see and hear** when a network has learned its pieces by heart
# - to **use** five helps against it, and to **measure** what each of them does
#
# ## References
#
# - Krogh, A. and Hertz, J., 1991. A Simple Weight Decay Can Improve Generalization.
# - Tibshirani, R., 1996. Regression Shrinkage and Selection via the Lasso. The L1
#   penalty.
# - LeCun, Y., Bottou, L., Bengio, Y. and Haffner, P., 1998. Gradient-Based Learning
#   Applied to Document Recognition. Convolutions.
# - Srivastava, N., Hinton, G., Krizhevsky, A., Sutskever, I. and Salakhutdinov,
#   R., 2014. Dropout: A Simple Way to Prevent Neural Networks from Overfitting.
# - Ioffe, S. and Szegedy, C., 2015. Batch Normalization.
# - Ba, J., Kiros, J. and Hinton, G., 2016. Layer Normalization.
# - Gulrajani, I. and others, 2017. Improved Training of Wasserstein GANs.
# - Vaswani, A. and others, 2017. Attention Is All You Need.
# - Amazon Web Services, 2019. AWS DeepComposer samples.
