"""`deepcomposer classroom hub`: a place for each learner on one computer."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say


def add_to(commands: typer.Typer) -> None:
    """Add the command to `deepcomposer classroom`."""
    commands.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer classroom hub ../class --seats 12\n"
        "  deepcomposer classroom hub ../class --learners names.txt --network --https\n"
        "  deepcomposer classroom hub ../class            (the same class again)"
    )(hub)


def hub(  # one option for each setting
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where the class is kept.")
    ],
    learners: Annotated[
        Path | None, typer.Option(help="A text file with one name a line.")
    ] = None,
    seats: Annotated[
        int, typer.Option(help="So many seats, named Learner 1, Learner 2 ...")
    ] = 0,
    port: Annotated[int, typer.Option(help="The port browsers use.")] = 8000,
    network: Annotated[
        bool, typer.Option("--network", help="Let other computers in.")
    ] = False,
    memory: Annotated[
        float, typer.Option(help="GB that each program of a seat may take.")
    ] = 2.0,
    cores: Annotated[int, typer.Option(help="Processor cores of a seat.")] = 1,
    https: Annotated[
        bool, typer.Option("--https", help="Make a certificate and use it.")
    ] = False,
    certificate: Annotated[
        Path | None, typer.Option(help="Your certificate for https, a PEM file.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Its key, a PEM file.")] = None,
    prepare_only: Annotated[
        bool, typer.Option("--prepare-only", help="Write the folder, start nothing.")
    ] = False,
) -> None:
    """Run JupyterHub for a class on this computer.

    Each learner gets a login and a code (FOLDER/slips.html, to print), copies of the
    lessons of their own, and limits of memory and cores. FOLDER/progress is what
    `deepcomposer classroom dashboard` shows. Ctrl+C stops the hub and all seats; the
    same command goes on with the same class. docs/hub.md has the ways for servers.
    """
    from deepcomposer_edu.classroom import hub as rooms
    from deepcomposer_edu.classroom.certificate import own_certificate
    from deepcomposer_edu.classroom.hub_folder import (
        HubSettings,
        prepare_folder,
        why_not_separate,
    )
    from deepcomposer_edu.classroom.seats import names_from
    from deepcomposer_edu.classroom.slips import write_slips

    settings = HubSettings(
        port=port,
        on_network=network,
        memory_gb=memory,
        cores=cores,
        certificate=str(certificate.resolve()) if certificate else "",
        key=str(key.resolve()) if key else "",
    )
    rooms.needs_of_hub()
    for path in (certificate, key):
        rooms.needs_file(path)
    proxy = tuple(rooms.find_proxy())
    names = names_from(learners) if learners else []
    names += [f"Learner {number}" for number in range(1, seats + 1)]
    reason = why_not_separate()
    place = prepare_folder(folder.resolve(), names, not reason)
    if https and not certificate:
        made = own_certificate(place.private, rooms.own_addresses())
        settings = dataclasses.replace(
            settings, certificate=str(made[0]), key=str(made[1])
        )
    settings = dataclasses.replace(settings, proxy=proxy, separate=not reason)
    say("Preparing what all seats share...")
    config = rooms.prepare(place, settings)
    address = rooms.address_of(settings)
    write_slips(place.seats(), address, place.root / "slips.html")
    say(f"{len(place.seats()) - 1} learners and a teacher; the slips to print are")
    say(f"  {place.root / 'slips.html'}")
    for sentence in rooms.advice(settings, reason):
        say(f"Note: {sentence}")
    if prepare_only:
        return
    rooms.needs_port(settings)
    say(f"The class meets at {address} (Ctrl+C ends it).")
    rooms.run(place, config)
