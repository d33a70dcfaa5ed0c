// SPDX-License-Identifier: GPL-2.0
/*
 * load: traffic between two network namespaces from one process, and what it
 * costs.
 *
 * One process owns both ends, so that the same work is done in the same order
 * each time. The clock is that of a virtual machine which counts instructions
 * (QEMU's -icount shift=0: each takes 1 ns); the time in which the machine was
 * idle is taken off.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORT_A		7001
#define PORT_B		7002
#define BURST		32
#define BUFFER		(8 << 20)
#define TCP_CHUNK	(128 << 10)	/* as iperf3 */
#define TCP_SEGMENT	1394	/* what the costs of TCP are stated for */

/* What tools/bench/icount.c looks for: nopl imm32(%rax,%rax,1), begin and end */
static inline void mark_begin(void)
{
#if defined(__x86_64__)
	__asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0, 1, 0x50, 0x49, 0x48");
#endif
}

static inline void mark_end(void)
{
#if defined(__x86_64__)
	__asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0, 2, 0x50, 0x49, 0x48");
#endif
}

/**
 * struct ends - two hosts
 * @ns: names of their namespaces
 * @addr: their addresses
 */
struct ends {
	const char *ns[2];
	struct sockaddr_in6 addr[2];
};

static unsigned char buffer[TCP_CHUNK];

static uint64_t now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC_RAW, &t))
		err(1, "clock_gettime");
	return t.tv_sec * UINT64_C(1000000000) + t.tv_nsec;
}

/* Nanoseconds that processor 0 has been idle */
static uint64_t idle(void)
{
	FILE *f = fopen("/proc/timer_list", "re");
	uint64_t ns = 0;
	char line[256];

	if (!f)
		err(1, "/proc/timer_list");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, " .idle_sleeptime : %" SCNu64, &ns) == 1)
			break;
	fclose(f);
	return ns;
}

/**
 * struct span - what is measured
 * @began: time
 * @idle: idle time until then
 */
struct span {
	uint64_t began;
	uint64_t idle;
};

static void span_begin(struct span *s)
{
	s->idle = idle();
	s->began = now();
	mark_begin();
}

static double span_end(const struct span *s)
{
	uint64_t end;

	mark_end();
	end = now();
	return (double)(end - s->began) - (double)(idle() - s->idle);
}

static void enter(const char *ns)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", ns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", path);
	close(fd);
}

/* A socket of one host, bound to its address */
static int end_socket(const struct ends *e, int i, int type)
{
	const struct sockaddr *addr = (const struct sockaddr *)&e->addr[i];
	const struct timeval patience = { .tv_sec = 10 };
	const int size = BUFFER, one = 1;
	int fd;

	enter(e->ns[i]);
	fd = socket(AF_INET6, type, 0);
	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (type == SOCK_DGRAM) {
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
		setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	}
	if (bind(fd, addr, sizeof(e->addr[i])))
		err(1, "bind in %s", e->ns[i]);
	return fd;
}

static void udp_burst(int a, int b, size_t size, unsigned int n, bool loop)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (send(a, buffer, size, 0) != (ssize_t)size)
			err(1, "send");
	/* Whoever encrypts in a worker is waited for */
	if (!loop)
		usleep(500);
	for (i = 0; loop && i < n; i++)
		if (recv(b, buffer, sizeof(buffer), 0) != (ssize_t)size)
			err(1, "recv");
}

static void udp_run(int a, int b, size_t size, unsigned int n, bool loop)
{
	unsigned int i;

	for (i = 0; i < n; i += BURST)
		udp_burst(a, b, size, BURST, loop);
}

/* Instructions per packet of @size octets; !@loop: nothing arrives, somebody on
 * the way drops it
 */
static double udp(const struct ends *e, size_t size, unsigned int n, bool loop)
{
	int a = end_socket(e, 0, SOCK_DGRAM);
	int b = end_socket(e, 1, SOCK_DGRAM);
	struct span s;

	if (connect(a, (const struct sockaddr *)&e->addr[1],
		    sizeof(e->addr[1])))
		err(1, "connect");
	n -= n % BURST;
	udp_run(a, b, size, n / 4 + BURST, loop);
	span_begin(&s);
	udp_run(a, b, size, n, loop);
	return span_end(&s) / n;
}

/* Instructions per packet of 64 octets, to each of @n addresses in turn */
static double udp_turns(const struct ends *e, char **addrs, int n,
			unsigned int packets)
{
	int b = end_socket(e, 1, SOCK_DGRAM);
	struct sockaddr_in6 to = e->addr[1];
	struct ends from = *e;
	unsigned int i;
	struct span s;
	double cost;
	int *a;

	a = calloc(n, sizeof(*a));
	if (!a)
		err(1, "calloc");
	from.addr[0].sin6_port = 0;
	for (i = 0; i < (unsigned int)n; i++) {
		if (inet_pton(AF_INET6, addrs[i], &to.sin6_addr) != 1)
			errx(2, "'%s' is no IPv6 address", addrs[i]);
		a[i] = end_socket(&from, 0, SOCK_DGRAM);
		if (connect(a[i], (const struct sockaddr *)&to, sizeof(to)))
			err(1, "connect to %s", addrs[i]);
		udp_burst(a[i], b, 64, BURST, true);
	}
	packets -= packets % BURST;
	span_begin(&s);
	for (i = 0; i < packets / BURST; i++)
		udp_burst(a[i % n], b, 64, BURST, true);
	cost = span_end(&s) / packets;
	free(a);
	return cost;
}

static void tcp_pair(const struct ends *e, int *a, int *b)
{
	int l = end_socket(e, 1, SOCK_STREAM);

	if (listen(l, 1))
		err(1, "listen");
	*a = end_socket(e, 0, SOCK_STREAM);
	if (connect(*a, (const struct sockaddr *)&e->addr[1],
		    sizeof(e->addr[1])))
		err(1, "connect");
	*b = accept(l, NULL, NULL);
	if (*b < 0)
		err(1, "accept");
	close(l);
}

static size_t done(ssize_t n, const char *what)
{
	if (n < 0 && errno != EAGAIN)
		err(1, "%s", what);
	return n < 0 ? 0 : n;
}

static void tcp_run(int a, int b, size_t total)
{
	size_t sent = 0, got = 0, n, more;

	while (got < total) {
		n = total - sent < TCP_CHUNK ? total - sent : TCP_CHUNK;
		if (n)
			sent += done(send(a, buffer, n, MSG_DONTWAIT), "send");
		do {
			/* All that could be sent has been: wait */
			more = done(recv(b, buffer, TCP_CHUNK,
					 sent < total ? MSG_DONTWAIT : 0),
				    "recv");
			got += more;
		} while (more && got < sent);
		/* Neither end can go on without the other's worker */
		if (!more)
			sched_yield();
	}
}

/* Instructions per TCP_SEGMENT octets */
static double tcp(const struct ends *e, size_t total)
{
	struct span s;
	int a, b;

	tcp_pair(e, &a, &b);
	tcp_run(a, b, total / 4);
	span_begin(&s);
	tcp_run(a, b, total);
	return span_end(&s) * TCP_SEGMENT / total;
}

/* Nanoseconds that the threads of a process have run */
static uint64_t run_time(const char *pid)
{
	char pattern[64];
	uint64_t ns, sum = 0;
	glob_t paths;
	FILE *f;
	size_t i;

	snprintf(pattern, sizeof(pattern), "/proc/%s/task/*/schedstat", pid);
	if (glob(pattern, 0, NULL, &paths))
		errx(1, "%s: no such process", pid);
	for (i = 0; i < paths.gl_pathc; i++) {
		f = fopen(paths.gl_pathv[i], "re");
		if (!f || fscanf(f, "%" SCNu64, &ns) != 1)
			err(1, "%s", paths.gl_pathv[i]);
		fclose(f);
		sum += ns;
	}
	globfree(&paths);
	return sum;
}

static void first_receive(int b)
{
	if (recv(b, buffer, sizeof(buffer), 0) != 64)
		err(1, "recv");
}

/* What a packet to each of @n addresses costs that nobody has sent to yet, one after
 * another or all @at_once: prints all instructions, and those of the processes @pids,
 * both per address
 */
static void first_packets(const struct ends *e, bool at_once, char **pids,
			  char **addrs, int n)
{
	const struct timeval patience = { .tv_sec = 120 };
	int a = end_socket(e, 0, SOCK_DGRAM);
	int b = end_socket(e, 1, SOCK_DGRAM);
	struct sockaddr_in6 to = e->addr[1];
	double helpers = 0, all;
	struct span s;
	int i;

	setsockopt(b, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	for (i = 0; i < 2; i++)
		helpers -= run_time(pids[i]);
	span_begin(&s);
	for (i = 0; i < n; i++) {
		if (inet_pton(AF_INET6, addrs[i], &to.sin6_addr) != 1)
			errx(2, "'%s' is no IPv6 address", addrs[i]);
		if (sendto(a, buffer, 64, 0, (struct sockaddr *)&to,
			   sizeof(to)) != 64)
			err(1, "sendto %s", addrs[i]);
		if (!at_once)
			first_receive(b);
	}
	for (i = 0; at_once && i < n; i++)
		first_receive(b);
	all = span_end(&s);
	for (i = 0; i < 2; i++)
		helpers += run_time(pids[i]);
	printf("%.0f %.0f\n", all / n, helpers / n);
}

/* Waits until a process, and who works for it, has nothing to do */
static void settle(const char *pid)
{
	uint64_t before, after = run_time(pid);

	do {
		before = after;
		usleep(100000);
		after = run_time(pid);
	} while (after != before);
}

/* Next of the packets in a file, each behind its length in two octets; 0: none */
static size_t packet_read(FILE *f)
{
	unsigned char head[2];
	size_t len;

	if (fread(head, sizeof(head), 1, f) != 1)
		return 0;
	len = head[0] << 8 | head[1];
	if (fread(buffer, 1, len, f) != len)
		errx(1, "packet cut off");
	return len;
}

static void packet_send(const struct ends *e, int fd, size_t len)
{
	struct sockaddr_in6 to = e->addr[1];

	to.sin6_port = 0;
	if (sendto(fd, buffer, len, 0, (struct sockaddr *)&to,
		   sizeof(to)) != (ssize_t)len)
		err(1, "sendto");
}

/* What IPv6 packets of a file cost that nobody has asked for, the first one aside:
 * prints all instructions, those of process @pid, and octets, of one packet
 */
static void strangers(const struct ends *e, const char *path, const char *pid)
{
	FILE *f = fopen(path, "re");
	double all, helper;
	unsigned int n = 0;
	size_t len, size;
	struct span s;
	int fd;

	if (!f)
		err(1, "%s", path);
	enter(e->ns[0]);
	fd = socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
	if (fd < 0)
		err(1, "socket");
	size = packet_read(f);
	packet_send(e, fd, size);
	settle(pid);

	helper = -(double)run_time(pid);
	span_begin(&s);
	while ((len = packet_read(f))) {
		packet_send(e, fd, len);
		n++;
	}
	settle(pid);
	all = span_end(&s);
	helper += run_time(pid);
	fclose(f);
	close(fd);
	if (!n)
		errx(1, "%s: no packets", path);
	printf("%.0f %.0f %zu\n", all / n, helper / n, size);
}

static void end_init(struct ends *e, int i, const char *ns, const char *addr,
		     unsigned short port)
{
	e->ns[i] = ns;
	e->addr[i] = (struct sockaddr_in6) {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
	};
	if (inet_pton(AF_INET6, addr, &e->addr[i].sin6_addr) != 1)
		errx(2, "'%s' is no IPv6 address", addr);
}

int main(int argc, char **argv)
{
	struct ends e;
	bool at_once;
	double cost;
	size_t n;

	if (argc < 7)
		errx(2, "usage: load udp-loop|udp-send NS-A ADDR-A NS-B ADDR-B PACKETS SIZE\n"
			"       load udp-turns NS-A ADDR-A NS-B :: PACKETS ADDR-B...\n"
			"       load tcp NS-A ADDR-A NS-B ADDR-B BYTES\n"
			"       load first|first-at-once NS-A ADDR-A NS-B :: PID-A PID-B ADDR-B...\n"
			"       load packets NS-A ADDR-A NS-B ADDR-B FILE PID-B");
	end_init(&e, 0, argv[2], argv[3], PORT_A);
	end_init(&e, 1, argv[4], argv[5], PORT_B);
	n = strtoul(argv[6], NULL, 0);
	memset(buffer, 0x5a, sizeof(buffer));

	at_once = !strcmp(argv[1], "first-at-once");
	if (at_once || !strcmp(argv[1], "first")) {
		if (argc < 9)
			errx(2, "no address to send to");
		first_packets(&e, at_once, argv + 6, argv + 8, argc - 8);
		return 0;
	}
	if (!strcmp(argv[1], "packets")) {
		if (argc != 8)
			errx(2, "which process?");
		strangers(&e, argv[6], argv[7]);
		return 0;
	}
	if (!strcmp(argv[1], "udp-turns") && argc > 7)
		cost = udp_turns(&e, argv + 7, argc - 7, n);
	else if (!strcmp(argv[1], "tcp"))
		cost = tcp(&e, n);
	else
		cost = udp(&e, argc > 7 ? strtoul(argv[7], NULL, 0) : 64, n,
			   !strcmp(argv[1], "udp-loop"));
	printf("%.1f\n", cost);
	return 0;
}
