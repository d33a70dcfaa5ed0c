// SPDX-License-Identifier: GPL-2.0
/*
 * How is one ESP packet encrypted and decrypted, once it lies in memory that
 * is ours?
 *
 * Source and destination are one piece of memory in every case: also where a
 * cipher that changes nothing could as well read from elsewhere, it would write
 * there what it has read.
 *
 * Requests come from a slot for each CPU, so that no packet costs an
 * allocation.  A request that completes later keeps the slot's memory, and
 * whoever completes it frees it.
 */
#include <linux/bottom_half.h>
#include <linux/err.h>
#include <linux/ip.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <crypto/authenc.h>

#include "esp_crypto.h"
#include "compat/compat.h"

/* Alignment that ciphers may want of the IV */
#define HIP_ESP_IV_ALIGN	64

/**
 * enum hip_esp_phase - who continues when an operation is over
 * @HIP_ESP_RUNNING: not known yet
 * @HIP_ESP_DETACHED: the completion, as the submitter has left
 * @HIP_ESP_COMPLETED: the submitter, as the operation was over before it left
 */
enum hip_esp_phase {
	HIP_ESP_RUNNING,
	HIP_ESP_DETACHED,
	HIP_ESP_COMPLETED,
};

/* A request that nobody uses on this CPU, or NULL; filled by the first packet */
static DEFINE_PER_CPU(struct hip_esp_req *, hip_esp_slot);

/**
 * hip_esp_crypto_exit() - free what is in the slots
 *
 * Context: Process, when no packet is on its way any more.
 */
void hip_esp_crypto_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		kfree_sensitive(per_cpu(hip_esp_slot, cpu));
		per_cpu(hip_esp_slot, cpu) = NULL;
	}
}

/* The key as authenc() wants it: lengths, authentication key, encryption key */
static int hip_esp_set_authenc_key(struct crypto_aead *aead,
				   const struct hip_esp_suite_info *info,
				   const u8 *enc_key, const u8 *auth_key)
{
	unsigned int len = RTA_SPACE(sizeof(struct crypto_authenc_key_param)) +
			   info->auth_key_len + info->enc_key_len;
	struct crypto_authenc_key_param *param;
	struct rtattr *rta;
	u8 *key;
	int err;

	key = kzalloc(len, GFP_KERNEL);
	if (!key)
		return -ENOMEM;

	rta = (struct rtattr *)key;
	rta->rta_type = CRYPTO_AUTHENC_KEYA_PARAM;
	rta->rta_len = RTA_LENGTH(sizeof(*param));
	param = RTA_DATA(rta);
	param->enckeylen = cpu_to_be32(info->enc_key_len);
	memcpy(key + RTA_SPACE(sizeof(*param)), auth_key, info->auth_key_len);
	if (info->enc_key_len)
		memcpy(key + RTA_SPACE(sizeof(*param)) + info->auth_key_len,
		       enc_key, info->enc_key_len);

	err = crypto_aead_setkey(aead, key, len);
	kfree_sensitive(key);
	return err;
}

/**
 * hip_esp_cipher_init() - make a cipher from an ESP suite and keys
 * @c: set
 * @suite: ESP suite, RFC 7402 5.1.2
 * @esn: the ICV covers 64-bit sequence numbers
 * @enc_key: encryption key, with the salt of AEAD suites; length by suite
 * @auth_key: authentication key; length by suite
 *
 * Context: Process; sleeps.
 * Return: 0, -EOPNOTSUPP for a suite that we don't have, -ENOENT when the
 * kernel lacks its cipher, -ENOMEM, or an error of the crypto API.
 */
int hip_esp_cipher_init(struct hip_esp_cipher *c, u16 suite, bool esn,
			const u8 *enc_key, const u8 *auth_key)
{
	const struct hip_esp_suite_info *info = hip_esp_suite_info(suite);
	struct crypto_aead *aead;
	unsigned int salt_len;
	int err;

	if (!info || info->iv_len > HIP_ESP_IV_MAX ||
	    info->icv_len > HIP_ESP_ICV_MAX ||
	    info->block > HIP_ESP_BLOCK_MAX ||
	    (info->bare_esn && info->salt_len != HIP_ESP_SALT_LEN))
		return -EOPNOTSUPP;
	/* Octets that are ours to put before the IV */
	salt_len = esn && info->bare_esn ? HIP_ESP_SALT_LEN : 0;

	/* Not with a mask of CRYPTO_ALG_ASYNC: that would leave out the vector
	 * implementations, which hardly ever are asynchronous.
	 */
	aead = crypto_alloc_aead(esn ? info->aead_name_esn : info->aead_name,
				 0, 0);
	if (IS_ERR(aead))
		return PTR_ERR(aead);

	err = -EOPNOTSUPP;
	if (crypto_aead_ivsize(aead) != salt_len + info->iv_len ||
	    crypto_aead_alignmask(aead) >= HIP_ESP_IV_ALIGN)
		goto err_free;

	if (info->auth_key_len)
		err = hip_esp_set_authenc_key(aead, info, enc_key, auth_key);
	else
		err = crypto_aead_setkey(aead, enc_key, info->enc_key_len +
					 info->salt_len - salt_len);
	if (!err)
		err = crypto_aead_setauthsize(aead, info->icv_len);
	if (err)
		goto err_free;

	c->aead = aead;
	c->size.hdr_len = sizeof(struct ip_esp_hdr) + info->iv_len;
	c->size.icv_len = info->icv_len;
	c->size.block = info->block;
	c->iv_len = info->iv_len;
	c->esn = esn;
	c->iv_is_seq = info->salt_len;
	c->iv_encrypted = c->iv_len && !c->iv_is_seq;
	c->salted = salt_len;
	c->assoc_len = c->salted ? HIP_ESP_AAD_WORDS * sizeof(__be32) :
				   c->size.hdr_len + (esn ? sizeof(__be32) : 0);
	if (c->iv_encrypted)
		get_random_bytes(c->salt, sizeof(c->salt));
	else
		memcpy(c->salt, enc_key + info->enc_key_len, salt_len);
	c->req_size = sizeof(struct hip_esp_req) + crypto_aead_reqsize(aead);
	return 0;

err_free:
	crypto_free_aead(aead);
	return err;
}

/**
 * hip_esp_cipher_free() - forget a cipher and its key
 * @c: cipher; nothing is under way with it
 *
 * Context: Process.
 */
void hip_esp_cipher_free(struct hip_esp_cipher *c)
{
	crypto_free_aead(c->aead);
	c->aead = NULL;
}

/**
 * hip_esp_set_iv() - write the IV of a new packet, or what becomes it
 * @c: cipher
 * @iv: set; &hip_esp_cipher.iv_len octets
 * @seq: sequence number of the packet, which the key is not used with again
 *
 * A counter mode needs an IV that never repeats, for which the sequence number
 * is right (RFC 4106 3.1).  That of CBC must be unpredictable (RFC 3602 3): it is
 * made by hip_esp_encrypt(), which encrypts a block that never repeats and that
 * nobody knows (NIST SP 800-38A, appendix C).  Some suites have none.
 *
 * Context: Any.
 */
void hip_esp_set_iv(const struct hip_esp_cipher *c, u8 *iv, u64 seq)
{
	__be64 block[HIP_ESP_IV_MAX / sizeof(__be64)];
	__be64 be = cpu_to_be64(seq);

	if (c->iv_is_seq) {
		memcpy(iv, &be, sizeof(be));
	} else if (c->iv_encrypted) {
		memcpy(block, c->salt, sizeof(block));
		block[0] ^= be;
		memcpy(iv, block, sizeof(block));
	}
}

static void hip_esp_restore_header(struct hip_esp_req *req)
{
	if (req->aad)
		memcpy(req->aad, req->saved, sizeof(req->saved));
}

static void hip_esp_complete(hip_crypto_completion_t *arg, int err)
{
	struct hip_esp_req *req = hip_crypto_completion_data(arg);

	/* News from a backlog, which we don't use */
	if (err == -EINPROGRESS)
		return;

	req->err = err;
	local_bh_disable();
	if (atomic_xchg(&req->phase, HIP_ESP_COMPLETED) == HIP_ESP_DETACHED) {
		hip_esp_restore_header(req);
		req->done(req);
	}
	local_bh_enable();
}

static struct hip_esp_req *hip_esp_req_alloc(const struct hip_esp_cipher *c)
{
	struct hip_esp_req *req;

	req = kmalloc(c->req_size, GFP_ATOMIC | __GFP_NOWARN);
	if (unlikely(!req))
		return NULL;

	req->size = c->req_size;
	req->iv = PTR_ALIGN(&req->iv_space[0], HIP_ESP_IV_ALIGN);
	sg_init_table(&req->sg, 1);
	return req;
}

/**
 * hip_esp_req_get() - get a request
 * @c: cipher which it is to be used with
 *
 * Context: BH disabled.
 * Return: a request, which the caller puts or detaches, or NULL when there is
 * no memory.
 */
struct hip_esp_req *hip_esp_req_get(const struct hip_esp_cipher *c)
{
	struct hip_esp_req *req = this_cpu_xchg(hip_esp_slot, NULL);

	if (likely(req && req->size >= c->req_size))
		return req;

	kfree_sensitive(req);
	return hip_esp_req_alloc(c);
}

/**
 * hip_esp_req_put() - be done with a request
 * @req: request; nothing is under way with it
 *
 * Context: BH disabled.
 */
void hip_esp_req_put(struct hip_esp_req *req)
{
	if (unlikely(this_cpu_cmpxchg(hip_esp_slot, NULL, req)))
		kfree_sensitive(req);
}

/**
 * hip_esp_req_detach() - leave a packet to the completion of its request
 * @req: request of which the operation returned -EINPROGRESS; its
 *	&hip_esp_req.done is set
 *
 * The last chance to take a packet's references: neither it nor @req may be
 * touched any more once this returned true.
 *
 * Context: BH disabled.
 * Return: true when &hip_esp_req.done will be called; false when the operation
 * has come to its end already and the caller goes on, with &hip_esp_req.err.
 */
bool hip_esp_req_detach(struct hip_esp_req *req)
{
	if (atomic_cmpxchg(&req->phase, HIP_ESP_RUNNING,
			   HIP_ESP_DETACHED) == HIP_ESP_RUNNING)
		return true;

	hip_esp_restore_header(req);
	return false;
}

/* The associated data of an ESP packet with extended sequence numbers is SPI,
 * high half, low half (RFC 4106 5, and what authencesn() takes).  The high half
 * is not in the packet: write the three over what precedes the ciphertext, or
 * the IV where a cipher wants that, too, so that everything lies in one piece.
 */
static u8 *hip_esp_arrange_aad(struct hip_esp_req *req,
			       const struct hip_esp_cipher *c, u8 *header,
			       u64 seq)
{
	u8 *begin = header + c->size.hdr_len - c->assoc_len;
	const struct ip_esp_hdr esph = *(struct ip_esp_hdr *)header;
	__be32 *aad = (__be32 *)begin;

	req->aad = c->esn ? aad : NULL;
	if (likely(c->esn)) {
		memcpy(req->saved, aad, sizeof(req->saved));
		aad[0] = esph.spi;
		aad[1] = cpu_to_be32(upper_32_bits(seq));
		aad[2] = esph.seq_no;
	}
	return begin;
}

static void hip_esp_prepare(struct hip_esp_req *req,
			    const struct hip_esp_cipher *c, u8 *header,
			    unsigned int len, u64 seq)
{
	const u8 *iv = header + sizeof(struct ip_esp_hdr);
	u8 *begin;

	/* As much as any cipher wants: the packet is longer in any case, and
	 * a constant length needs no loop
	 */
	if (c->salted) {
		memcpy(req->iv, c->salt, HIP_ESP_SALT_LEN);
		memcpy(req->iv + HIP_ESP_SALT_LEN, iv,
		       HIP_ESP_IV_MAX - HIP_ESP_SALT_LEN);
	} else {
		memcpy(req->iv, iv, HIP_ESP_IV_MAX);
	}
	req->seq = seq;
	begin = hip_esp_arrange_aad(req, c, header, seq);
	sg_set_buf(&req->sg, begin, c->assoc_len + len);

	atomic_set(&req->phase, HIP_ESP_RUNNING);
	aead_request_set_tfm(&req->aead, c->aead);
	aead_request_set_callback(&req->aead, 0, hip_esp_complete, req);
	aead_request_set_ad(&req->aead, c->assoc_len);
}

/**
 * hip_esp_encrypt() - encrypt and authenticate a packet in place
 * @req: request for @c
 * @c: cipher
 * @esp: the ESP header, then the IV as hip_esp_set_iv() wrote it, @crypt_len
 *	octets of payload and trailer, and room for the ICV; it is preceded by
 *	HIP_ESP_SCRATCH octets that are changed meanwhile. All of it must be
 *	linear and ours.
 * @crypt_len: octets of payload and trailer, a multiple of the block
 * @spi: written to the ESP header
 * @seq: sequence number, the low half of which is written to the ESP header
 *
 * Context: BH disabled.
 * Return: 0; -EINPROGRESS: see hip_esp_req_detach(); or another negative errno,
 * and the packet is spoilt.
 */
int hip_esp_encrypt(struct hip_esp_req *req, const struct hip_esp_cipher *c,
		    u8 *esp, unsigned int crypt_len, __be32 spi, u64 seq)
{
	struct ip_esp_hdr *esph = (struct ip_esp_hdr *)esp;
	int err;

	esph->spi = spi;
	esph->seq_no = cpu_to_be32(lower_32_bits(seq));

	hip_esp_prepare(req, c, esp, crypt_len + c->size.icv_len, seq);
	if (c->iv_encrypted) {
		memset(req->iv, 0, HIP_ESP_IV_MAX);
		aead_request_set_ad(&req->aead, c->assoc_len - c->iv_len);
		crypt_len += c->iv_len;
	}
	aead_request_set_crypt(&req->aead, &req->sg, &req->sg, crypt_len,
			       req->iv);
	err = crypto_aead_encrypt(&req->aead);
	if (likely(err != -EINPROGRESS))
		hip_esp_restore_header(req);
	return err;
}

/**
 * hip_esp_decrypt() - check and decrypt a packet in place
 * @req: request for @c
 * @c: cipher
 * @esp: the ESP header, then IV, @crypt_len octets, and ICV; the same rules as
 *	for hip_esp_encrypt()
 * @crypt_len: octets of payload and trailer, a multiple of the block
 * @seq: sequence number, of which the packet has the low half
 *
 * Context: BH disabled.
 * Return: 0; -EBADMSG when the ICV is wrong; -EINPROGRESS: see
 * hip_esp_req_detach(); or another negative errno.
 */
int hip_esp_decrypt(struct hip_esp_req *req, const struct hip_esp_cipher *c,
		    u8 *esp, unsigned int crypt_len, u64 seq)
{
	int err;

	hip_esp_prepare(req, c, esp, crypt_len + c->size.icv_len, seq);
	aead_request_set_crypt(&req->aead, &req->sg, &req->sg,
			       crypt_len + c->size.icv_len, req->iv);
	err = crypto_aead_decrypt(&req->aead);
	if (likely(err != -EINPROGRESS))
		hip_esp_restore_header(req);
	return err;
}
