// SPDX-License-Identifier: GPL-2.0
/*
 * Key files: good ones, and those that are refused.
 */
#include "keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "test.h"

static char path[256];

static const char *in_dir(const char *file)
{
	snprintf(path, sizeof(path), "%s/%s", test_dir(), file);
	return path;
}

static void write_key(const char *file, const char *name, mode_t mode)
{
	FILE *f = fopen(in_dir(file), "w");

	PEM_write_PKCS8PrivateKey(f, test_key(name), NULL, NULL, 0, NULL,
				  NULL);
	fclose(f);
	chmod(path, mode);
}

static void write_text(const char *file, const char *text)
{
	FILE *f = fopen(in_dir(file), "w");

	fputs(text, f);
	fclose(f);
	chmod(path, 0600);
}

/* Return: error of loading @file; @say must be in the message */
static bool load(const char *file, int want, const char *say)
{
	char msg[KEYFILE_MSG_MAX] = "";
	EVP_PKEY *key;
	int dirfd, err;

	dirfd = keyfile_open_dir(test_dir(), msg);
	if (dirfd < 0)
		return false;
	err = keyfile_load_private(dirfd, test_dir(), file, &key, msg);
	close(dirfd);
	EVP_PKEY_free(key);
	if (err == want && (!err || (strstr(msg, say) && strstr(msg, file))))
		return true;
	printf("# %d: %s\n", err, msg);
	return false;
}

static void test_good(void)
{
	write_key("rsa.pem", "rsa2048", 0600);
	check(load("rsa.pem", 0, ""), "RSA-2048");
	write_key("p256.pem", "p256", 0400);
	check(load("p256.pem", 0, ""), "P-256, read only");
	write_key("p384.pem", "p384", 0600);
	check(load("p384.pem", 0, ""), "P-384");
}

static void test_traditional(void)
{
	FILE *f = fopen(in_dir("traditional.pem"), "w");

	PEM_write_PrivateKey_ex(f, test_key("p256"), NULL, NULL, 0, NULL, NULL,
				NULL, NULL);
	fclose(f);
	chmod(path, 0600);
	check(load("traditional.pem", 0, ""), "traditional form");
}

static void test_kinds(void)
{
	write_key("short.pem", "rsa1024", 0600);
	check(load("short.pem", -EINVAL, "too short"), "RSA-1024");
	write_key("p521.pem", "p521", 0600);
	check(load("p521.pem", -EOPNOTSUPP, "curve"), "P-521");
	write_key("dsa.pem", "dsa", 0600);
	check(load("dsa.pem", 0, ""), "DSA");
	write_key("dsa2048.pem", "dsa2048", 0600);
	check(load("dsa2048.pem", -EINVAL, "does not fit"), "DSA of 2048 bits");
	write_key("ed.pem", "ed25519", 0600);
	check(load("ed.pem", -EOPNOTSUPP, "RSA, DSA and ECDSA"), "Ed25519");
}

static void test_permissions(void)
{
	write_key("group.pem", "p256", 0640);
	check(load("group.pem", -EPERM, "chmod 600"), "readable for the group");
	write_key("all.pem", "p256", 0604);
	check(load("all.pem", -EPERM, "chmod 600"), "readable for all");
	write_key("written.pem", "p256", 0602);
	check(load("written.pem", -EPERM, "chmod 600"), "writable for all");
	if (!geteuid()) {
		write_key("foreign.pem", "p256", 0600);
		if (chown(path, 12345, 0))
			abort();
		check(load("foreign.pem", -EPERM, "chown root"),
		      "somebody else's");
	}
	if (symlink("p256.pem", in_dir("link.pem")))
		abort();
	check(load("link.pem", -ELOOP, "symbolic link"), "symbolic link");
	mkfifo(in_dir("fifo.pem"), 0600);
	check(load("fifo.pem", -EINVAL, "regular"), "FIFO");
	mkdir(in_dir("dir.pem"), 0700);
	check(load("dir.pem", -EINVAL, "regular"), "directory");
	check(load("nothing.pem", -ENOENT, "No such file"), "not there");
}

static void test_contents(void)
{
	char text[8192];
	size_t len;
	FILE *f;

	write_key("whole.pem", "rsa2048", 0600);
	f = fopen(in_dir("whole.pem"), "r");
	len = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[len / 2] = '\0';
	write_text("cut.pem", text);
	check(load("cut.pem", -EINVAL, "truncated"), "truncated");
	strcat(text, "\n-----END PRIVATE KEY-----\n");
	write_text("hole.pem", text);
	check(load("hole.pem", -EINVAL, "damaged"), "a part is missing");
	write_text("empty.pem", "");
	check(load("empty.pem", -EINVAL, "not a PEM"), "empty");
	write_text("text.pem", "hello\n");
	check(load("text.pem", -EINVAL, "not a PEM"), "text");

	f = fopen(in_dir("secret.pem"), "w");
	PEM_write_PKCS8PrivateKey(f, test_key("p256"), EVP_aes_128_cbc(),
				  "hello", 5, NULL, NULL);
	fclose(f);
	chmod(path, 0600);
	check(load("secret.pem", -EOPNOTSUPP, "encrypted"), "encrypted");

	f = fopen(in_dir("public.pem"), "w");
	PEM_write_PUBKEY(f, test_key("p256"));
	fclose(f);
	chmod(path, 0600);
	check(load("public.pem", -EINVAL, "no private key"), "a public key");

	if (truncate(in_dir("text.pem"), 1 << 20))
		abort();
	check(load("text.pem", -EFBIG, "large"), "too large");
}

static void test_directory(void)
{
	char msg[KEYFILE_MSG_MAX];
	char dir[200];

	snprintf(dir, sizeof(dir), "%s/sub", test_dir());
	check(keyfile_open_dir(dir, msg) == -ENOENT && strstr(msg, dir),
	      "no directory");
	mkdir(dir, 0700);
	chmod(dir, 0777);
	check(keyfile_open_dir(dir, msg) == -EPERM && strstr(msg, "chmod"),
	      "directory that all can write");
	snprintf(dir, sizeof(dir), "%s/sublink", test_dir());
	if (symlink("sub", dir))
		abort();
	check(keyfile_open_dir(dir, msg) == -ELOOP && strstr(msg, "symbolic"),
	      "symbolic link to a directory");
	snprintf(dir, sizeof(dir), "%s/whole.pem", test_dir());
	check(keyfile_open_dir(dir, msg) == -ENOTDIR, "not a directory");
}

static void test_create(void)
{
	char msg[KEYFILE_MSG_MAX] = "", dir[200];
	EVP_PKEY *key;
	struct stat st;
	int fd;

	snprintf(dir, sizeof(dir), "%s/new/deep", test_dir());
	check(!keyfile_create_private(dir, "alice", test_key("p256"), msg),
	      "a new key in a new directory %s", msg);
	check(!stat(in_dir("new/deep"), &st) && (st.st_mode & 07777) == 0700,
	      "directory for its owner only");
	check(!stat(in_dir("new/deep/alice.pem"), &st) &&
	      (st.st_mode & 07777) == 0600, "file for its owner only");
	fd = keyfile_open_dir(dir, msg);
	check(!keyfile_load_private(fd, dir, "alice.pem", &key, msg) &&
	      EVP_PKEY_eq(key, test_key("p256")) == 1, "it is the key");
	EVP_PKEY_free(key);
	check(keyfile_create_private(dir, "alice", test_key("p384"), msg) ==
	      -EEXIST && strstr(msg, "alice.pem"), "it is not overwritten");
	check(!keyfile_load_private(fd, dir, "alice.pem", &key, msg) &&
	      EVP_PKEY_eq(key, test_key("p256")) == 1, "it is still the key");
	EVP_PKEY_free(key);
	close(fd);
	snprintf(dir, sizeof(dir), "%s/whole.pem", test_dir());
	check(keyfile_create_private(dir, "alice", test_key("p256"), msg) < 0,
	      "a file in the way");
	check(keyfile_create_private("/proc/hip", "alice", test_key("p256"),
				     msg) < 0 && strstr(msg, "/proc"),
	      "where nothing can be written");
}

static void test_any(void)
{
	char msg[KEYFILE_MSG_MAX] = "";
	EVP_PKEY *key;

	check(!keyfile_load_any(in_dir("public.pem"), &key, msg) &&
	      EVP_PKEY_eq(key, test_key("p256")) == 1, "a public key");
	EVP_PKEY_free(key);
	check(!keyfile_load_any(in_dir("all.pem"), &key, msg) &&
	      EVP_PKEY_eq(key, test_key("p256")) == 1,
	      "a private key, whoever may read it");
	EVP_PKEY_free(key);
	check(keyfile_load_any(in_dir("empty.pem"), &key, msg) < 0, "none");
}

void test_keyfile(void)
{
	char longest[HIP_NAME_LEN_MAX + 2];

	memset(longest, 'a', sizeof(longest));
	longest[HIP_NAME_LEN_MAX + 1] = '\0';
	check(!keyfile_name_ok(longest), "a name too long");
	longest[HIP_NAME_LEN_MAX] = '\0';
	check(keyfile_name_ok(longest) && keyfile_name_ok("a.b-c_D9"),
	      "good names");
	check(!keyfile_name_ok("") && !keyfile_name_ok("..") &&
	      !keyfile_name_ok(".a") && !keyfile_name_ok("a/b") &&
	      !keyfile_name_ok("-a") && !keyfile_name_ok("a b") &&
	      !keyfile_name_ok("a\n") && !keyfile_name_ok("\xc3\xa4"),
	      "bad names");
	test_good();
	test_traditional();
	test_kinds();
	test_permissions();
	test_contents();
	test_directory();
	test_create();
	test_any();
}
