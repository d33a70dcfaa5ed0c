/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Forced upon each file of the module when its coverage is measured.
 *
 * An assertion is a branch that is taken when there is a bug, and no test should
 * ever see it.  The macros below hide several such branches each in a line: the
 * checks of lockdep and RCU, and the call that prints a warning.  Here they have
 * none.  What the source itself makes of their value stays: in
 * "if (WARN_ON(a && b))" those of the "if" and of the "&&".
 */
#ifndef _HIP_COVERAGE_ASSERTS_H
#define _HIP_COVERAGE_ASSERTS_H

/* As on other architectures: without these, swapping octets is an expression with
 * a condition, about whether the compiler knows the value
 */
#define __HAVE_BUILTIN_BSWAP16__
#define __HAVE_BUILTIN_BSWAP32__
#define __HAVE_BUILTIN_BSWAP64__

/* Of the headers only: neither changes the layout of anything */
#undef CONFIG_PROVE_RCU
#undef CONFIG_PROVE_RCU_LIST

/* Else <linux/printk.h> would give it another value than most files do */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bug.h>
#include <linux/lockdep.h>
#include <linux/workqueue.h>

static __always_inline bool hip_cov_warn(bool bad, bool *before,
					 const char *file, int line)
{
	if (bad && !*before) {
		*before = true;
		WARN(1, "assertion at %s:%d\n", file, line);
	}
	return bad;
}

#undef WARN_ON
#define WARN_ON(condition) ({						\
	bool __before = false;						\
	hip_cov_warn(condition, &__before, __FILE__, __LINE__);		\
})

#undef WARN_ON_ONCE
#define WARN_ON_ONCE(condition) ({					\
	static bool __before;						\
	hip_cov_warn(condition, &__before, __FILE__, __LINE__);		\
})

#undef lockdep_assert
#define lockdep_assert(cond)		((void)(cond))

/* Asks whether it is one of the kernel's own, which nobody may flush */
#undef flush_workqueue
#define flush_workqueue(wq)		__flush_workqueue(wq)

#endif
