// SPDX-License-Identifier: GPL-2.0
/*
 * The device hip0 and the HITs on it.  Everything here could be done with
 * ip(8) as well, and the messages say how.
 */
#include <errno.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "hi.h"
#include "hiptool.h"

#define LINK_NAME	"hip0"
#define LINK_KIND	"hip"
#define HIT_PREFIX_LEN	28	/* 2001:20::/28 is on the device */
#define LIFETIME_FOREVER	UINT32_MAX

static struct nl rtnl;
static unsigned int link_index;

static int rtnl_open(void)
{
	int err;

	if (rtnl.sock)
		return EXIT_OK;
	err = nl_open(&rtnl, NETLINK_ROUTE);
	if (err)
		return fail("cannot talk to the kernel: %s", strerror(-err));
	return EXIT_OK;
}

static int rtnl_error(int err, const char *what, const char *remedy)
{
	if (!err)
		return EXIT_OK;
	fprintf(stderr, "Error: %s: %s\n", what,
		rtnl.msg[0] ? rtnl.msg :
		err == -EPERM ? "CAP_NET_ADMIN is needed: be root" :
				strerror(-err));
	if (remedy && err != -EPERM)
		fprintf(stderr, "By hand: %s\n", remedy);
	return EXIT_KERNEL;
}

struct link {
	bool ours;
	bool up;
};

static int link_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *tb[IFLA_INFO_KIND + 1];
	struct link *link = data;

	link_index = (unsigned int)ifi->ifi_index;
	link->up = ifi->ifi_flags & IFF_UP;
	mnl_attr_for_each(attr, nlh, sizeof(*ifi)) {
		if (mnl_attr_get_type(attr) != IFLA_LINKINFO)
			continue;
		nl_parse_nested(attr, tb, IFLA_INFO_KIND);
		link->ours = !strcmp(nl_str(tb[IFLA_INFO_KIND]), LINK_KIND);
	}
	return 0;
}

static int link_find(struct link *link)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	struct nlmsghdr *nlh;

	memset(link, 0, sizeof(*link));
	nlh = nl_rt_request(&rtnl, RTM_GETLINK, 0, &ifi, sizeof(ifi));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, LINK_NAME);
	return nl_do(&rtnl, nlh, link_cb, link);
}

static int link_create(void)
{
	struct ifinfomsg ifi = {
		.ifi_family = AF_UNSPEC,
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};
	struct nlmsghdr *nlh;
	struct nlattr *info;

	nlh = nl_rt_request(&rtnl, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
			    &ifi, sizeof(ifi));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, LINK_NAME);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, LINK_KIND);
	mnl_attr_nest_end(nlh, info);
	return nl_do(&rtnl, nlh, NULL, NULL);
}

static int link_up(void)
{
	struct ifinfomsg ifi = {
		.ifi_family = AF_UNSPEC,
		.ifi_index = (int)link_index,
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};

	return nl_do(&rtnl, nl_rt_request(&rtnl, RTM_NEWLINK, 0, &ifi,
					  sizeof(ifi)), NULL, NULL);
}

/**
 * link_prepare() - see to it that hip0 exists and is up
 *
 * Return: an exit status; the error has been shown.
 */
int link_prepare(void)
{
	struct link link;
	int err;

	if (rtnl_open())
		return EXIT_LOCAL;
	err = link_find(&link);
	if (err == -ENODEV) {
		err = link_create();
		/* somebody else was quicker: all the better */
		if (err && err != -EEXIST)
			return rtnl_error(err, "creating " LINK_NAME,
					  "ip link add " LINK_NAME " type "
					  LINK_KIND);
		err = link_find(&link);
	}
	if (err)
		return rtnl_error(err, "looking for " LINK_NAME, NULL);
	if (!link.ours) {
		fail(LINK_NAME " is there, but not of type " LINK_KIND
		     ": rename it: ip link set " LINK_NAME " name OTHER");
		return EXIT_LOCAL;
	}
	if (link.up)
		return EXIT_OK;
	return rtnl_error(link_up(), "bringing " LINK_NAME " up",
			  "ip link set " LINK_NAME " up");
}

/* Sockets that are bound to no address get one that is preferred; the others
 * have to be asked for by bind() (RFC 6724, section 5, rule 3).
 */
static int change_address(uint16_t type, uint16_t flags,
			  const struct in6_addr *hit, bool preferred)
{
	struct ifa_cacheinfo lifetimes = {
		.ifa_prefered = preferred ? LIFETIME_FOREVER : 0,
		.ifa_valid = LIFETIME_FOREVER,
	};
	struct ifaddrmsg ifa = {
		.ifa_family = AF_INET6,
		.ifa_prefixlen = HIT_PREFIX_LEN,
		.ifa_index = link_index,
	};
	struct nlmsghdr *nlh;

	nlh = nl_rt_request(&rtnl, type, flags, &ifa, sizeof(ifa));
	mnl_attr_put(nlh, IFA_LOCAL, sizeof(*hit), hit);
	mnl_attr_put(nlh, IFA_ADDRESS, sizeof(*hit), hit);
	/* A HIT is unique by what it is made of: nobody needs to be asked. */
	if (type == RTM_NEWADDR) {
		mnl_attr_put_u32(nlh, IFA_FLAGS, IFA_F_NODAD);
		mnl_attr_put(nlh, IFA_CACHEINFO, sizeof(lifetimes), &lifetimes);
	}
	return nl_do(&rtnl, nlh, NULL, NULL);
}

/**
 * link_set_address() - make a HIT an address of this host
 * @hit: HIT, which may be one already
 * @preferred: sockets that are bound to no address use it
 *
 * After link_prepare().
 *
 * Return: an exit status; the error has been shown.
 */
int link_set_address(const struct in6_addr *hit, bool preferred)
{
	char text[INET6_ADDRSTRLEN], remedy[128];
	int err;

	err = change_address(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, hit,
			     preferred);
	snprintf(remedy, sizeof(remedy), "ip address replace %s/%d dev "
		 LINK_NAME " nodad%s", hit_text(hit, text), HIT_PREFIX_LEN,
		 preferred ? "" : " preferred_lft 0");
	if (err == -EACCES && !rtnl.msg[0])
		snprintf(rtnl.msg, sizeof(rtnl.msg),
			 "IPv6 is disabled: sysctl net.ipv6.conf." LINK_NAME
			 ".disable_ipv6=0");
	return rtnl_error(err, "adding the HIT to " LINK_NAME, remedy);
}

static int preferred_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *tb[IFA_FLAGS + 1] = { NULL };
	struct addresses *list = data;

	if (ifa->ifa_family != AF_INET6 || ifa->ifa_index != link_index ||
	    list->n == LINK_PREFERRED_MAX)
		return 0;
	mnl_attr_for_each(attr, nlh, sizeof(*ifa))
		if (mnl_attr_get_type(attr) <= IFA_FLAGS)
			tb[mnl_attr_get_type(attr)] = attr;
	if (!(nl_u32(tb[IFA_FLAGS]) & IFA_F_DEPRECATED) &&
	    nl_in6(tb[IFA_ADDRESS], &list->addr[list->n]) &&
	    hit_is_valid(&list->addr[list->n]))
		list->n++;
	return 0;
}

/**
 * link_preferred() - which HITs do sockets use that are bound to no address?
 * @list: set; usually to one
 *
 * Return: an exit status; the error has been shown.  No HITs if there is no
 * device.
 */
int link_preferred(struct addresses *list)
{
	struct ifaddrmsg ifa = { .ifa_family = AF_INET6 };
	struct link link;
	int err;

	list->n = 0;
	if (rtnl_open())
		return EXIT_LOCAL;
	err = link_find(&link);
	if (err == -ENODEV || (!err && !link.ours))
		return EXIT_OK;
	if (!err)
		err = nl_dump(&rtnl, nl_rt_request(&rtnl, RTM_GETADDR, 0, &ifa,
						   sizeof(ifa)),
			      preferred_cb, list);
	return rtnl_error(err, "looking for the HITs on " LINK_NAME, NULL);
}

/**
 * link_del_address() - the opposite of link_set_address()
 * @hit: HIT; no error when it is not there
 *
 * Return: an exit status; the error has been shown.
 */
int link_del_address(const struct in6_addr *hit)
{
	char text[INET6_ADDRSTRLEN], remedy[128];
	struct link link;
	int err;

	if (rtnl_open())
		return EXIT_LOCAL;
	err = link_find(&link);
	if (err == -ENODEV || (!err && !link.ours))
		return EXIT_OK;
	if (!err)
		err = change_address(RTM_DELADDR, 0, hit, false);
	if (err == -EADDRNOTAVAIL)
		return EXIT_OK;
	snprintf(remedy, sizeof(remedy), "ip address del %s/%d dev " LINK_NAME,
		 hit_text(hit, text), HIT_PREFIX_LEN);
	return rtnl_error(err, "removing the HIT from " LINK_NAME, remedy);
}
