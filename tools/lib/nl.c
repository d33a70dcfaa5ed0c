// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink transactions on top of libmnl.
 */
#include "nl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DUMP_TRIES	32	/* of a dump that is interrupted by changes */

/**
 * nl_open() - open a netlink socket
 * @nl: filled in
 * @bus: NETLINK_GENERIC or NETLINK_ROUTE
 */
int nl_open(struct nl *nl, int bus)
{
	int one = 1;

	nl->n_groups = 0;
	nl->family = 0;
	nl->msg[0] = '\0';
	nl->seq = (uint32_t)time(NULL);
	nl->sock = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!nl->sock)
		return -errno;
	if (mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		int err = -errno;

		nl_close(nl);
		return err;
	}
	nl->portid = mnl_socket_get_portid(nl->sock);
	/* niceties: without them errors are less well explained */
	mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(nl->sock, NETLINK_CAP_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(nl->sock, NETLINK_GET_STRICT_CHK, &one,
			      sizeof(one));
	return 0;
}

/**
 * nl_close() - close a socket
 * @nl: socket, open or not
 */
void nl_close(struct nl *nl)
{
	if (nl->sock)
		mnl_socket_close(nl->sock);
	nl->sock = NULL;
}

static struct nlmsghdr *put_header(struct nl *nl, uint16_t type,
				   uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(nl->buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++nl->seq;
	return nlh;
}

/**
 * nl_request() - begin a request to the resolved family
 * @nl: socket
 * @cmd: command
 * @flags: NLM_F_DUMP or 0
 *
 * Return: a message in @nl->buf, to which attributes may be added.
 */
struct nlmsghdr *nl_request(struct nl *nl, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = put_header(nl, nl->family, flags);
	struct genlmsghdr *genl;

	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
	return nlh;
}

/**
 * nl_rt_request() - begin a request to rtnetlink
 * @nl: socket
 * @type: RTM_*
 * @flags: NLM_F_*
 * @hdr: what follows the message header
 * @hdr_len: octets of @hdr
 *
 * Return: a message in @nl->buf, to which attributes may be added.
 */
struct nlmsghdr *nl_rt_request(struct nl *nl, uint16_t type, uint16_t flags,
			       const void *hdr, size_t hdr_len)
{
	struct nlmsghdr *nlh = put_header(nl, type, flags);

	memcpy(mnl_nlmsg_put_extra_header(nlh, hdr_len), hdr, hdr_len);
	return nlh;
}

/* The extended acknowledgment, @offset octets behind the header */
static void parse_extack(struct nl *nl, const struct nlmsghdr *nlh,
			 unsigned int offset)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    offset > mnl_nlmsg_get_payload_len(nlh))
		return;
	mnl_attr_for_each(attr, nlh, offset) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(nl->msg, sizeof(nl->msg), "%s", nl_str(attr));
	}
}

/* Return: what a NLMSG_ERROR says: 0 or a negative errno */
static int parse_error(struct nl *nl, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	unsigned int offset = sizeof(*err);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err))
		return -EPROTO;
	/* all of the refused message, or its header only */
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += mnl_nlmsg_get_payload_len(&err->msg);
	if (err->error)
		parse_extack(nl, nlh, offset);
	return err->error;
}

/* Return: how a dump ended: 0 or a negative errno */
static int parse_done(struct nl *nl, const struct nlmsghdr *nlh)
{
	const int *err = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err) || *err >= 0)
		return 0;
	parse_extack(nl, nlh, sizeof(*err));
	return *err;
}

/**
 * nl_recv() - receive into @nl->rx
 * @nl: socket
 *
 * Return: octets or a negative errno; -ENOBUFS when messages were lost,
 * -ETIMEDOUT when the socket's time-out is over.
 */
ssize_t nl_recv(struct nl *nl)
{
	ssize_t n;

	do {
		n = mnl_socket_recvfrom(nl->sock, nl->rx, sizeof(nl->rx));
	} while (n < 0 && errno == EINTR);
	if (n < 0)	/* not to be taken for the kernel's own EAGAIN */
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	return n;
}

/*
 * Receive until the transaction is over.
 * Return: 0, a negative errno, -EINTR for a dump that was interrupted
 */
static int transact(struct nl *nl, struct nlmsghdr *nlh, nl_cb_t *cb,
		    void *data)
{
	const uint32_t seq = nlh->nlmsg_seq;
	bool interrupted = false;
	int err = 0;

	nl->msg[0] = '\0';
	if (mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len) < 0)
		return -errno;

	for (;;) {
		const struct nlmsghdr *rx = (const void *)nl->rx;
		ssize_t n = nl_recv(nl);
		int len;

		if (n < 0)
			return (int)n;
		for (len = (int)n; mnl_nlmsg_ok(rx, len);
		     rx = mnl_nlmsg_next(rx, &len)) {
			if (rx->nlmsg_seq != seq || rx->nlmsg_pid != nl->portid)
				continue;
			if (rx->nlmsg_flags & NLM_F_DUMP_INTR)
				interrupted = true;
			if (rx->nlmsg_type == NLMSG_ERROR) {
				int refused = parse_error(nl, rx);

				return refused ? refused : err;
			}
			if (rx->nlmsg_type == NLMSG_DONE) {
				int refused = parse_done(nl, rx);

				if (!refused && interrupted)
					refused = -EINTR;
				return refused ? refused : err;
			}
			if (rx->nlmsg_type >= NLMSG_MIN_TYPE && cb && !err)
				err = cb(rx, data);
		}
	}
}

/**
 * nl_do() - one request, its answer and its acknowledgment
 * @nl: socket
 * @nlh: request
 * @cb: called for the answer, may be NULL
 * @data: handed to @cb
 *
 * Return: 0, or a negative errno: of the kernel's refusal (@nl->msg may say
 * more), of the socket, or of @cb.
 */
int nl_do(struct nl *nl, struct nlmsghdr *nlh, nl_cb_t *cb, void *data)
{
	nlh->nlmsg_flags |= NLM_F_ACK;
	return transact(nl, nlh, cb, data);
}

/* Messages of a dump, one behind the other */
struct collected {
	char *buf;
	size_t len;
	size_t size;
};

static int collect(const struct nlmsghdr *nlh, void *data)
{
	struct collected *c = data;
	size_t len = MNL_ALIGN(nlh->nlmsg_len);

	if (c->len + len > c->size) {
		size_t size = c->size ? 2 * c->size : NL_BUF_LEN;
		char *buf;

		while (size < c->len + len)
			size *= 2;
		buf = realloc(c->buf, size);
		if (!buf)
			return -ENOMEM;
		c->buf = buf;
		c->size = size;
	}
	memcpy(c->buf + c->len, nlh, nlh->nlmsg_len);
	c->len += len;
	return 0;
}

/**
 * nl_dump() - a dump, consistent
 * @nl: socket
 * @nlh: request
 * @cb: called for each object, after the dump has ended
 * @data: handed to @cb
 *
 * A dump that is interrupted by changes is repeated, and nothing of the
 * earlier one is seen by @cb.
 *
 * Return: 0 or a negative errno, see nl_do().
 */
int nl_dump(struct nl *nl, struct nlmsghdr *nlh, nl_cb_t *cb, void *data)
{
	struct collected c = { 0 };
	unsigned int tries = 0;
	size_t at;
	int err;

	nlh->nlmsg_flags |= NLM_F_DUMP;
	do {
		c.len = 0;
		if (tries)
			nlh->nlmsg_seq = ++nl->seq;
		err = transact(nl, nlh, collect, &c);
	} while (err == -EINTR && ++tries < DUMP_TRIES);
	/* on a machine that never rests, the latest is the best there is */
	if (err == -EINTR)
		err = 0;

	for (at = 0; !err && at < c.len;) {
		const struct nlmsghdr *obj = (const void *)(c.buf + at);

		err = cb(obj, data);
		at += MNL_ALIGN(obj->nlmsg_len);
	}
	free(c.buf);
	return err;
}

/**
 * nl_parse() - the attributes of a message of a generic-netlink family
 * @nlh: message
 * @tb: set: attribute by type, NULL where there is none; the last one when
 *	there are several
 * @max: largest type that matters; @tb has one entry more
 */
void nl_parse(const struct nlmsghdr *nlh, const struct nlattr **tb,
	      uint16_t max)
{
	const struct nlattr *attr;

	memset(tb, 0, sizeof(*tb) * (max + 1U));
	nl_for_each_attr(attr, nlh)
		if (mnl_attr_get_type(attr) <= max)
			tb[mnl_attr_get_type(attr)] = attr;
}

/**
 * nl_parse_nested() - the attributes inside of an attribute
 * @nest: attribute or NULL
 * @tb: set, see nl_parse()
 * @max: largest type that matters
 */
void nl_parse_nested(const struct nlattr *nest, const struct nlattr **tb,
		     uint16_t max)
{
	const struct nlattr *attr;

	memset(tb, 0, sizeof(*tb) * (max + 1U));
	if (!nest)
		return;
	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) <= max)
			tb[mnl_attr_get_type(attr)] = attr;
}

static int family_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1], *group;
	struct nl *nl = data;

	nl_parse(nlh, tb, CTRL_ATTR_MAX);
	nl->family = nl_u16(tb[CTRL_ATTR_FAMILY_ID]);
	if (!tb[CTRL_ATTR_MCAST_GROUPS])
		return 0;
	mnl_attr_for_each_nested(group, tb[CTRL_ATTR_MCAST_GROUPS]) {
		const struct nlattr *g[CTRL_ATTR_MCAST_GRP_MAX + 1];

		if (nl->n_groups == NL_GROUPS_MAX)
			break;
		nl_parse_nested(group, g, CTRL_ATTR_MCAST_GRP_MAX);
		snprintf(nl->groups[nl->n_groups].name, GENL_NAMSIZ, "%s",
			 nl_str(g[CTRL_ATTR_MCAST_GRP_NAME]));
		nl->groups[nl->n_groups++].id =
			nl_u32(g[CTRL_ATTR_MCAST_GRP_ID]);
	}
	return 0;
}

/**
 * nl_resolve() - find a generic-netlink family
 * @nl: socket
 * @family: its name
 *
 * Return: 0 or a negative errno: -ENOENT when there is none.
 */
int nl_resolve(struct nl *nl, const char *family)
{
	struct nlmsghdr *nlh;
	int err;

	nl->family = GENL_ID_CTRL;
	nl->n_groups = 0;
	nlh = nl_request(nl, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, family);
	err = nl_do(nl, nlh, family_cb, nl);
	if (!err && nl->family == GENL_ID_CTRL)
		err = -EPROTO;
	return err;
}

/**
 * nl_join() - subscribe to a multicast group of the resolved family
 * @nl: socket
 * @group: its name
 *
 * Return: 0 or a negative errno: -ENOENT when there is none, -EPERM.
 */
int nl_join(struct nl *nl, const char *group)
{
	unsigned int i;

	for (i = 0; i < nl->n_groups; i++) {
		int id = (int)nl->groups[i].id;

		if (strcmp(nl->groups[i].name, group))
			continue;
		if (mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP,
					  &id, sizeof(id)) < 0)
			return -errno;
		return 0;
	}
	return -ENOENT;
}
