"""Music as files: everything that was asked for appears together, or nothing does."""

import errno
import os
import signal
import subprocess
import sys
import textwrap

import av
import pytest
from full_disk import needs_file_limits, refused_writing

from deepcomposer_edu.compose import compose
from deepcomposer_edu.compose.export.saving import (
    DEFAULT_PARTS,
    PARTS,
    checked_parts,
    save_score,
)
from deepcomposer_edu.compose.export.staging import COMPLETE, PREFIX
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import read_audio, rms_dbfs
from deepcomposer_edu.music.midi import read_midi
from deepcomposer_edu.music.musicxml import read_musicxml
from deepcomposer_edu.music.score import Note, Score, Track

PITCHES = (72, 74, 76, 77, 79, 77, 74, 72)
TUNE = Score.from_notes([(4 * i, p, 4) for i, p in enumerate(PITCHES)], title="Scale")
QUICK = ["mid", "json"]
needs_signals = pytest.mark.skipif(
    sys.platform == "win32", reason="needs signals to other processes"
)


def saved(folder, seed=1, parts=QUICK, **options):
    return compose(TUNE, "random", seed=seed).save(folder, parts, **options)


def content(folder):
    """Return all files of a folder, and what is in it that is no file."""
    return {p.name: p.read_bytes() if p.is_file() else b"" for p in folder.iterdir()}


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """All parts of a composition, and what its progress said."""
    said = []
    made = compose(TUNE, "random")
    folder = tmp_path_factory.mktemp("all") / "new" / "folder"
    return made, made.save(folder, "all", lambda *it: said.append(it)), said


# What is written


def test_the_usual_parts_are_written_if_none_are_named(tmp_path):
    paths = saved(tmp_path, parts=None)
    assert list(paths) == list(DEFAULT_PARTS)
    assert set(content(tmp_path)) == {f"composition.{part}" for part in DEFAULT_PARTS}


def test_all_seven_parts_lie_in_the_folder_and_nothing_else(everything):
    _, paths, _ = everything
    assert list(paths) == list(PARTS)
    assert set(content(paths["mid"].parent)) == {f"composition.{p}" for p in PARTS}


def test_the_midi_holds_the_composition(everything):
    made, paths, _ = everything
    score = read_midi(paths["mid"])
    assert [t.notes for t in score.tracks] == [t.notes for t in made.score.tracks]
    assert [t.program for t in score.tracks] == [t.program for t in made.score.tracks]
    assert score.seconds == pytest.approx(made.score.seconds, abs=1e-3)


def test_the_notation_holds_the_composition(everything):
    made, paths, _ = everything
    read = read_musicxml(paths["musicxml"])
    assert [
        [(n.start, n.pitch, n.duration) for n in track.notes] for track in read.tracks
    ] == [
        [(n.start, n.pitch, n.duration) for n in track.notes]
        for track in made.score.tracks
    ]


@pytest.mark.parametrize("part", ["wav", "mp3", "mp4"])
def test_every_sound_lasts_as_long_as_the_music_and_is_loud(everything, part):
    made, paths, _ = everything
    audio, rate = read_audio(paths[part])
    assert rate == 44_100
    assert made.score.seconds <= len(audio) / rate <= made.score.seconds + 4
    assert -26 < rms_dbfs(audio[: 2 * rate]) < -14


def test_the_film_is_h264(everything):
    with av.open(str(everything[1]["mp4"])) as file:
        assert file.streams.video[0].codec_context.name == "h264"


def test_the_picture_is_a_png(everything):
    assert everything[1]["png"].read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_only_the_chosen_parts_are_written(tmp_path):
    saved(tmp_path, parts="mid,json")
    assert set(content(tmp_path)) == {"composition.mid", "composition.json"}


def test_saving_again_replaces_all_parts(tmp_path):
    saved(tmp_path, seed=1)
    before = content(tmp_path)
    saved(tmp_path, seed=2)
    after = content(tmp_path)
    assert set(after) == set(before)
    assert all(after[name] != before[name] for name in after)


def test_a_score_without_a_history_has_no_json(tmp_path):
    paths = save_score(TUNE, tmp_path, "all", name="scale")
    assert set(content(tmp_path)) == {f"scale.{part}" for part in PARTS[:-1]}
    assert list(paths) == list(PARTS[:-1])


def test_a_score_without_notes_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(InputError, match="no sound to write"):
        save_score(Score((Track(),)), tmp_path / "new", "mid,wav")
    assert list(tmp_path.iterdir()) == []


# What can be asked for


@pytest.mark.parametrize("parts", ["", "mid,ogg", [], ["exe"], "all mid"])
def test_unknown_parts_are_refused(parts):
    with pytest.raises(InputError, match="mid, wav, mp3, musicxml, png, mp4, json"):
        checked_parts(parts)


def test_parts_may_be_written_with_dots_and_in_any_order():
    assert checked_parts(".JSON, .mid") == ("mid", "json")


def test_all_are_all():
    assert checked_parts("all") == PARTS
    assert checked_parts("all", has_provenance=False) == PARTS[:-1]


def test_json_of_a_plain_score_is_refused_in_words():
    with pytest.raises(InputError, match="how a composition was made"):
        checked_parts("json", has_provenance=False)


def test_a_folder_in_the_place_of_a_part_is_refused(tmp_path):
    (tmp_path / "composition.mid").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        saved(tmp_path)


# Progress


def test_progress_grows_from_nothing_to_all(everything):
    shares = [share for share, _ in everything[2]]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1


def test_progress_says_in_words_what_is_being_done(everything):
    words = " ".join(doing for _, doing in everything[2])
    assert "playing the music" in words
    assert "film" in words


def test_progress_is_reported_in_the_thread_that_saves(tmp_path):
    import threading

    threads = set()
    saved(tmp_path, progress=lambda *_: threads.add(threading.get_ident()))
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("stop_at", [0.0, 0.3, 0.7, 1.0])
def test_what_progress_raises_stops_the_save_and_nothing_is_left(tmp_path, stop_at):
    def progress(share, _):
        if share >= stop_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        saved(tmp_path / "new", parts="all", progress=progress)
    assert list(tmp_path.iterdir()) == []


# Failures on the way


def test_when_the_last_move_fails_the_old_files_are_put_back(tmp_path, monkeypatch):
    saved(tmp_path, seed=1)
    before = content(tmp_path)
    move = os.replace

    def full(source, target, **options):
        if str(target).endswith("composition.json") and "old" not in str(source):
            raise OSError(errno.ENOSPC, "No space left on device")
        return move(source, target, **options)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(InputError, match="disk is full"):
        saved(tmp_path, seed=2)
    assert content(tmp_path) == before


def test_where_files_cannot_have_two_names_they_are_copied(tmp_path, monkeypatch):
    def no_links(*_, **__):
        raise OSError(errno.EPERM, "Operation not permitted")

    saved(tmp_path, seed=1)
    before = content(tmp_path)
    monkeypatch.setattr(os, "link", no_links)
    saved(tmp_path, seed=2)
    assert set(content(tmp_path)) == set(before)
    assert content(tmp_path) != before


def test_a_failed_save_removes_the_folders_that_it_made(tmp_path):
    made = compose(TUNE, "random")
    made.score.tracks[0].__dict__["notes"] = "not notes"
    with pytest.raises(Exception):  # noqa: B017 - whatever the writer says
        made.save(tmp_path / "a" / "b", ["mid"])
    assert list(tmp_path.iterdir()) == []


@needs_file_limits
@pytest.mark.parametrize("part", ["wav", "mp3", "mp4", "musicxml", "png"])
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, part):
    said = refused_writing(
        f"""
        from deepcomposer_edu.compose.export.saving import save_score
        from deepcomposer_edu.music.score import Score
        score = Score.from_notes([(4 * i, 60 + i, 4) for i in range(16)])
        save_score(score, {str(tmp_path / "new")!r}, {part!r})
        """,
        n_bytes=2_000,
    )
    assert "new could not be written: " in said
    assert list(tmp_path.iterdir()) == []


# A process that ends in the middle

LONG = """
import sys
from deepcomposer_edu.compose.export.saving import save_score
from deepcomposer_edu.music.score import Note, Score, Track
def progress(share, doing):
    if share >= float(sys.argv[2]):
        print("reached", flush=True)
        sys.stdin.readline()  # until the test has ended this process, or says go on
notes = tuple(Note(4 * i, 60 + i % 12, 4) for i in range(64))
save_score(Score((Track(notes),)), sys.argv[1], "mid wav mp3 png", progress)
"""


def stopped_half_way(folder, how, share=0.4):
    """Save in a process of its own that gets a signal when `share` of it is done."""
    process = subprocess.Popen(
        [sys.executable, "-c", LONG, str(folder), str(share)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "reached\n"
    left = [path.name for path in folder.iterdir()]
    process.send_signal(how)
    process.communicate(timeout=120)
    return left, process.returncode


@needs_signals
def test_an_interrupt_half_way_leaves_nothing(tmp_path):
    hidden, code = stopped_half_way(tmp_path / "new", signal.SIGINT)
    assert [name.startswith(PREFIX) for name in hidden] == [True]  # it was at work
    assert code != 0
    assert list(tmp_path.iterdir()) == []


@needs_signals
def test_a_killed_save_leaves_no_file_that_can_be_taken_for_music(tmp_path):
    stopped_half_way(tmp_path / "new", signal.SIGKILL)
    assert list((tmp_path / "new").glob("[!.]*")) == []


@needs_signals
def test_the_next_save_removes_what_a_killed_one_left(tmp_path):
    stopped_half_way(tmp_path / "new", signal.SIGKILL)
    assert list((tmp_path / "new").glob(f"{PREFIX}*"))
    saved(tmp_path / "new")
    assert set(content(tmp_path / "new")) == {"composition.mid", "composition.json"}


def test_an_old_hidden_folder_without_a_lock_is_removed_a_new_one_is_not(tmp_path):
    old, new = tmp_path / f"{PREFIX}old", tmp_path / f"{PREFIX}new"
    old.mkdir()
    new.mkdir()
    os.utime(old, (0, 0))
    saved(tmp_path, parts="json")
    assert set(content(tmp_path)) == {new.name, "composition.json"}


@needs_signals
def test_a_save_leaves_the_work_of_another_process_alone(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", LONG, str(tmp_path / "new"), "0.4"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "reached\n"
    saved(tmp_path / "new", parts=["json"])
    process.communicate(input="go on\n" * 1_000, timeout=120)
    assert process.returncode == 0
    assert set(content(tmp_path / "new")) == {
        f"composition.{part}" for part in ("mid", "wav", "mp3", "png", "json")
    }


def killed_while_moving(folder, n_moves):
    """Save over an earlier composition and kill the process between two moves."""
    program = f"""
    import os, signal
    from deepcomposer_edu.compose import compose
    from deepcomposer_edu.music.score import Score
    move, moved = os.replace, []
    def counted(source, target, **options):
        if "composition." in str(target).rsplit("/", 1)[-1] and ".part." not in str(
            source
        ):
            if len(moved) == {n_moves}:
                os.kill(os.getpid(), signal.SIGKILL)
            moved.append(target)
        return move(source, target, **options)
    notes = {[(4 * i, p, 4) for i, p in enumerate(PITCHES)]}
    made = compose(Score.from_notes(notes, title="Scale"), "random", seed=2)
    os.replace = counted
    made.save({str(folder)!r}, ["mid", "json"])
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True
    )
    assert run.returncode == -signal.SIGKILL, run.stderr


@needs_signals
@pytest.mark.parametrize("n_moves", [0, 1])
def test_killed_between_two_moves_every_file_is_whole(tmp_path, n_moves):
    saved(tmp_path / "old", seed=1)
    saved(tmp_path / "new", seed=2)
    saved(tmp_path / "here", seed=1)
    killed_while_moving(tmp_path / "here", n_moves)
    for part in QUICK:
        name = f"composition.{part}"
        both = [content(tmp_path / folder)[name] for folder in ("old", "new")]
        assert content(tmp_path / "here")[name] in both


@needs_signals
@pytest.mark.parametrize("n_moves", [0, 1])
def test_the_next_save_finishes_moves_that_were_begun(tmp_path, n_moves):
    saved(tmp_path / "new", seed=2)
    saved(tmp_path / "here", seed=1)
    killed_while_moving(tmp_path / "here", n_moves)
    (stage,) = (tmp_path / "here").glob(f"{PREFIX}*")
    assert (stage / COMPLETE).exists()
    save_score(TUNE, tmp_path / "here", "mid", name="another")
    assert content(tmp_path / "here").keys() - content(tmp_path / "new").keys() == {
        "another.mid"
    }
    for name, data in content(tmp_path / "new").items():
        assert content(tmp_path / "here")[name] == data


def test_many_tracks_and_notes_of_all_lengths_are_written(tmp_path):
    tracks = tuple(
        Track(tuple(Note(3 * i + k, 40 + k + i, 1 + k) for i in range(8)), f"T{k}")
        for k in range(8)
    )
    paths = save_score(Score(tracks), tmp_path, "mid musicxml png")
    assert len(read_midi(paths["mid"]).tracks) == 8
