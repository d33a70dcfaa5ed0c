/* SPDX-License-Identifier: GPL-2.0 */
/*
 * HIP control packets: how they arrive and how they leave.
 */
#ifndef _HIP_CTRL_H
#define _HIP_CTRL_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/types.h>

#include "wire.h"

struct hip_assoc;
struct hip_net;
struct hip_ratelimit;
struct sk_buff;

/**
 * struct hip_ctrl_packet - a received packet on its way to a worker
 * @list: in hip_assoc::ctrl_queue
 * @src: outer source, IPv4-mapped for IPv4
 * @dst: outer destination
 * @msg: the parsed packet; points into @data
 * @type: its type, also before @msg is parsed
 * @len: octets of @data, at least what the HIP header says
 * @data: the HIP packet
 */
struct hip_ctrl_packet {
	struct list_head list;
	struct in6_addr src;
	struct in6_addr dst;
	struct hip_msg msg;
	u8 type;
	u16 len;
	u8 data[] __aligned(8);
};

int hip_ctrl_net_init(struct hip_net *hn);
void hip_ctrl_net_exit(struct hip_net *hn);
int hip_ctrl_init(void);
void hip_ctrl_exit(void);

/* Puts @pkt on @assoc->ctrl_queue and queues @assoc->ctrl_work with a reference
 * to @assoc that the work function puts at its end; consumes @pkt always.
 * 0, -ENOBUFS (too many wait) or -ESHUTDOWN (the association is dead).
 */
int hip_ctrl_queue(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt);
/* The worker (and whoever purges ctrl_queue) ends each packet with this */
void hip_ctrl_packet_free(struct hip_net *hn, struct hip_ctrl_packet *pkt);
void hip_ctrl_count_no_assoc(struct hip_net *hn, int err);

/* Runs on hip_net::wq for each packet, with assoc->mutex held: bex.c, close.c,
 * notify.c
 */
void hip_bex_rx_r1(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt);
void hip_bex_rx_i2(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt);
void hip_bex_rx_r2(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt);
void hip_close_rx(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt);
void hip_close_ack_rx(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt);
void hip_notify_rx(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt);

/* With assoc->mutex held, process context */
void hip_bex_start(struct hip_assoc *assoc);
void hip_bex_timeout(struct hip_assoc *assoc);
void hip_bex_busy(struct hip_assoc *assoc);
void hip_bex_established(struct hip_assoc *assoc);
int hip_close_start(struct hip_assoc *assoc);
void hip_close_timeout(struct hip_assoc *assoc);
void hip_notify_tx(struct hip_assoc *assoc, const struct in6_addr *src,
		   const struct in6_addr *dst, u16 type, const void *data,
		   size_t len);

int hip_ctrl_send(struct hip_net *hn, struct in6_addr *src,
		  const struct in6_addr *dst, const void *pkt, size_t len);
bool hip_ctrl_ratelimit(struct hip_net *hn, struct hip_ratelimit *rl, u32 rate);

/* Softirq, for received packets that start at their HIP header; rate limited */
void hip_ctrl_param_problem(struct hip_net *hn, struct sk_buff *skb,
			    unsigned int offset);
void hip_ctrl_prohibited(struct hip_net *hn, struct sk_buff *skb);

#endif /* _HIP_CTRL_H */
