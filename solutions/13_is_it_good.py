# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 13 Is it good?
#
# At the end of this lesson you have taken a blind test, Bach or bot, and can say what
# your score is worth, what the machine judges heard, and whose music was playing.
#
# *165 minutes to read and do, best in two sittings: a good place for a break is before
# the listening test. One core of your computer works for about half a minute. You need
# some Python; no torch. Lessons needed first: 00 and 01; 08 helps.*

# %% [markdown]
# ## What you will be able to do
#
# - **mend** metrics that measure something else than they say
# - **game** a metric, and notice when somebody else does
# - **judge** a listening test: its interval, a coin's chance, how many answers it takes
# - **say** whose music is in a piece, and what may be done with it

# %% [markdown]
# ## Set-up (1 minute)

# %%
from collections.abc import Iterable, Sequence
from math import ceil, comb, exp, log, sqrt
from statistics import NormalDist
from textwrap import fill

import numpy as np

from deepcomposer_edu import course
from deepcomposer_edu.compose import compose
from deepcomposer_edu.compose.blind import PUBLISHED, blind_test
from deepcomposer_edu.compose.blind.clicks import clicks_words
from deepcomposer_edu.compose.blind.published import WHAT_IS_COUNTED
from deepcomposer_edu.compose.export.cards import model_card, process_card
from deepcomposer_edu.compose.rights import (
    LICENCES,
    SAME_LICENCE,
    USES,
    Layer,
    check_use,
    to_do,
)
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.novelty import novelty
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.imitations import IMITATIONS, drone, imitations
from deepcomposer_edu.models.rule_grade import grade
from deepcomposer_edu.music import battery, faulty_metrics
from deepcomposer_edu.music.grid import REST, Grid, from_grid, to_grid
from deepcomposer_edu.music.keys import MAJOR_SCALE, Key, scale_shares
from deepcomposer_edu.music.metrics import Music, pitch_histogram
from deepcomposer_edu.music.pianoroll import to_pianoroll
from deepcomposer_edu.music.shares import check_counts, check_share
from deepcomposer_edu.training.history import read_history, shipped_run
from deepcomposer_edu.widgets import BachOrBot

course.setup(seed=0, lesson="13")

# %% [markdown]
# ## Listen first (4 minutes)
#
# One melody from a chorale, and three ways to harmonise it. One is Bach's, one comes
# from the network of lesson 08, one from a dozen lines of code that know nothing but
# chords.
#
# **Guess before you go on:** write down which is the best, which the worst, and *why*.

# %% tags=["show"]
from deepcomposer_edu.models.imitations import block_triads

# %%
chorales = {name: load_chorales(name) for name in ("train", "valid")}
chosen = next(piece for piece in chorales["valid"] if piece.bwv == "115.6")
bach = chosen.grid
melody = from_grid(chosen.melody, tempo=80, title=chosen.title)
by_network = compose(melody, technique="wgan", seed=0)
three = {"A": to_grid(by_network.score), "B": block_triads(bach), "C": bach}
for name, music in three.items():
    display(course.play(music, f"{chosen.title}, version {name}"))

# %% [markdown]
# <details><summary>Answer</summary>
#
# A is the network, C is Bach. B is the dozen lines: a **triad**, a chord of three notes
# such as C E G, under each note of the melody, so that the four voices move as one
# block. Keep your reasons. They are what a measure of quality has to find again, and
# below you will see which measures do.
#
# </details>

# %% [markdown]
# ## What would "good" mean? (6 minutes)
#
# There is no accepted measure of how good generated music is. So people list what they
# care about, and ask of each item what can be counted. The brief of a DeepComposer
# challenge, a minute of music for a film about space, named five criteria:
#
# | Criterion | What can be counted | What cannot |
# |---|---|---|
# | originality | what stands in the training music | would you know it again? |
# | rhythm | how often notes and chords change | does it carry the tune? |
# | accompaniment | triads, dissonance, parallels | would the melody miss it? |
# | cleanliness | leaps, ranges, clipping | what makes you wince? |
# | emotional resonance | nothing | all of it |
#
# Two voices are **dissonant** when they are a second, a tritone or a seventh apart, as
# C and D are. They run in **parallels** when they move alike, a fifth or an octave
# apart: Bach avoids it, since two voices then sound like one. **Clipping** is the
# crackle of sound that is too loud for its file.
#
# The right column needs listeners, and that is half of this lesson. The middle column
# needs **metrics**, numbers computed from music, that are right and used with sense:
# the other half.

# %% [markdown]
# ## The metric clinic (22 minutes)
#
# DeepComposer's own samples showed three metrics while a network trained. Here they
# are, written anew after their formulas.

# %% tags=["show"]
from deepcomposer_edu.music.faulty_metrics import (
    empty_bar_rate,
    histogram_distance,
    in_scale_ratio,
)

# %% [markdown]
# How does one test a metric? As one tests any program: with cases whose answer is
# known. You need not be an expert to know how many bars of silence are empty.
#
# **Guess before you run:** for each patient, what *should* the three numbers be?

# %%
# NBVAL_CHECK_OUTPUT
keyboard = np.arange(24, 108)  # seven octaves
is_white = np.isin(keyboard % 12, MAJOR_SCALE)
dice = np.random.default_rng(0).choice(keyboard, size=(4, 64))
clinic = {
    "silence": Grid(np.full((1, 64), REST)),
    "noise": Grid(dice),
    "white keys": Grid(np.repeat(keyboard[is_white], 4)[None]),
    "black keys": Grid(np.repeat(keyboard[~is_white], 4)[None]),
    "every key once": Grid(np.repeat(keyboard, 4)[None]),
    "Bach in G major": bach,
}
print(f"{'':17s}empty bars   in C major   distance from Bach")
for name, music in clinic.items():
    empty = faulty_metrics.empty_bar_rate(music)
    in_c = faulty_metrics.in_scale_ratio(music, "C")
    distance = faulty_metrics.histogram_distance(music, bach)
    print(f"{name:17s}{empty:10.2f}   {in_c:10.2f}   {distance:18.2f}")

# %%
display(course.play(clinic["noise"], "Noise: in no scale, whatever the table says"))
course.play(clinic["every key once"], "Every key once: the nearest to Bach?", seconds=6)

# %% [markdown]
# - **Silence has no empty bar**: the rate is that of full bars. To mend it is exercise
#   8.8; below, the mended one is used.
# - **Black keys lie in C major nearly as much as white ones**, and noise as much as
#   Bach: the function cuts the 84 keys into twelve blocks of *seven neighbours*, and
#   those are no pitch classes.
# - **The distance from Bach is 0 for a run over every key**, and 7.68 for Bach himself.
#   It never looked at Bach. It is the distance from a row of ones, so all that counts
#   is how many of 84 keys are used.
#
# ### Spot the mistake
#
# > Pitch histogram distance: how far the pitches of the samples are from those of the
# > training data. It falls while the model learns.
#
# So one would read the name. What does the number do in fact?
#
# <details><summary>Answer</summary>
#
# It falls whenever more keys are used, rightly or wrongly, for the training data do not
# enter it. A name is no proof of what a function computes. You may begin to trust a
# metric when it has the expected value on the training data themselves: here the
# distance of Bach from Bach should have been 0.
#
# </details>
#
# Now mend two of them. You get the faulty body to begin with. `pitch_histogram`,
# `scale_shares` and `Key` are imported in the set-up.

# %% exercise="13.1"
from deepcomposer_edu.music.metrics import in_scale_ratio

# %% exercise="13.2"
from deepcomposer_edu.music.metrics import histogram_distance

# %%
# NBVAL_CHECK_OUTPUT
from deepcomposer_edu.music.metrics import empty_bar_rate

print(f"{'':17s}empty bars   in C major   in the best   distance from Bach")
for name, music in clinic.items():
    scales = in_scale_ratio(music, "C"), in_scale_ratio(music, "best")
    numbers = empty_bar_rate(music), *scales, histogram_distance(music, bach)
    cells = zip(numbers, (10, 10, 11, 18), strict=True)
    print(f"{name:17s}" + "   ".join(f"{number:{n}.2f}" for number, n in cells))

# %% [markdown]
# Silence has no notes, so `nan`, not a number, is the honest answer to two questions.
# And look at the white keys: a right metric still calls a run up the scale perfect.
# **A metric can show that something is wrong. It cannot show that something is good.**

# %% [markdown]
# ## Game a metric (22 minutes)
#
# To **game** a metric is to get a better number without better music. Here are two
# metrics that are computed correctly: at how many steps the voices make exactly a
# triad, and how many pairs of voices are dissonant. Bach's chorales have about 64 %
# triads and 10 % dissonant pairs. So: the more triads and the fewer dissonances, the
# better?

# %%
names = {"A": "network", "B": "block triads", "C": "Bach"}
for letter, music in three.items():
    triads = battery.triad_rate(music)
    dissonant = battery.dissonant_pair_rate(music)
    print(f"{names[letter]:14s}triads {triads:4.0%}   dissonant {dissonant:4.0%}")

# %% [markdown]
# A dozen lines of code beat Bach in both. When a measure becomes a target, it ceases to
# be a good measure: that is **Goodhart's law**. Nobody has to cheat for it. A network
# that is trained or chosen by a metric can find such loopholes by itself.
#
# The first mend: the aim is not *more*, it is *as usual*. Take the values of many real
# chorales, and ask how far from their middle a piece lies, at either end.

# %% exercise="13.3"
from deepcomposer_edu.music.typical import typicality

# %% [markdown]
# Now seven measures at once: triads and dissonance; how often the voices keep their
# order, the highest on top; how many notes are held on from step to step; how often two
# voices move together, and how many of 1000 such moves are parallels; how much lies in
# the major scale that fits best.
#
# Six patients: besides Bach, the network and the block triads there is the melody over
# one held chord (a **drone**), Bach with each lower note in a random octave, and Bach
# with a tenth of the lower notes a little off.

# %%
measures = {
    "triads": battery.triad_rate,
    "dissonance": battery.dissonant_pair_rate,
    "voice order": battery.voice_order_rate,
    "held notes": battery.hold_rate,
    "both move": battery.moving_pair_rate,
    "parallels": battery.parallels_per_1000_moving,
    "best scale": battery.best_scale_rate,
}
known = {
    name: [measure(piece.grid) for piece in chorales["train"]]
    for name, measure in measures.items()
}


def checked(music: Grid) -> dict[str, float]:
    """Return how usual a piece is among Bach's train chorales, by measure."""
    return {name: typicality(f(music), known[name]) for name, f in measures.items()}


patients = {
    "Bach": bach,
    "network": three["A"],
    "block triads": three["B"],
    "drone": drone(bach),
    "random octaves": imitations("random octaves", [bach])[0],
    "10 % wrong notes": imitations("10 % wrong notes", [bach])[0],
}
print(f"{'':17s}" + "".join(f"{name:>13s}" for name in measures))
for name, music in patients.items():
    cells = "".join(f"{value:13.2f}" for value in checked(music).values())
    print(f"{name:17s}{cells}")

# %% [markdown]
# Read the columns: nearly every measure has somebody whom it does not catch. Read the
# rows: nearly every imitation is caught by something. So no single measure may decide,
# and the *worst* of several says more than any average. **Listen** to two of those who
# please most measures:

# %%
display(course.play(patients["random octaves"], "Bach's chords, in random octaves"))
course.play(patients["10 % wrong notes"], "Bach, 10 % of the lower notes wrong")

# %% [markdown]
# ### Look often enough, and you find something
#
# Is a piece un-Bach-like whose worst value is below 0.05? **Guess before you run:** how
# many of Bach's own chorales, which were not used above, fall below 0.05 in *some* of
# the seven measures?

# %%
own = [checked(piece.grid) for piece in chorales["valid"]]
worst = np.array([min(values.values()) for values in own])
triads = np.array([values["triads"] for values in own])
print(f"in one measure, chosen beforehand: {(triads < 0.05).mean():4.0%}")
print(f"in at least one of seven:          {(worst < 0.05).mean():4.0%}")

# %% [markdown]
# With one measure it should be about one in twenty. With seven it is several times as
# many: whoever looks in many places finds something somewhere. It is the same mistake
# to train twenty networks and to report the best metric of the best one.
#
# The second mend is to compare like with like: the worst value of a piece with the
# worst values of Bach's own pieces.

# %%
for name, music in patients.items():
    mine = min(checked(music).values())
    share = (worst <= mine).mean()
    print(f"{name:17s}worst {mine:.2f}   {share:4.0%} of Bach's pieces are as odd")

# %% [markdown]
# Two things to notice. Some of these pieces of Bach's lie outside all his train
# chorales in some measure, so they are "as odd" as the block triads. For `typicality`
# is 0 outside, whether a piece has 20 parallels or 460: it does not know how *far* out.
# And the network is as ordinary as most of Bach by all seven. These are the numbers by
# which its training was watched. Would your ears have said so?
#
# ### When to stop training
#
# Lesson 08 gave three signs for the moment to stop: the samples please you, the
# critic's loss is flat, the metrics have come to the data's values. The third can now
# be said more exactly. How usual among Bach's pieces was the shipped network's average
# at different moments of its training?

# %%
rows = [row for row in read_history(shipped_run()) if "triad_rate" in row]
curves = {
    "triads": lambda row: row["triad_rate"],
    "dissonance": lambda row: row["dissonant_pair_rate"],
    "parallels": lambda row: (
        row["parallel_fifths_per_1000"] + row["parallel_octaves_per_1000"]
    ),
}
for row in rows[:: max(len(rows) // 6, 1)]:
    usual = [f"{n} {typicality(f(row), known[n]):.2f}" for n, f in curves.items()]
    print(f"step {row['step']:5.0f}   " + "   ".join(usual))

# %% [markdown]
# Triads and dissonance arrive early. Now look at the parallels: before training the
# voices moved at random, so hardly ever in parallel, and then the network by itself had
# more than Bach, who has hardly any. By that measure it was not time to stop. This is
# why `compose` passes parallels over at the draw. The metric did not mend the music. It
# told where to mend.

# %% [markdown]
# ## The rule grade (14 minutes)
#
# A teacher of harmony does what we did by hand, with more rules, and knows how far out
# is too far. The course's **rule grade** counts what a teacher looks at, and weighs it.
# How much each thing should count was learned from train chorales, and from imitations
# of them that are wrong in known ways, by **logistic regression**: a weighted sum is
# made into the probability of being Bach. The grade is **interpretable**: one can read
# off what each thing cost.

# %%
for name, music in patients.items():
    print(fill(f"{name}: {grade(music).sentence}", 80), end="\n\n")

# %% [markdown]
# The number that counts is the **percentile**: of a hundred real chorales, how many
# score lower. Bach's own pieces have all percentiles from 0 to 100, by definition. A
# teacher also says *where*:

# %%
metre = chosen.to_score().metres[0]
marked = grade(three["A"], metre, chosen.pickup)
for fault in marked.faults[:6]:
    print(fault)
by_bach = grade(bach, metre, chosen.pickup)
print(f"... {len(marked.faults)} in all; in Bach's version {len(by_bach.faults)}")

# %% [markdown]
# A good teacher goes on: this is how it sounds, and this is one way to mend it. The
# next cell marks what is wrong in the network's first four bars: broken rules, and also
# **wrong notes**, in whose place another would be more usual in Bach. Of the first two
# faults you hear how each sounds, and a fix: a note or two changed, the fault gone, and
# no new one in its place.
# It was found by trying, so it is one way among many.

# %%
first_bars = three["A"].crop(0, 64)
course.feedback(first_bars, metre, chosen.pickup, 2, "The network's first bars")

# %% [markdown]
# ### How far can it be trusted?
#
# Take a real chorale and an imitation at random. How often does the real one get the
# better grade? This number is called the **AUC**: 1 is always, 0.5 is a coin. Three
# imitations are new: mixed voices come from four chorales, late voices enter one, two
# and three beats late, and random notes keep to the key. The last two rows are the
# network of lesson 08, under 12 melodies.

# %%
some = [piece.grid for piece in chorales["valid"][: course.amount(69, quick=12)]]
real = np.array([grade(piece).percentile for piece in some])


def auc(fakes: Sequence[Grid]) -> float:
    """Return how often a real chorale has the better grade; a tie is half."""
    fake = np.array([grade(music).percentile for music in fakes])
    pairs = real[:, None] - fake[None, :]
    return float((pairs > 0).mean() + (pairs == 0).mean() / 2)


for kind in IMITATIONS:
    print(f"{kind:26s}{auc(imitations(kind, some)):.3f}")
sopranos = [from_grid(grid.voices(0)) for grid in some[: course.amount(12, quick=3)]]
for name, smoothness in (("network of lesson 08", 0.0), ("the same, smoothed", 3.0)):
    answers = [
        to_grid(compose(line, technique="wgan", seed=0, smoothness=smoothness).score)
        for line in sopranos
    ]
    print(f"{name:26s}{auc(answers):.3f}")

# %% [markdown]
# Gross nonsense does not get through. A few wrong notes, where nine of ten are still
# Bach's, get through more often. But be fair: the grade has learned from such
# imitations, of other chorales, so these are the mistakes that it knows. The network's
# music it has never seen. That is the harder question, and the network of lesson 08,
# which has nearly as many triads as Bach, is still found out nearly every time: the
# grade counts leaps, and clashes (harsh dissonances that neither voice reaches by
# step), which no metric of its training looked at. Fang and others (2020) found the
# same pattern: such a function told Bach from a Transformer better than people did.
#
# When this course saw that, it gave the network a habit: such leaps and clashes became
# less likely when notes are drawn (`smoothness`, on by default). The last row says what
# the grade thinks of it now. Is the music better, or only the grade?
#
# <details><summary>Answer</summary>
#
# Both may be, and this number cannot tell. The habit was chosen because of the grade,
# so the grade is no stranger to it any more. Somebody else has to judge: people, blind.
#
# </details>
#
# What would happen if we now trained a network to please the rule grade?
#
# <details><summary>Answer</summary>
#
# Goodhart again: it would find what the grade does not look at. The course does so in
# a small way (it passes parallels over, and makes leaps and clashes less likely), and
# says so. A measure that was used for training is worth less for judging, and one that
# judges should be kept out of training.
#
# </details>

# %% [markdown]
# ## Is it new? (10 minutes)
#
# One way to game *every* grade remains. Hand in this:

# %%
twenty = chorales["train"][:20]
copied = max(twenty, key=lambda piece: grade(piece.grid).percentile)
print(grade(copied.grid).sentence)
course.play(copied.grid, "Submitted for a prize")

# %% [markdown]
# It is Bach, note for note, from the training set. No measure of quality can see that,
# for there is nothing wrong with it. **Novelty** is a question of its own: how many
# runs of four and of eight chords stand in the training chorales, in any key? Bach
# repeats himself, too, so his unseen chorales are the yardstick again.

# %%
print(f"{'':17s}runs of 4   runs of 8   longest run")
for name, music in {"copied": copied.grid, **patients}.items():
    new = novelty(music)
    shares = f"{new.overlap_4:9.0%}   {new.overlap_8:9.0%}"
    print(f"{name:17s}{shares}   {new.longest:4d} chords")
print(fill(novelty(three["A"]).sentence, 80))

# %% [markdown]
# Both ends are bad here as well. Everything in common is a copy; nothing in common is
# easy to reach, with dice. Novelty is worth something only in music that is good, and
# goodness only in music that is new. Hear the passage of Bach that is most like one of
# the network's, and judge yourself:

# %%
closest = novelty(three["A"]).closest
course.play_beside(
    closest.own,
    closest.grid,
    f"The network, bar {closest.own_bar}; then {closest.title}, bar {closest.bar}",
)

# %% [markdown]
# ## Bach or bot (50 minutes)
#
# Now the right column of the first table: listeners. A listening test is an experiment,
# and many go wrong before anybody listens. Which of these would give an answer away, or
# spoil the result in another way?
#
# - Bach from a CD, the network from a synthesizer
# - the network's pieces four bars, Bach's whole
# - Bach louder by a hair: louder sounds better
# - ten of each, told beforehand: the last answers can be counted out
# - the experimenter chooses the nicest examples
#
# All of them. In the test below both kinds are cut alike, played at one tempo on one
# instrument, and made equally loud; a coin decides each round; the melodies come from
# test chorales, and the first that come are taken.
#
# **Guess before you begin:** how many of 20 will you get right?

# %%
test = blind_test(n_rounds=course.amount(20, quick=2), bot="wgan", seed=0)
listening = BachOrBot(test, verdicts="end")
listening

# %% [markdown]
# Judge all rounds, then go on; you can come back to it. Here is what came out, for you
# and for two machine judges: the rule grade, and the critic with which the network
# was trained.

# %%
for sentence in listening.result.sentences():
    print(fill(sentence, 80))

# %% [markdown]
# ### What is a score worth?
#
# Say you got 11 of 20. Are you better than a coin? With other rounds you would have got
# 9, or 14. What we would like to know is your share of right answers in endlessly many
# rounds. From 20 we can only say between which shares it probably lies.

# %% exercise="13.4"
from deepcomposer_edu.music.shares import wilson_interval

# %%
# NBVAL_CHECK_OUTPUT
for n_right, n_answers in ((11, 20), (17, 20), (20, 20), (110, 200), (1100, 2000)):
    low, high = wilson_interval(n_right, n_answers)
    print(f"{n_right:4d} of {n_answers:4d}: from {low:.0%} to {high:.0%}")

# %% [markdown]
# 11 of 20 fits a coin (50 %), and it fits somebody who is right in seven of ten cases.
# It says very little. The same share of 2000 answers leaves no coin standing.
#
# The other way to ask: how often would a *coin* do as well, or better?

# %% exercise="13.5"
from deepcomposer_edu.music.shares import chance_of_at_least

# %%
# NBVAL_CHECK_OUTPUT
for n_right in (11, 13, 15, 17):
    share = chance_of_at_least(n_right, 20)
    print(f"{n_right} of 20 or more: a coin in {share:.1%} of the cases")

# %%
n_right, n_judged = listening.result.n_right, listening.result.n_judged
if n_judged:
    low, high = wilson_interval(n_right, n_judged)
    print(f"You: {n_right} of {n_judged}, that is from {low:.0%} to {high:.0%}.")
    share = chance_of_at_least(n_right, n_judged)
    print(f"A coin gets as many or more in {share:.1%} of the cases.")
else:
    print("No rounds judged yet: play Bach or bot above, then run this cell again.")

# %% [markdown]
# ### The best of a class
#
# Thirty people take the test, and the best has 15 of 20. A talent?
#
# **Guess before you run:** how many right does the best of thirty *coins* get?

# %%
coins = np.random.default_rng(0).binomial(20, 0.5, size=(10_000, 30))
best = coins.max(axis=1)
print(f"the best of thirty coins, on average: {best.mean():.1f} of 20")
print(f"15 or more: in {(best >= 15).mean():.0%} of the classes")

# %% [markdown]
# It is the trap of the seven measures again. To find out whether the *best* listener
# hears something, let that one listener take another test, with new rounds.
#
# ### How many answers does it take?
#
# Whoever plans a test should know beforehand how many answers will be enough. Two of
# the shares below, 57.3 % and 51 %, were published; you meet them in a moment.

# %% exercise="13.6"
from deepcomposer_edu.music.shares import answers_needed

# %%
# NBVAL_CHECK_OUTPUT
for share in (0.9, 0.75, 0.65, 0.573, 0.51):
    print(f"right in {share:.1%}: {answers_needed(share):6d} answers")

# %% [markdown]
# Twenty rounds are nearly enough for somebody who is right in three of four cases, and
# far too few for a duller ear. A class of thirty gives 600 answers (pool the files with
# `deepcomposer bach-or-bot pool`; one person's answers are a little alike, so it is
# really somewhat fewer). Now read the published tests with these eyes:

# %%
for figure in PUBLISHED:
    print(f"{figure.who}: {figure.share:.1%} {WHAT_IS_COUNTED[figure.counts]}")
    if figure.n_answers:
        n_right = round(figure.share * figure.n_answers)
        low, high = wilson_interval(n_right, figure.n_answers)
        print(f"  interval {low:.1%} to {high:.1%}")
    print(fill(figure.source, 80), end="\n\n")

# %% [markdown]
# Each of them counts something else: right answers, machines that were spotted, or Bach
# that was recognised. Who calls everything "machine" spots every machine. So look at
# both kinds of answers, and quote an interval, not a slogan. "People cannot tell it
# from Bach" can only mean: *these* people, in *so many* answers, were not shown to.
#
# ### A critic made of your own ears
#
# In the game of lesson 06 a critic learns to tell real from generated. The same can be
# done with your clicks: which features of the rounds foretell what *you* call Bach?

# %% tags=["show"]
from deepcomposer_edu.compose.blind.clicks import judge_of

# %%
said = [answer for answer in listening.said if answer is not None]
if min(said.count(True), said.count(False)) >= 2:
    for sentence in clicks_words(judge_of(listening.result)):
        print(fill(sentence, 80))
else:
    print("To learn from, there must be two rounds of each answer: play Bach or bot.")

# %% [markdown]
# Compare with your reasons from the beginning of the lesson. People are often wrong
# about what they go by. With twenty clicks the judge may well be wrong, too, and it
# says so.

# %% [markdown]
# ## Whose music is it? (22 minutes)
#
# A piece has layers, and each may belong to somebody:
#
# - the **work**: the notes as composed. Bach's are free, as he died in 1750.
# - the **edition**: somebody typed or edited them, and may have rights in the file.
# - the **recording** and the **sounds**: of players, of a sample library.
# - the **network**: its weights are a file with a licence.
# - the **data** that it learned from.
#
# What may be done with the whole is what *every* layer allows. And no licence is no
# permission: what is found on the net without one is not free.

# %%
# NBVAL_CHECK_OUTPUT
for licence in LICENCES.values():
    allowed = ", ".join(use for use in USES if use in licence.allows)
    print(f"{licence.name:22s}{allowed or 'nothing'}")

# %% [markdown]
# CC is Creative Commons, whose licences combine four conditions: BY, name the author;
# SA, pass on what you make of it under the same licence; NC, earn nothing; ND, change
# nothing. This is a summary for learning and no legal advice: the text of a licence
# decides, and the law of your country.
#
# **Sort before you write:** which of these four may be passed on, which changed and
# published, which sold?
#
# 1. a chorale by Bach, typed by you from a print of 1765, played by the course's synth
# 2. the same chorale, from a file whose typist gave *another* project the permission
# 3. your tune over a drum loop that is CC BY-NC
# 4. your tune, a pad (long held chords) that is CC BY-SA, and the loop of number 3

# %% exercise="13.7"
from deepcomposer_edu.compose.rights import in_the_way

# %%
# NBVAL_CHECK_OUTPUT
work = Layer("Bach's work", "work", "public domain")
tune = Layer("your tune", "work", "own work")
loop = Layer("the drum loop", "recording", "CC BY-NC")
cases = {
    "1 typed by you": [work, Layer("your typing", "edition", "own work")],
    "2 typed by another": [
        work,
        Layer("the typist's file", "edition", "permission to another"),
    ],
    "3 with the loop": [tune, loop],
    "4 with pad and loop": [tune, Layer("the pad", "recording", "CC BY-SA"), loop],
}
for name, layers in cases.items():
    print(name)
    for use, what in USES.items():
        blocked = in_the_way(layers, use)
        print(f"    {what}: {', '.join(blocked) + ' forbids it' if blocked else 'yes'}")

# %% [markdown]
# Number 2 is this course's own case. The chorales install with the package music21,
# which was given permission to pass on the typists' files; nothing says that we may. So
# no note of them is in this course's repository: they are read on your computer from
# the package that you installed. `data/README.md` tells it in full.
#
# ### And the network?
#
# May one train on music that one may not pass on? Does something of it belong to those
# who wrote or typed the training pieces? The laws differ: the European Union and Japan
# have rules that allow much of text and data mining, under conditions; elsewhere it is
# argued case by case, and courts are still deciding. Besides what is allowed there is
# what is fair: Bach cannot be asked and loses nothing; a living composer can be asked,
# and may lose.
# Three habits help in any country:
#
# 1. **Write down** what a network learned from, and under which licence.
# 2. **Measure** whether it copies: that is what novelty was for.
# 3. **Say** who did what, wherever the music goes.
#
# The first is a **model card**:

# %%
model_card("wgan-bach")

# %% [markdown]
# The third is a **process card**. Nobody has to fill it in, since every composition of
# this course knows how it came to be:

# %%
lullaby = compose("twinkle-twinkle", technique="wgan", seed=3)
card = process_card(lullaby, intent="calm, like a lullaby")
card

# %%
# NBVAL_CHECK_OUTPUT
for use in USES:
    print(f"{use:8s}in the way: {', '.join(in_the_way(card.layers, use)) or 'nothing'}")
print("to do:", *to_do(card.layers))

# %% [markdown]
# ### Spot the mistake
#
# > My network wrote it, so it is mine, and nobody can object.
#
# <details><summary>Answer</summary>
#
# Three mistakes. Who owns what a program wrote is not settled; in many countries only
# what a *person* created can be owned, so possibly nobody owns the network's part. That
# the network wrote it does not keep it from being a copy of something. And the melody
# that you gave it may belong to somebody else: try `process_card` with a file of your
# own, and it asks whose it is.
#
# </details>

# %% [markdown]
# ## Play with it (8 minutes)
#
# Choose a tune, change the numbers, and judge the result in all the ways of this lesson
# at once. Which setting gets the best grade? Which one do *you* like best? Note each
# time they disagree: there the grade is wrong, or you have found out what you go by.

# %%
choice = course.choose_tune(first="ode-to-joy")
choice

# %%
mine = compose(choice.score, technique="wgan", seed=1, temperature=0.9, candidates=4)
display(course.play(mine.score, "Yours", seconds=20))
voices = to_grid(mine.score)
print(fill(grade(voices).sentence, 80))
print(fill(novelty(voices).sentence, 80))

# %%
files = process_card(mine).save(course.my_music() / "process_card.md")
print(files.name)

# %% [markdown]
# ## Quiz (4 minutes)

# %%
quiz = course.quiz("13")
quiz

# %% [markdown]
# ## Go further (30 minutes)
#
# - Take the test against the Transformer: `blind_test(bot="transformer")`. Is it
#   harder? How many rounds would it take to know?
# - Close the loop: `blind_test(learned_from=judge_of(listening.result))` lets the
#   network write eight versions and play the one that the judge of *your* clicks likes
#   best. Do you find it harder now? That is a round of a GAN's game, with you as the
#   critic.
# - Make the page for a class, `deepcomposer bach-or-bot --out page.html`, which needs
#   no internet, and pool the results.
# - Write five lines that get a better rule grade than the network without being better
#   music. What did you find that the grade does not look at?
# - Does the network listen to the melody at all? `deepcomposer listens` and the end of
#   lesson 08 ask that.
# - Grade a file of your own: `deepcomposer grade my_chorale.mid`.

# %% [markdown]
# ## What you learned
#
# - to **mend** metrics that measure something else than they say
# - to **game** a metric, and to notice when somebody else does
# - to **judge** a listening test: its interval, a coin's chance, how many answers it
#   takes
# - to **say** whose music is in a piece, and what may be done with it
#
# ## References
#
# - Wilson, E. B., 1927. Probable Inference, the Law of Succession, and Statistical
#   Inference.
# - Strathern, M., 1997. "Improving Ratings": Audit in the British University System.
#   (Goodhart's law in the words used here.)
# - Fleiss, J. L., Levin, B. and Paik, M. C., 2003. Statistical Methods for Rates and
#   Proportions.
# - Theis, L., van den Oord, A. and Bethge, M., 2016. A Note on the Evaluation of
#   Generative Models.
# - Liang, F. T., Gotham, M., Johnson, M. and Shotton, J., 2017. Automatic Stylistic
#   Composition of Bach Chorales with Deep LSTM.
# - Hadjeres, G., Pachet, F. and Nielsen, F., 2017. DeepBach: a Steerable Model for Bach
#   Chorales Generation.
# - Mitchell, M. and others, 2019. Model Cards for Model Reporting.
# - Yang, L.-C. and Lerch, A., 2020. On the Evaluation of Generative Models in Music.
# - Fang, A. and others, 2020. Bach or Mock? A Grading Function for Chorales in the
#   Style of J. S. Bach.
# - Peracha, O., 2021. JS Fake Chorales: a Synthetic Dataset of Polyphonic Music with
#   Human Annotation.
