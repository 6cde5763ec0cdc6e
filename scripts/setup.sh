#!/usr/bin/env bash
# Make .venv from the lock file, and install missing system packages where nobody has to be asked.
# usage: scripts/setup.sh runtime|dev
# Fast when nothing changed: a stamp in .venv holds the digest of the lock file and of Python's version.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:-runtime}
lock=requirements/$kind.txt
venv=.venv

say() { printf '%s\n' "$*" >&2; }

find_python() {
    local name
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    say "Python 3.11, 3.12 or 3.13 is needed: apt-get install python3 python3-venv"
    return 1
}

has_library() { # a shared library, wherever the loader finds it
    "$python" -c "import ctypes, sys; ctypes.CDLL(sys.argv[1])" "$1" 2>/dev/null
}

has_browser() {
    # Ubuntu's chromium package is a stub for a snap, which containers cannot run: only a real one counts.
    [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ] && return
    command -v chromium >/dev/null 2>&1 && chromium --version >/dev/null 2>&1
}

missing_packages() {
    "$python" -c 'import ensurepip' 2>/dev/null || echo python3-venv
    has_library libpango-1.0.so.0 || echo libpango-1.0-0
    has_library libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
    has_library libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
    [ "$kind" = dev ] || return 0
    command -v pdftotext >/dev/null 2>&1 || echo poppler-utils
    has_browser || is_ubuntu || echo chromium
}

is_ubuntu() { grep -qs '^ID=ubuntu' /etc/os-release; }

install_packages() {
    local packages=("$@") admin=()
    local line="apt-get update && apt-get install -y --no-install-recommends ${packages[*]}"
    [ "$(id -u)" = 0 ] || admin=(sudo -n)
    if ! command -v apt-get >/dev/null 2>&1 || { [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; }; then
        say "System packages are missing. Run once: sudo sh -c '$line'"
        return 1
    fi
    say "Installing system packages: ${packages[*]}"
    "${admin[@]}" apt-get update -qq >&2
    "${admin[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
}

digest() { { "$python" -c 'import sys; print(sys.version)'; cat "$lock"; } | sha256sum | cut -d ' ' -f 1; }

python=$(find_python)
stamp=$venv/.stamp-$kind
wanted=$(digest)
if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

mapfile -t missing < <(missing_packages)
[ "${#missing[@]}" = 0 ] || install_packages "${missing[@]}"

if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    say "Making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
fi
say "Installing the packages of $lock"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
if [ "$kind" = dev ] && ! has_browser; then
    say "Fetching Playwright's Chromium"
    "$venv/bin/python" -m playwright install --with-deps chromium ||
        say "No browser could be had: the browser tests will be named as not run"
fi
echo "$wanted" >"$stamp"
