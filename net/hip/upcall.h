/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to hipd: what needs public-key arithmetic or files.
 *
 * The kernel announces on the multicast group "upcall" that work is there;
 * a worker of hipd pulls one request (UPCALL_ACCEPT) and answers it once
 * (UPCALL_DONE). hipd keeps nothing between the two.
 */
#ifndef _HIP_UPCALL_H
#define _HIP_UPCALL_H

#include <linux/in6.h>
#include <linux/types.h>

struct genl_info;
struct hip_net;
struct hip_upcall_owner;

#define HIP_SIG_MAX		512	/* RSA-4096 */
#define HIP_HI_MAX		1032	/* HI field of RSA-8192 */
#define HIP_DH_PUBLIC_MAX	384	/* MODP-3072 */
#define HIP_DH_SECRET_MAX	384
#define HIP_NAME_MAX		64

/**
 * struct hip_dh_key - an ephemeral Diffie-Hellman key pair
 * @group: DH group, RFC 7401 5.2.7
 * @public_len: octets of @public
 * @private_len: octets of @private
 * @public: public value as it stands in DIFFIE_HELLMAN
 * @private: private key, opaque to the kernel; wipe after use
 */
struct hip_dh_key {
	u8 group;
	u16 public_len;
	u16 private_len;
	u8 public[HIP_DH_PUBLIC_MAX];
	u8 private[HIP_DH_SECRET_MAX];
};

int hip_upcall_net_init(struct hip_net *hn);
/* ends all requests, also those to come; then the workqueue can be drained */
void hip_upcall_net_stop(struct hip_net *hn);
void hip_upcall_net_exit(struct hip_net *hn);
int hip_upcall_init(void);
void hip_upcall_exit(void);

/* All of these sleep, until hipd answered or config.upcall_timeout is over.
 * A fatal signal ends the wait of a process (-EINTR); workers have none.
 * hip_upcall_cancel(@owner) ends the requests of @owner with -ECANCELED, also
 * those that come later.
 *
 * Errors in common: -ESRCH nobody listened for the whole time-out (or, for
 * hip_upcall_identity(), at its beginning), -ETIMEDOUT
 * hipd did not answer, -EAGAIN too many requests, -ECANCELED, -ENOMEM,
 * -EPROTO the answer did not fit, -ENOKEY the private key is not there,
 * -EKEYREJECTED signature or public value wrong, -EOPNOTSUPP algorithm,
 * -ENOENT not found (no solution in time), -EIO hipd failed otherwise.
 *
 * Lengths are results only: @sig must have room for HIP_SIG_MAX octets,
 * @secret for HIP_DH_SECRET_MAX, @hi for HIP_HI_MAX, @i and @j for the RHASH of
 * @hit_suite.
 */
int hip_upcall_sign(struct hip_net *hn, struct hip_upcall_owner *owner,
		    const struct in6_addr *hit, const void *data, size_t len,
		    u8 *sig, size_t *sig_len);
int hip_upcall_verify(struct hip_net *hn, struct hip_upcall_owner *owner,
		      u16 hi_alg, u8 hit_suite, const void *hi, size_t hi_len,
		      const void *data, size_t len, const void *sig,
		      size_t sig_len);
int hip_upcall_dh_generate(struct hip_net *hn, struct hip_upcall_owner *owner,
			   u8 group, struct hip_dh_key *key);
int hip_upcall_dh_derive(struct hip_net *hn, struct hip_upcall_owner *owner,
			 const struct hip_dh_key *key, const void *public,
			 size_t public_len, u8 *secret, size_t *secret_len);
int hip_upcall_puzzle(struct hip_net *hn, struct hip_upcall_owner *owner,
		      u8 hit_suite, u8 k, const u8 *i,
		      const struct in6_addr *hit_i,
		      const struct in6_addr *hit_r, unsigned int timeout_ms,
		      u8 *j);
int hip_upcall_identity(struct hip_net *hn, struct hip_upcall_owner *owner,
			const char *name, u16 *hi_alg, u8 *hi, size_t *hi_len);
void hip_upcall_cancel(struct hip_net *hn, struct hip_upcall_owner *owner);
bool hip_upcall_available(struct hip_net *hn);
/* requests that wait or are worked on, for STATS_GET */
unsigned int hip_upcall_count(struct hip_net *hn);

/* netlink.c calls these for UPCALL_ACCEPT (which has no work: -EAGAIN) and
 * UPCALL_DONE (-ENOENT: too late or never asked, -EPERM: accepted by another
 * socket, -EINVAL: does not fit the question). The family must have
 * .parallel_ops: a process may sleep in an upcall inside of IDENTITY_ADD.
 */
int hip_upcall_accept(struct hip_net *hn, struct genl_info *info);
int hip_upcall_done(struct hip_net *hn, struct genl_info *info);

#endif /* _HIP_UPCALL_H */
