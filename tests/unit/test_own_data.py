"""Music of your own: tracks, filters, windows, and a run that knows its music."""

import json

import pytest
from tiny_training import without_seconds

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.compose.own_training.runs import (
    DATA_NOTE,
    TrainingPlan,
    prepare_training,
    resumed,
    train_own,
)
from deepcomposer_edu.corpora import own_files
from deepcomposer_edu.corpora.folder import first_tracks, load_folder, summary
from deepcomposer_edu.corpora.folder_rules import FolderRules, read_rules
from deepcomposer_edu.corpora.voice_choice import four_voices, texture, track_rows
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.wgan import Generator, WGANConfig, critic_of
from deepcomposer_edu.models.wgan_sizes import (
    ORIGINAL_PARAMETERS,
    SIZES,
    find_size,
    parameter_counts,
)
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Metre, Note, Score, Track
from deepcomposer_edu.training.estimate import StepTimer, duration_words

TINY = {
    "hidden_channels": 8,
    "critic_channels": 8,
    "batch_size": 4,
    "n_critic": 1,
}


def track(pitch, name="", n_notes=12, program=0, **options):
    """Quarter notes that rise and fall around a pitch."""
    notes = tuple(Note(4 * i, pitch + i % 3, 4) for i in range(n_notes))
    return Track(notes, name, program, **options)


def quartet(shift=0, n_notes=12, **options):
    """Four strings, a flute that doubles the melody, and drums."""
    parts = [
        (72, "Violin", 40),
        (65, "Second", 40),
        (57, "Viola", 41),
        (45, "Cello", 42),
    ]
    strings = [track(p + shift, n, n_notes, program) for p, n, program in parts]
    flute = track(84 + shift, "Flute", n_notes, 73)
    drums = track(38, "Kit", n_notes, is_drum=True)
    return Score((flute, *strings, drums), **options)


@pytest.fixture
def folder(tmp_path):
    """Four quartets, no two alike."""
    place = tmp_path / "quartets"
    place.mkdir()
    for i in range(4):
        write_midi(quartet(n_notes=12 + i), place / f"{i}.mid")
    return place


def plan(folder, **options):
    return TrainingPlan(folder, **{"settings": TINY, "n_steps": 2} | options)


# --- which tracks ------------------------------------------------------------


@pytest.mark.parametrize(
    "tracks",
    [
        (2, 3, 4, 5),
        "2, 3, 4, 5",
        ("viol", "SECOND", "Viola", "cello"),
        ("program:40", "program:violin", "program:41", "program:cello"),
        "program:40, second, 4, Cello",
    ],
)
def test_tracks_are_chosen_by_number_name_or_instrument(tracks):
    rules = FolderRules(tracks=tracks)
    names = [t.name for t in four_voices(quartet(), rules.tracks)]
    assert names == ["Violin", "Second", "Viola", "Cello"]


def test_automatically_the_highest_track_is_the_melody():
    assert four_voices(quartet())[0].name == "Flute"


@pytest.mark.parametrize(
    ("tracks", "words"),
    [
        ((1, 2, 3, 9), "its track 9 is not there; it has 1 Flute, 2 Violin"),
        ((1, 2, 3, 6), "its track 6 is drums"),
        (("Violin", "Oboe", "Viola", "Cello"), "'Oboe' is not there"),
        (("program:40", "program:41", "program:42", "program:19"), "is not there"),
    ],
)
def test_a_file_without_the_chosen_tracks_is_left_out(tmp_path, tracks, words):
    write_midi(quartet(), tmp_path / "a.mid")
    with pytest.raises(InputError, match=words):
        load_folder(tmp_path, FolderRules(tracks=tracks))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"tracks": "1,2,3"}, "names 3, but it must be auto, texture, or four"),
        ({"tracks": "1,2,3,3"}, "name one of them twice"),
        ({"tracks": "0,1,2,3"}, "a number from 1"),
        ({"tracks": "program:kazoo,1,2,3"}, "kazoo"),
        ({"metres": "four"}, "is not written like 4/4"),
        ({"min_bars": "many"}, "must be a whole number"),
        ({"min_bars": -1}, "0 .any. or more"),
        ({"min_bars": 8, "max_bars": 4}, "nothing lies between"),
        ({"max_off_grid": 2}, "a share goes from 0 to 1"),
        ({"drums": "loud"}, "ignore or refuse"),
        ({"keep_twins": "perhaps"}, "yes or no"),
        ({"min_bar": 8}, "There is no filter 'min_bar'"),
    ],
)
def test_a_rule_that_cannot_be_is_one_sentence(values, words):
    with pytest.raises(InputError, match=words) as caught:
        read_rules(values)
    assert "\n" not in str(caught.value)


def test_rules_come_back_from_json_as_they_were():
    rules = FolderRules(tracks=(1, "Viola", 3, 4), metres=("3/4",), max_tempo=90.0)
    assert read_rules(json.loads(json.dumps(rules.to_dict()))) == rules


# --- four voices from all notes ----------------------------------------------


def test_a_texture_has_the_highest_and_lowest_note_outside():
    chords = [(48, 60, 64, 67, 72), (50, 62, 65, 69), (55, 59, 62), (43, 71), (60,)]
    notes = [Note(4 * i, p, 4) for i, chord in enumerate(chords) for p in chord]
    grid = texture(notes)
    columns = [tuple(grid.pitches[:, 4 * i].tolist()) for i in range(len(chords))]
    assert columns[0] in {(72, 64, 60, 48), (72, 67, 60, 48), (72, 67, 64, 48)}
    assert columns[1:] == [
        (69, 65, 62, 50),
        (62, 59, 59, 55),
        (71, -1, -1, 43),
        (60, -1, -1, -1),
    ]


def test_a_texture_keeps_repeated_notes_apart_and_held_ones_whole():
    grid = texture([Note(0, 72, 4), Note(4, 72, 4), Note(0, 48, 8)])
    assert grid.onsets.astype(int).tolist() == [
        [1, 0, 0, 0, 1, 0, 0, 0],
        [0] * 8,
        [0] * 8,
        [1] + [0] * 7,
    ]


def test_piano_music_in_two_tracks_becomes_four_voices(tmp_path):
    right = [Note(4 * i, p, 4) for i in range(12) for p in (76 + i % 2, 67)]
    left = [Note(4 * i, p, 4) for i in range(12) for p in (60, 48 - i % 2)]
    write_midi(Score((Track(tuple(right)), Track(tuple(left)))), tmp_path / "piano.mid")
    with pytest.raises(InputError, match='tracks="texture" makes voices'):
        load_folder(tmp_path)
    (piece,), (report,) = load_folder(tmp_path, FolderRules(tracks="texture"))
    assert piece.grid.pitches[:, 4].tolist() == [77, 67, 60, 47]
    assert "all notes of 2 tracks" in report.reason


# --- filters -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "odd", "cause"),
    [
        ({"metres": "4/4"}, {"metres": (Metre(0, 3, 4),)}, "metre"),
        ({"min_tempo": 60}, {"tempo": 40.0}, "tempo"),
        ({"max_tempo": 150}, {"tempo": 200.0}, "tempo"),
        ({"max_bars": 4}, {"n_notes": 40}, "length"),
        ({"min_bars": 4}, {"n_notes": 9}, "length"),
        ({"min_notes": 60}, {"n_notes": 14}, "few notes"),
        ({"tracks": (2, 3, 4, 5)}, {"n_notes": 7}, "length"),
        ({}, {"shift": 3, "n_notes": 16}, "twice"),
    ],
)
def test_a_filter_leaves_out_what_it_names_and_says_so(tmp_path, rules, odd, cause):
    write_midi(quartet(n_notes=16), tmp_path / "0.mid")
    write_midi(quartet(**odd), tmp_path / "1.mid")
    pieces, reports = load_folder(tmp_path, read_rules(rules))
    assert [piece.source for piece in pieces] == ["0.mid"]
    assert [report.cause for report in reports] == ["", cause]
    assert f"1 ({cause})" in summary(reports)


def test_twins_may_be_kept_and_drums_refused(tmp_path):
    for i in range(2):
        write_midi(quartet(), tmp_path / f"{i}.mid")
    assert len(load_folder(tmp_path, FolderRules(keep_twins=True))[0]) == 2
    with pytest.raises(InputError, match="it has drums"):
        load_folder(tmp_path, FolderRules(drums="refuse"))


def test_chords_that_would_be_lost_leave_a_file_out(tmp_path):
    notes = [Note(4 * i, 60 + k, 4) for i in range(12) for k in (0, 4, 7)]
    chords = Track(tuple(notes), "Chords")
    write_midi(Score((chords, track(72), track(50), track(43))), tmp_path / "a.mid")
    assert "33% of the notes lie" in load_folder(tmp_path)[1][0].reason
    with pytest.raises(InputError, match="33% of its notes lie under others"):
        load_folder(tmp_path, FolderRules(max_hidden=0.2))


def test_the_first_files_tracks_can_be_looked_at(folder):
    (folder / "00.mid").write_text("not music")
    file, rows = first_tracks(folder)
    assert file == "0.mid"
    assert [row["name"] for row in rows][:2] == ["Flute", "Violin"]
    assert rows[-1]["instrument"] == "drums"
    assert track_rows(quartet())[1]["highest"] == 74


def test_progress_is_told_after_each_file(folder):
    told = []
    load_folder(folder, on_file=lambda *done: told.append(done))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_folder_of_everything_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(own_files, "MAX_ENTRIES", 3)
    for i in range(4):
        (tmp_path / f"{i}.txt").write_text("")
    with pytest.raises(InputError, match="a folder with music only"):
        load_folder(tmp_path)


def test_what_a_mac_puts_beside_a_file_is_not_taken_for_music(folder):
    beside = folder / f"._{next(folder.glob('*.mid')).name}"
    beside.write_bytes(b"Mac OS X")
    assert len(load_folder(folder)[1]) == 4


def test_the_home_folder_may_be_written_as_a_tilde(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder.parent))
    assert len(load_folder("~/quartets")[0]) == 4


# --- sizes and time ----------------------------------------------------------


def test_the_sizes_go_from_small_to_the_originals():
    counts = {name: parameter_counts(size.config) for name, size in SIZES.items()}
    assert sum(counts["small"].values()) < sum(counts["usual"].values()) / 3
    for network, number in ORIGINAL_PARAMETERS.items():
        assert counts["original"][network] == pytest.approx(number, rel=0.05)
    assert SIZES["usual"].config == WGANConfig()


def test_the_originals_size_follows_from_its_layers():
    # 4 x 4 convolutions: inputs, filters; all but four of the generator's with the two
    # learned numbers of batch normalisation for each filter.
    down = [(1, 64), (64, 128), (128, 256), (256, 512)]
    up = [(1024, 256), (512, 128), (256, 64), (128, 4)]
    normed = [128, 256, 512, 256, 128, 64]
    generator = sum(16 * i * o + o for i, o in down + up) + 2 * sum(normed)
    critic = sum(16 * i * o + o for i, o in [(5, 64), *down[1:]]) + 2 * 8 * 512 + 1
    assert {"generator": generator, "critic": critic} == ORIGINAL_PARAMETERS


def test_parameters_are_counted_without_making_the_networks():
    config = WGANConfig(**TINY)
    networks = {"generator": Generator(config), "critic": critic_of(config)}
    made = {n: sum(p.numel() for p in m.parameters()) for n, m in networks.items()}
    assert parameter_counts(config) == made


def test_an_unknown_size_is_one_sentence():
    with pytest.raises(InputError, match="There is no size 'huge'; the sizes are"):
        find_size("huge")


def test_a_training_is_estimated_before_it_starts():
    estimate = StepTimer(WGANConfig(**TINY)).measure(500)
    assert estimate.seconds == pytest.approx(500 * estimate.seconds_per_step)
    assert estimate.busy_seconds_per_step >= estimate.seconds_per_step > 0
    assert "500 steps" in estimate.sentence
    assert f"{estimate.parameters['generator']:,}" in estimate.sentence


def test_lengths_of_time_are_told_in_the_unit_that_fits():
    words = [duration_words(s) for s in (0, 1.4, 80, 600, 6000, 200_000)]
    assert words == [
        *("1 second", "1 second", "80 seconds", "10 minutes", "2 hours", "2 days")
    ]


# --- a plan, and the run that follows it -------------------------------------


def test_every_tenth_piece_is_kept_for_the_metrics(folder):
    prepared = prepare_training(plan(folder))
    assert len(set(prepared.learn.pieces.tolist())) == 3
    assert len(set(prepared.judge.pieces.tolist())) == 1
    assert "4 of 4 files are learned from." in prepared.sentences
    assert "windows are few" in prepared.sentences[-1]


def test_one_piece_alone_is_learned_from_with_a_warning(tmp_path):
    write_midi(quartet(), tmp_path / "a.mid")
    prepared = prepare_training(plan(tmp_path))
    assert any("one piece only" in sentence for sentence in prepared.sentences)


def test_epochs_and_steps_follow_from_each_other(folder):
    by_epochs = prepare_training(plan(folder, n_steps=None, epochs=4))
    n_windows = len(by_epochs.learn)
    assert by_epochs.n_steps == -(-4 * n_windows // TINY["batch_size"])
    assert by_epochs.epochs == pytest.approx(4, abs=TINY["batch_size"] / n_windows)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"epochs": 3}, "leave one of them out"),
        ({"n_steps": 0}, "a run takes 1 to"),
        ({"n_steps": None, "epochs": 0.0}, "must be above 0"),
        ({"size": "huge"}, "no size 'huge'"),
        ({"settings": {"n_critics": 3}}, "There is no setting 'n_critics'"),
        ({"settings": {"loss": "hinge"}}, "must be one of"),
        ({"settings": {"n_genres": 2}}, "leave it at 0"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_one_sentence(folder, options, words):
    with pytest.raises(InputError, match=words):
        plan(folder, **options)


def test_a_run_on_own_music_says_what_it_learned_from_and_is_resumed(folder, tmp_path):
    rules = FolderRules(tracks=(2, 3, 4, 5))
    whole = train_own(tmp_path / "whole", plan(folder, rules=rules))
    train_own(tmp_path / "half", plan(folder, rules=rules, n_steps=1))
    note = json.loads((tmp_path / "half" / DATA_NOTE).read_text())
    assert note["rules"]["tracks"] == [2, 3, 4, 5]
    assert [file["is_used"] for file in note["files"]] == [True] * 4
    config = WGANConfig(**TINY)
    again = resumed(tmp_path / "half", config)
    assert again.sha256 == prepare_training(plan(folder, rules=rules)).sha256
    history = train_own(tmp_path / "half", again, n_steps=2, resume=True)
    assert without_seconds(history.rows) == without_seconds(whole.rows)


def test_a_run_is_not_resumed_on_other_music(folder, tmp_path):
    train_own(tmp_path / "run", plan(folder, n_steps=1))
    config = WGANConfig(**TINY)
    elsewhere = folder.rename(tmp_path / "moved")
    with pytest.raises(InputError, match="does not exist"):
        resumed(tmp_path / "run", config)
    assert resumed(tmp_path / "run", config, elsewhere).plan.folder == elsewhere
    write_midi(quartet(n_notes=33), elsewhere / "new.mid")
    with pytest.raises(InputError, match="is not what the run run learned from so far"):
        resumed(tmp_path / "run", config, elsewhere)
    (tmp_path / "run" / DATA_NOTE).write_text('{"folder": 3}')
    with pytest.raises(InputError, match="cannot be read"):
        resumed(tmp_path / "run", config)


# --- the command -------------------------------------------------------------


@pytest.fixture
def command(capsys, tmp_path, monkeypatch):
    """Return a function that runs a command in a work folder of its own."""
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    monkeypatch.chdir(tmp_path)

    def command(*arguments):
        code = main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return command


def small():
    return [part for k, v in TINY.items() for part in ("-p", f"{k}={v}")]


def test_the_command_trains_on_a_folder_and_goes_on_with_it(command, folder, tmp_path):
    (folder / "9.mid").write_text("not music")
    chosen = ["--data", folder, "--tracks", "2,3,4,5", "--only", "min_bars=3"]
    length = ["--epochs", "0.2", "--sample-every", 5, "--melody", "twinkle-twinkle"]
    code, out, err = command("train", "wgan", "-o", "run", *chosen, *length, *small())
    assert code == 0, err
    assert "4 of 5 files are learned from. Left out: 1 (unreadable)." in err + out
    assert "9.mid: left out" in err + out
    assert "Trained to step 1 " in out
    code, out, err = command("train", "wgan", "-o", "run", "--resume", "--steps", 2)
    assert code == 0, err
    rows = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(row)["step"] for row in rows] == [0, 1, 2]


def test_check_tells_tracks_files_and_cost_and_makes_no_run(command, folder, tmp_path):
    code, out, err = command(
        "train", "wgan", "-o", "run", "--data", folder, "--check", *small()
    )
    assert code == 0, err
    told = out + err
    assert "2 Violin: violin, 12 notes" in told
    assert "4 of 4 files are learned from" in told
    assert "1,000 steps" in told
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("wgan", "--tracks", "1,2,3,4"), "add --data FOLDER"),
        (("writer", "--epochs", "2"), "--epochs is for wgan"),
        (("wgan", "--epochs", "2", "--steps", "3"), "leave one of them out"),
        (("wgan", "--data", "quartets", "--only", "bars=3"), "no filter 'bars'"),
        (("wgan", "--data", "quartets", "--tracks", "1,2"), "names 2"),
        (("wgan", "--data", "nowhere"), "does not exist"),
        (("wgan", "--recipe", "smal"), "did you mean small"),
        (("writer", "--check"), "--check is for a new run of wgan"),
        (("wgan", "--melody", "no-such-tune", "--data", "quartets"), "no-such-tune"),
    ],
)
def test_a_command_that_cannot_be_is_one_sentence(command, folder, arguments, words):
    code, _, err = command("train", *arguments, "--out", "run")
    assert code == 2
    assert words in err
    assert not (folder.parent / "run").exists()
