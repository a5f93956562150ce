# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 02 Tokens
#
# At the end of this lesson you hear melodies that no network wrote: they come from
# counting, in chorales by Bach, what follows what.
#
# *145 minutes to read and do, best in two sittings: a good place for a break is before
# the counting. About 15 seconds of computing. You need some Python: lists,
# dictionaries, loops. Lessons needed first: 00 and 01.*

# %% [markdown]
# ## What you will be able to do
#
# - **write** music as tokens in four ways, and **read** it back without losing a note
# - **choose** between them: few words and long pieces, or many words and short ones
# - **predict** the next token by counting, and **measure** how surprised the model is
# - **compose** with it, and say what it copied

# %% [markdown]
# ## Set-up (1 minute)

# %%
from collections import Counter
from collections.abc import Sequence

import numpy as np

from deepcomposer_edu import course
from deepcomposer_edu.compose import compose
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ngram import NGram, longest_copy
from deepcomposer_edu.music.grid import REST, Grid, from_grid, to_grid, voice_notes
from deepcomposer_edu.music.score import Note, Score, note_name
from deepcomposer_edu.music.tokens import TOKENIZERS, make_tokenizer
from deepcomposer_edu.music.tokens.base import PITCHES
from deepcomposer_edu.music.tokens.event_tokens import LONGEST_SHIFT
from deepcomposer_edu.music.tokens.grid_tokens import HOLD, SILENCE
from deepcomposer_edu.music.tokens.library import in_our_words, miditok_remi
from deepcomposer_edu.music.tokens.remi_tokens import BAR, pitch_and_durations
from deepcomposer_edu.widgets import LinkedView, Sliders

course.setup(seed=0, lesson="02")

# %% [markdown]
# ## Listen first (5 minutes)
#
# The sopranos of Bach's chorales, all moved to C major or A minor, are written down as
# words: `C5:4` is a C5 of four sixteenths. A model of order 1 draws words as often as
# they occur. Order 2 looks at the last word and draws what came after it in the
# chorales. Order 4 looks at the last three. That is all. The cell below counts, which
# takes well under a second, and draws.
#
# **Guess before you run:** which of the three will sound as if it knew where it goes?

# %%
words_of = make_tokenizer("note")


def words(piece) -> list[str]:
    """Return a chorale's soprano as words, with its start and its end."""
    melody = piece.melody.transposed(piece.key.to_c)
    return ["start", *words_of.encode(melody), "end"]


def melody(some: Sequence[str]) -> Score:
    """Return words as a melody."""
    notes = [word for word in some if word not in ("start", "end")]
    return from_grid(words_of.decode(notes), tempo=100)


chorales = load_chorales("train")
corpus = [words(piece) for piece in chorales]
for order in (1, 2, 4):
    model = NGram(corpus, order)
    drawn = model.generate(60, start=["start"], seed=0)
    display(course.play(melody(drawn), f"Order {order}: looks back {order - 1}"))

# %% [markdown]
# The first wanders about. The second walks in steps, as melodies do, but forgets where
# it came from. The third has phrases that begin and end. By the end of the lesson you
# can say how much of that is learned and how much is copied.

# %% [markdown]
# ## A sentence in music (8 minutes)
#
# Programs that write text read it as a row of **tokens**: words, or parts of words, or
# letters. Each has a number, and all that such a program does is to guess the next
# number from those before. Over and over again, and a text grows.
#
# Music goes on in time as well, and the same idea works, once it is cut into small
# units: notes, beats, the sounds of instruments. But where should one cut? A text comes
# with its letters. In music four people sing at once, and a note is a height and a
# length together. So there are many ways. A way to write music as tokens is a
# **tokenizer**, and the tokens that it knows are its **vocabulary**.
#
# Here are the first two bars of *Twinkle, Twinkle* in the four ways of this lesson.

# %%
# NBVAL_CHECK_OUTPUT
twinkle = to_grid(load_tune("twinkle-twinkle")).crop(0, 32)
for name in TOKENIZERS:
    tokens = make_tokenizer(name).encode(twinkle)
    print(f"{name}, {len(tokens)} tokens:\n  {', '.join(tokens[:14])}, ...")

# %% [markdown]
# And here are four bars to touch: choose a token, and you see in the piano roll and in
# the notes what it says, and hear it. Try another tokenizer in the menu. Which tokens
# make no sound, and what are they for?

# %%
four_bars = to_grid(load_tune("twinkle-twinkle")).crop(0, 64)
LinkedView(from_grid(four_bars, tempo=100, title="Twinkle"), tokenizer="remi")

# %% [markdown]
# A network wants numbers, and gets the place of each token in the vocabulary. From
# there on it knows no more about music than that token 60 and token 128 often stand
# together.

# %%
# NBVAL_CHECK_OUTPUT
tokenizer = make_tokenizer("grid")
numbers = tokenizer.numbers(tokenizer.encode(twinkle))
print(numbers[:16])
print(tokenizer.texts(numbers[:6]))
print(len(tokenizer.vocabulary), "tokens in the vocabulary")

# %% [markdown]
# ## A token for every step (22 minutes)
#
# The **grid** of lesson 01 is nearly a row of tokens already: one word for each
# sixteenth. The plainest way is to write the name of the pitch that sounds. *Twinkle*
# begins with C4 twice, four steps each:

# %%
# NBVAL_CHECK_OUTPUT
plain = [note_name(pitch) for pitch in twinkle.pitches[0]]
print(plain[:12])

# %% [markdown]
# **Guess before you listen:** what has become of the repeated notes when these words
# are read back?

# %%
melted = Grid([[PITCHES[name] for name in plain]])
display(course.play(from_grid(twinkle, tempo=100), "Twinkle, as it should be"))
display(course.play(from_grid(melted, tempo=100), "Written as names only"))

# %% [markdown]
# Every pair of notes has melted into one. A held note and a repeated one are written
# alike, so nobody can tell them apart any more, no network either, however large. The
# collection of Bach's chorales in most papers is stored like this.
#
# One more word is enough to mend it: the name stands only where a note begins, and
# **hold** says that it sounds on.

# %% exercise="2.1"
from deepcomposer_edu.music.tokens.grid_tokens import step_texts

# %%
# NBVAL_CHECK_OUTPUT
print(step_texts(twinkle, 0)[:12])

# %% [markdown]
# What was written must be read again: at last somebody wants to hear it. A tokenizer is
# **lossless** if decoding what it encoded gives back the very same music. That is easy
# to say and easy to test, and whatever fails the test can never be learned.

# %% exercise="2.2"
from deepcomposer_edu.music.tokens.grid_tokens import read_steps

# %%
# NBVAL_CHECK_OUTPUT
n_kept = sum(
    read_steps(step_texts(piece.grid, voice)) == piece.grid.voices(voice)
    for piece in chorales
    for voice in range(4)
)
print(f"{n_kept} of {4 * len(chorales)} voices come back without a change.")

# %% [markdown]
# Four voices are written step by step: soprano, alto, tenor, bass, then the next step.
# A token's place in the row says whose it is. So two of Bach's bars are 128 tokens, and
# most of them are `hold`:

# %%
# NBVAL_CHECK_OUTPUT
chorale = next(piece for piece in chorales if piece.bwv == "227.1")
opening = chorale.grid.crop(0, 32)
tokens = make_tokenizer("grid", n_voices=4).encode(opening)
print(tokens[:8], "...")
print(Counter(tokens).most_common(3), "of", len(tokens))

# %%
course.play(opening, "Jesu, meine Freude, bars 1 and 2")

# %% [markdown]
# ## Notes, events, bars (38 minutes)
#
# So much `hold` is a waste: an organist does not decide sixteen times a bar to keep a
# finger where it is. **Note tokens** say each note in one word, pitch and length
# together, and each rest. You have heard them already:

# %%
# NBVAL_CHECK_OUTPUT
print(make_tokenizer("note").encode(twinkle))

# %% [markdown]
# That is short. The price is the vocabulary: a C5 of four steps and a C5 of six are two
# words that have nothing in common, and every pitch needs a word for every length. The
# voices, which do not move together, have to follow one another, as parts on separate
# sheets.
#
# ### Events
#
# Instruments talk to each other in **events**: this key went down, that one came up. In
# lesson 01 you saw them as MIDI messages. As tokens they are `on C4` and `off C4`. No
# event says how long a note is: one has to wait and see.

# %% tags=["show"]
from deepcomposer_edu.music.tokens.event_tokens import note_changes

# %%
# NBVAL_CHECK_OUTPUT
changes = note_changes(voice_notes(twinkle, 0))
print(changes[:4])

# %% [markdown]
# Here stand numbers of steps, but a token is a word. So the waiting becomes a word,
# too: `shift 4` lets four steps go by. This is how Performance RNN, Music Transformer
# and DeepComposer's own Transformer wrote their music.

# %% exercise="2.3"
from deepcomposer_edu.music.tokens.event_tokens import add_shifts

# %%
# NBVAL_CHECK_OUTPUT
events = add_shifts(changes, n_steps=32)
print(events[:8])
print("lossless:", make_tokenizer("event").decode(events) == twinkle)

# %% [markdown]
# ### Spot the mistake
#
# > Our vocabulary has 308 tokens: 88 for note-on, 88 for note-off, 100 for time (from
# > 10 milliseconds to 1 second) and 32 for loudness. It is lossless.
#
# The vocabulary is that of DeepComposer's Transformer; the claim is ours, for you to
# test. Here is what its clock does to a row of sixteenths at 80 beats a minute:

# %%
# NBVAL_CHECK_OUTPUT
sixteenth = 60 / 80 / 4  # seconds
written = round(sixteenth * 100) / 100
print(f"a sixteenth lasts {1000 * sixteenth:.1f} ms and is written as {written:.2f} s")
print(f"after 8 bars the music is {128 * (written - sixteenth):.2f} s late")

# %% [markdown]
# <details><summary>Answer</summary>
#
# It keeps the freedom of a pianist, who never plays two sixteenths alike, to a
# hundredth of a second. What it loses is the bar: written music drifts against its own
# beat, and the model has to guess where the strong beat is. Our grid is the other way
# round: the beat is exact, and every freedom is rounded to a sixteenth. Lossless always
# means: of what the input held. None of our tokenizers knows about loudness, for the
# grid has none.
#
# </details>

# %% [markdown]
# ### Bars
#
# After 40 events and shifts, who can say on which beat we are? One would have to add up
# everything since the beginning. A singer does not: there are bar lines, and the first
# beat is strong in each. **REMI** (Huang and Yang 2020) writes them down. `bar` begins
# a bar, `position 4` says where in the bar we are, and a note is `pitch C4` and
# `duration 4`. So the strong beat has the same name in every bar, and two notes of
# equal length share a word, whatever their pitch.

# %% exercise="2.4"
from deepcomposer_edu.music.tokens.remi_tokens import add_bars

# %%
# NBVAL_CHECK_OUTPUT
timed = [
    (int(note.start), text)
    for note in voice_notes(twinkle, 0)
    for text in pitch_and_durations(note)
]
remi = add_bars([*timed, (32, "end")], steps_per_bar=16)
print(remi[:10])
print("lossless:", make_tokenizer("remi").decode(remi) == twinkle)

# %% [markdown]
# REMI is in wide use, and a well-kept library, MidiTok, writes it for MIDI files of any
# kind. It adds loudness and metre, which we left out. Does it agree with you?

# %%
try:
    library = miditok_remi(twinkle)
    print(library[:8])
    print("the same as yours:", in_our_words(library) == remi[: remi.index("end") - 2])
except InputError as problem:
    print(problem)

# %% [markdown]
# The last `bar`, its position and `end` are ours: without them, silence at the end of a
# piece would be lost. And MidiTok counts bars from the beginning of the file; where a
# song begins with a **pickup**, an incomplete bar, ours says so:

# %%
# NBVAL_CHECK_OUTPUT
amazing = load_tune("amazing-grace")
print(f"{amazing.title}: bars of 12 steps, a pickup of {amazing.pickup:.0f}")
for pickup in (0, int(amazing.pickup)):
    tokenizer = make_tokenizer("remi", steps_per_bar=12, pickup=pickup)
    print(f"pickup {pickup}:", tokenizer.encode(to_grid(amazing))[:9])

# %% [markdown]
# ## Many words or long sentences (8 minutes)
#
# Here are four tokenizers on the same music, the valid chorales in four voices. Two
# numbers matter. A large vocabulary has rare words, with few examples each to learn
# from. A long piece is hard to oversee: whoever remembers 100 tokens remembers fewer
# bars.
#
# **Guess before you run:** which one needs the fewest tokens, and which has the largest
# vocabulary?

# %%
# NBVAL_CHECK_OUTPUT
valid = load_chorales("valid")
print("          words there are   words used   tokens a bar   lossless")
for name in TOKENIZERS:
    used, n_tokens, n_bars, is_lossless = set(), 0, 0.0, True
    for piece in valid:
        tokenizer = make_tokenizer(name, 4, piece.steps_per_bar, piece.pickup)
        tokens = tokenizer.encode(piece.grid)
        is_lossless &= tokenizer.decode(tokens) == piece.grid
        used.update(tokens)
        n_tokens += len(tokens)
        n_bars += piece.grid.n_steps / piece.steps_per_bar
    print(
        f"{name:8s}{len(tokenizer.vocabulary):14d}{len(used):16d}"
        f"{n_tokens / n_bars:14.1f}         {is_lossless}"
    )

# %% [markdown]
# All four keep every note, so none is right and the others wrong. The two columns in
# the middle pull against each other: the shortest has by far the most words. Chorales
# move in quarters and eighths. **Guess:** which tokenizer would become much worse, and
# which hardly, if we cut time into sixty-fourths instead of sixteenths?
#
# <details><summary>Answer</summary>
#
# The grid would need four times as many tokens, nearly all of them `hold`. Notes and
# REMI would need as many as before, with more words for lengths and positions. Events
# need as many as before, as long as one shift reaches far enough.
#
# </details>

# %% [markdown]
# ## The next token, by counting (38 minutes)
#
# Now somebody must guess the next token. We begin without a network, to see how far one
# comes. Take *Twinkle* as note tokens. After `C4:4`, what came next? One can count.
#
# What stands before a token is its **context**. A model of **order** n looks at a
# context of n - 1 tokens, and together with the guessed one they are an **n-gram**. We
# count after every shorter context as well, down to the empty one, for a reason that
# comes in a moment.

# %% exercise="2.5"
from deepcomposer_edu.models.ngram import count_followers

# %%
# NBVAL_CHECK_OUTPUT
twinkle_words = make_tokenizer("note").encode(to_grid(load_tune("twinkle-twinkle")))
followers = count_followers(twinkle_words, order=3)
for context in ((), ("G4:4",), ("C4:4", "G4:4")):
    print(context, dict(followers[context].most_common(4)))

# %% [markdown]
# After `C4:4 G4:4` there always came another `G4:4`. Should it be certain, then, and
# everything else impossible? With counts alone a word that has not followed yet gets
# the probability 0 and can never come. That is too sure for a model that has seen a
# context only twice.
#
# The shorter context has seen more. So its guess is mixed in, and it has the more to
# say, the more different words have followed: if each time another one came, the next
# will probably be new again. With $N$ the sum of the counts $c_i$ (`counts`), $D$ the
# number of words counted at all and $q_i$ the guess after the shorter context
# (`shorter`):
#
# $$p_i = \frac{c_i + D\,q_i}{N + D}$$
#
# This is an idea of Witten and Bell (1991). The shorter guess was itself blended with a
# shorter one, down to the empty context, and at last all words are alike.

# %% exercise="2.6"
from deepcomposer_edu.models.ngram import blend

# %%
# NBVAL_CHECK_OUTPUT
vocabulary = sorted(set(twinkle_words))
guess = np.full(len(vocabulary), 1 / len(vocabulary))  # (V,) all words alike
for context in ((), ("G4:4",), ("C4:4", "G4:4")):
    counts = np.array([followers[context][word] for word in vocabulary])  # (V,)
    guess = blend(counts, guess)
    best = int(guess.argmax())
    print(f"{context!s:20s} most likely: {vocabulary[best]} {guess[best]:.0%}")

# %% [markdown]
# From one word to the next the guess grows surer, and nothing is impossible. `NGram`
# does the same with all pieces of a corpus. Its guess after these two words is your
# guess:

# %%
# NBVAL_CHECK_OUTPUT
model = NGram([twinkle_words], order=3)
np.allclose(model.probabilities(["C4:4", "G4:4"]), guess)

# %%
course.show(NGram.probabilities)

# %% [markdown]
# ### Surprise
#
# How good is a guesser? Let it hear music that it does not know, and see how surprised
# it is at each note. What it held for likely should not surprise it, what it held for
# unlikely should. **Surprise** is measured in **bits**: one bit for the flip of a coin,
# two for two flips. What has the probability $p$ surprises by $-\log_2 p$ bits.

# %% exercise="2.7"
from deepcomposer_edu.models.ngram import surprise

# %% [markdown]
# Here the model of order 3 from the train chorales hears the soprano of a valid
# chorale. Each line is a note, its bar the surprise. **Guess before you run:** which
# notes will surprise it most?

# %%
model = NGram(corpus, order=3)
unknown = next(piece for piece in valid if piece.bwv == "151.5")
heard = words(unknown)[:17]
for i in range(1, len(heard)):
    probability = model.probabilities(heard[:i])[model.numbers[heard[i]]]
    bits = surprise(probability)
    print(f"{heard[i]:7s} {'#' * round(4 * bits)} {bits:.1f}")

# %%
course.play(unknown.melody.transposed(unknown.key.to_c).crop(0, 64), unknown.title)

# %% [markdown]
# Listen along. Going down the scale, F5, E5, D5, it is hardly surprised. The leap of a
# fifth at the beginning surprises it, so does the eighth after two quarters, E5, and
# the long note at the end. And after F# it is nearly certain of G. Is your own surprise
# in the same places?
#
# The mean over all notes says how good the guesser is: this is the number that every
# network of this course will try to make small, there under the name **loss**. Here it
# is for each order, on the train pieces that were counted, and on valid pieces.

# %%
# NBVAL_CHECK_OUTPUT
unknown_corpus = [words(piece) for piece in valid]
vocabulary = sorted({word for piece in corpus + unknown_corpus for word in piece})
print("order   bits per word: train   valid")
models = {}
for order in range(1, 7):
    models[order] = NGram(corpus, order, vocabulary)
    on_train = models[order].bits_per_token(corpus)
    on_valid = models[order].bits_per_token(unknown_corpus)
    print(f"{order:5d}{on_train:23.1f}{on_valid:8.1f}")

# %% [markdown]
# One word of context helps greatly, the next a little. Then something new begins: on
# the train pieces the model goes on getting better, on others it does not. It learns
# the train pieces by heart. That is **overfitting**, and no network is safe from it
# either; that is why pieces are kept aside.
#
# You can hear it, and you can count it: how many words in a row of a new melody stand
# in one of Bach's?

# %%
# NBVAL_CHECK_OUTPUT
for order in (1, 2, 3, 4, 6):
    copies = []
    for seed in range(10):
        drawn = models[order].generate(60, start=["start"], seed=seed)
        copies.append(longest_copy(drawn[1:], corpus))
    print(f"order {order}: the longest copy has {np.median(copies):.0f} words (median)")

# %% [markdown]
# Here is what that sounds like. Order 6 comes nearest to Bach, and is the least its
# own.

# %%
for order in (2, 3, 6):
    drawn = models[order].generate(60, start=["start"], seed=1)
    n_copied = longest_copy(drawn[1:], corpus)
    display(
        course.play(melody(drawn), f"Order {order}, {n_copied} words copied in a row")
    )

# %% [markdown]
# So this is how far counting comes. A melody needs **continuity**, the next note
# fitting the last ones, and counting has that. It also needs **pattern**: phrases that
# come back. Here is a chorale that begins with the same nine notes twice. You would
# hardly be surprised the second time:

# %%
# NBVAL_CHECK_OUTPUT
twice = words(next(piece for piece in valid if piece.bwv == "149.7"))[1:19]
print("the same notes:", twice[:9] == twice[9:])
bits = models[3].surprises(["start", *twice])[1:]  # (18,)
print(f"first time: {bits[:9].sum():.0f} bits   again: {bits[9:].sum():.0f} bits")

# %% [markdown]
# To the model both times are alike, since it never hears more than two notes back. With
# a context of nine notes it would notice, but no nine notes occur often enough to be
# counted. And counting cannot see that two contexts are *similar*. That is what
# networks are for, from the next lesson on.

# %% [markdown]
# ## Which tokens are best to guess (7 minutes)
#
# ### Spot the mistake
#
# > We compared four tokenizers. Event tokens need the fewest bits per token, so they
# > are the best.

# %%
# NBVAL_CHECK_OUTPUT
n_notes = sum(int(piece.melody.onsets.sum()) for piece in valid)
print("order 4   bits per token   bits per note")
for name in TOKENIZERS:
    corpora = []
    for pieces in (chorales, valid):
        rows = []
        for piece in pieces:
            tokenizer = make_tokenizer(name, 1, piece.steps_per_bar, piece.pickup)
            rows.append(tokenizer.encode(piece.melody.transposed(piece.key.to_c)))
        corpora.append(rows)
    there_are = sorted({token for rows in corpora for row in rows for token in row})
    guesser = NGram(corpora[0], 4, there_are)
    bits = sum(guesser.surprises(row).sum() for row in corpora[1])
    n_tokens = sum(map(len, corpora[1]))
    print(f"{name:8s}{bits / n_tokens:13.1f}{bits / n_notes:16.1f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The tokens are not the same tokens. `off C4` after `on C4` is no surprise at all, and
# such tokens make the mean small. What counts is the surprise at the same music, and so
# the sum over a piece, or bits per note. Then note tokens are ahead, for this model:
# its three words are three notes, while three grid tokens are less than a beat.
#
# A model with a longer memory, such as the Transformer of lesson 10, can use the
# shorter words and needs no rare ones. There the answer is another. The same care is
# needed when papers compare models: only numbers on the same tokens can be compared.
#
# </details>

# %% [markdown]
# ## What guessing is good for (8 minutes)
#
# **Writing on.** A melody of yours is a beginning like any other. The model goes on
# from the first phrase of *Twinkle*:

# %%
start = make_tokenizer("note").encode(twinkle.crop(0, 32))
model = NGram([*corpus, start], order=3)
goes_on = model.generate(16, start=start, seed=0)
course.play(melody(goes_on), "Twinkle, and then counting")

# %% [markdown]
# **Composing by itself.** A melody from counting, and three voices from the network
# that lesson 08 explains:

# %%
drawn = models[3].generate(32, start=["start"], seed=1)
made = compose(melody(drawn), technique="wgan", seed=0)
course.play(made.score, "Melody by counting, harmony by a network", seconds=10)

# %% [markdown]
# **Recommending.** Whoever guesses can also say how well one piece fits another. Count
# one chorale that you like, and ask which others surprise this model least. Streaming
# services have more to go by, but this idea is among it.
#
# **Guess before you run:** what will it find for *Jesu, meine Freude*, without knowing
# a single title?

# %%
# NBVAL_CHECK_OUTPUT
liked = NGram([words(chorale)], order=2, vocabulary=vocabulary)
others = [piece for piece in chorales if piece.bwv != chorale.bwv]
others.sort(key=lambda piece: liked.bits_per_token([words(piece)]))
for piece in others[:5]:
    print(f"BWV {piece.bwv:6s} {piece.title}")

# %% [markdown]
# It finds Bach's other settings of the same tune first. It also shows the weakness of
# such advice: it gives more of the same, and knows nothing of why you liked it.

# %% [markdown]
# ## Play with it (6 minutes)
#
# Move a slider and press Play. Where does a melody stop being noise? Where does it
# begin to quote? The **temperature** sharpens the guess: well below 1 the likeliest
# word wins nearly always, above 1 rare words get their chance. Lesson 04 says more
# about it.


# %%
def write(order: int, temperature: float, seed: int) -> Score:
    """Return a melody of at most 60 words."""
    drawn = models[order].generate(60, ["start"], temperature, seed=seed)
    n_copied = longest_copy(drawn[1:], corpus)
    notes = [word for word in drawn if word not in ("start", "end")]
    title = f"Order {order}: {len(notes)} words, {n_copied} in a row as in a chorale"
    return from_grid(words_of.decode(notes), tempo=100, title=title)


Sliders(write, order=(1, 6, 3), temperature=(0.2, 2.0, 1.0), seed=(0, 20, 0))

# %% [markdown]
# ## Quiz (4 minutes)

# %%
quiz = course.quiz("02")
quiz

# %% [markdown]
# ## Go further (as long as you like, from 10 minutes)
#
# - Train the n-gram on fiddle tunes instead: `load_melodies("train")` of
#   `deepcomposer_edu.corpora.melodies` has thousands. How many bits does a word take
#   there?
# - Use intervals instead of pitches as words: "up 2 semitones, 4 steps". The pieces
#   need no common key then. Is it lossless?
# - An n-gram over the grid tokens of four voices, order 9, hears two steps. What has it
#   learned about chords?

# %% [markdown]
# ## What you learned
#
# - to **write** music as tokens in four ways, and **read** it back without losing a
#   note
# - to **choose** between them: few words and long pieces, or many words and short ones
# - to **predict** the next token by counting, and **measure** how surprised the model
#   is
# - to **compose** with it, and say what it copied
#
# ## References
#
# - Shannon, C., 1948. A Mathematical Theory of Communication. n-grams of letters, and
#   the bit as the measure of surprise.
# - Witten, I. and Bell, T., 1991. The Zero-Frequency Problem. How the unseen gets its
#   share.
# - Hadjeres, G., Pachet, F. and Nielsen, F., 2017. DeepBach: a Steerable Model for Bach
#   Chorales Generation. Grid tokens with a hold.
# - Oore, S. and others, 2018. This Time with Feeling: Learning Expressive Musical
#   Performance. Event tokens.
# - Huang, Y.-S. and Yang, Y.-H., 2020. Pop Music Transformer: Beat-based Modeling and
#   Generation of Expressive Pop Piano Compositions. REMI.
# - Fradet, N. and others, 2021. MidiTok: A Python Package for MIDI File Tokenization.
