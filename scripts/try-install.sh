#!/usr/bin/env bash
# Follow docs/operations.md, chapters 1 to 3, 4.1 and 4.2, to the letter in a bare room, and ask what was installed.
# usage: [ROOM=DIR] scripts/try-install.sh [SUITE]        SUITE: bookworm (Debian 12, the default) or trixie (13)
#
# Every indented line of those chapters is run in its order (1.9, containers, is another way and is left out), but for
# these: no systemd runs in the room, so "systemctl" starts the ExecStart of the installed unit as its user with its
# settings, and nginx, sshd and Prometheus as themselves; "journalctl" reads what they said; "timedatectl" and "swapoff"
# are the machine's. The certificate is the one for trials, and "the other machine" is this one. From step 1.4 on the room
# has a network of its own, so packages of later steps come before.
# Ends with 0 where every line did, the site answers by TLS, "check" finds nothing wrong, and no log knows of a respondent.
set -euo pipefail

if [ -z "${TRY_INSTALL_INSIDE:-}" ]; then
    here=$(cd "$(dirname "$0")" && pwd)
    exec "$here/bare-room.sh" "${1:-bookworm}" env TRY_INSTALL_INSIDE=1 scripts/try-install.sh
fi

export DEBIAN_FRONTEND=noninteractive
clone=$PWD
steps=/root/steps
mkdir -p $steps

lines_of() { # argument: a step's number. Its indented lines, with this trial's names
    awk -v chapter="## $1. " -v step="### $1 " '
        /^##/ { inside = index($0, step) == 1 || index($0, chapter) == 1 }
        inside && /^    / { print substr($0, 5) }' "$clone/docs/operations.md" |
        sed -e "s|REPOSITORY|$clone|" -e 's/YOUR\.NAME\.go\.th/ita.test/g' -e '/FULLCHAIN\.pem\|PRIVKEY\.pem/d' \
            -e 's/"NAME OF THE OFFICER"/"นางทดลอง ติดตั้ง"/' -e 's/^rm /rm -f /' -e 's/^ln -s /ln -sf /' \
            -e "s|PUBLIC_KEY_OF_THE_OTHER_MACHINE|$(cat /root/.ssh/id_ed25519.pub 2>/dev/null || true)|" \
            -e '/| grep /s/$/ || echo "nothing was found"/'
}

cat >$steps/stand-ins <<'EOF'
swapoff() { :; }
timedatectl() { :; }
# a socket that listens, handed over as sd_listen_fds(3) has it
HOLD='import os, socket, sys
host, port = sys.argv[1].rsplit(":", 1)
held = socket.create_server((host, int(port)))
os.dup2(held.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execvp(sys.argv[2], sys.argv[2:])'
unit() { # start what a unit starts, as its user, with its settings; its folders were made in step 1.2
    local file=/etc/systemd/system/$1.service command held=()
    command=$(sed -n 's/^ExecStart=//p' "$file")
    if [ -e "/etc/systemd/system/$1.socket" ]; then
        held=(python3 -c "$HOLD" "$(sed -n 's/^ListenStream=//p' "/etc/systemd/system/$1.socket")")
    fi
    (
        set -a
        for name in $(sed -n 's/^EnvironmentFile=-\{0,1\}//p' "$file"); do . "$name"; done
        for pair in $(sed -n 's/^Environment=//p' "$file"); do export "$pair"; done
        cd /opt/ita-portal
        umask 077
        exec "${held[@]}" setpriv --reuid=ita-portal --regid=ita-portal --init-groups --no-new-privs $command
    ) >/var/log/$1.log 2>&1 &
}
systemctl() {
    case "$*" in
    "enable --now ita-web"*) unit ita-web; unit ita-worker ;;
    "restart nginx") nginx ;;
    "restart prometheus")
        runuser -u prometheus -- prometheus --config.file=/etc/prometheus/prometheus.yml \
            --storage.tsdb.path=/tmp/prometheus --web.listen-address=127.0.0.1:9090 >/tmp/prometheus.log 2>&1 & ;;
    esac
}
journalctl() { # of these units, what they said
    local word
    for word in "$@"; do case $word in ita-*) cat "/var/log/$word.log" ;; esac; done
}
EOF

run_steps() { # arguments: numbers of steps, in one shell, each line shown
    local number
    {
        echo 'set -e; cd /root'
        cat $steps/stand-ins
        for number in "$@"; do
            case $number in 1.[123]) ;; *) echo 'cd /opt/ita-portal' ;; esac
            echo "printf '\n== step $number\n'"
            lines_of "$number"
        done
    } >$steps/script
    bash $steps/script
}

wait_for() { # words that say for what, then a command that succeeds once it is there
    local what=$1 until=$((SECONDS + 180))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $until ] || { echo "no $what"; tail -n 20 /var/log/ita-*.log; exit 1; }
        sleep 1
    done
}

if [ "$TRY_INSTALL_INSIDE" = 1 ]; then
    rm -rf /opt/ita-portal
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d # nothing starts in the machine's own network
    chmod 755 /usr/sbin/policy-rc.d
    run_steps 1.1 1.2 1.3
    for number in 3.4 3.5; do lines_of "$number" | grep '^apt-get ' | bash -e; done
    grep -q ita.test /etc/hosts || echo '127.0.0.1 ita.test' >>/etc/hosts
    exec unshare --net env TRY_INSTALL_INSIDE=2 bash "$clone/scripts/try-install.sh"
fi

python3 - <<'EOF' # bring loopback up: there may be no ip(8) here
import fcntl, socket, struct
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 1 | 64))
EOF
pg_ctlcluster "$(pg_lsclusters -h | awk '{ print $1; exit }')" main start # what systemd does after step 1.1
run_steps 1.4 1.5 1.6 1.7 1.8

printf '\n== what was installed\n'
wait_for "page" curl -fsS https://ita.test/sign-in
curl -sS -o /dev/null -D - https://ita.test/sign-in | grep -i '^HTTP\|^strict-transport'
curl -sS -o /dev/null -w '/s/a-link-of-nobody %{http_code}\n' https://ita.test/s/a-link-of-nobody
curl -sS -o /dev/null -w 'and a form for it %{http_code}\n' -d citizen_id=1101700207030 https://ita.test/s/a-link-of-nobody
wait_for "anchor" test -s /var/lib/ita-portal-anchors/anchor-0000001.txt
run_steps 2

mkdir -p -m 0755 /run/sshd
mkdir -p -m 0700 /root/.ssh
[ -e /root/.ssh/id_ed25519 ] || ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
printf 'StrictHostKeyChecking accept-new\n' >/root/.ssh/config
/usr/sbin/sshd
run_steps 3.1 3.2 3.3 3.4 3.5 >$steps/watched || { tail -n 30 $steps/watched; exit 1; }
grep -v '^#\|^portal_\|^{' $steps/watched # the figures and lines themselves are many
grep -c '^portal_' $steps/watched | sed 's/$/ figures/'
asked='http://127.0.0.1:9090/api/v1/query?query=up'
wait_for "figures in Prometheus" bash -c "curl -sS '$asked' | grep -q '\"job\":\"portal\"},\"value\":\[[0-9.]*,\"1\"\]'"
echo "Prometheus has the figures"
cmp /srv/ita-anchors/anchor-0000001.txt /var/lib/ita-portal-anchors/anchor-0000001.txt
if ssh root@ita.test id 2>/dev/null; then echo "the other machine may do more than fetch" && exit 1; fi

install -d -m 0700 -o ita-portal /media/holder # the holder's stick
run_steps 4.1 | tee $steps/key
sed -i "s/^#BACKUP_KEY=.*/$(grep -o 'BACKUP_KEY=[0-9a-f]*' $steps/key)/" /etc/ita-portal/settings.env
run_steps 4.2
# what the timer starts, which sees no key
{ cat $steps/stand-ins; echo 'mount -t tmpfs none /var/lib/ita-portal-keys; mount -t tmpfs none /var/lib/ita-portal-slips
unit ita-backup; wait $!'; } >$steps/script
unshare --mount --propagation unchanged bash -e $steps/script
tail -n 1 /var/log/ita-backup.log
ita-portal check | grep '^[a-z]* *backup'

if grep -r 'a-link-of-nobody\|1101700207030' /var/log /var/lib/nginx /var/lib/ita-portal; then
    echo "a log knows of a respondent" && exit 1
fi
echo "no log knows of a respondent"
echo "followed to its end on Debian $(cat /etc/debian_version)"
