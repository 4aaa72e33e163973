#!/bin/sh
# Sets the project up on bare Debian 12 machines: nothing but a shell and apt. Usage, as root, with debootstrap:
#
#   sh tests/bare_machine.sh PROJECT
#
# Each case gets a fresh copy of one debootstrap. A machine is a folder, entered with chroot, and knows of
# this one only how packages are reached: sources of apt, proxies, settings of pip, certificates.
# shellcheck disable=SC2016 # commands are expanded on the machine they are for
set -eu

project=$1
suite=bookworm
work=$(mktemp -d)
chmod 755 "$work" # the ordinary user must get in

clean_up() {
  for proc in "$work"/*/proc; do umount "$proc" 2>/dev/null || :; done
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

started=$(date +%s)
step() { printf '== %3d s  %s\n' "$(($(date +%s) - started))" "$*"; }

fail() {
  printf 'FAILED: %s\n' "$*"
  exit 1
}

# ---- Machines

host_is_same_debian() { grep -qx "VERSION_CODENAME=$suite" /etc/os-release; }

make_base() {
  debootstrap --variant=minbase "$suite" "$work/base" >"$work/debootstrap.log" 2>&1 ||
    { tail -n 20 "$work/debootstrap.log" && fail 'debootstrap'; }
  if host_is_same_debian; then
    rm -rf "$work/base/etc/apt"
    cp -a /etc/apt "$work/base/etc/apt"
    cp -a /usr/share/keyrings/. "$work/base/usr/share/keyrings/"
  fi
  cp -L /etc/resolv.conf /etc/hosts "$work/base/etc/"
  certificates=${PIP_CERT:-${SSL_CERT_FILE:-}}
  [ -z "$certificates" ] || cp -L "$certificates" "$work/base/etc/certificates.pem"
  chroot "$work/base" useradd --create-home ann
}

machine() { # NAME USER: a fresh machine with the project in the user's home, sets `home`
  cp -a --reflink=auto "$work/base" "$work/$1"
  mount -t proc proc "$work/$1/proc" 2>/dev/null || : # where it may not be mounted, nothing here needs it
  home=/root
  [ "$2" = root ] || home=/home/$2
  mkdir -p "$work/$1$home/the project"
  tar -C "$work/project" -cf - . | tar -C "$work/$1$home/the project" -xf - --no-same-owner
  chroot "$work/$1" chown -R "$2:" "$home"
}

on() { # NAME USER COMMAND: in the project's folder
  name=$1 user=$2 command=$3
  set --
  for setting in PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST PIP_PROXY PIP_DEFAULT_TIMEOUT \
    http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    eval "value=\${$setting-}"
    [ -z "$value" ] || set -- "$@" "$setting=$value"
  done
  [ ! -e "$work/base/etc/certificates.pem" ] || set -- "$@" PIP_CERT=/etc/certificates.pem
  chroot --userspec="$user:$user" "$work/$name" /usr/bin/env -i HOME="$home" "$@" \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    /bin/sh -c "cd \"\$HOME/the project\" && $command" </dev/null 2>&1
}

break_apt() { rm -rf "$work/$1"/etc/apt/sources.list* "$work/$1"/var/lib/apt/lists/*; }

expect() { # CODE NAME USER COMMAND
  code=$1
  shift
  result=0
  on "$@" || result=$?
  [ "$result" = "$code" ] || fail "on $1 as $2: $3: ended with $result, not $code"
}

# ---- Cases

remove_built='rm -rf out/*.md out/*.pdf'
has_briefs='ls out/*.md out/*.pdf >/dev/null'

builds_and_tests() { # NAME USER TESTS
  step "$1: as $2, build, then tests"
  machine "$1" "$2"
  expect 0 "$1" "$2" "$remove_built; ./dev build && $has_briefs"
  # One process, for the suite that runs this has its own: some tests measure times.
  expect 0 "$1" "$2" "./dev test -n 1 $3"
  step "$1: the program by itself, from another folder"
  expect 0 "$1" "$2" 'cd / && "$HOME/the project/.venv/bin/briefing" --help >/dev/null'
  step "$1: a second start sets nothing up"
  expect 0 "$1" "$2" './dev --help >/dev/null 2>messages; cat messages; test ! -s messages'
}

# What the suite that runs this has anyway: here its tests skip, and say so, what needs them.
without_extras() { # NAME USER TESTS
  step "$1: as $2, tests without any extra"
  expect 0 "$1" "$2" 'PYTHONPATH=. .venv/bin/python tests/remove_extras.py'
  expect 0 "$1" "$2" "./dev test -n 1 -rs $3"
}

same_bytes() { # NAME NAME
  step "$1 and $2: the same bytes"
  diff -r "$work/$1/root/the project/out" "$work/$2/home/ann/the project/out" || fail 'the briefs differ'
}

without_pango() {
  step 'without Pango: Markdown is built, PDF is refused with what to do'
  machine no-pango ann
  on no-pango root 'apt-get -qq update && apt-get -qq install -y --no-install-recommends python3 python3-venv' \
    >"$work/apt.log" || { tail -n 20 "$work/apt.log" && fail 'apt-get install python3'; }
  break_apt no-pango
  expect 0 no-pango ann "$remove_built; ./dev build --format md && ls out/*.md >/dev/null"
  expect 3 no-pango ann './dev build'
}

without_anything() {
  step 'without Python and network: one line that says what to install'
  machine nothing ann
  break_apt nothing
  expect 3 nothing ann './dev build'
  expect 3 nothing ann './dev build' # and a second run does not take the first for finished
}

step 'debootstrap'
mkdir "$work/project"
(cd "$project" && git -c safe.directory='*' ls-files -co --exclude-standard -z | tar --null -T - --ignore-failed-read -cf -) |
  tar -C "$work/project" -xf - --no-same-owner
make_base
# All tests once, as most people run them; whatever runs this as root runs all tests as root.
builds_and_tests root root 'tests/test_build.py tests/test_typeset.py'
builds_and_tests user ann 'tests/test_watch.py'
same_bytes root user
without_extras user ann ''
without_pango
without_anything
step 'done'
