"""What lies beside the installer of a bundle: a text, and starters to click."""

READ_ME = """\
DeepComposer EDU {version}, to install without a network
========================================================

This folder holds the course and everything it needs, for:

{targets}

1. You need Python {pythons}. If the computer has none, install it first; whoever made
   this stick may have put it into the folder "python". (On Windows tick "Add
   python.exe to PATH".)

2. Install:

   Windows   double-click install.bat
   macOS     double-click install.command; if macOS refuses, open a terminal in this
             folder and run:  sh install.command
   Linux     open a terminal in this folder and run:  sh install.sh

   It takes a few minutes and about 3 GB, and makes the folder deepcomposer-edu in your
   home. For another folder:  python install.py FOLDER

3. Open the lessons: in the folder deepcomposer-edu double-click start.bat (Windows) or
   start.command (macOS), or run there:  python course.py lab

If it stops half-way, do the same again: it goes on where it stopped. Before installing
it looks whether every file is as it was made, so a damaged stick is noticed.

For teachers
------------

Works from a USB stick, from a shared folder of the school's network, or copied to each
disk. Put Python's own installer into a folder "python" here if the computers lack it.
On a shared folder 30 computers that install at once will wait for the network: let
groups begin a few minutes apart, or copy the folder to the disks beforehand.

To look whether a copy is whole:  python install.py --check
"""

UNIX_START = """\
#!/bin/sh
# Installs the course from this folder with the first Python it has packages for.
cd "$(dirname "$0")" || exit 2
for python in PYTHONS python3 python; do
    if command -v "$python" >/dev/null 2>&1; then
        exec "$python" install.py "$@"
    fi
done
echo "There is no Python on this computer: install it first (READ-ME-FIRST.txt)." >&2
exit 2
"""

WINDOWS_START = """\
@echo off
rem Installs the course from this folder with the first Python it has packages for.
pushd "%~dp0"
for %%P in (PYTHONS) do (
    %%~P -c "" >nul 2>nul && (
        %%~P install.py %*
        goto done
    )
)
where python >nul 2>nul || (
    echo There is no Python on this computer: install it first (READ-ME-FIRST.txt).
    goto done
)
python install.py %*
:done
popd
pause
"""
