#!/usr/bin/env bash
# Make .venv from the lock file, and install missing system packages where nobody has to be asked.
# usage: scripts/setup.sh runtime|dev
# Fast when nothing changed: a stamp in .venv holds the digest of this script, the lock file and Python's version.
# What is missing is found by using it: libraries are loaded, programs are run.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:-runtime}
lock=requirements/$kind.txt
venv=.venv
stamp=$venv/.stamp-$kind

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
}

works() { "$@" >/dev/null 2>&1; }

has_library() { # a shared library, wherever the loader finds it
    works "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1"
}

has_browser() {
    # Ubuntu's chromium package is a stub for a snap, which containers cannot run: only a real one counts.
    works "${CHROMIUM:-chromium}" --version
}

is_ubuntu() { grep -qs '^ID=ubuntu' /etc/os-release; }

missing_to_run() {
    [ -n "$python" ] || echo python3
    # Debian's Python has ensurepip only with this package, and the wheels for it beside
    works "$python" -c 'import ensurepip, venv; ensurepip.version()' || echo python3-venv
    has_library libpango-1.0.so.0 || echo libpango-1.0-0
    has_library libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
    has_library libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
}

missing_to_test() { # but for the browser
    has_library libatomic.so.1 || echo libatomic1 # Playwright's node
    works pdftotext -v || echo poppler-utils
    works softhsm2-util --version || echo softhsm2 # a signing token without a card
    works systemd-analyze --version || echo systemd # it looks at deploy/systemd; where it is installed only now nothing starts
}

missing_browser() {
    has_browser || [ "${CHROMIUM:-}" = none ] || is_ubuntu || echo chromium
}

missing_packages() {
    missing_to_run
    [ "$kind" != dev ] || missing_to_test
}

may_install() { works command -v apt-get && { [ "$(id -u)" = 0 ] || works sudo -n true; }; }

as_root() { # run something as root, without a question
    local admin=()
    [ "$(id -u)" = 0 ] || admin=(sudo -n)
    "${admin[@]}" env DEBIAN_FRONTEND=noninteractive "$@" >&2
}

install_packages() {
    say "Installing system packages: $*"
    as_root apt-get update -qq || say "apt-get update failed; trying with the lists that are here"
    as_root apt-get install -y -qq --no-install-recommends "$@"
}

ask_for() { # the one line for whoever may be root here; it serves `make test` too, so that nobody is asked twice
    local packages test_only become="su - -c"
    test_only=$(missing_to_test && missing_browser)
    packages=$(missing_to_run && echo "$test_only")
    works command -v sudo && become="sudo sh -c"
    say "System packages are missing, and only root can install them. Run this line once, then the command again:"
    say ""
    say "    $become 'apt-get update && apt-get install -y --no-install-recommends ${packages//$'\n'/ }'"
    say ""
    [ -z "$test_only" ] || say "Only 'make test' needs: ${test_only//$'\n'/ }"
    [ -z "$(missing_browser)" ] ||
        say "'CHROMIUM=none make test' goes without a browser: it names the tests that did not run, and fails."
}

install_system() { # everything the kind needs; a browser may fail to come, the rest may not
    local missing browser=()
    mapfile -t missing < <(missing_packages)
    [ "$kind" != dev ] || mapfile -t browser < <(missing_browser)
    [ "${#missing[@]}" = 0 ] && [ "${#browser[@]}" = 0 ] && return
    if ! may_install; then
        ask_for
        return 1
    fi
    [ "${#missing[@]}" = 0 ] || install_packages "${missing[@]}"
    python=$(find_python)
    mapfile -t missing < <(missing_packages)
    if [ "${#missing[@]}" != 0 ]; then
        say "Still missing although apt-get ended well: ${missing[*]}"
        return 1
    fi
    [ "${#browser[@]}" = 0 ] || install_packages "${browser[@]}" || say "apt-get has no ${browser[*]} for us"
}

fetch_browser() { # Playwright's own, where there is no chromium of the system's
    say "Fetching Playwright's Chromium"
    if [ "$(id -u)" = 0 ] || works sudo -n true; then
        "$venv/bin/python" -m playwright install --with-deps chromium
    else
        "$venv/bin/python" -m playwright install chromium
    fi
}

has_nginx() { works "$(PATH=$PATH:/usr/sbin:$venv/nginx/usr/sbin command -v nginx)" -v; }

unpack_nginx() { # not installed: it would serve port 80 of the machine at once
    local folder
    folder=$(mktemp -d)
    say "Unpacking nginx, which tests run with deploy/nginx"
    (cd "$folder" && chmod 755 . && apt-get download -qq nginx >&2 && dpkg -x nginx_*.deb nginx) &&
        rm -rf "$venv/nginx" && cp -r "$folder/nginx" "$venv/nginx"
    rm -rf "$folder"
    has_nginx
}

driver_runs() { # Playwright's driver is a node of its own, linked with libraries of the system
    local node
    node=$("$venv/bin/python" -c 'from playwright._impl._driver import compute_driver_executable as where; print(where()[0])')
    "$node" --version >/dev/null || {
        say "Playwright's node does not run: $node"
        return 1
    }
}

letters_print() { # WeasyPrint loads Pango, HarfBuzz and fontconfig when it is imported
    "$venv/bin/python" -c 'import weasyprint'
}

digest() { { "$python" -c 'import sys; print(sys.version)'; cat "$lock" scripts/setup.sh; } | sha256sum | cut -d ' ' -f 1; }

python=$(find_python)
if [ -n "$python" ] && [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(digest)" ]; then
    exit 0
fi
rm -f "$stamp"

if [ -z "$python" ] && works command -v python3; then
    say "Python 3.11, 3.12 or 3.13 is needed; this is $(python3 --version). PYTHON=/path/to/python3.12 names another."
    exit 1
fi
install_system

if [ ! -x "$venv/bin/python" ] || ! works "$venv/bin/python" -m pip --version; then
    say "Making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
fi
say "Installing the packages of $lock"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
letters_print
if [ "$kind" = dev ]; then
    driver_runs
    not_had=()
    has_nginx || unpack_nginx || not_had+=(nginx)
    if [ "${CHROMIUM:-}" = none ] || ! { has_browser || fetch_browser; }; then
        not_had+=(browser)
    fi
    if [ "${#not_had[@]}" != 0 ]; then # no stamp: the next call tries again
        say "Not to be had: ${not_had[*]}. 'make test' will run the other tests, name these as not run, and fail"
        exit 0
    fi
fi
digest >"$stamp"
