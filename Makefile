# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A facade: every target calls one script, which works alone just as well.
# Variables given to make reach the scripts through the environment.

BASE	?= 5.10
CONFIG	?=
STOCK	?=
T	?=

stock	:= $(if $(STOCK),--stock)
config	:= $(or $(CONFIG),$(if $(filter 5.10,$(BASE)),lean))

help:
	@sed -n 's/^#: \{0,1\}//p' $(MAKEFILE_LIST)

#: The main job
#:   run           build the patched kernel and a sample, boot it, run the sample
#:   check         the tests of scripts/steps that are quick; T=NAME runs one step or test
#:   check-full    every test there is
#:
run:
	@scripts/run
check:
	@scripts/check check $(T)
check-full:
	@scripts/check full $(T)

#: The generator
#:   lskel         build it, as build/lskel/lskel
#:   install       install it, with its manual, below DESTDIR and PREFIX (/usr/local)
#:   fuzz          look for objects that break it, for SECONDS (600)
#:
lskel: setup
	@$(MAKE) --no-print-directory -C tools/lskel O=$(CURDIR)/build/lskel
install: lskel
	@$(MAKE) --no-print-directory -C tools/lskel O=$(CURDIR)/build/lskel install
fuzz: setup
	@tools/lskel/fuzz/run $(or $(SECONDS),600)

#: Parts of it
#:   setup         install the Debian packages that are needed
#:   kernel        a kernel, as build/kernel/BASE-CONFIG[-stock], or a peer's as BASE
#:   vm            a shell in that kernel
#:   lint          shellcheck, licences, the list of the series
#:   clean         remove build/; what is cached elsewhere stays
#:
setup:
	@scripts/setup
kernel: setup
	@$(if $(config),scripts/kernel $(BASE) $(config) $(stock),scripts/peer $(BASE))
vm: kernel
	@scripts/vm --base $(BASE) $(if $(config),--config $(config)) $(stock)
lint:
	@scripts/lint
clean:
	rm -rf build

#: The series
#:   series        git-am-able patches in build/series/BASE
#:   series-check  apply, build and check every commit
#:   baseline      run 5.10's own suites on the stock kernel, three times
#:   bench         what the series costs, and a load on Debian's 6.1, in instructions;
#:                 with CONFIG, a load on BASE built so; 6.1 with lean is like ours.
#:                 And the tools of samples/, and externs, on BASE, beside libbpf's
#:   corpus        how much of the kernel's own BPF programs loads, and how
#:
series:
	@scripts/series
series-check:
	@scripts/series-check --full
baseline:
	@scripts/regress baseline
bench:
	@$(if $(filter 5.10,$(BASE)),scripts/bench)
	@scripts/bench-load $(if $(CONFIG),$(BASE)-$(CONFIG))
	@scripts/bench-tools $(BASE)$(if $(config),-$(config))
	@scripts/bench-externs $(BASE)$(if $(config),-$(config))
corpus: setup
	@scripts/kernel 5.10 lean >/dev/null
	@scripts/peer 6.1 >/dev/null
	@for kernel in lean 6.1; do selftests/corpus/run full $$kernel loader replay peer || status=1; done; \
	exit $${status:-0}

#: Variables
#:   BASE=5.10     kernel version: 5.10, or the peers 6.1 and 6.12
#:   CONFIG=lean   lean, debug, selftests, off (without the feature) or bare (without BTF
#:                 and tracing); with BASE=6.1 lean, instead of Debian's build
#:   STOCK=1       without the series
#:   T=NAME        one step of check, or one topic of selftests/ by its name
#:   JOBS=N        processes of a build (one per processor)
#:   FRESH=1       build a kernel without the objects of the last build
#:   ACCEL=tcg     how QEMU runs the guest: kvm or tcg (kvm where it works)
#:   LSKEL_CACHE=DIR   downloads and kernels (~/.cache/lskel); safe to remove
#:   KERNEL_SRC=DIR    a kernel tree to use instead of Debian's package
#:   KERNEL_TARBALL=FILE KERNEL_TARBALL_SHA256=SUM   or one from kernel.org

.PHONY: help lskel install fuzz run check check-full setup kernel vm lint clean series series-check baseline bench corpus
