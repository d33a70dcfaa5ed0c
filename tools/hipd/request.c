// SPDX-License-Identifier: GPL-2.0
/*
 * Answering one request of the kernel.
 *
 * Everything that is needed comes with the request, and nothing is kept, so
 * that another process may answer it just as well.
 */
#include "request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <linux/hip.h>

#include "dh.h"
#include "hi.h"
#include "keystore.h"
#include "log.h"
#include "nl.h"
#include "puzzle.h"
#include "sign.h"

static enum hip_upcall_status status_of(int err)
{
	switch (err) {
	case 0:
		return HIP_UPCALL_STATUS_OK;
	case -EOPNOTSUPP:
		return HIP_UPCALL_STATUS_UNSUPPORTED;
	case -ETIMEDOUT:
		return HIP_UPCALL_STATUS_NOT_FOUND;
	default:
		return HIP_UPCALL_STATUS_FAILED;
	}
}

static enum hip_upcall_status do_sign(const struct nlattr **tb,
				      struct nlmsghdr *reply)
{
	uint8_t sig[SIG_LEN_MAX];
	char text[INET6_ADDRSTRLEN];
	struct in6_addr hit;
	const uint8_t *data;
	size_t len, sig_len;
	EVP_PKEY *key;
	int err;

	data = nl_data(tb[HIP_A_DATA], &len);
	if (!nl_in6(tb[HIP_A_HIT], &hit) || !data)
		return HIP_UPCALL_STATUS_FAILED;
	key = keystore_find_hit(&hit);
	if (!key) {
		log_repeated("no private key for %s (identity %s)",
			     inet_ntop(AF_INET6, &hit, text, sizeof(text)),
			     nl_str(tb[HIP_A_NAME]));
		return HIP_UPCALL_STATUS_UNKNOWN_KEY;
	}
	err = sign_data(key, data, len, sig, &sig_len);
	EVP_PKEY_free(key);
	if (!err)
		mnl_attr_put(reply, HIP_A_SIGNATURE, sig_len, sig);
	return status_of(err);
}

static enum hip_upcall_status do_verify(const struct nlattr **tb)
{
	const uint8_t *data, *hi, *sig;
	size_t len, hi_len, sig_len;
	const uint16_t alg = nl_u16(tb[HIP_A_HI_ALGORITHM]);
	const char *why;
	EVP_PKEY *key;
	int err;

	data = nl_data(tb[HIP_A_DATA], &len);
	hi = nl_data(tb[HIP_A_HI], &hi_len);
	sig = nl_data(tb[HIP_A_SIGNATURE], &sig_len);
	if (!data || !hi || !sig)
		return HIP_UPCALL_STATUS_FAILED;
	/* the hash goes with the suite: one cannot be had with another's key */
	if (tb[HIP_A_HIT_SUITE] &&
	    nl_u8(tb[HIP_A_HIT_SUITE]) != hi_alg_suite(alg))
		return HIP_UPCALL_STATUS_UNSUPPORTED;

	err = hi_to_key(alg, hi, hi_len, &key, &why);
	if (err) {
		log_debug("peer's Host Identity: %s", why);
		/* a key that is none cannot have signed anything */
		return err == -EINVAL ? HIP_UPCALL_STATUS_BAD_SIGNATURE :
					status_of(err);
	}
	err = verify_data(key, data, len, sig, sig_len);
	EVP_PKEY_free(key);
	return err == -EKEYREJECTED ? HIP_UPCALL_STATUS_BAD_SIGNATURE :
				      status_of(err);
}

static enum hip_upcall_status do_dh_generate(const struct nlattr **tb,
					     struct nlmsghdr *reply)
{
	struct dh_value public, private;
	int err;

	err = dh_generate(nl_u8(tb[HIP_A_DH_GROUP]), &public, &private);
	if (!err) {
		mnl_attr_put(reply, HIP_A_DH_PUBLIC, public.len, public.data);
		mnl_attr_put(reply, HIP_A_DH_PRIVATE, private.len,
			     private.data);
	}
	OPENSSL_cleanse(&private, sizeof(private));
	return status_of(err);
}

static enum hip_upcall_status do_dh_derive(const struct nlattr **tb,
					   struct nlmsghdr *reply)
{
	const uint8_t *private, *peer;
	size_t private_len, peer_len;
	struct dh_value secret;
	int err;

	private = nl_data(tb[HIP_A_DH_PRIVATE], &private_len);
	peer = nl_data(tb[HIP_A_DH_PUBLIC], &peer_len);
	if (!private || !peer)
		return HIP_UPCALL_STATUS_FAILED;
	err = dh_derive(nl_u8(tb[HIP_A_DH_GROUP]), private, private_len, peer,
			peer_len, &secret);
	if (!err)
		mnl_attr_put(reply, HIP_A_DH_SECRET, secret.len, secret.data);
	OPENSSL_cleanse(&secret, sizeof(secret));
	return err == -EKEYREJECTED ? HIP_UPCALL_STATUS_BAD_PUBLIC_VALUE :
				      status_of(err);
}

static enum hip_upcall_status do_puzzle(const struct nlattr **tb,
					struct nlmsghdr *reply,
					const atomic_bool *stop)
{
	uint8_t j[RHASH_LEN_MAX];
	struct puzzle puzzle;
	const uint8_t *i;
	size_t i_len;
	int err;

	puzzle.suite = nl_u8(tb[HIP_A_HIT_SUITE]);
	puzzle.k = nl_u8(tb[HIP_A_PUZZLE_K]);
	i = nl_data(tb[HIP_A_PUZZLE_I], &i_len);
	if (!rhash_len(puzzle.suite))
		return HIP_UPCALL_STATUS_UNSUPPORTED;
	if (!i || i_len != rhash_len(puzzle.suite) ||
	    !nl_in6(tb[HIP_A_INITIATOR_HIT], &puzzle.hit_i) ||
	    !nl_in6(tb[HIP_A_RESPONDER_HIT], &puzzle.hit_r))
		return HIP_UPCALL_STATUS_FAILED;
	memcpy(puzzle.i, i, i_len);

	err = puzzle_solve(&puzzle, nl_u32(tb[HIP_A_TIMEOUT_MS]), stop, j);
	if (!err)
		mnl_attr_put(reply, HIP_A_PUZZLE_J, i_len, j);
	return status_of(err);
}

static enum hip_upcall_status do_identity(const struct nlattr **tb,
					  struct nlmsghdr *reply)
{
	const char *name = nl_str(tb[HIP_A_NAME]);
	struct hi hi;

	if (!keystore_find_name(name, &hi)) {
		log_repeated("no private key named %s", name);
		return HIP_UPCALL_STATUS_UNKNOWN_KEY;
	}
	mnl_attr_put_u16(reply, HIP_A_HI_ALGORITHM, hi.alg);
	mnl_attr_put(reply, HIP_A_HI, hi.len, hi.data);
	return HIP_UPCALL_STATUS_OK;
}

/**
 * request_id() - the number of a request
 * @request: answer to HIP_CMD_UPCALL_ACCEPT
 */
uint64_t request_id(const struct nlmsghdr *request)
{
	const struct nlattr *tb[HIP_A_MAX + 1];

	nl_parse(request, tb, HIP_A_MAX);
	return nl_u64(tb[HIP_A_UPCALL_ID]);
}

/**
 * request_answer() - do what the kernel wants
 * @request: answer to HIP_CMD_UPCALL_ACCEPT
 * @reply: HIP_CMD_UPCALL_DONE, to which the answer is added; has room for it
 * @stop: becomes true when hipd is to end
 *
 * Any thread.  @request and @reply may hold secrets: the caller wipes them.
 */
void request_answer(const struct nlmsghdr *request, struct nlmsghdr *reply,
		    const atomic_bool *stop)
{
	const struct nlattr *tb[HIP_A_MAX + 1];
	enum hip_upcall_status status;
	uint8_t type;

	nl_parse(request, tb, HIP_A_MAX);
	type = nl_u8(tb[HIP_A_UPCALL_TYPE]);
	mnl_attr_put_u64(reply, HIP_A_UPCALL_ID, nl_u64(tb[HIP_A_UPCALL_ID]));

	switch (type) {
	case HIP_UPCALL_SIGN:
		status = do_sign(tb, reply);
		break;
	case HIP_UPCALL_VERIFY:
		status = do_verify(tb);
		break;
	case HIP_UPCALL_DH_GENERATE:
		status = do_dh_generate(tb, reply);
		break;
	case HIP_UPCALL_DH_DERIVE:
		status = do_dh_derive(tb, reply);
		break;
	case HIP_UPCALL_PUZZLE:
		status = do_puzzle(tb, reply, stop);
		break;
	case HIP_UPCALL_IDENTITY:
		status = do_identity(tb, reply);
		break;
	default:
		/* a newer kernel */
		status = HIP_UPCALL_STATUS_UNSUPPORTED;
		break;
	}
	mnl_attr_put_u8(reply, HIP_A_UPCALL_STATUS, (uint8_t)status);
	log_debug("request %llu: type %u, status %u",
		  (unsigned long long)nl_u64(tb[HIP_A_UPCALL_ID]), type,
		  (unsigned int)status);
}
