#!/usr/bin/env bash
# Follow docs/operations.md, "Install on Debian 12 or 13", to the letter in a bare room, and ask what was installed.
# usage: [ROOM=DIR] scripts/try-install.sh [SUITE]        SUITE: bookworm (Debian 12, the default) or trixie (13)
#
# Every indented line of that part is run in its order, but for these: no systemd runs in the room, so "systemctl" starts
# the ExecStart of the installed unit as its user with its settings, and nginx as nginx; "timedatectl" and "swapoff" are
# the machine's. The certificate is the one for trials. From step 4 on the room has a network of its own.
# Ends with 0 where the site answers by TLS, "check" finds nothing wrong, and no log knows of a request to /s/.
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
    awk -v step="### $1. " '
        /^##/ { inside = index($0, step) == 1 }
        inside && /^    / { print substr($0, 5) }' "$clone/docs/operations.md" |
        sed -e "s|REPOSITORY|$clone|" -e 's/YOUR\.NAME\.go\.th/ita.test/g' -e '/FULLCHAIN\.pem\|PRIVKEY\.pem/d' \
            -e 's/"NAME OF THE OFFICER"/"นางทดลอง ติดตั้ง"/' -e 's/^rm /rm -f /' -e 's/^ln -s /ln -sf /'
}

cat >$steps/stand-ins <<'EOF'
swapoff() { :; }
timedatectl() { :; }
unit() { # start what a unit starts, as its user, with its settings; its folders were made in step 2
    local file=/etc/systemd/system/$1.service command
    command=$(sed -n 's/^ExecStart=//p' "$file")
    (
        set -a
        for name in $(sed -n 's/^EnvironmentFile=-\{0,1\}//p' "$file"); do [ ! -e "$name" ] || . "$name"; done
        cd /opt/ita-portal
        exec setpriv --reuid=ita-portal --regid=ita-portal --init-groups --no-new-privs $command
    ) >/var/log/$1.log 2>&1 &
}
systemctl() {
    case "$*" in
    "enable --now "*) unit ita-web; unit ita-worker ;;
    "restart nginx") nginx ;;
    esac
}
EOF

run_steps() { # arguments: numbers of steps, in one shell, each line shown
    { echo 'set -e; cd /root'; cat $steps/stand-ins; for number in "$@"; do
        [ "$number" -lt 4 ] || echo 'cd /opt/ita-portal'
        echo "printf '\n== step $number\n'"; lines_of "$number"; done; } >$steps/script
    bash $steps/script
}

if [ "$TRY_INSTALL_INSIDE" = 1 ]; then
    rm -rf /opt/ita-portal
    run_steps 1 2 3
    grep -q ita.test /etc/hosts || echo '127.0.0.1 ita.test' >>/etc/hosts
    exec unshare --net env TRY_INSTALL_INSIDE=2 bash "$clone/scripts/try-install.sh"
fi

python3 - <<'EOF' # bring loopback up: there may be no ip(8) here
import fcntl, socket, struct
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 1 | 64))
EOF
pg_ctlcluster "$(pg_lsclusters -h | awk '{ print $1; exit }')" main start # what systemd does after step 1
export SSL_CERT_FILE=/etc/ita-portal/tls/fullchain.pem
run_steps 4 5 6 7 8
printf '\n== what was installed\n'
python3 - <<'EOF'
import time, urllib.error, urllib.request
until = time.monotonic() + 120
while True:
    try:
        page = urllib.request.urlopen("https://ita.test/sign-in", timeout=20)
        break
    except OSError:
        if time.monotonic() > until:
            raise
        time.sleep(1)
print("sign-in by TLS:", page.status, page.headers["Strict-Transport-Security"])
for path, body in (("/s/a-link-of-nobody", None), ("/s/a-link-of-nobody", b"citizen_id=1101700207030")):
    try:
        urllib.request.urlopen("https://ita.test" + path, body, timeout=20)
    except urllib.error.HTTPError as answer:
        print(path, answer.code)
EOF
if grep -r 'a-link-of-nobody\|1101700207030' /var/log /var/lib/nginx /var/lib/ita-portal; then
    echo "a log knows of a respondent" && exit 1
fi
run_steps 9
