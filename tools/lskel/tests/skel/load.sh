#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# load.sh LSKEL: lskel load, with the objects of the tests around it, as root in
# a guest. Prints KTAP.
# shellcheck disable=SC2317 # functions are called by result

set -uo pipefail
lskel=$1
dir=/sys/fs/bpf/lskel_test
said=$(mktemp)
n=0 failed=0
result() {
	local name=$1
	shift
	if "$@" &>"$said"; then
		echo "ok $((++n)) $name"
	else
		echo "not ok $((++n)) $name"
		tail -n 20 "$said" | sed 's/^/# /'
		failed=1
	fi
}

# Both ways make the same steps, and all of them
steps() { # FILE [OPTION]
	"$lskel" load -v "$@" | sed -E 's/ ([0-9]+|left out|[A-Z][a-z ]+)$/ result/'
}
same() {
	steps "$1" >loader && steps "$1" --direct >direct && diff loader direct &&
		[[ $(grep -c ' result$' loader) == "$("$lskel" plan "$1" | grep -c '^[0-9]* [A-Z]')" ]]
}
# refused TEXT OPTION...
refused() {
	! "$lskel" load "${@:2}" 2>errors && cat errors && grep -qF "$1" errors
}
pins() { # OPTION...
	"$lskel" load "$@" --pin "$dir" slots.bpf.o &&
		diff <(cd "$dir" && find . -type f | sort) - <<-END
			./maps/bss
			./maps/first
			./maps/outer
			./maps/rodata
			./maps/second
			./maps/table
			./progs/call
			./progs/tail
		END
}
# The place of one map is taken
pins_all_or_none() {
	rm -r "$dir"
	mkdir -p "$dir/maps/table"
	! "$lskel" load --pin "$dir" slots.bpf.o 2>errors && cat errors &&
		grep -qF "lskel: $dir/maps/table: cannot pin it: File exists" errors &&
		[[ ! $(find "$dir" -type f) ]]
}

cd "$(dirname "$0")" || exit
cd "$(mktemp -d)" && cp "$OLDPWD"/*.bpf.o . || exit
mount -t bpf bpf /sys/fs/bpf 2>/dev/null
echo 'TAP version 13'
for object in life optional slots run pinned sizes kinds replaced programs200 maps300 data3m; do
	result "same steps: $object" same $object.bpf.o
	rm -f /sys/fs/bpf/kept /sys/fs/bpf/also_kept
done
for way in '' --direct; do
	options=(${way:+"$way"})
	result "verifier $way" refused "R0 invalid mem access 'map_value_or_null'" \
		"${options[@]}" rejected.bpf.o
	result "program $way" refused "lskel: rejected.bpf.o: cannot load program 'wrong': Permission denied (errno 13)" \
		"${options[@]}" rejected.bpf.o
	result "missing function $way" refused "cannot find 'lskel_no_such_function' in the kernel's BTF" \
		"${options[@]}" missing.bpf.o
	result "unknown target $way" refused "only the user of a skeleton can say which" \
		"${options[@]}" replacement.bpf.o
	result "pins $way" pins "${options[@]}"
	rm -r "$dir"
done
result "pins all or none" pins_all_or_none
# Nor is anything left
elsewhere() {
	refused 'cannot pin it: Operation not permitted; is it in a BPF file system?' --pin /dev/shm/here life.bpf.o &&
		[[ ! -e /dev/shm/here ]] && mkdir -p /dev/shm/here/maps &&
		refused 'cannot pin it' --pin /dev/shm/here life.bpf.o &&
		[[ $(find /dev/shm/here) == $'/dev/shm/here\n/dev/shm/here/maps' ]]
}
result "not a BPF file system" elsewhere
# No types of the kernel to be seen
blind() {
	cp /sys/kernel/btf/vmlinux types && mount --bind /dev/null /sys/kernel/btf/vmlinux || return
	"$lskel" load --target-btf "$(uname -r)=types" blind.bpf.o &&
		refused 'the types of the kernel cannot be read' --direct blind.bpf.o &&
		"$lskel" load --direct --target-btf "$(uname -r)=types" blind.bpf.o
	local status=$?
	umount /sys/kernel/btf/vmlinux
	return "$status"
}
result "CO-RE without the kernel's BTF" blind
result "CO-RE by the replay" "$lskel" load --direct blind.bpf.o
# The kernel has CO-RE and says which instruction, or it has none
in_kernel() {
	! "$lskel" load gone.bpf.o 2>errors && cat errors &&
		grep -q '; this kernel has nothing that fits instruction 1$\|; it has CO-RE relocations: can the kernel apply them?$' errors
}
result "what the kernel does not have, by itself" in_kernel
result "what the kernel does not have" refused 'this kernel has nothing that fits instruction 1: byte_off of ' \
	--direct gone.bpf.o
echo "1..$n"
exit $failed
