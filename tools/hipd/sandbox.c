// SPDX-License-Identifier: GPL-2.0
/*
 * What hipd takes away from itself.
 */
#include "sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "log.h"

/* For private keys, of which an RSA one of 4096 bits takes some 2 KiB; a power of 2 */
#define SECURE_HEAP	(8 * 1024 * 1024)
#define SECURE_HEAP_MIN	16

/**
 * sandbox_protect_memory() - keep private keys out of dumps and swap space
 *
 * Before the first key is read.  Best effort: what cannot be had is done
 * without.
 */
void sandbox_protect_memory(void)
{
	const struct rlimit none = { 0, 0 };
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit now;

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);

	/* libcrypto keeps the secret numbers of its keys there */
	if (CRYPTO_secure_malloc_init(SECURE_HEAP, SECURE_HEAP_MIN) != 1)
		log_debug("no locked memory for keys");
	/*
	 * All memory, but only when there is no limit: otherwise a thread or an
	 * allocation would fail one day, when the limit is reached.
	 */
	setrlimit(RLIMIT_MEMLOCK, &all);
	if (!getrlimit(RLIMIT_MEMLOCK, &now) &&
	    now.rlim_cur == RLIM_INFINITY &&
	    mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT))
		log_debug("mlockall: %s", strerror(errno));
}

static int set_capabilities(void)
{
	struct __user_cap_header_struct hdr = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };
	const unsigned int word = CAP_TO_INDEX(CAP_NET_ADMIN);

	data[word].permitted = CAP_TO_MASK(CAP_NET_ADMIN);
	data[word].effective = CAP_TO_MASK(CAP_NET_ADMIN);
	return syscall(SYS_capset, &hdr, data) ? -errno : 0;
}

/**
 * sandbox_drop_privileges() - keep CAP_NET_ADMIN and nothing else
 *
 * Before threads exist: capabilities are a thread's own.  The key files must
 * belong to the user who runs hipd from now on, as nothing overrides their
 * permissions any more.
 *
 * Return: 0, or a negative errno: -EPERM when CAP_NET_ADMIN is not there.
 */
int sandbox_drop_privileges(void)
{
	unsigned long cap;

	/* fails where CAP_SETPCAP or a capability of that number is missing */
	for (cap = 0; cap < 64; cap++)
		if (cap != CAP_NET_ADMIN)
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return set_capabilities();
}
