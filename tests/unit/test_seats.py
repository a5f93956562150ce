"""Seats of a class: logins, codes, the folder they live in, and who may look in."""

import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from needs import require

from deepcomposer_edu.classroom import hub, hub_folder, seat, seats
from deepcomposer_edu.classroom.hub_folder import HubSettings, prepare_folder
from deepcomposer_edu.classroom.slips import slips_page, write_slips
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.errors import InputError

# --- names, logins, codes ------------------------------------------------------------


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=20))
def test_every_list_of_names_gives_different_safe_logins(names):
    names = [name[: seats.LONGEST_NAME] for name in names if name.split()]
    names = [name for name in names if name.split()] or ["one"]
    made = seats.make_seats(names)
    logins = [one.login for one in made]
    assert len(set(logins)) == len(logins) == len(names) + 1
    for login in logins:
        assert login.isascii()
        assert set(login) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert login.strip("-") == login != ""


def test_nobody_can_be_given_the_teachers_login():
    made = seats.make_seats(["Teacher", "teacher"])
    assert [one.login for one in made] == ["teacher", "teacher-2", "teacher-3"]


def test_a_code_is_taken_as_people_type_it_and_no_other():
    one = seats.Seat("ada", "Ada", "abcd2345")
    assert one.accepts("abcd2345")
    assert one.accepts(" ABCD 2345 ")
    for wrong in ("", "abcd2346", "abcd234", "abcd23455", "é"):
        assert not one.accepts(wrong)


def test_codes_have_no_letters_that_look_alike_and_differ():
    codes = {seats.new_code() for _ in range(300)}
    assert len(codes) == 300
    assert not set("".join(codes)) & set("01lo")


@pytest.mark.parametrize("names", [[], ["x"] * 201, ["a" * 61], ["  "]])
def test_a_class_list_that_cannot_be_is_refused(names):
    with pytest.raises(InputError, match=r"allowed|1 to"):
        seats.make_seats(names)


def test_a_class_list_is_read_as_people_save_it(tmp_path):
    path = tmp_path / "names.txt"
    path.write_bytes("\ufeffAda\r\n\r\n  김민서 \r\n".encode())
    assert seats.names_from(path) == ["Ada", "김민서"]
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        seats.names_from(path)
    with pytest.raises(InputError, match="could not be read"):
        seats.names_from(tmp_path / "none.txt")


# --- the folder ----------------------------------------------------------------------


def test_a_class_keeps_its_codes_and_grows(tmp_path):
    first = prepare_folder(tmp_path / "hub", ["Ada", "Ada"], separate=False).seats()
    again = prepare_folder(tmp_path / "hub", [], separate=False).seats()
    grown = prepare_folder(tmp_path / "hub", ["Ada", "Cy", "Ada"], False).seats()
    assert again == first
    assert grown[:3] == first
    assert [one.login for one in grown] == ["teacher", "ada", "ada-2", "cy"]


def test_only_its_owner_can_look_into_a_folder_of_the_hub(tmp_path):
    folder = prepare_folder(tmp_path / "hub", ["Ada"], separate=False)
    for path in (folder.private, folder.home("ada"), folder.share("ada")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert (folder.private / "seats.json").stat().st_mode & 0o077 == 0
    for path in (folder.root, folder.progress):  # passed through, not listed
        assert stat.S_IMODE(path.stat().st_mode) == 0o711


@pytest.fixture(name="open_place")
def open_place_fixture():
    """A folder that others may pass through, as a class's; pytest's own are closed."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o711)
        yield Path(place)


def test_seats_with_numbers_of_their_own_cannot_read_each_other(open_place):
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not is_root:
        pytest.skip("only the administrator can start programs as somebody else")
    folder = prepare_folder(open_place / "hub", ["Ada", "Bo"], separate=True)
    secret = folder.home("ada") / "secret"
    secret.write_text("mine")

    def try_as(place, command):
        number = hub_folder.user_number(place)
        return subprocess.run(
            ["/bin/sh", "-c", command],
            user=number,
            group=number,
            extra_groups=[],
            capture_output=True,
            text=True,
            cwd="/",
        )

    assert try_as(1, f"cat '{secret}'").stdout == "mine"
    assert try_as(2, f"cat '{secret}'").returncode != 0
    assert try_as(2, f"ls '{folder.private}'").returncode != 0
    assert try_as(2, f"ls '{folder.progress}'").returncode != 0
    assert try_as(2, f"echo x > '{folder.home('bo')}/mine'").returncode == 0
    assert try_as(2, f"echo x > '{folder.cache}/theirs'").returncode != 0


def test_damaged_seats_are_named(tmp_path):
    folder = prepare_folder(tmp_path / "hub", ["Ada"], separate=False)
    (folder.private / "seats.json").write_text('[{"login": 1}]')
    with pytest.raises(InputError, match=r"seats\.json could not be read"):
        folder.seats()


def test_the_settings_come_back_as_they_were(tmp_path):
    folder = prepare_folder(tmp_path / "hub", ["Ada"], separate=False)
    settings = HubSettings(port=9000, memory_gb=1.5, proxy=("node", "proxy"))
    folder.write_settings(settings)
    assert folder.read_settings() == settings


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 0},
        {"port": 70_000},
        {"memory_gb": 0.1},
        {"memory_gb": float("nan")},
        {"cores": 0},
        {"certificate": "a.pem"},
        {"key": "k.pem"},
    ],
)
def test_settings_that_no_hub_runs_with_are_refused(wrong):
    with pytest.raises(InputError, match=r"allowed|has 1|needs|1 to|together"):
        HubSettings(**wrong)


# --- a seat --------------------------------------------------------------------------


def test_a_seat_gets_its_limits_its_lessons_and_the_command(tmp_path):
    (tmp_path / "cache" / "matplotlib").mkdir(parents=True)
    (tmp_path / "cache" / "matplotlib" / "fontlist.json").write_text("{}")
    work = tmp_path / "home" / "my_work"
    work.parent.mkdir()
    show = (
        "import json, os, resource as r; print(json.dumps([r.getrlimit(r.RLIMIT_DATA), "
        "os.environ['OMP_NUM_THREADS'], os.environ['JUPYTERHUB_DEFAULT_URL'], "
        "os.environ['MPLCONFIGDIR'], os.umask(0)]))"
    )
    started = subprocess.run(
        [
            *(sys.executable, "-m", "deepcomposer_edu.classroom.seat"),
            *("--memory-gb", "1.5", "--cores", "0", "--", sys.executable, "-c", show),
        ],
        env=os.environ
        | {
            "DEEPCOMPOSER_WORK": str(work),
            "DEEPCOMPOSER_CACHE": str(tmp_path / "cache"),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    limits, threads, page, fonts, mask = json.loads(started.stdout.splitlines()[-1])
    if sys.platform == "linux":
        assert limits == [int(1.5 * 2**30)] * 2
    assert threads == "1"
    assert page == "/lab/tree/00_first_sound.ipynb"
    assert (Path(fonts) / "fontlist.json").is_file()
    assert mask == 0o077
    lessons = sorted(path.name for path in seat.LESSONS.glob("*.ipynb"))
    assert sorted(p.name for p in work.glob("*.ipynb")) == sorted(
        [*lessons, "studio.ipynb"]
    )
    assert seat.lay_out(work) == ""  # the second time, the page that was open


def test_a_seat_whose_folder_cannot_be_written_says_so_and_starts(tmp_path, capsys):
    (tmp_path / "my_work").write_text("a file where the folder should be")
    assert seat.lay_out(tmp_path / "my_work") == ""
    assert "Lessons not laid out" in capsys.readouterr().err


# --- what is said --------------------------------------------------------------------


def test_slips_hold_every_code_and_let_no_name_be_more_than_text(tmp_path):
    made = seats.make_seats(["<script>alert(1)</script>", "Ada"])
    page = slips_page(made, "https://192.0.2.7:8000")
    assert "<script" not in page
    assert all(one.code in page and one.login in page for one in made)
    write_slips(made, "http://x", tmp_path / "slips.html")
    assert (tmp_path / "slips.html").stat().st_mode & 0o077 == 0


def test_the_teacher_is_told_what_is_open_and_what_is_missing():
    alone = list(hub.advice(HubSettings(), "only the administrator can"))
    assert "share your account" in alone[0]
    assert "Only this computer" in alone[1]
    (no_midi,) = hub.advice(HubSettings(on_network=True), "")
    assert "MIDI" in no_midi
    safe = HubSettings(on_network=True, certificate="c", key="k")
    assert list(hub.advice(safe, "")) == []


def test_a_port_in_use_and_a_missing_certificate_are_refused(tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = HubSettings(port=taken.getsockname()[1])
        with pytest.raises(InputError, match="another --port"):
            hub.needs_port(settings)
    with pytest.raises(InputError, match="PEM"):
        hub.needs_file(tmp_path / "none.pem")


def test_a_missing_hub_is_one_sentence_with_the_command(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(hub.importlib.util, "find_spec", lambda _: None)
    assert main(["classroom", "hub", str(tmp_path), "--seats", "2"]) == 2
    assert "JupyterHub is not installed; run:" in capsys.readouterr().err
    monkeypatch.setattr(hub.shutil, "which", lambda _: None)
    with pytest.raises(InputError, match="Node 20 or newer"):
        hub.find_proxy()


def test_a_missing_proxy_names_the_command(monkeypatch, tmp_path):
    monkeypatch.setattr(hub.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(
        hub.shutil, "which", lambda name: "/bin/node" if name == "node" else None
    )
    with pytest.raises(InputError, match="npm install --prefix"):
        hub.find_proxy()


def test_a_certificate_is_kept_while_it_is_good(tmp_path):
    pytest.importorskip("cryptography")
    from cryptography import x509

    from deepcomposer_edu.classroom.certificate import own_certificate

    path, key = own_certificate(tmp_path, ["192.0.2.7", "class.example"])
    before = path.read_bytes()
    assert key.stat().st_mode & 0o077 == 0
    names = x509.load_pem_x509_certificate(before).extensions
    found = names.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(one.value) for one in found} == {
        *("localhost", "127.0.0.1", "192.0.2.7", "class.example")
    }
    own_certificate(tmp_path, ["192.0.2.7"])
    assert path.read_bytes() == before
    own_certificate(tmp_path, ["192.0.2.8"])
    assert path.read_bytes() != before
    path.write_text("damaged")
    own_certificate(tmp_path, ["192.0.2.8"])
    x509.load_pem_x509_certificate(path.read_bytes())


def test_seats_take_turns_on_the_cores():
    require(
        hub.importlib.util.find_spec("jupyterhub"),
        "JupyterHub is not installed (extra hub)",
    )
    from deepcomposer_edu.classroom.hub_config import cores_of

    there = cores_of(0, 64)
    assert [cores_of(place, 1) for place in range(len(there))] == [[c] for c in there]
    assert cores_of(len(there), 1) == cores_of(0, 1)
    assert cores_of(3, 64) == there


def test_the_teacher_who_shows_something_is_no_learner_on_the_dashboard(tmp_path):
    require(
        hub.importlib.util.find_spec("jupyterhub"),
        "JupyterHub is not installed (extra hub)",
    )
    from deepcomposer_edu.classroom.hub_config import share_of

    place = hub_folder.HubFolder(tmp_path)
    assert share_of(place, "ada") == str(tmp_path / "progress" / "ada")
    assert share_of(place, seats.TEACHER) == ""
