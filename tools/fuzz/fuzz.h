/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fuzzing of net/hip in user space: what the parts of the target share.
 */
#ifndef _HIP_FUZZ_H
#define _HIP_FUZZ_H

#include <linux/kernel.h>
#include <linux/types.h>

#include "build.h"
#include "param.h"

/* A property of the code that no input may break */
#define HOLDS(cond)							\
	do {								\
		if (!(cond))						\
			fuzz_broken(#cond, __FILE__, __LINE__);		\
	} while (0)

void fuzz_broken(const char *what, const char *file, int line)
	__attribute__((__noreturn__));

/* So many octets and not one more, so that ASan sees who goes beyond them */
u8 *fuzz_alloc(size_t len);
u8 *fuzz_copy(const void *data, size_t len);

/* Reads a parameter of a packet, which must not look at anything else */
void fuzz_read_param(const struct hip_msg *msg, const struct hip_param *p);

/* Reads octets as those inside of ENCRYPTED, in an allocation of their own */
void fuzz_inner(const u8 *plain, size_t len);

/* What is built from what was read is what was received */
void fuzz_rebuild(const struct hip_msg *msg);

/* What the handlers send as an answer can be parsed */
void fuzz_answer(const struct hip_msg *msg);

/* Between libFuzzer and us */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *in, size_t len);
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max_size,
			       unsigned int seed);

#endif /* _HIP_FUZZ_H */
