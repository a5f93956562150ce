# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Artist mode
#
# Nothing to program here, and nothing to understand first: each cell that you see holds
# a few values to turn. Change them, choose **Run > Run All Cells**, listen.
#
# Ultramarine was ground from a stone that came from afar, and cost as much as gold,
# until a factory could make it in the 1820s. Then everybody could paint a sky. The
# electric guitar and the recording studio were such pigments for music, and a network
# is one: it does not say what to paint. What you choose and throw away is the work.
#
# Everything that you make is kept in `my_music/artist_mode`. The studio of lesson 00
# shows it, too: `Studio("my_music/artist_mode")`.

# %% tags=["hidden"]
from deepcomposer_edu import course
from deepcomposer_edu.compose.session.session import Session
from deepcomposer_edu.widgets import Player

course.setup(seed=0)
session = Session(course.my_music() / "artist_mode")

# %% [markdown]
# ## What is given
#
# - `melody`: a tune of the course (`deepcomposer tunes` lists them: ode-to-joy,
#   twinkle-twinkle, greensleeves, new-world and more), or the path of a MIDI or
#   MusicXML file
# - `pitch`: semitones higher or lower, -24 to 24
# - `tempo`: quarter notes in a minute, 10 to 400; `None` as written
# - `bars`: how many bars of it; `None` all

# %%
melody = "ode-to-joy"
pitch = 0
tempo = None
bars = None

# %% tags=["hidden"]
session.desk.take(melody)
session.desk.trim(bars)
session.desk.move(pitch)
session.desk.set_tempo(tempo)
print(session.desk.summary)
Player(session.desk.score)

# %% [markdown]
# ## What is made of it
#
# - `style`: bach, classical, jazz, rock, pop; or the name or folder of a network that
#   you trained. The harmony is the network's, the bands play it by rule
# - `seed`: another number, other voices; the same number, the same music
# - `temperature`: how adventurous the choice of notes is, 0 to 5; 0.9 is usual
# - `inertia`: how much the voices like to stay on their notes, 0 to 10
# - `smoothness`: how much they dislike leaps and clashes that are hard to sing, 0 to 10
# - `candidates`: how many are made, of which the best is kept, 1 to 32; each takes time

# %%
style = "bach"
seed = 1
temperature = 0.9
inertia = 0.5
smoothness = 3.0
candidates = 1

# %% tags=["hidden"]
session.choose_genre(style)
session.set_seed(seed)
session.turn("temperature", temperature)
session.turn("inertia", inertia)
session.turn("smoothness", smoothness)
session.turn("candidates", candidates)
session.compose()
print("\n".join(session.shown.notes))

# %% [markdown]
# ## Who plays it
#
# - `instruments`: one name for each voice, melody first, such as
#   `["oboe", "violin", "viola", "cello"]`; empty for those of the style

# %%
instruments = []

# %% tags=["hidden"]
if instruments:
    session.use_instruments(instruments)
Player(session.shown)

# %% [markdown]
# ## What is kept
#
# - `parts`: mid (notes), wav and mp3 (sound), musicxml (a score to print), png
#   (picture), mp4 (film), json (the recipe)

# %%
parts = ["mid", "mp3", "png", "json"]

# %% tags=["hidden"]
# NBVAL_CHECK_OUTPUT
for part, path in session.save(parts).items():
    print(f"{part:5s}{path.parent.name}/{path.name}")
