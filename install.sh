#!/bin/sh
# Installs gradart and what it needs into .venv beside this file, draws a first picture, and compiles.
# Written for Debian and Ubuntu; elsewhere it says what to install by other means.
set -eu
cd "$(dirname "$0")"

say() { printf '\n%s\n' "$*"; }
has_python() { python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; }
has_venv() { python3 -c 'import ensurepip, venv' 2> /dev/null; }
has_cairo() {
    [ -n "${GRADART_CAIRO:-}" ] || python3 - 2> /dev/null << 'PYTHON'
import ctypes, ctypes.util, sys
names = ["libcairo.so.2", "libcairo.2.dylib", ctypes.util.find_library("cairo")]
def loads(name):
    try:
        return bool(name and ctypes.CDLL(name))
    except OSError:
        return False
sys.exit(not any(map(loads, names)))
PYTHON
}

say "This installs gradart into $(pwd)/.venv: 300 MB to fetch, 1 GB on disk, a minute or two."
if ! { has_python && has_venv && has_cairo; }; then
    if ! command -v apt-get > /dev/null; then
        say "First install Python 3.11 or newer and the library cairo, as with: brew install python cairo"
        exit 1
    fi
    root=
    [ "$(id -u)" = 0 ] || root=$(command -v sudo) || {
        say "First have an administrator do: apt-get install libcairo2 python3-venv"
        exit 1
    }
    say "1/4  The system's packages: libcairo2, python3-venv"
    $root apt-get update -q
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -qy libcairo2 python3-venv
fi
has_python || { say "gradart needs Python 3.11 or newer; here is $(python3 --version)"; exit 1; }

say "2/4  gradart and the libraries that it draws with"
python3 -m venv .venv
.venv/bin/pip install --disable-pip-version-check -e .

say "3/4  A first picture"
.venv/bin/gradart run sketches/forward_spiral.py -o out/forward_spiral.png

say "It is there: $(pwd)/out/forward_spiral.png"

say "4/4  What draws ink and lays streamlines is compiled for this machine: half a minute"
.venv/bin/python -m gradart.kernels.ahead_of_time || say "It will be when a sketch needs it."

say "Next:
  . .venv/bin/activate                                   # so that the shell knows gradart
  gradart new waves && gradart run waves.py              # a sketch of your own
  gradart run sketches/skiers.py -o out/skiers.mp4       # a film
  gradart gallery -o out/gallery                         # all pieces, some minutes
  gradart                                                # what else there is"
