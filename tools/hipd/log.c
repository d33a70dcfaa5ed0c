// SPDX-License-Identifier: GPL-2.0
/*
 * Messages to standard error.
 */
#include "log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINE_LEN	1024
#define RECENT		8	/* warnings that are remembered */
#define RECENT_S	60	/* for how long, seconds */

static struct {
	bool verbose;
	bool journal;
} conf;

static struct {
	pthread_mutex_t lock;	/* protects the rest */
	unsigned int next;
	struct {
		time_t when;
		char line[LINE_LEN];
	} warnings[RECENT];
} recent = { .lock = PTHREAD_MUTEX_INITIALIZER };

/**
 * log_init() - how to log
 * @verbose: also what is only for debugging
 *
 * Called before threads exist.
 */
void log_init(bool verbose)
{
	conf.verbose = verbose;
	/* under systemd the journal takes the level from a prefix */
	conf.journal = !!getenv("JOURNAL_STREAM");
}

/**
 * log_print() - write one line
 * @level: severity
 * @fmt: format of the message, without a newline
 *
 * Any thread.
 */
void log_print(enum log_level level, const char *fmt, ...)
{
	char line[LINE_LEN];
	va_list ap;

	if (level == LOG_LEVEL_DEBUG && !conf.verbose)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	/* one call, one write: lines of threads do not mix */
	if (conf.journal)
		fprintf(stderr, "<%d>%s\n", level, line);
	else
		fprintf(stderr, "hipd: %s\n", line);
}

static bool is_recent(const char *line)
{
	struct timespec now;
	unsigned int i;

	clock_gettime(CLOCK_MONOTONIC, &now);
	for (i = 0; i < RECENT; i++) {
		if (strcmp(recent.warnings[i].line, line))
			continue;
		if (now.tv_sec - recent.warnings[i].when < RECENT_S)
			return true;
		recent.warnings[i].when = now.tv_sec;
		return false;
	}
	strcpy(recent.warnings[recent.next].line, line);
	recent.warnings[recent.next].when = now.tv_sec;
	recent.next = (recent.next + 1) % RECENT;
	return false;
}

/**
 * log_repeated() - a warning that may come again and again
 * @fmt: format of the message, without a newline
 *
 * The same message is written once a minute at most.  Any thread.
 */
void log_repeated(const char *fmt, ...)
{
	char line[LINE_LEN];
	va_list ap;
	bool quiet;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	pthread_mutex_lock(&recent.lock);
	quiet = is_recent(line);
	pthread_mutex_unlock(&recent.lock);
	if (!quiet)
		log_print(LOG_LEVEL_WARNING, "%s", line);
}
