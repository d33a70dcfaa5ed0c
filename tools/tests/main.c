// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of the user-space code.  TAP on standard output.
 */
#include <ftw.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "log.h"
#include "p384.h"
#include "test.h"

static unsigned int count, failed;
static char dir[64];

bool check(bool good, const char *fmt, ...)
{
	va_list ap;

	printf("%sok %u ", good ? "" : "not ", ++count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	failed += !good;
	return good;
}

size_t get_vector(const uint8_t *vector, size_t len, uint8_t *out)
{
	memcpy(out, vector, len);
	return len;
}

static EVP_PKEY *make_dsa(int bits)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	EVP_PKEY *params = NULL, *key = NULL;

	EVP_PKEY_paramgen_init(ctx);
	EVP_PKEY_CTX_set_dsa_paramgen_bits(ctx, bits);
	EVP_PKEY_CTX_set_dsa_paramgen_q_bits(ctx, bits > 1024 ? 256 : 160);
	EVP_PKEY_paramgen(ctx, &params);
	EVP_PKEY_CTX_free(ctx);
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, params, NULL);
	EVP_PKEY_keygen_init(ctx);
	EVP_PKEY_keygen(ctx, &key);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(params);
	return key;
}

static struct {
	const char *name;
	EVP_PKEY *key;
} keys[] = {
	{ "rsa2048", NULL }, { "rsa1024", NULL }, { "p256", NULL },
	{ "p384", NULL }, { "p521", NULL }, { "secp160r1", NULL },
	{ "dsa", NULL }, { "other-dsa", NULL }, { "dsa2048", NULL },
	{ "ed25519", NULL }, { "other-p256", NULL }, { "other-rsa2048", NULL },
	{ "other-secp160r1", NULL },
};

EVP_PKEY *test_key(const char *what)
{
	size_t i;

	for (i = 0; strcmp(keys[i].name, what); i++)
		;
	if (keys[i].key)
		return keys[i].key;
	if (strstr(what, "rsa2048"))
		keys[i].key = EVP_RSA_gen(2048);
	else if (!strcmp(what, "rsa1024"))
		keys[i].key = EVP_RSA_gen(1024);
	else if (strstr(what, "p256"))
		keys[i].key = EVP_EC_gen("P-256");
	else if (!strcmp(what, "p384"))
		keys[i].key = EVP_EC_gen("P-384");
	else if (strstr(what, "secp160r1"))
		keys[i].key = EVP_EC_gen("secp160r1");
	else if (!strcmp(what, "p521"))
		keys[i].key = EVP_EC_gen("P-521");
	else if (!strcmp(what, "ed25519"))
		keys[i].key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	else
		keys[i].key = make_dsa(strstr(what, "2048") ? 2048 : 1024);
	if (!keys[i].key)
		abort();
	return keys[i].key;
}

const char *test_dir(void)
{
	return dir;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int main(void)
{
	size_t i;

	strcpy(dir, "/tmp/hip-unit.XXXXXX");
	if (!mkdtemp(dir))
		return 1;
	umask(022);
	log_init(false);
	p384_init();

	test_hi();
	test_sign();
	test_dh();
	test_p384();
	test_puzzle();
	test_keyfile();
	test_keystore();
	test_print();
	test_names();
	test_request();

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		EVP_PKEY_free(keys[i].key);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	printf("1..%u\n", count);
	return failed ? 1 : 0;
}
