#!/usr/bin/env bash
# Run a command in a clone of the current commit inside a bare Debian: git and make, and not even Python.
# usage: scripts/bare-room.sh SUITE COMMAND [ARGUMENT...]       for example: scripts/bare-room.sh trixie make test
#
#   SUITE          bookworm (Debian 12) or trixie (Debian 13)
#   ROOM=DIR       make the room there and keep it; made before, it is used as it was left, with the same clone
#                  while the commit is the same. Without ROOM it is a temporary folder, removed at the end.
#   AS_USER=1      as an ordinary user, who cannot become root
#   REFERENCE_DIR  is copied into the room, and set there to the copy
#
# Needs root, and mount and process namespaces; debootstrap is installed through apt where it is missing. Packages
# come from the mirror in the machine's own apt sources, Python packages from where the machine's pip has them.
# The network is the machine's own, so a port served in the room is reached from outside. No standard input.
# Ends with the command's status; with 125 where no room could be made, and the reason as the last line on stderr.
# All mounts lie in a namespace of their own, which ends with the command: nothing is ever deleted through them.
set -euo pipefail

[ $# -ge 2 ] || {
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 125
}
suite=$1
shift
project=$(cd "$(dirname "$0")/.." && pwd)
room=${ROOM:-}
inside=
log=

refuse() {
    [ -z "$log" ] || tail -n 15 "$log" >&2
    printf 'no bare room: %s\n' "$*" >&2
    exit 125
}

# -- outside: the folder, the namespaces, and the end of both -------------------------------------------------------

last_line() { tail -n 1 "$log" 2>/dev/null || true; }

stop_inside() { # ask what runs in the room to end, then end it: its namespace goes with its first process
    local _
    [ -n "$inside" ] || return 0
    kill -TERM -- "-$inside" 2>/dev/null || true
    for _ in $(seq 60); do
        kill -0 "$inside" 2>/dev/null || break
        sleep 0.5
    done
    kill -KILL "$inside" 2>/dev/null || true
    wait "$inside" 2>/dev/null || true
    inside=
}

tidy() {
    stop_inside
    [ -z "$log" ] || rm -f "$log"
    [ -z "${ROOM:-}" ] || return 0
    if grep -qF " $room/" /proc/self/mountinfo; then
        printf 'left in place, something is mounted in it: %s\n' "$room" >&2
    else
        rm -rf --one-file-system "$room"
    fi
}

have_debootstrap() {
    command -v debootstrap >/dev/null && return
    apt-get install -y -qq --no-install-recommends debootstrap >"$log" 2>&1 && return
    apt-get update -qq >"$log" 2>&1 || true
    apt-get install -y -qq --no-install-recommends debootstrap >"$log" 2>&1 ||
        refuse "debootstrap cannot be installed: $(last_line)"
}

outside() {
    local status=0
    [ "$(id -u)" = 0 ] || refuse "only root can make one"
    git -C "$project" rev-parse --verify -q HEAD >/dev/null || refuse "$project is no git checkout"
    if [ -z "$room" ]; then
        room=$(mktemp -d -t bare-room.XXXXXX)
    fi
    trap tidy EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    log=$(mktemp)
    mkdir -p "$room"
    room=$(cd "$room" && pwd -P)
    have_debootstrap
    unshare --mount --pid --fork true 2>"$log" || refuse "no namespaces here: $(last_line)"
    # a group of its own, so that it can be stopped; it ends when this script is killed, too
    set -m
    BARE_ROOM_INSIDE=1 ROOM_PATH=$room ROOM_LOG=$log setpriv --pdeathsig KILL \
        unshare --mount --pid --fork --kill-child bash "$0" "$suite" "$@" </dev/null &
    inside=$!
    set +m
    wait "$inside" || status=$?
    inside=
    return "$status"
}

# -- inside the namespaces: the room itself -------------------------------------------------------------------------

mirror() { # of the machine's own release; apt reads its sources itself
    local own
    own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v own="$own" '$3 == "main" && $2 == own { found = $1 } $3 == "main" && !first { first = $1 }
            END { print (found ? found : first) }'
}

make_room() {
    local from
    if [ -e "$room/.bare-room" ]; then
        [ "$(cat "$room/.bare-room")" = "$suite" ] || refuse "$room holds $(cat "$room/.bare-room")"
        return 0
    fi
    [ -z "$(ls -A "$room")" ] || refuse "$room is not empty and no finished room"
    from=$(mirror)
    [ -n "$from" ] || refuse "the machine's apt sources name no mirror"
    chmod 755 "$room"
    debootstrap --variant=minbase --include=git,make,ca-certificates "$suite" "$room" "$from" >"$log" 2>&1 ||
        refuse "debootstrap refused: $(last_line)"
    chroot "$room" useradd --create-home guest
    printf '%s\n' "$suite" >"$room/.bare-room"
}

furnish() { # what lets the room reach what the machine reaches
    local file
    for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt; do
        [ ! -e "$file" ] || cp -L --remove-destination "$file" "$room$file"
    done
    apt-config dump | grep -iE '^Acquire::https?::Proxy' >"$room/etc/apt/apt.conf.d/90machine" || true
    [ -z "${REFERENCE_DIR:-}" ] || {
        rm -rf --one-file-system "$room/srv/reference"
        cp -r "$REFERENCE_DIR" "$room/srv/reference"
    }
}

bring_clone() { # argument: where; made anew when the commit is another
    local commit marker=$room$1.commit
    commit=$(git -C "$project" rev-parse HEAD)
    [ "$(cat "$marker" 2>/dev/null)" != "$commit" ] || return 0
    rm -rf --one-file-system "$room$1" "$marker"
    git clone -q --no-hardlinks --no-checkout "$project" "$room$1" 2>"$log" || refuse "no clone: $(last_line)"
    git -C "$room$1" checkout -q --detach "$commit"
    [ -z "${AS_USER:-}" ] || chroot "$room" chown -R guest: "$1"
    printf '%s\n' "$commit" >"$marker"
}

settings() { # NAME=value for the room, one a line: nothing of the caller's environment but this
    local name index
    printf '%s\n' PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
    [ -z "${REFERENCE_DIR:-}" ] || echo REFERENCE_DIR=/srv/reference
    for name in CI http_proxy https_proxy no_proxy PIP_DEFAULT_TIMEOUT; do
        [ -z "${!name:-}" ] || printf '%s=%s\n' "$name" "${!name}"
    done
    index=${PIP_INDEX_URL:-$(python3 -m pip config get global.index-url 2>/dev/null || true)}
    case $index in http*) printf 'PIP_INDEX_URL=%s\n' "$index" ;; esac
}

inside() { # the first process of its namespace: it waits for the command, and for what that leaves behind
    local home=/root who=() command status=0 variables
    room=$ROOM_PATH log=$ROOM_LOG
    if [ -n "${AS_USER:-}" ]; then
        home=/home/guest who=(--userspec=guest:guest)
    fi
    make_room
    furnish
    bring_clone "$home/portal"
    mapfile -t variables < <(settings)
    mount -t proc proc "$room/proc"
    mount --rbind /dev "$room/dev"
    # shellcheck disable=SC2016 # expanded in the room
    chroot "${who[@]}" "$room" env -i "${variables[@]}" HOME="$home" \
        bash -c 'cd "$1" && shift && exec "$@"' - "$home/portal" "$@" &
    command=$!
    trap 'kill -TERM "$command" 2>/dev/null' TERM INT HUP
    while kill -0 "$command" 2>/dev/null; do
        status=0
        wait "$command" || status=$?
    done
    exit "$status"
}

if [ -n "${BARE_ROOM_INSIDE:-}" ]; then
    inside "$@"
else
    outside "$@"
fi
