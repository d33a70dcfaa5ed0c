// SPDX-License-Identifier: GPL-2.0
/*
 * stall: for how long at most a process that must run was not run, while a command
 * does something.
 *
 * A process of the highest class sleeps for PERIOD, again and again. If it wakes
 * later than it wanted to, then the kernel was at work on its own for so long and
 * let nobody else run.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PERIOD	200000		/* ns */
#define SECOND	INT64_C(1000000000)

static int64_t now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t))
		err(1, "clock_gettime");
	return t.tv_sec * SECOND + t.tv_nsec;
}

static void sleep_until(int64_t when)
{
	const struct timespec t = {
		.tv_sec = when / SECOND,
		.tv_nsec = when % SECOND,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL))
		;
}

static pid_t start(char **argv)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		execvp(*argv, argv);
		err(127, "%s", *argv);
	}
	return pid;
}

/* Prints the longest delay, and how long the command took, in microseconds */
int main(int argc, char **argv)
{
	const struct sched_param param = { .sched_priority = 1 };
	int64_t began, next, late, worst = 0;
	int status;
	pid_t pid;

	if (argc < 2)
		errx(2, "usage: stall COMMAND [ARGUMENT]...");
	began = now();
	pid = start(argv + 1);
	if (mlockall(MCL_CURRENT) || sched_setscheduler(0, SCHED_FIFO, &param))
		err(1, "the highest class");
	while (!waitpid(pid, &status, WNOHANG)) {
		next = now() + PERIOD;
		sleep_until(next);
		late = now() - next;
		if (late > worst)
			worst = late;
	}
	printf("%" PRId64 " %" PRId64 "\n", worst / 1000,
	       (now() - began) / 1000);
	return !WIFEXITED(status) ? 1 : WEXITSTATUS(status);
}
