// SPDX-License-Identifier: GPL-2.0
/*
 * How does a socket's packet reach us, and ours a socket?
 */
#include <linux/ethtool.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/dst_metadata.h>
#include <net/gro_cells.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/rtnetlink.h>

#include "assoc.h"
#include "device.h"
#include "esp.h"
#include "hit.h"
#include "identity.h"
#include "net.h"
#include "sa.h"
#include "compat/compat.h"

#define HIP_DEVICE_KIND		"hip"

/* Devices that send by calling each other, as do tunnels within HIP which the way to
 * a locator leads through: the kernel's own limit is for smaller ones.
 */
#define HIP_DEVICE_NESTING	4

/* What the worst suite adds, and what IPv6 outside adds to the header that BEET
 * takes away; hip_device_mtu() does the sums.
 */
static const struct hip_beet_size hip_device_worst = {
	.hdr_len = HIP_ESP_HDR_MAX,
	.icv_len = HIP_ESP_ICV_MAX,
	.block = HIP_ESP_BLOCK_MAX,
};

#define HIP_DEVICE_FEATURES						\
	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | NETIF_F_HW_CSUM | \
	 NETIF_F_RXCSUM | NETIF_F_GSO | NETIF_F_GSO_SOFTWARE)

/**
 * struct hip_device - private part of hip0
 * @gro_cells: merges received segments, per CPU
 */
struct hip_device {
	struct gro_cells gro_cells;
};

/* Is netif_receive_skb() of hip_device_receive() running here? BH are disabled */
static DEFINE_PER_CPU(bool, hip_device_receiving);

static unsigned int hip_device_mtu(unsigned int outer_mtu)
{
	return hip_beet_inner_mtu(outer_mtu, sizeof(struct ipv6hdr),
				  &hip_device_worst);
}

/* The kernel's own ICMPv6 socket sends under a lock of its CPU, which to answer
 * it would take again; and nobody reads the answer.
 */
static bool hip_device_from_icmp(const struct sk_buff *skb)
{
	const struct sock *sk = skb->sk;

	return sk && sk_fullsock(sk) && sk->sk_kern_sock &&
	       sk->sk_protocol == IPPROTO_ICMPV6;
}

/**
 * hip_device_icmp() - answer a packet that can't be sent on
 * @hn: namespace
 * @skb: inner packet, starting at its IPv6 header; not consumed
 * @type: ICMPv6 type
 * @code: ICMPv6 code
 * @info: MTU of a Packet Too Big, host byte order
 *
 * Context: Any but hard interrupts.
 */
void hip_device_icmp(struct hip_net *hn, struct sk_buff *skb, u8 type, u8 code,
		     u32 info)
{
	struct net_device *dev;

	rcu_read_lock();
	dev = rcu_dereference(hn->dev);
	if (dev) {
		/* It may have waited while hip0 was replaced */
		skb->dev = dev;
		if (!hip_device_from_icmp(skb))
			icmpv6_ndo_send(skb, type, code, info);
		DEV_STATS_INC(dev, tx_errors);
	}
	rcu_read_unlock();
}

/**
 * hip_device_reject() - tell the sender of a packet why it can't be delivered
 * @hn: namespace
 * @skb: inner packet, starting at its IPv6 header; freed
 * @code: code of ICMPv6 Destination Unreachable
 *
 * A socket that is locked while it sends only takes note of an ICMP error, so
 * what should make connect() fail must be rejected from a worker.
 *
 * Context: Any but hard interrupts.
 */
void hip_device_reject(struct hip_net *hn, struct sk_buff *skb, u8 code)
{
	hip_device_icmp(hn, skb, ICMPV6_DEST_UNREACH, code, 0);
	kfree_skb(skb);
}

/**
 * hip_device_receive() - give a packet to the stack
 * @dev: hip0
 * @skb: inner packet, starting at its IPv6 header, scrubbed; consumed
 *
 * Context: RCU, BH disabled.
 */
void hip_device_receive(struct net_device *dev, struct sk_buff *skb)
{
	struct hip_device *hdev = netdev_priv(dev);

	skb->dev = dev;
	dev_sw_netstats_rx_add(dev, skb->len);

	/* Only TCP gains from being merged. The rest goes on here and now: the
	 * cipher's frames are off the stack. What comes out of that again, in spite
	 * of hip_esp_is_nested(), has to wait.
	 */
	if (ipv6_hdr(skb)->nexthdr == IPPROTO_TCP) {
		gro_cells_receive(&hdev->gro_cells, skb);
	} else if (likely(!__this_cpu_read(hip_device_receiving))) {
		__this_cpu_write(hip_device_receiving, true);
		netif_receive_skb(skb);
		__this_cpu_write(hip_device_receiving, false);
	} else {
		netif_rx(skb);
	}
}

/* What the stack sends on any device, and what no peer wants to see */
static bool hip_device_is_noise(const struct ipv6hdr *ip6h)
{
	return ipv6_addr_is_multicast(&ip6h->daddr) ||
	       ipv6_addr_any(&ip6h->saddr) ||
	       ipv6_addr_type(&ip6h->saddr) & IPV6_ADDR_LINKLOCAL ||
	       ipv6_addr_type(&ip6h->daddr) & IPV6_ADDR_LINKLOCAL;
}

/* Consumes @skb, for which @assoc, if there is one, has no SA */
static void hip_device_xmit_pending(struct hip_net *hn, struct sk_buff *skb,
				    struct hip_assoc *assoc)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct hip_assoc *found;
	bool taken;

	/* It leaves the RCU section of the sender */
	skb_dst_force(skb);
	if (assoc && hip_assoc_output_pending(assoc, skb))
		return;

	if (!hip_identity_lookup(hn, &ip6h->saddr)) {
		HIP_INC_STATS(hn, OUT_NO_IDENTITY);
		hip_device_reject(hn, skb, ICMPV6_POLICY_FAIL);
		return;
	}

	/* Once more only if that one has come and gone meanwhile */
	do {
		found = hip_assoc_find_or_create(hn, &ip6h->saddr, &ip6h->daddr,
						 GFP_ATOMIC);
		if (IS_ERR_OR_NULL(found)) {
			if (PTR_ERR(found) == -ENOMEM)
				HIP_INC_STATS(hn, OUT_NOMEM);
			else
				HIP_INC_STATS(hn, OUT_ASSOC_LIMIT);
			hip_device_reject(hn, skb, ICMPV6_ADDR_UNREACH);
			return;
		}
		taken = hip_assoc_output_pending(found, skb);
		hip_assoc_put(found);
	} while (!taken);
}

/**
 * hip_device_resend() - find another association for a packet
 * @hn: namespace
 * @skb: inner packet, starting at its IPv6 header, whose association has ended
 *	before it was sent; consumed
 *
 * Process context.
 */
void hip_device_resend(struct hip_net *hn, struct sk_buff *skb)
{
	local_bh_disable();
	rcu_read_lock();
	hip_device_xmit_pending(hn, skb, NULL);
	rcu_read_unlock();
	local_bh_enable();
}

static netdev_tx_t hip_device_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct hip_net *hn = hip_pernet(dev_net(dev));
	const struct ipv6hdr *ip6h;
	struct hip_assoc *assoc;
	struct hip_sa *sa;

	/* Without an ICMP error, which would go deeper */
	if (unlikely(dev_recursion_level() > HIP_DEVICE_NESTING)) {
		HIP_INC_STATS(hn, OUT_LOOP);
		goto drop;
	}

	if (unlikely(skb->protocol != htons(ETH_P_IPV6) ||
		     !pskb_inet_may_pull(skb))) {
		HIP_INC_STATS(hn, OUT_NOT_HIT);
		goto drop;
	}

	ip6h = ipv6_hdr(skb);
	if (unlikely(!hip_is_hit(&ip6h->daddr) || !hip_is_hit(&ip6h->saddr))) {
		if (hip_device_is_noise(ip6h)) {
			consume_skb(skb);
			return NETDEV_TX_OK;
		}
		HIP_INC_STATS(hn, OUT_NOT_HIT);
		hip_device_reject(hn, skb, ICMPV6_ADDR_UNREACH);
		return NETDEV_TX_OK;
	}

	rcu_read_lock();
	assoc = hip_assoc_lookup(hn, &ip6h->saddr, &ip6h->daddr);
	sa = assoc ? rcu_dereference(assoc->sa_out) : NULL;
	if (likely(sa))
		hip_esp_output(sa, skb);
	else
		hip_device_xmit_pending(hn, skb, assoc);
	rcu_read_unlock();
	return NETDEV_TX_OK;

drop:
	DEV_STATS_INC(dev, tx_dropped);
	kfree_skb(skb);
	return NETDEV_TX_OK;
}

static int hip_device_open(struct net_device *dev)
{
	struct inet6_dev *idev = __in6_dev_get(dev);

	/* No link-local address: its packets would go nowhere */
	if (idev)
		WRITE_ONCE(idev->cnf.addr_gen_mode, IN6_ADDR_GEN_MODE_NONE);
	return 0;
}

static int hip_device_ndo_init(struct net_device *dev)
{
	struct hip_device *hdev = netdev_priv(dev);
	int err;

	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	if (!dev->tstats)
		return -ENOMEM;

	err = gro_cells_init(&hdev->gro_cells, dev);
	if (err) {
		free_percpu(dev->tstats);
		dev->tstats = NULL;
	}
	return err;
}

static void hip_device_ndo_uninit(struct net_device *dev)
{
	struct hip_net *hn = hip_pernet(dev_net(dev));
	struct hip_device *hdev = netdev_priv(dev);

	/* A grace period follows before @dev is freed */
	if (rtnl_dereference(hn->dev) == dev)
		RCU_INIT_POINTER(hn->dev, NULL);
	gro_cells_destroy(&hdev->gro_cells);
}

static void hip_device_free(struct net_device *dev)
{
	free_percpu(dev->tstats);
	dev->tstats = NULL;
}

static const struct net_device_ops hip_device_ops = {
	.ndo_init		= hip_device_ndo_init,
	.ndo_uninit		= hip_device_ndo_uninit,
	.ndo_open		= hip_device_open,
	.ndo_start_xmit		= hip_device_xmit,
	.ndo_get_stats64	= dev_get_tstats64,
};

static void hip_device_get_drvinfo(struct net_device *dev,
				   struct ethtool_drvinfo *info)
{
	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->bus_info, HIP_DEVICE_KIND, sizeof(info->bus_info));
}

static const struct ethtool_ops hip_device_ethtool_ops = {
	.get_drvinfo	= hip_device_get_drvinfo,
	.get_link	= ethtool_op_get_link,
};

static const struct device_type hip_device_type = { .name = HIP_DEVICE_KIND };

static void hip_device_setup(struct net_device *dev)
{
	dev->netdev_ops = &hip_device_ops;
	dev->ethtool_ops = &hip_device_ethtool_ops;
	dev->header_ops = &ip_tunnel_header_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = hip_device_free;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->hard_header_len = 0;
	dev->addr_len = 0;
	dev->needed_headroom = LL_MAX_HEADER + HIP_ESP_HDR_MAX;
	dev->needed_tailroom = HIP_ESP_TRAILER_MAX;
	dev->mtu = hip_device_mtu(ETH_DATA_LEN);
	dev->min_mtu = IPV6_MIN_MTU;
	dev->max_mtu = hip_device_mtu(U16_MAX);
	dev->features |= HIP_DEVICE_FEATURES;
	dev->hw_features |= HIP_DEVICE_FEATURES;
	hip_dev_set_lltx(dev);
	/* It belongs to the namespace's identities and associations */
	hip_dev_set_netns_local(dev);
	/* ICMP errors need the route of the packet */
	netif_keep_dst(dev);
	SET_NETDEV_DEVTYPE(dev, &hip_device_type);
}

static int hip_device_newlink(struct net *src_net, struct net_device *dev,
			      struct nlattr *tb[], struct nlattr *data[],
			      struct netlink_ext_ack *extack)
{
	struct hip_net *hn = hip_pernet(dev_net(dev));
	struct net_device *old = rtnl_dereference(hn->dev);
	int err;

	if (old) {
		NL_SET_ERR_MSG_FMT_MOD(extack,
				       "this network namespace already has a hip device: %s",
				       old->name);
		return -EEXIST;
	}

	err = register_netdevice(dev);
	if (err)
		return err;

	rcu_assign_pointer(hn->dev, dev);
	return 0;
}

HIP_DEFINE_NEWLINK(hip_device_do_newlink, hip_device_newlink)

static void hip_device_dellink(struct net_device *dev, struct list_head *head)
{
	unregister_netdevice_queue(dev, head);
}

static struct rtnl_link_ops hip_device_link_ops __read_mostly = {
	.kind		= HIP_DEVICE_KIND,
	.priv_size	= sizeof(struct hip_device),
	.setup		= hip_device_setup,
	.newlink	= hip_device_do_newlink,
	.dellink	= hip_device_dellink,
};

/**
 * hip_device_init() - make "ip link add type hip" work
 *
 * Context: Process; takes RTNL.
 * Return: 0 or a negative errno.
 */
int hip_device_init(void)
{
	return rtnl_link_register(&hip_device_link_ops);
}

/**
 * hip_device_exit() - undo hip_device_init(), and delete every hip device
 *
 * Context: Process; takes RTNL.
 */
void hip_device_exit(void)
{
	rtnl_link_unregister(&hip_device_link_ops);
}

MODULE_ALIAS_RTNL_LINK(HIP_DEVICE_KIND);
