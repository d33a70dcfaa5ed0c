/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What hipd takes away from itself.
 */
#ifndef HIPD_SANDBOX_H
#define HIPD_SANDBOX_H

void sandbox_protect_memory(void);
int sandbox_drop_privileges(void);

#endif /* HIPD_SANDBOX_H */
