// SPDX-License-Identifier: GPL-2.0
/*
 * hipd: does for the kernel's Host Identity Protocol what needs private keys
 * and public-key arithmetic.
 *
 * It keeps no state of the protocol, and may be killed and started again at
 * any moment.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "keystore.h"
#include "log.h"
#include "p384.h"
#include "sandbox.h"
#include "util.h"
#include "worker.h"

static const char usage_text[] =
"Usage: hipd [-f] [-v] [-d DIR] [-w N]\n"
"       hipd -h | -V\n"
"\n"
"Answer the requests of the kernel's Host Identity Protocol: sign, verify,\n"
"Diffie-Hellman, puzzles.\n"
"\n"
"  -d DIR  private keys are DIR/NAME.pem (default " HIP_IDENTITY_DIR ")\n"
"  -f      stay in the foreground; hipd always does\n"
"  -h      show this text\n"
"  -v      say more\n"
"  -V      show the version\n"
"  -w N    number of threads, %d to %d (default: one for each processor, at\n"
"          least 2, at most 16)\n"
"\n"
"SIGHUP reads the keys again. SIGTERM and SIGINT end hipd.\n";

static void usage(FILE *f)
{
	fprintf(f, usage_text, WORKERS_MIN, WORKERS_MAX);
}

static unsigned int default_workers(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 2 ? 2 : n > 16 ? 16 : (unsigned int)n;
}

/* Tell systemd, if it started us; sd_notify(3) without its library */
static void tell_systemd(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	socklen_t len;
	int fd;

	if (!path || (*path != '/' && *path != '@') || !path[1] ||
	    strlen(path) >= sizeof(addr.sun_path))
		return;
	strcpy(addr.sun_path, path);
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
			  strlen(path));
	if (*path == '@')
		addr.sun_path[0] = '\0';	/* abstract */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (sendto(fd, state, strlen(state), MSG_NOSIGNAL,
		   (struct sockaddr *)&addr, len) < 0)
		log_debug("NOTIFY_SOCKET: %s", strerror(errno));
	close(fd);
}

static int explain_start(int err)
{
	switch (err) {
	case -ENOENT:
	case -EPROTONOSUPPORT:
		log_err(HIP_NO_MODULE);
		break;
	case -EPERM:
		log_err("the kernel does not let us: CAP_NET_ADMIN is needed");
		break;
	default:
		log_err("cannot talk to the kernel: %s", strerror(-err));
		break;
	}
	return 1;
}

/* Until a signal says that it is enough */
static void loop(int sigfd)
{
	struct signalfd_siginfo si;

	for (;;) {
		ssize_t n = read(sigfd, &si, sizeof(si));

		if (n < 0 && errno == EINTR)
			continue;
		if (n != sizeof(si))
			return;
		if (si.ssi_signo != SIGHUP)
			return;
		tell_systemd("RELOADING=1");
		keystore_rescan();
		log_info("keys read again: %u identit%s", keystore_count(),
			 keystore_count() == 1 ? "y" : "ies");
		tell_systemd("READY=1");
	}
}

static int serve(unsigned int n, const char *dir)
{
	sigset_t mask;
	int sigfd, err;

	/* before threads exist, so that they inherit it */
	sigemptyset(&mask);
	sigaddset(&mask, SIGHUP);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signal(SIGPIPE, SIG_IGN);
	sigfd = signalfd(-1, &mask, SFD_CLOEXEC);
	if (sigfd < 0) {
		log_err("signalfd: %s", strerror(errno));
		return 1;
	}

	p384_init();
	sandbox_protect_memory();
	if (sandbox_drop_privileges())
		return explain_start(-EPERM);
	if (keystore_init(dir))
		return 1;
	err = workers_start(n);
	if (err) {
		workers_stop();
		keystore_free();
		return explain_start(err);
	}

	log_info("ready: %u identit%s, %u thread%s", keystore_count(),
		 keystore_count() == 1 ? "y" : "ies", n, n == 1 ? "" : "s");
	tell_systemd("READY=1");
	loop(sigfd);
	tell_systemd("STOPPING=1");
	workers_stop();
	keystore_free();
	close(sigfd);
	return 0;
}

int main(int argc, char **argv)
{
	const char *dir = HIP_IDENTITY_DIR;
	unsigned int n = default_workers();
	unsigned long number;
	bool verbose = false;
	char *end;
	int opt;

	while ((opt = getopt(argc, argv, "d:fhvVw:")) != -1) {
		switch (opt) {
		case 'd':
			dir = optarg;
			break;
		case 'f':
			break;
		case 'h':
			usage(stdout);
			return 0;
		case 'v':
			verbose = true;
			break;
		case 'V':
			puts("hipd " HIP_TOOLS_VERSION);
			return 0;
		case 'w':
			number = strtoul(optarg, &end, 10);
			if (*end || end == optarg || number < WORKERS_MIN ||
			    number > WORKERS_MAX) {
				fprintf(stderr,
					"hipd: -w wants a number from %d to %d, not '%s'\n",
					WORKERS_MIN, WORKERS_MAX, optarg);
				return 1;
			}
			n = (unsigned int)number;
			break;
		default:
			usage(stderr);
			return 1;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "hipd: unexpected argument '%s'\n",
			argv[optind]);
		usage(stderr);
		return 1;
	}
	log_init(verbose);
	return serve(n, dir);
}
