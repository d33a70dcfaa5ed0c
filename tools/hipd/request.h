/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Answering one request of the kernel.
 */
#ifndef HIPD_REQUEST_H
#define HIPD_REQUEST_H

#include <libmnl/libmnl.h>
#include <stdatomic.h>

#include "util.h"

uint64_t request_id(const struct nlmsghdr *request);
void request_answer(const struct nlmsghdr *request, struct nlmsghdr *reply,
		    const atomic_bool *stop);

#endif /* HIPD_REQUEST_H */
