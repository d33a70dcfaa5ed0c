# SPDX-License-Identifier: GPL-2.0
#
# HIP for Linux: see 'make help'

MAKEFLAGS += --no-print-directory
SHELL := /bin/bash

# Where everything is built.  The sources are never written to: each kernel has
# a tree of links of its own, so that builds for several of them do not mix.
BUILD := $(CURDIR)/build

# The running kernel where modules can be built for it, else the newest 6.1 as
# used in the virtual machines.
ifeq ($(origin KREL),undefined)
KREL = $(eval KREL := $(or $(if $(wildcard /lib/modules/$(shell uname -r)/build/Makefile), \
	$(shell uname -r)),$(shell tools/vm/krel --headers),none))$(KREL)
endif

# As many jobs as processors, unless make was told otherwise
JOBS = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))
KMAKEFLAGS = $(JOBS) $(if $(V),V=$(V)) $(if $(W),W=$(W)) $(if $(C),C=$(C)) $(if $(CF),CF="$(CF)")

.PHONY: all module module-uml module-debug module-kcsan module-tree tools demo check check-debug check-kcsan conformance soak bench bench-profile fuzz module-coverage module-fill coverage lint deps install uninstall clean help

all: module tools

# kbuild(KERNEL TREE, RELEASE, EXTRA FLAGS)
#
# The links are made anew each time, for files that came or went; make looks at
# the time of what they point to.  .kernel tells when the release is that of
# another kernel than before.  The lock is for 'make -j all check' and the like.
define kbuild
	@mkdir -p $(BUILD)
	@exec 9>$(BUILD)/.lock-$(2) && flock 9 && \
	tree=$(BUILD)/kmod-$(2) && kernel="$$(readlink -f $(1))" && \
	if [ "$$(cat $$tree/.kernel 2>/dev/null)" != "$$kernel" ]; then \
		rm -rf $$tree && mkdir -p $$tree && echo "$$kernel" >$$tree/.kernel; \
	fi && \
	find $$tree -type l -delete && \
	cp -Rs $(CURDIR)/Kbuild $(CURDIR)/net $(CURDIR)/include $$tree/ && \
	$(MAKE) -C "$$kernel" M=$$tree $(3) $(KMAKEFLAGS) modules 9>&-
endef

module:
	@[ -e /lib/modules/$(KREL)/build/Makefile ] || tools/vm/krel --headers $(KREL)
	$(call kbuild,/lib/modules/$(KREL)/build,$(KREL))

# For a test kernel; .hip-make says how its modules are built, which includes the
# sanitizers that are not for the kernel as a whole.
# test_kernel(NAME, EXTRA FLAGS, SUFFIX OF THE BUILD DIRECTORY)
define test_kernel
	@tree=$$(tools/vm/kernel --print $(1)) && \
	$(MAKE) module-tree TREE=$$tree TREEREL=$$(cat $$tree/.hip-release)$(3) \
		TREEFLAGS="$$(cat $$tree/.hip-make) $(2)"
endef

module-uml:
	$(call test_kernel,uml)

module-debug:
	$(call test_kernel,debug)

module-kcsan:
	$(call test_kernel,kcsan)

# What this is about: tools/coverage/run --help.  By environment, as a list of
# flags would have to be quoted several times over.
module-coverage: export KCFLAGS = -fno-early-inlining -fno-partial-inlining \
	-include $(CURDIR)/tools/coverage/asserts.h
module-coverage:
	$(call test_kernel,uml,GCOV_PROFILE=y UBSAN_SANITIZE=n,-gcov)

# With associations that no exchange has made, for tools/bench/scale
module-fill:
	@[ -e /lib/modules/$(KREL)/build/Makefile ] || tools/vm/krel --headers $(KREL)
	$(call kbuild,/lib/modules/$(KREL)/build,$(KREL)-fill,HIP_FILL=y)

module-tree:
	$(call kbuild,$(TREE),$(TREEREL),$(TREEFLAGS))

tools:
	$(if $(wildcard tools/Makefile),@$(MAKE) -C tools)

deps:
	@tools/deps

demo: deps
	@tools/demo/run

check: deps
	@tools/check $(if $(ONLY),--only "$(ONLY)")

check-debug: deps
	@tools/check --only debug

check-kcsan: deps
	@tools/check --only kcsan

conformance:
	@tools/conformance

# HIP_SEED=N repeats the choices of a run
soak: deps
	@$(if $(HIP_SEED),HIP_SEED=$(HIP_SEED)) tools/soak/run \
		$(if $(MINUTES),--minutes $(MINUTES)) $(if $(KERNEL),--kernel $(KERNEL))

bench:
	@tools/deps --with-bench
	@tools/bench/run $(if $(QUICK),--quick) $(if $(KERNEL),--kernel $(KERNEL)) \
		$(if $(BOOTS),--boots $(BOOTS)) $(if $(SCALE),--scale)

bench-profile:
	@tools/deps --with-bench
	@tools/bench/profile $(if $(MODES),--modes "$(MODES)") \
		$(if $(TESTS),--tests "$(TESTS)") $(if $(KERNEL),--kernel $(KERNEL))

# Without end, or for so long
fuzz: deps
	@$(if $(HIP_SEED),HIP_SEED=$(HIP_SEED)) tools/fuzz/run \
		$(if $(SECONDS),--seconds $(SECONDS))

coverage: deps
	@tools/coverage/run

lint:
	@tools/deps --with-lint
	@tools/lint

# depmod is the business of whoever unpacks a package made by DESTDIR
install: module tools
	install -D -m 644 $(BUILD)/kmod-$(KREL)/net/hip/hip.ko \
		$(DESTDIR)/lib/modules/$(KREL)/updates/hip.ko
	$(if $(DESTDIR),,depmod $(KREL))
	$(if $(wildcard tools/Makefile),@$(MAKE) -C tools install DESTDIR=$(DESTDIR))

uninstall:
	rm -f $(DESTDIR)/lib/modules/$(KREL)/updates/hip.ko
	$(if $(DESTDIR),,depmod $(KREL))
	$(if $(wildcard tools/Makefile),@$(MAKE) -C tools uninstall DESTDIR=$(DESTDIR))

clean:
	rm -rf $(BUILD)
	$(if $(wildcard tools/Makefile),@$(MAKE) -C tools clean)

define HELP
make             the module (see KREL below) and the user space tools
make deps        install the Debian packages which the rest needs, if any is missing
make demo        two hosts talk HIP in a virtual machine
make check       all tests, in virtual machines
  ONLY="unit stock"           only some of build, tools, unit (KUnit), stock, uml,
                              smp (selftests on Debian's kernel, User Mode Linux,
                              the debug kernel with two processors)
  TESTS="a b"                 only these selftests
make check-debug all selftests on the debug kernel
  TESTS="a b"                 only these
make check-kcsan data races, on the kernel with KCSAN
make conformance which requirements of RFC 7401 and RFC 7402 the last 'make check' has
                 shown to be met, and which are open
make soak        an hour with hundreds of associations, in a virtual machine whose
                 clock skips idle time: MINUTES=60 KERNEL=uml HIP_SEED=N
make bench       what a packet costs, beside the kernel's IPsec and WireGuard:
                 QUICK=1 BOOTS=3 KERNEL=6.1; SCALE=1: also with up to a million SAs
make bench-profile   where the instructions of a packet go, by function:
                 MODES="plain hip-gcm16" TESTS="udp-loop:64 tcp-segment:0"
make fuzz        mutated packets for the parsers, in user space, without end or for
                 SECONDS=60
make coverage    which lines and branches these tests reach, and which not
  TESTS="a b"                 only by these; also unit, tools
make lint        gcc and clang with W=1, sparse, coccinelle, checkpatch, kernel-doc,
                 clang's analyzer, shellcheck
make module      only the module
  KREL=6.12.107+deb12-amd64   for another kernel; it is left in build/kmod-KREL/
make module-uml, module-debug, module-kcsan
                 the module for a test kernel (see tools/vm/kernel --help)
make tools       only the user space tools
make install     into /lib/modules/KREL/updates and /usr/local (or DESTDIR)
make clean       remove what was built; kernels and the like are cached outside of
                 the tree, in ~/.cache/hip
V=1 shows the commands, W=1 turns on more warnings.
tools/vm/run CMD runs a command in a virtual machine.
endef
export HELP

help:
	@echo "$$HELP"
