/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink transactions on top of libmnl.
 */
#ifndef HIP_NL_H
#define HIP_NL_H

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <netinet/in.h>
#include <string.h>

#include "util.h"

#define NL_BUF_LEN	(32 * 1024)	/* of one receive, and of a request */
#define NL_GROUPS_MAX	8

/**
 * struct nl - a netlink socket and what it knows
 * @sock: libmnl's socket
 * @portid: ours
 * @seq: number of the latest request
 * @family: generic-netlink family, from nl_resolve()
 * @n_groups: used entries of @groups
 * @groups: multicast groups of @family
 * @msg: extended acknowledgment of the latest refusal, or ""
 * @buf: of nl_request()
 * @rx: received messages
 */
struct nl {
	struct mnl_socket *sock;
	unsigned int portid;
	uint32_t seq;
	uint16_t family;
	unsigned int n_groups;
	struct {
		char name[GENL_NAMSIZ];
		uint32_t id;
	} groups[NL_GROUPS_MAX];
	char msg[256];
	char buf[NL_BUF_LEN];
	char rx[NL_BUF_LEN];
};

/* Return 0, or a negative errno, which ends the transaction */
typedef int nl_cb_t(const struct nlmsghdr *nlh, void *data);

/* Each of these returns 0 or a negative errno */
int nl_open(struct nl *nl, int bus);
void nl_close(struct nl *nl);
int nl_resolve(struct nl *nl, const char *family);
int nl_join(struct nl *nl, const char *group);

struct nlmsghdr *nl_request(struct nl *nl, uint8_t cmd, uint16_t flags);
struct nlmsghdr *nl_rt_request(struct nl *nl, uint16_t type, uint16_t flags,
			       const void *hdr, size_t hdr_len);
int nl_do(struct nl *nl, struct nlmsghdr *nlh, nl_cb_t *cb, void *data);
int nl_dump(struct nl *nl, struct nlmsghdr *nlh, nl_cb_t *cb, void *data);
ssize_t nl_recv(struct nl *nl);

void nl_parse(const struct nlmsghdr *nlh, const struct nlattr **tb,
	      uint16_t max);
void nl_parse_nested(const struct nlattr *nest, const struct nlattr **tb,
		     uint16_t max);

static inline uint8_t nl_cmd(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	return mnl_nlmsg_get_payload_len(nlh) >= sizeof(*genl) ? genl->cmd : 0;
}

/* Behind the header of the family, of all attributes */
#define nl_for_each_attr(attr, nlh) \
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))

/*
 * Values of attributes.  One that is not there, or too short to be of its
 * type, is 0, so that a tool outlives changes of the kernel.
 */
static inline bool nl_has(const struct nlattr *attr, size_t len)
{
	return attr && mnl_attr_get_payload_len(attr) >= len;
}

static inline uint8_t nl_u8(const struct nlattr *attr)
{
	return nl_has(attr, 1) ? mnl_attr_get_u8(attr) : 0;
}

static inline uint16_t nl_u16(const struct nlattr *attr)
{
	return nl_has(attr, 2) ? mnl_attr_get_u16(attr) : 0;
}

static inline uint32_t nl_u32(const struct nlattr *attr)
{
	return nl_has(attr, 4) ? mnl_attr_get_u32(attr) : 0;
}

static inline uint64_t nl_u64(const struct nlattr *attr)
{
	return nl_has(attr, 8) ? mnl_attr_get_u64(attr) : 0;
}

static inline const char *nl_str(const struct nlattr *attr)
{
	if (!attr || mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0)
		return "";
	return mnl_attr_get_str(attr);
}

static inline const uint8_t *nl_data(const struct nlattr *attr, size_t *len)
{
	*len = attr ? mnl_attr_get_payload_len(attr) : 0;
	return attr ? mnl_attr_get_payload(attr) : NULL;
}

static inline bool nl_in6(const struct nlattr *attr, struct in6_addr *addr)
{
	if (!nl_has(attr, sizeof(*addr)))
		return false;
	memcpy(addr, mnl_attr_get_payload(attr), sizeof(*addr));
	return true;
}

#endif /* HIP_NL_H */
