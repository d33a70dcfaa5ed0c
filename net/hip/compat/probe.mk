# SPDX-License-Identifier: GPL-2.0
#
# Rule for compat/generated.h, to be included by a Kbuild file that lies one
# directory above and sets hip-dir.
# Sets hip-compat to the header, on which the objects depend.

hip-compat := $(obj)/compat/generated.h
hip-compat-src := $(hip-dir)/compat

# The flags which any file of the kernel is compiled with.  c_flags is not used,
# as it has the names of one target in it.
hip-compat-flags = $(NOSTDINC_FLAGS) $(LINUXINCLUDE) \
	-include $(srctree)/include/linux/compiler_types.h \
	$(KBUILD_CPPFLAGS) $(KBUILD_CFLAGS) $(KBUILD_CFLAGS_MODULE)

quiet_cmd_hip_probe = PROBE   $@
      cmd_hip_probe = $(CONFIG_SHELL) $(hip-compat-src)/probe.sh $@ \
			$(CC) $(hip-compat-flags)

# auto.conf stands for the kernel: it is newer when the headers were updated
# under the same release.
$(hip-compat): $(hip-compat-src)/probe.sh $(sort $(wildcard $(hip-compat-src)/probes/*.c)) \
		$(objtree)/include/config/auto.conf
	$(Q)mkdir -p $(@D)
	$(call cmd,hip_probe)

clean-files += compat/generated.h
