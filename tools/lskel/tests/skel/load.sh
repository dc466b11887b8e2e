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

# Both ways make the same steps, and all of them; only of their own calls is it known when.
steps() { # FILE [OPTION]
	"$lskel" load -v "$@" >said && sed -nE 's/^ .{14}([A-Z]+_[A-Z]+ .*) ([0-9]+|left out|[A-Z][a-z ]+)$/\1/p' said
}
same() {
	steps "$1" >loader && cat said && (($(grep -cE '^ *[0-9]+\.[0-9]{3} ms  (the loader|its run)' said) % 3 == 0)) &&
		grep -q ' its run is over: success$' said || return
	steps "$1" --direct >direct && cat said && ! grep -E '^ ' said | grep -vE '^ *[0-9]+\.[0-9]{3} ms  [A-Z]' || return
	diff loader direct && [[ $(wc -l <loader) == "$("$lskel" plan "$1" | grep -c '^[0-9]* [A-Z]')" ]]
}
# The step that failed is the last one
fails_there() { # OPTION...
	! "$lskel" load -v "$@" rejected.bpf.o >said 2>/dev/null && cat said &&
		[[ $(tail -n 1 said) =~ ^' '.{14}'PROG_LOAD   wrong '' '*'Permission denied'$ ]]
}
# says LINE OPTION...
says() {
	diff <("$lskel" load "${@:2}") - <<<"$1"
}
# Without capabilities
without() { # OPTION...
	! setpriv --bounding-set=-all "$lskel" load "${@:2}" 2>errors && cat errors && grep -qF "$1" errors
}
# denied COMMAND DOES OBJECT: the kernel has no room for bpf(COMMAND)
denied() {
	! "$bin/deny" "$1" 28 "$lskel" load --direct "$3.bpf.o" 2>errors && cat errors &&
		grep -qxF "lskel: $3.bpf.o: cannot $2: No space left on device (errno 28)" errors
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
links() { # OPTION...
	"$lskel" load --attach-in-loader "$@" --pin "$dir" inside.bpf.o &&
		diff <(cd "$dir/links" && ls) - <<-END
			by_name
			enter
			walk
			watch
		END
	local status=$?
	rm -r "$dir"
	return "$status"
}
# Lines that count, and that do not fit
configured() { # OPTION...
	printf 'CONFIG_%s\n' HZ=123 BPF_SYSCALL=y NET=m CC_VERSION_TEXT='"a"' LSKEL_WEAK=4 LSKEL_SHORT=5 >config
	"$lskel" load "$@" --kconfig config --pin "$dir" externs.bpf.o &&
		bpftool map dump pinned "$dir/maps/kconfig" >content && cat content &&
		grep -q '"CONFIG_HZ": 123' content && grep -q '"CONFIG_LSKEL_SHORT": 5' content
	local status=$?
	rm -r "$dir"
	echo CONFIG_HZ=y >config
	((!status)) && refused "extern 'CONFIG_HZ' is an integer of 4 bytes, which cannot hold y of" \
		"$@" --kconfig config externs.bpf.o &&
		refused 'nowhere: cannot open it: No such file or directory' "$@" --kconfig nowhere externs.bpf.o
}
# The place of one map is taken
pins_all_or_none() {
	rm -r "$dir"
	mkdir -p "$dir/maps/table"
	! "$lskel" load --pin "$dir" slots.bpf.o 2>errors && cat errors &&
		grep -qF "lskel: $dir/maps/table: cannot pin it: File exists" errors &&
		[[ ! $(find "$dir" -type f) ]]
}

# 5.10 begins again with more
ulimit -l unlimited
cd "$(dirname "$0")" || exit
bin=$PWD
cd "$(mktemp -d)" && cp "$OLDPWD"/*.bpf.o . || exit
mount -t bpf bpf /sys/fs/bpf 2>/dev/null
echo 'TAP version 13'
for object in life optional slots run pinned sizes kinds replaced ops programs200 maps300 data3m; do
	result "same steps: $object" same $object.bpf.o
	rm -f /sys/fs/bpf/kept /sys/fs/bpf/also_kept
done
modprobe -qa br_netfilter nf_dup_netdev
if [[ -e /sys/kernel/btf/nf_dup_netdev ]]; then
	result "same steps: modsyms" same modsyms.bpf.o
else
	echo "ok $((++n)) same steps: modsyms # SKIP this kernel has no module nf_dup_netdev with types"
fi
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
	result "a prog array of two types $way" refused "cannot fill slot 'table[1]': Invalid argument (errno 22)" \
		"${options[@]}" mixed.bpf.o
	result "what failed $way" fails_there "${options[@]}"
	result "released $way" says 'optional.bpf.o: loaded: programs 1 of 2, maps 2; released again, --pin=DIR keeps them' \
		"${options[@]}" optional.bpf.o
	result "no rights $way" without 'Operation not permitted (errno 1); this process lacks CAP_BPF CAP_PERFMON' \
		"${options[@]}" life.bpf.o
	result "pins $way" pins "${options[@]}"
	rm -r "$dir"
	result "configuration $way" configured "${options[@]}"
done
result "pinned" says "life.bpf.o: loaded: programs 4 of 4, maps 4; pinned in $dir" --pin "$dir" life.bpf.o
rm -r "$dir"
result "another byte order" refused 'swapped.bpf.o: it is for a machine of the other byte order' swapped.bpf.o
unprivileged=/proc/sys/kernel/unprivileged_bpf_disabled
before=$(<$unprivileged)
echo 0 >$unprivileged
result "too long without rights" without 'Argument list too long (errno 7); this process lacks CAP_BPF CAP_PERFMON' \
	--direct wide.bpf.o
echo 2 >$unprivileged
result "not for the unprivileged" without '; kernel.unprivileged_bpf_disabled is 2' --direct wide.bpf.o
echo "$before" >$unprivileged
result "no map" denied 0 "create map 'calls'" life
result "no program" denied 5 "load program 'count'" life
result "no value" denied 2 "set the initial value of map '.data'" life
result "not frozen" denied 22 "freeze map '.rodata'" life
result "no BTF" denied 18 'load the BTF' stored
result "pins all or none" pins_all_or_none
result "links --direct" links --direct
# Mainline's loaders give no names.
if [[ $(uname -r) == 5.10.* ]]; then
	result "links" links
else
	result "links of which one has a name" refused \
		"cannot attach program 'by_name' (SEC(\"raw_tp/sys_exit\")): Bad address (errno 14); perhaps a loader may not" \
		--attach-in-loader inside.bpf.o
fi
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
		"$lskel" load --direct --target-btf "$(uname -r)=types" blind.bpf.o &&
		"$lskel" load --target-btf "$(uname -r)=types" ops.bpf.o &&
		refused "table 'reno': cannot read /sys/kernel/btf/vmlinux: Invalid argument (errno 22)" ops.bpf.o &&
		"$lskel" load --direct --target-btf "other=types" --target-btf "$(uname -r)=types" ops.bpf.o
	local status=$?
	umount /sys/kernel/btf/vmlinux
	return "$status"
}
result "CO-RE and tables without the kernel's BTF" blind
result "CO-RE by the replay" "$lskel" load --direct blind.bpf.o
result "what the kernel does not have, by itself" refused '; this kernel has nothing that fits instruction 1' gone.bpf.o
result "what the kernel does not have" refused 'this kernel has nothing that fits instruction 1: byte_off of ' \
	--direct gone.bpf.o
echo "1..$n"
exit $failed
