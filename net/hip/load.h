/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The difficulty of our puzzles follows the load.
 */
#ifndef _HIP_LOAD_H
#define _HIP_LOAD_H

#include <linux/workqueue.h>

#include "puzzle_k.h"

struct hip_net;

/**
 * struct hip_load - load of a namespace
 * @work: looks at it, while there is some; on hip_net::wq
 * @now: difficulty of our puzzles; written under hip_net::lock, read locklessly
 * @peak: highest load since the last look, per cent; no lock, so a higher one
 *	may get lost: there will be another
 */
struct hip_load {
	struct delayed_work work;
	struct hip_puzzle_k now;
	unsigned int peak;
};

void hip_load_net_init(struct hip_net *hn);
void hip_load_net_exit(struct hip_net *hn);
void hip_load_reset(struct hip_net *hn);
void hip_load_note(struct hip_net *hn);

#endif /* _HIP_LOAD_H */
