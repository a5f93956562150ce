"""What a lesson asks of the course.

    from deepcomposer_edu import course

    course.setup(seed=0, lesson="01") seeds, where you are, where you stopped
    course.check("1.2", my_function)  one sentence about your answer
    course.pick("1.2", my_function)   yours if it is right, else the course's own
    course.hint("1.2", 1)             a question, the idea, the shape of the answer
    course.show(function)             its source, with highlighting
    course.play(score)                hear it: the same loudness, at most 10 seconds
    course.plot(score)                see it
    course.faults(grid)               the roll with the faults of part-writing marked
    course.play_fault(grid, fault)    hear one of them
    course.feedback(grid)             all of them; the first to hear, and mended
    course.play_beside(yours, bachs)  two passages, one after the other
    course.edits(edited)              the roll with what a model edited
    course.hear_edits(edited)         the edits one after another, as sound
    course.watch_edits(edited)        the same as a film, with the finished piece
    course.passes(edited, n)          how many edits each pass made, and how sure
    course.likely(probabilities, low) how likely a note is in each cell
    course.one_note(groups, names)    what may sound in one cell
    course.waveform(audio, rate)      a sound as a line, or sample by sample
    course.spectrogram(audio, rate)   how loud each frequency is at each moment
    course.mu_law_steps(16)           what mu-law leaves of each amplitude
    course.next_sample(shares, codes) what a network expects of each next sample
    course.field(dilations, lag=3)    the tree of a stack of dilated convolutions
    course.paths(dilations)           how many paths lead to each input
    course.code_use(groups)           how often each code of a codebook is used
    course.sound_codes(codes, 1.0)    the codes of a sound as time goes by
    course.morph_pad()                every mixture of four timbres, to hear and see
    course.picture(axes, text)        a figure, with words for those who cannot see it
    course.curves(rows, "triad_rate") how values moved through a training
    course.hear_curves(rows)          the same as sound: higher is higher
    course.voice_curves(rows, metric) the same for alto, tenor and bass
    course.watch(200)                 the same while it runs, for on_step
    course.time_machine(run)          a slider over the stages of a training
    course.film(path)                 a video
    course.lineage(population)        who went on from whom in a population
    course.settings_line(population, name)  what the best of them learned with
    course.choose_tune(keyboard)      a menu of tunes, and of what you played
    course.explain("triad")           a word, what it means and how it sounds
    course.glossary()                 all words that are explained
    course.quiz("01")                 five questions; with language="ko" in Korean
    course.progress()                 what you have done, and where to go on
    course.amount(200, quick=5)       a number that tests make small
    course.steps(200, quick=5)        steps of a training; fewer on a slow computer
    course.choose_size("full")        all steps, half of them, a quarter; or "auto"
    course.my_music()                 the folder for what you make
    course.hand_in(run, "Mina")       your trained voice, for the class's chorale

How a lesson is written stands in `tools/lessons.py` and CONTRIBUTING.md; how a check is
written in `course/learner.py`.
"""

from deepcomposer_edu.course.checking import check, hint, pick
from deepcomposer_edu.course.choosing import choose_tune
from deepcomposer_edu.course.editing import (
    edits,
    hear_edits,
    likely,
    one_note,
    passes,
    watch_edits,
)
from deepcomposer_edu.course.explaining import explain, glossary
from deepcomposer_edu.course.families import lineage, settings_line
from deepcomposer_edu.course.handing_in import hand_in
from deepcomposer_edu.course.judging import (
    faults,
    feedback,
    play_beside,
    play_fault,
)
from deepcomposer_edu.course.listening import play
from deepcomposer_edu.course.morphing import morph_pad
from deepcomposer_edu.course.progress import progress
from deepcomposer_edu.course.quizzing import quiz
from deepcomposer_edu.course.session import amount, is_quick, my_music, setup, steps
from deepcomposer_edu.course.showing import picture, plot, show
from deepcomposer_edu.course.speed import choose_size
from deepcomposer_edu.course.watching import (
    curves,
    film,
    hear_curves,
    time_machine,
    voice_curves,
    watch,
)
from deepcomposer_edu.course.waves import (
    code_use,
    field,
    mu_law_steps,
    next_sample,
    paths,
    sound_codes,
    spectrogram,
    waveform,
)

__all__ = [
    "amount",
    "check",
    "choose_size",
    "choose_tune",
    "code_use",
    "curves",
    "edits",
    "explain",
    "faults",
    "feedback",
    "field",
    "film",
    "glossary",
    "hand_in",
    "hear_curves",
    "hear_edits",
    "hint",
    "is_quick",
    "likely",
    "lineage",
    "morph_pad",
    "mu_law_steps",
    "my_music",
    "next_sample",
    "one_note",
    "passes",
    "paths",
    "pick",
    "picture",
    "play",
    "play_beside",
    "play_fault",
    "plot",
    "progress",
    "quiz",
    "settings_line",
    "setup",
    "show",
    "sound_codes",
    "spectrogram",
    "steps",
    "time_machine",
    "voice_curves",
    "watch",
    "watch_edits",
    "waveform",
]
