// SPDX-License-Identifier: GPL-2.0
/*
 * The keys of a directory, which changes.
 */
#include "keystore.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "hi.h"
#include "keyfile.h"
#include "test.h"

static char dir[200];

static void put(const char *name, const char *key)
{
	char msg[KEYFILE_MSG_MAX], path[300];

	snprintf(path, sizeof(path), "%s/%s.pem", dir, name);
	unlink(path);
	if (keyfile_create_private(dir, name, test_key(key), msg))
		abort();
}

static bool have(const char *name)
{
	struct in6_addr hit;
	const char *why;
	EVP_PKEY *key;
	struct hi hi;
	bool same;

	hi_from_key(test_key(name), &hi, &why);
	hit_from_hi(hi.suite, hi.data, hi.len, &hit);
	key = keystore_find_hit(&hit);
	same = key && EVP_PKEY_eq(key, test_key(name)) == 1;
	EVP_PKEY_free(key);
	return same;
}

static bool named(const char *name, const char *key)
{
	struct hi want, got;
	const char *why;

	hi_from_key(test_key(key), &want, &why);
	return keystore_find_name(name, &got) &&
	       !memcmp(&want, &got, sizeof(want));
}

void test_keystore(void)
{
	char path[300];
	struct hi hi;

	snprintf(dir, sizeof(dir), "%s/store", test_dir());
	check(!keystore_init(dir) && !keystore_count() && !have("p256"),
	      "no directory, no keys");
	put("alice", "p256");
	check(have("p256") && keystore_count() == 1,
	      "a new key is found by its HIT");
	put("bob", "rsa2048");
	check(named("bob", "rsa2048") && keystore_count() == 2,
	      "a new key is found by its name");
	check(!keystore_find_name("../store/bob", &hi) &&
	      !keystore_find_name("carol", &hi) &&
	      !keystore_find_name("", &hi), "what is no name is not found");
	put("alice", "p384");
	check(named("alice", "p384") && have("p384"), "another in its place");
	check(!have("p256"), "the old one is gone");
	snprintf(path, sizeof(path), "%s/alice.pem", dir);
	chmod(path, 0644);
	keystore_rescan();
	check(!have("p384") && !named("alice", "p384"),
	      "refused once others can read it");
	chmod(path, 0600);
	check(have("p384"), "accepted once they cannot");
	unlink(path);
	keystore_rescan();
	check(!have("p384") && keystore_count() == 1, "gone with its file");
	chmod(dir, 0777);
	keystore_rescan();
	check(!keystore_count(), "no keys from a directory that all can write");
	chmod(dir, 0700);
	check(have("rsa2048"), "back again");

	/* test_request() signs with these */
	put("carol", "p384");
	check(have("p384"), "and one more");
	put("dave", "secp160r1");
	check(have("secp160r1"), "one of ECDSA_LOW");
	put("eve", "dsa");
	check(have("dsa"), "one of DSA");
}
