/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages to standard error.  Never with anything secret in them.
 */
#ifndef HIPD_LOG_H
#define HIPD_LOG_H

#include "util.h"

/* As in syslog(3) */
enum log_level {
	LOG_LEVEL_ERR		= 3,
	LOG_LEVEL_WARNING	= 4,
	LOG_LEVEL_INFO		= 6,
	LOG_LEVEL_DEBUG		= 7,
};

void log_init(bool verbose);
void log_print(enum log_level level, const char *fmt, ...) PRINTF(2, 3);

void log_repeated(const char *fmt, ...) PRINTF(1, 2);

#define log_err(...)	log_print(LOG_LEVEL_ERR, __VA_ARGS__)
#define log_warning(...) log_print(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...)	log_print(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...)	log_print(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif /* HIPD_LOG_H */
