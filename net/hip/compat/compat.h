/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between the kernels which the module is built for.  What the
 * kernel at hand has was found out by probe.sh.  To be included last.
 */
#ifndef _HIP_COMPAT_H
#define _HIP_COMPAT_H

#include <linux/crypto.h>
#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>

#include "generated.h"

#ifdef HIP_HAVE_NET_GSO_H
#include <net/gso.h>
#endif

/* First argument of the completion function of a crypto request */
#ifdef HIP_HAVE_CRYPTO_COMPLETE_VOID
typedef void hip_crypto_completion_t;

static inline void *hip_crypto_completion_data(hip_crypto_completion_t *arg)
{
	return arg;
}
#else
typedef struct crypto_async_request hip_crypto_completion_t;

static inline void *hip_crypto_completion_data(hip_crypto_completion_t *arg)
{
	return arg->data;
}
#endif

/* Attributes of the request that a dump answers */
static inline struct nlattr **hip_genl_dump_attrs(struct netlink_callback *cb)
{
#ifdef HIP_HAVE_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

/* Transmit without the lock of the queue; before register_netdevice() */
static inline void hip_dev_set_lltx(struct net_device *dev)
{
#ifdef HIP_HAVE_NETDEV_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

/* Bound to its network namespace; before register_netdevice() */
static inline void hip_dev_set_netns_local(struct net_device *dev)
{
#if defined(HIP_HAVE_NETDEV_NETNS_IMMUTABLE)
	dev->netns_immutable = true;
#elif defined(HIP_HAVE_NETDEV_NETNS_LOCAL)
	dev->netns_local = true;
#else
	dev->features |= NETIF_F_NETNS_LOCAL;
#endif
}

/* A message of extack with arguments. Where extack has no room for one there is
 * one buffer for all; users hold RTNL, and it always ends in a NUL.
 */
#ifndef HIP_HAVE_NL_SET_ERR_MSG_FMT_MOD
#define NL_SET_ERR_MSG_FMT_MOD(extack, fmt, args...) do {		\
	static char __msg[128];						\
	struct netlink_ext_ack *__extack = (extack);			\
									\
	ASSERT_RTNL();							\
	snprintf(__msg, sizeof(__msg) - 1, KBUILD_MODNAME ": " fmt, ##args); \
	if (__extack)							\
		__extack->_msg = __msg;					\
} while (0)
#endif

/* Define @name as the newlink function of struct rtnl_link_ops, which calls
 *
 *	int @impl(struct net *net, struct net_device *dev, struct nlattr *tb[],
 *		  struct nlattr *data[], struct netlink_ext_ack *extack)
 *
 * where @net is the namespace in which the link's lower side lives.
 */
#ifdef HIP_HAVE_NEWLINK_PARAMS
#define HIP_DEFINE_NEWLINK(name, impl)					\
static int name(struct net_device *dev,					\
		struct rtnl_newlink_params *params,			\
		struct netlink_ext_ack *extack)				\
{									\
	return impl(rtnl_newlink_link_net(params), dev, params->tb,	\
		    params->data, extack);				\
}
#else
#define HIP_DEFINE_NEWLINK(name, impl)					\
static int name(struct net *net, struct net_device *dev,		\
		struct nlattr *tb[], struct nlattr *data[],		\
		struct netlink_ext_ack *extack)				\
{									\
	return impl(net, dev, tb, data, extack);			\
}
#endif

#endif /* _HIP_COMPAT_H */
