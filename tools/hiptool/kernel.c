// SPDX-License-Identifier: GPL-2.0
/*
 * Talking to the kernel, and telling what it said.
 */
#include <errno.h>

#include <linux/hip.h>

#include "hiptool.h"

struct nl genl;

/**
 * kernel_open() - open the socket for family "hip"
 *
 * Return: an exit status; the error has been shown.
 */
int kernel_open(void)
{
	int err;

	if (genl.sock)
		return EXIT_OK;
	err = nl_open(&genl, NETLINK_GENERIC);
	if (!err)
		err = nl_resolve(&genl, HIP_FAMILY_NAME);
	switch (err) {
	case 0:
		return EXIT_OK;
	case -ENOENT:
	case -EPROTONOSUPPORT:
		return fail(HIP_NO_MODULE);
	default:
		return fail("cannot talk to the kernel: %s", strerror(-err));
	}
}

/**
 * kernel_error() - tell why the kernel refused
 * @err: negative errno of the latest transaction on genl, or 0
 * @what: what was to be done
 * @with: with what, or NULL
 *
 * Return: an exit status.
 */
int kernel_error(int err, const char *what, const char *with)
{
	if (!err)
		return EXIT_OK;
	fprintf(stderr, "Error: %s%s%s: %s\n", what, with ? " " : "",
		with ? with : "", genl.msg[0] ? genl.msg :
		err == -EPERM ? "CAP_NET_ADMIN is needed: be root" :
				strerror(-err));
	return EXIT_KERNEL;
}

/**
 * kernel_do() - one request to family "hip"
 * @nlh: request
 * @cb: called for the answer, or NULL
 * @data: handed to @cb
 * @what: what is to be done, for messages
 * @with: with what, or NULL
 *
 * Return: an exit status; the error has been shown.
 */
int kernel_do(struct nlmsghdr *nlh, nl_cb_t *cb, void *data, const char *what,
	      const char *with)
{
	return kernel_error(nl_do(&genl, nlh, cb, data), what, with);
}

/**
 * kernel_dump() - a dump from family "hip"
 * @nlh: request
 * @cb: called for each object
 * @data: handed to @cb
 * @what: what is to be done, for messages
 *
 * Return: an exit status; the error has been shown.
 */
int kernel_dump(struct nlmsghdr *nlh, nl_cb_t *cb, void *data,
		const char *what)
{
	return kernel_error(nl_dump(&genl, nlh, cb, data), what, NULL);
}
