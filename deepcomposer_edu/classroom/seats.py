"""Who sits in a class: names from a list, a login code for each, kept in one file."""

from __future__ import annotations

import hmac
import json
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, parsed_json

TEACHER = "teacher"
MOST_SEATS = 200  # one computer; more belong on Kubernetes
LONGEST_NAME = 60
CODE_LENGTH = 8  # of 32 letters: 40 bits
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # no 1 and l, no 0 and o


@dataclass(frozen=True)
class Seat:
    """One place in the class.

    Attributes:
        login: what is typed as the name: small letters, digits and hyphens.
        name: what the dashboard shows.
        code: what is typed as the password.
    """

    login: str
    name: str
    code: str

    def accepts(self, code: str) -> bool:
        """Return whether a typed code is this seat's; case and blanks don't count."""
        typed = "".join(code.split()).lower()
        return hmac.compare_digest(typed.encode(), self.code.encode())


def login_of(name: str, number: int) -> str:
    """Return a login for a name, or `learner-NN` where no Latin letter is in it.

    >>> login_of("José Ángel", 1), login_of("김민서", 2), login_of("-x-", 3)
    ('jose-angel', 'learner-02', 'x')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    login = re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")[:30].strip("-")
    if not re.search("[a-z]", login):
        return f"learner-{number:02}"
    return login


def make_seats(names: Sequence[str]) -> list[Seat]:
    """Return the teacher's seat and one for each name, with new codes.

    Two learners of one name get two logins; no login is the teacher's.

    Args:
        names: of the learners, as they shall be shown.

    Raises:
        InputError: if there is no name, or are too many, or one is too long.
    """
    names = [" ".join(name.split()) for name in names]
    if not 1 <= len(names) <= MOST_SEATS:
        raise InputError(
            f"{len(names)} learners were given, but a class on one computer has 1 to "
            f"{MOST_SEATS}; give a list with one name a line, or --seats."
        )
    too_long = next((n for n in names if not 1 <= len(n) <= LONGEST_NAME), None)
    if too_long is not None:
        raise InputError(
            f"A learner's name has {len(too_long)} characters, but 1 to {LONGEST_NAME} "
            "are allowed; shorten it."
        )
    seats = [Seat(TEACHER, "Teacher", new_code())]
    for number, name in enumerate(names, 1):
        login, taken = login_of(name, number), {seat.login for seat in seats}
        tries = [login, *(f"{login}-{n}" for n in range(2, MOST_SEATS + 3))]
        free = next(one for one in tries if one not in taken)
        seats.append(Seat(free, name, new_code()))
    return seats


def new_code() -> str:
    """Return a code that nobody can guess and everybody can type."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def names_from(path: str | Path) -> list[str]:
    """Return the names of a class list: one a line, empty lines left out.

    Raises:
        InputError: if the file is missing, too large or not UTF-8.
    """
    try:
        raw = Path(path).read_bytes()[:100_000]
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(
            f"The class list {path} could not be read: {error.strerror}; check its "
            "path."
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"The class list {path} is no UTF-8 text; save it as UTF-8, one name a "
            "line."
        ) from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def write_seats(seats: Sequence[Seat], path: Path) -> None:
    """Write the seats where only this account can read them."""
    text = json.dumps([asdict(seat) for seat in seats], indent=1, ensure_ascii=False)
    with atomic_path(path, private=True) as part:
        part.write_text(text + "\n", encoding="utf-8")


def read_seats(path: Path) -> list[Seat]:
    """Return the seats of a file that `write_seats` wrote.

    Raises:
        InputError: if the file cannot be read or is damaged.
    """
    try:
        rows = parsed_json(path.read_text("utf-8"))
        return [Seat(str(r["login"]), str(r["name"]), str(r["code"])) for r in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"The seats in {path} could not be read; delete the file, and new codes "
            "are made."
        ) from error
