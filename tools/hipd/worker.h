/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Threads that answer the kernel's requests.
 */
#ifndef HIPD_WORKER_H
#define HIPD_WORKER_H

#include "util.h"

#define WORKERS_MIN	1
#define WORKERS_MAX	64

int workers_start(unsigned int n);
void workers_stop(void);

#endif /* HIPD_WORKER_H */
