# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Shared by the scripts: messages, steps, and a cache whose entries are named
# after what they are made from.
#
# A script prints its result (a path) on stdout and speaks on stderr.

set -euo pipefail
export LC_ALL=C
# The variables and flags of the make that called us are not those of the
# makes that we call.
unset MAKEFLAGS MAKEOVERRIDES MFLAGS MAKELEVEL

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$TOP/build
CACHE=${LSKEL_CACHE:-${HOME:?set HOME or LSKEL_CACHE}/.cache/lskel}
JOBS=${JOBS:-$(nproc)}

say() {
	printf '%s\n' "$*" >&2
}

# The one sentence that ends a run. Inside a step stderr is the log, and the
# sentence belongs to the person in front of the terminal.
SAID=99
die() {
	if [[ -n ${TERMINAL-} ]]; then
		printf '%12s\n%s: %s\n' failed "${0##*/}" "$*" >&"$TERMINAL"
		exit $SAID
	fi
	say "${0##*/}: $*"
	exit 1
}

need() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null ||
			die "$tool is not installed: run 'make setup', or install it by hand"
	done
}

# elapsed SINCE: time since $SECONDS was SINCE
elapsed() {
	local s=$((SECONDS - $1))
	if ((s < 60)); then
		printf '%d s' $s
	else
		printf '%d min %02d s' $((s / 60)) $((s % 60))
	fi
}

# Causes that no command explains in words a newcomer would act on.
explain() {
	if grep -q 'No space left on device' "$1"; then
		echo "the disk is full: make room for about 8 GB in $CACHE, or point LSKEL_CACHE elsewhere"
	elif grep -qE 'Cannot allocate memory|: Killed|signal 9' "$1"; then
		echo "memory ran out: try again with JOBS=1"
	elif grep -qE 'Temporary failure resolving|Could not resolve|Could not connect|Unable to connect' "$1"; then
		echo "the package mirror cannot be reached: check the network and apt's proxy setting"
	else
		echo "the whole output is in ${1#"$PWD"/}"
	fi
}

# step LOG TEXT COMMAND [ARG...]: run COMMAND with its output in
# build/log/LOG.log, and say what was done and how long it took.
step() {
	local log=$BUILD/log/$1.log text=$2 start=$SECONDS status
	shift 2
	mkdir -p "${log%/*}"
	printf '%-56s' "$text" >&2
	set +e
	(
		set -e
		exec {TERMINAL}>&2 >"$log" 2>&1
		"$@"
	)
	status=$?
	set -e
	if ((status == 0)); then
		printf '%12s\n' "$(elapsed "$start")" >&2
		return
	fi
	((status == SAID)) && exit 1
	printf '%12s\n' failed >&2
	tail -n 15 "$log" >&2
	die "'$text' failed: $(explain "$log")"
}

# key: a short name for what is read from stdin
key() {
	sha256sum | cut -c1-16
}

# lock NAME: held until the script ends, or the descriptor $held is closed;
# whoever comes second waits.
held=''
lock() {
	mkdir -p "$CACHE/lock" || die "cannot write to $CACHE: set LSKEL_CACHE to a folder that you own"
	exec {held}>"$CACHE/lock/${1//\//-}"
	flock --nonblock "$held" && return
	say "waiting for another process that works on $1"
	flock "$held"
}

# What tells a whole entry from a damaged one: the name, size and time of every
# file, and the content of those at its top.
fingerprint() {
	(
		cd "$1"
		find . -mindepth 1 ! -name .fingerprint \
			\( -type d -printf 'd %p\n' -o -printf '%y %s %T@ %p\n' \) | sort
		find . -maxdepth 1 -type f ! -name .fingerprint -print0 | sort -z | xargs -0r sha256sum
	) | sha256sum
}

# cached KIND/NAME COMMAND [ARG...]: leave the path of the cache entry in
# $entry. Unless a whole one is there, COMMAND ARG... DIR makes it; it appears
# under its name only when it is complete. What nobody asked for in a month goes
# when something new of its kind comes.
entry=''
unfinished=()
trap 'rm -rf "${unfinished[@]}"' EXIT

cached() {
	local path=$CACHE/$1 new fd
	shift
	new=${path%/*}/.new-${path##*/}
	lock "${path#"$CACHE"/}"
	fd=$held
	if [[ -d $path && $(fingerprint "$path") != $(cat "$path/.fingerprint" 2>&1) ]]; then
		say "$path is damaged; making it again"
		rm -rf "$path"
	fi
	if [[ ! -d $path ]]; then
		unfinished+=("$new")
		rm -rf "$new"
		mkdir -p "$new"
		"$@" "$new"
		fingerprint "$new" >"$new/.fingerprint"
		mv -T "$new" "$path"
		find "${path%/*}" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
	fi
	touch "$path"
	entry=$path
	# What is complete may be used by all at once.
	exec {fd}>&-
}

# link NAME: the current entry as build/NAME
link() {
	mkdir -p "$(dirname "$BUILD/$1")"
	ln -sfn "$entry" "$BUILD/$1"
}
