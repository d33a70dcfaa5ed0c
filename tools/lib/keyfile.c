// SPDX-License-Identifier: GPL-2.0
/*
 * Files with keys; see keyfile.h.
 */
#include "keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "hi.h"

#define FILE_SIZE_MAX	(64 * 1024)
#define NAME_CHARS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

static int PRINTF(3, 4) fail(char *msg, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, KEYFILE_MSG_MAX, fmt, ap);
	va_end(ap);
	return err;
}

/**
 * keyfile_name_ok() - whether a string can be the name of an identity
 * @name: string
 *
 * It becomes part of a file name, of completion lists and of log lines.
 *
 * Return: true for 1 to 63 of A-Z a-z 0-9 . _ - with a letter, a digit or an
 * underscore in front.
 */
bool keyfile_name_ok(const char *name)
{
	size_t len = strlen(name);

	return len && len <= HIP_NAME_LEN_MAX && *name != '.' && *name != '-' &&
	       strspn(name, NAME_CHARS) == len;
}

static bool owner_ok(const struct stat *st)
{
	return st->st_uid == 0 || st->st_uid == geteuid();
}

/* With a slash at its end a symbolic link is followed, whatever the flags say */
static int strip_slashes(const char *dir, char path[PATH_MAX], char *msg)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	if (len >= PATH_MAX)
		return fail(msg, -ENAMETOOLONG, "%s: name too long", dir);
	memcpy(path, dir, len);
	path[len] = '\0';
	return 0;
}

/**
 * keyfile_open_dir() - open a directory of private keys
 * @dir: its name
 * @msg: filled in on failure
 *
 * Who can write to the directory can put a key of his own there, and a
 * symbolic link belongs to who made it: neither is accepted.
 *
 * Return: file descriptor or a negative errno.
 */
int keyfile_open_dir(const char *dir, char msg[KEYFILE_MSG_MAX])
{
	char path[PATH_MAX];
	struct stat st;
	int fd, err;

	err = strip_slashes(dir, path, msg);
	if (err)
		return err;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		err = errno;
		if (!lstat(path, &st) && S_ISLNK(st.st_mode))
			return fail(msg, -ELOOP,
				    "%s is a symbolic link: name the directory itself (-d DIR)",
				    dir);
		if (err == ENOENT)
			return fail(msg, -err,
				    "%s does not exist: hiptool identity generate NAME",
				    dir);
		return fail(msg, -err, "%s: %s", dir, strerror(err));
	}
	if (fstat(fd, &st)) {
		err = -errno;
		fail(msg, err, "%s: %s", dir, strerror(-err));
		goto close;
	}
	err = -EPERM;
	if (!owner_ok(&st)) {
		fail(msg, err, "%s belongs to user %u: chown root %s", dir,
		     (unsigned int)st.st_uid, dir);
		goto close;
	}
	if (st.st_mode & 022) {
		fail(msg, err, "%s can be written by others (mode %04o): chmod 700 %s",
		     dir, (unsigned int)st.st_mode & 07777, dir);
		goto close;
	}
	return fd;
close:
	close(fd);
	return err;
}

/* Return: length of what was read to *@buf (which ends with a NUL), or an error
 * and no buffer
 */
static ssize_t slurp(int fd, char **buf)
{
	size_t len = 0;
	ssize_t n;

	*buf = malloc(FILE_SIZE_MAX + 1);
	if (!*buf)
		return -ENOMEM;
	do {
		n = read(fd, *buf + len, FILE_SIZE_MAX + 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n > 0)
			len += (size_t)n;
	} while (n && (n > 0 || errno == EINTR) && len <= FILE_SIZE_MAX);

	if (n < 0 || len > FILE_SIZE_MAX) {
		n = n < 0 ? -errno : -EFBIG;
		OPENSSL_cleanse(*buf, FILE_SIZE_MAX + 1);
		free(*buf);
		*buf = NULL;
		return n;
	}
	(*buf)[len] = '\0';
	return (ssize_t)len;
}

static int no_passphrase(char *buf, int size, int rwflag, void *arg)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)arg;
	return -1;	/* never ask on a terminal */
}

/* Why there is no private key in @pem: the commonest mistakes by name */
static int explain(const char *path, const char *pem, char *msg)
{
	if (!strstr(pem, "-----BEGIN "))
		return fail(msg, -EINVAL, "%s is not a PEM file", path);
	if (strstr(pem, "ENCRYPTED"))
		return fail(msg, -EOPNOTSUPP,
			    "%s is encrypted, and nobody is there to type the passphrase: openssl pkey -in %s -out NEW",
			    path, path);
	if (!strstr(pem, "-----END "))
		return fail(msg, -EINVAL, "%s is truncated", path);
	if (strstr(pem, "-----BEGIN PUBLIC KEY-----") ||
	    strstr(pem, "-----BEGIN CERTIFICATE-----"))
		return fail(msg, -EINVAL, "%s has no private key in it", path);
	return fail(msg, -EINVAL, "%s is damaged, or of an unknown kind", path);
}

static EVP_PKEY *parse_private(const char *pem, size_t len)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)len);
	EVP_PKEY *key = NULL;

	if (bio)
		key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	ERR_clear_error();
	return key;
}

static int check_private(const char *path, const EVP_PKEY *key, char *msg)
{
	EVP_PKEY_CTX *ctx;
	const char *why;
	int err, ok;

	err = hi_check_own_key(key, &why);
	if (err)
		return fail(msg, err, "%s: %s", path, why);
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA)
		return 0;	/* this would take seconds */

	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, (EVP_PKEY *)key, NULL);
	ok = ctx && EVP_PKEY_pairwise_check(ctx) == 1;
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	if (!ok)
		return fail(msg, -EINVAL,
			    "%s: private and public key do not fit together",
			    path);
	return 0;
}

/**
 * keyfile_load_private() - read a private key of ours
 * @dirfd: directory, from keyfile_open_dir()
 * @dir: its name, for messages
 * @file: name of the file in it
 * @key: set to a key that the caller frees
 * @msg: filled in on failure
 *
 * Return: 0 or a negative errno: -EPERM for wrong owner or permissions,
 * -EOPNOTSUPP for a key that we cannot use, -EINVAL for a file that is none.
 */
int keyfile_load_private(int dirfd, const char *dir, const char *file,
			 EVP_PKEY **key, char msg[KEYFILE_MSG_MAX])
{
	char path[KEYFILE_MSG_MAX / 4];
	struct stat st;
	char *pem;
	ssize_t len;
	int fd, err;

	*key = NULL;
	snprintf(path, sizeof(path), "%s/%s", dir, file);
	/* O_NONBLOCK: a FIFO must not hold us up */
	fd = openat(dirfd, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
				 O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		if (err == -ELOOP)
			return fail(msg, err, "%s is a symbolic link: put the file itself there",
				    path);
		return fail(msg, err, "%s: %s", path, strerror(-err));
	}

	err = -EPERM;
	if (fstat(fd, &st)) {
		err = -errno;
		fail(msg, err, "%s: %s", path, strerror(-err));
		goto close;
	}
	if (!S_ISREG(st.st_mode)) {
		err = fail(msg, -EINVAL, "%s is not a regular file", path);
		goto close;
	}
	if (!owner_ok(&st)) {
		fail(msg, err, "%s belongs to user %u: chown root %s", path,
		     (unsigned int)st.st_uid, path);
		goto close;
	}
	if (st.st_mode & 077) {
		fail(msg, err, "%s is open to others (mode %04o): chmod 600 %s",
		     path, (unsigned int)st.st_mode & 07777, path);
		goto close;
	}

	len = slurp(fd, &pem);
	if (len < 0) {
		err = (int)len;
		fail(msg, err, "%s: %s", path, strerror(-err));
		goto close;
	}
	*key = parse_private(pem, (size_t)len);
	if (!*key)
		err = explain(path, pem, msg);
	else
		err = check_private(path, *key, msg);
	if (err) {
		EVP_PKEY_free(*key);
		*key = NULL;
	}
	OPENSSL_cleanse(pem, FILE_SIZE_MAX + 1);
	free(pem);
close:
	close(fd);
	return err;
}

/**
 * keyfile_load_any() - read a public key, or a private one for its public part
 * @path: name of the file
 * @key: set to a key that the caller frees
 * @msg: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int keyfile_load_any(const char *path, EVP_PKEY **key,
		     char msg[KEYFILE_MSG_MAX])
{
	int fd, err = 0;
	ssize_t len;
	char *pem;
	BIO *bio;

	*key = NULL;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return fail(msg, -errno, "%s: %s", path, strerror(errno));
	len = slurp(fd, &pem);
	close(fd);
	if (!pem)
		return fail(msg, (int)len, "%s: %s", path,
			    strerror((int)-len));

	bio = BIO_new_mem_buf(pem, (int)len);
	if (bio)
		*key = PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	ERR_clear_error();
	if (!*key)
		*key = parse_private(pem, (size_t)len);
	if (!*key)
		err = explain(path, pem, msg);
	OPENSSL_cleanse(pem, FILE_SIZE_MAX + 1);
	free(pem);
	return err;
}

/* mkdir -p, with mode 0700 for the last */
static int make_dir(const char *dir, char *msg)
{
	char path[PATH_MAX], *p;
	int err;

	err = strip_slashes(dir, path, msg);
	if (err)
		return err;
	for (p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(path, 0755) && errno != EEXIST)
			return fail(msg, -errno, "cannot create %s: %s", path,
				    strerror(errno));
		*p = '/';
	}
	if (mkdir(path, 0700) && errno != EEXIST)
		return fail(msg, -errno, "cannot create %s: %s", path,
			    strerror(errno));
	return 0;
}

static int write_pem(int fd, const EVP_PKEY *key)
{
	BIO *mem = BIO_new(BIO_s_secmem());
	size_t done = 0;
	int err = -EIO;
	char *pem;
	long len;

	if (!mem || PEM_write_bio_PKCS8PrivateKey(mem, key, NULL, NULL, 0,
						  NULL, NULL) != 1)
		goto out;
	len = BIO_get_mem_data(mem, &pem);
	while (len > 0 && done < (size_t)len) {
		ssize_t n = write(fd, pem + done, (size_t)len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			err = n ? -errno : -EIO;
			goto out;
		}
		done += (size_t)n;
	}
	err = fsync(fd) ? -errno : 0;
out:
	BIO_free(mem);
	ERR_clear_error();
	return err;
}

/* Give the finished file its name */
static int put_in_place(int dirfd, const char *dir, const char *tmp,
			const char *file, char *msg)
{
	if (!linkat(dirfd, tmp, dirfd, file, 0)) {
		fsync(dirfd);
		return 0;
	}
	if (errno == EEXIST)
		return fail(msg, -EEXIST,
			    "%s/%s is there already: remove it, or choose another name",
			    dir, file);
	return fail(msg, -errno, "cannot create %s/%s: %s", dir, file,
		    strerror(errno));
}

/**
 * keyfile_create_private() - write a new private key of ours
 * @dir: directory; made when it is not there
 * @name: of the identity, see keyfile_name_ok()
 * @key: private key
 * @msg: filled in on failure
 *
 * The file appears complete or not at all, readable for its owner only, and
 * never in the place of another: link(2) refuses that without a race.
 *
 * Return: 0 or a negative errno: -EEXIST when there is such a file.
 */
int keyfile_create_private(const char *dir, const char *name,
			   const EVP_PKEY *key, char msg[KEYFILE_MSG_MAX])
{
	char file[HIP_NAME_LEN_MAX + sizeof(KEYFILE_SUFFIX)];
	char tmp[HIP_NAME_LEN_MAX + 32];
	int dirfd, fd, err;

	err = make_dir(dir, msg);
	if (err)
		return err;
	dirfd = keyfile_open_dir(dir, msg);
	if (dirfd < 0)
		return dirfd;

	snprintf(file, sizeof(file), "%s" KEYFILE_SUFFIX, name);
	snprintf(tmp, sizeof(tmp), ".%s.%ld.tmp", name, (long)getpid());
	unlinkat(dirfd, tmp, 0);	/* of a process that died */
	fd = openat(dirfd, tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
				O_CLOEXEC, 0600);
	if (fd < 0) {
		err = fail(msg, -errno, "cannot write to %s: %s", dir,
			   strerror(errno));
		goto close_dir;
	}
	/* whatever the umask */
	err = fchmod(fd, 0600) ? -errno : write_pem(fd, key);
	if (close(fd) && !err)
		err = -errno;
	if (err)
		fail(msg, err, "cannot write to %s: %s", dir, strerror(-err));
	else
		err = put_in_place(dirfd, dir, tmp, file, msg);
	unlinkat(dirfd, tmp, 0);
close_dir:
	close(dirfd);
	return err;
}
