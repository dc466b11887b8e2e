#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# demo.sh COMMAND [ARG...]: runs COMMAND while a few processes make system calls
# of different kinds, so that there is something to see on an idle machine.
set -euo pipefail

load=()
trap 'kill "${load[@]}"; wait || :' EXIT

dd if=/dev/zero of=/dev/null bs=4k status=none &
load+=($!)
{ while :; do find /proc /sys -maxdepth 3 || :; done; } >/dev/null 2>&1 &
load+=($!)
{ while :; do date; done; } >/dev/null &
load+=($!)
{ while read -r _; do :; done < <(seq inf); } &
load+=($!)

"$@"
