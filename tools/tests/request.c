// SPDX-License-Identifier: GPL-2.0
/*
 * Requests of the kernel, good and bad.
 */
#include "request.h"

#include <arpa/inet.h>
#include <errno.h>

#include <openssl/evp.h>

#include <linux/hip.h>

#include "hi.h"
#include "nl.h"
#include "puzzle.h"
#include "test.h"

static char request_buf[NL_BUF_LEN], reply_buf[NL_BUF_LEN];
static const struct nlattr *answer[HIP_A_MAX + 1];
static atomic_bool stop;	/* never set */

static struct nlmsghdr *begin_msg(char *buf, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh,
							     sizeof(*genl));

	genl->cmd = cmd;
	return nlh;
}

static struct nlmsghdr *begin(uint8_t type)
{
	struct nlmsghdr *nlh = begin_msg(request_buf, HIP_CMD_UPCALL_ACCEPT);

	mnl_attr_put_u64(nlh, HIP_A_UPCALL_ID, 77);
	mnl_attr_put_u8(nlh, HIP_A_UPCALL_TYPE, type);
	mnl_attr_put_u32(nlh, HIP_A_TIMEOUT_MS, 20000);
	return nlh;
}

/* Return: status of the answer, which is in @answer */
static int ask(const struct nlmsghdr *request)
{
	struct nlmsghdr *reply = begin_msg(reply_buf, HIP_CMD_UPCALL_DONE);

	request_answer(request, reply, &stop);
	nl_parse(reply, answer, HIP_A_MAX);
	if (nl_u64(answer[HIP_A_UPCALL_ID]) !=
	    request_id(request) || !answer[HIP_A_UPCALL_STATUS])
		return -1;
	return nl_u8(answer[HIP_A_UPCALL_STATUS]);
}

static void test_sign_verify(const char *name)
{
	uint8_t sig[512];
	struct in6_addr hit;
	struct nlmsghdr *nlh;
	const char *why;
	struct hi hi;
	size_t len;

	hi_from_key(test_key(name), &hi, &why);
	hit_from_hi(hi.suite, hi.data, hi.len, &hit);
	nlh = begin(HIP_UPCALL_SIGN);
	mnl_attr_put(nlh, HIP_A_HIT, sizeof(hit), &hit);
	mnl_attr_put_strz(nlh, HIP_A_NAME, "whatever");
	mnl_attr_put(nlh, HIP_A_DATA, 5, "hello");
	if (!check(ask(nlh) == HIP_UPCALL_STATUS_OK &&
		   answer[HIP_A_SIGNATURE], "%s: sign", name))
		return;
	len = mnl_attr_get_payload_len(answer[HIP_A_SIGNATURE]);
	memcpy(sig, mnl_attr_get_payload(answer[HIP_A_SIGNATURE]), len);

	nlh = begin(HIP_UPCALL_VERIFY);
	mnl_attr_put_u16(nlh, HIP_A_HI_ALGORITHM, hi.alg);
	mnl_attr_put_u8(nlh, HIP_A_HIT_SUITE, hi.suite);
	mnl_attr_put(nlh, HIP_A_HI, hi.len, hi.data);
	mnl_attr_put(nlh, HIP_A_SIGNATURE, len, sig);
	mnl_attr_put(nlh, HIP_A_DATA, 5, "hello");
	check(ask(nlh) == HIP_UPCALL_STATUS_OK, "%s: verify", name);
	nlh->nlmsg_len -= MNL_ALIGN(MNL_ATTR_HDRLEN + 5);
	mnl_attr_put(nlh, HIP_A_DATA, 5, "hallo");
	check(ask(nlh) == HIP_UPCALL_STATUS_BAD_SIGNATURE,
	      "%s: wrong signature", name);
	/* another suite would be another hash */
	nlh = begin(HIP_UPCALL_VERIFY);
	mnl_attr_put_u16(nlh, HIP_A_HI_ALGORITHM, hi.alg);
	mnl_attr_put_u8(nlh, HIP_A_HIT_SUITE, (uint8_t)(hi.suite % 3 + 1));
	mnl_attr_put(nlh, HIP_A_HI, hi.len, hi.data);
	mnl_attr_put(nlh, HIP_A_SIGNATURE, len, sig);
	mnl_attr_put(nlh, HIP_A_DATA, 5, "hello");
	check(ask(nlh) == HIP_UPCALL_STATUS_UNSUPPORTED,
	      "%s: suite that does not belong to it", name);
}

static void test_dh_requests(void)
{
	uint8_t pub[64], priv[32];
	struct nlmsghdr *nlh;

	nlh = begin(HIP_UPCALL_DH_GENERATE);
	mnl_attr_put_u8(nlh, HIP_A_DH_GROUP, 7);
	if (!check(ask(nlh) == HIP_UPCALL_STATUS_OK &&
		   nl_has(answer[HIP_A_DH_PUBLIC], 64) &&
		   nl_has(answer[HIP_A_DH_PRIVATE], 32), "DH key pair"))
		return;
	memcpy(pub, mnl_attr_get_payload(answer[HIP_A_DH_PUBLIC]), 64);
	memcpy(priv, mnl_attr_get_payload(answer[HIP_A_DH_PRIVATE]), 32);
	nlh = begin(HIP_UPCALL_DH_DERIVE);
	mnl_attr_put_u8(nlh, HIP_A_DH_GROUP, 7);
	mnl_attr_put(nlh, HIP_A_DH_PRIVATE, 32, priv);
	mnl_attr_put(nlh, HIP_A_DH_PUBLIC, 64, pub);
	check(ask(nlh) == HIP_UPCALL_STATUS_OK &&
	      nl_has(answer[HIP_A_DH_SECRET], 32), "DH secret");
	pub[5] ^= 1;
	nlh = begin(HIP_UPCALL_DH_DERIVE);
	mnl_attr_put_u8(nlh, HIP_A_DH_GROUP, 7);
	mnl_attr_put(nlh, HIP_A_DH_PRIVATE, 32, priv);
	mnl_attr_put(nlh, HIP_A_DH_PUBLIC, 64, pub);
	check(ask(nlh) == HIP_UPCALL_STATUS_BAD_PUBLIC_VALUE,
	      "bad public value");
	nlh = begin(HIP_UPCALL_DH_GENERATE);
	mnl_attr_put_u8(nlh, HIP_A_DH_GROUP, 2);
	check(ask(nlh) == HIP_UPCALL_STATUS_UNSUPPORTED, "unsupported group");
}

static void test_puzzle_request(void)
{
	struct puzzle p = { .suite = 2, .k = 6 };
	struct nlmsghdr *nlh;

	inet_pton(AF_INET6, "2001:22::1", &p.hit_i);
	inet_pton(AF_INET6, "2001:22::2", &p.hit_r);
	nlh = begin(HIP_UPCALL_PUZZLE);
	mnl_attr_put_u8(nlh, HIP_A_HIT_SUITE, p.suite);
	mnl_attr_put_u8(nlh, HIP_A_PUZZLE_K, p.k);
	mnl_attr_put(nlh, HIP_A_PUZZLE_I, 48, p.i);
	mnl_attr_put(nlh, HIP_A_INITIATOR_HIT, 16, &p.hit_i);
	mnl_attr_put(nlh, HIP_A_RESPONDER_HIT, 16, &p.hit_r);
	check(ask(nlh) == HIP_UPCALL_STATUS_OK &&
	      nl_has(answer[HIP_A_PUZZLE_J], 48) &&
	      puzzle_check(&p, mnl_attr_get_payload(answer[HIP_A_PUZZLE_J])),
	      "puzzle");
	nlh = begin(HIP_UPCALL_PUZZLE);
	mnl_attr_put_u8(nlh, HIP_A_HIT_SUITE, p.suite);
	mnl_attr_put_u8(nlh, HIP_A_PUZZLE_K, p.k);
	mnl_attr_put(nlh, HIP_A_PUZZLE_I, 32, p.i);
	mnl_attr_put(nlh, HIP_A_INITIATOR_HIT, 16, &p.hit_i);
	mnl_attr_put(nlh, HIP_A_RESPONDER_HIT, 16, &p.hit_r);
	check(ask(nlh) == HIP_UPCALL_STATUS_FAILED, "puzzle of a wrong length");
}

/* Nothing that the kernel would send, but nothing must come of it either */
static void test_nonsense(void)
{
	unsigned int seed = 1, round, i;
	bool answered = true;

	for (round = 0; round < 3000; round++) {
		struct nlmsghdr *nlh = begin((uint8_t)(round % 9));
		unsigned int n = (unsigned int)rand_r(&seed) % 12;
		/* a copy of just its length, so that overruns are noticed */
		void *copy;

		for (i = 0; i < n; i++) {
			uint8_t junk[600];
			size_t len = (size_t)rand_r(&seed) % sizeof(junk);

			memset(junk, rand_r(&seed), sizeof(junk));
			/* no long search for a solution */
			mnl_attr_put(nlh, (uint16_t)((unsigned int)
						     rand_r(&seed) %
						     (HIP_A_MAX + 3)),
				     len, junk);
			mnl_attr_put_u32(nlh, HIP_A_TIMEOUT_MS, 1);
		}
		copy = malloc(nlh->nlmsg_len);
		memcpy(copy, nlh, nlh->nlmsg_len);
		answered &= ask(copy) >= 0;
		free(copy);
	}
	check(answered, "nonsense gets an answer, and does no harm");
}

void test_request(void)
{
	struct in6_addr hit;
	struct nlmsghdr *nlh;

	test_sign_verify("rsa2048");
	test_sign_verify("p384");
	test_sign_verify("secp160r1");
	test_sign_verify("dsa");
	test_dh_requests();
	test_puzzle_request();

	inet_pton(AF_INET6, "2001:22::dead", &hit);
	nlh = begin(HIP_UPCALL_SIGN);
	mnl_attr_put(nlh, HIP_A_HIT, sizeof(hit), &hit);
	mnl_attr_put(nlh, HIP_A_DATA, 5, "hello");
	check(ask(nlh) == HIP_UPCALL_STATUS_UNKNOWN_KEY,
	      "sign with a key that is not there");
	nlh = begin(HIP_UPCALL_IDENTITY);
	mnl_attr_put_strz(nlh, HIP_A_NAME, "../../etc/shadow");
	check(ask(nlh) == HIP_UPCALL_STATUS_UNKNOWN_KEY,
	      "a name that is none");
	check(ask(begin(200)) == HIP_UPCALL_STATUS_UNSUPPORTED,
	      "a request of tomorrow");
	test_nonsense();
}
