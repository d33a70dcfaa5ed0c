// SPDX-License-Identifier: GPL-2.0
/*
 * The private keys of this host: one file NAME.pem each, indexed by name and
 * by HIT.
 *
 * The directory is read at start, on SIGHUP, and whenever something is asked
 * for that is not known, so that a new key needs no restart.  A file that has
 * not changed is not read again, and complained about only once.
 */
#include "keystore.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "keyfile.h"
#include "log.h"

#define FILES_MAX	1024	/* in the directory; the rest is ignored */

/**
 * struct entry - a file of the directory
 * @next: in the list
 * @name: name of the identity
 * @stamp: tells whether the file has changed
 * @seen: number of the scan that saw it last
 * @key: the private key; NULL: the file was refused
 * @hi: its public part
 * @hit: its HIT
 */
struct entry {
	struct entry *next;
	char name[HIP_NAME_LEN_MAX + 1];
	struct stat stamp;
	unsigned int seen;
	EVP_PKEY *key;
	struct hi hi;
	struct in6_addr hit;
};

static struct {
	const char *dir;
	pthread_rwlock_t lock;	/* protects the rest */
	struct entry *entries;
	unsigned int scan;
	char complaint[KEYFILE_MSG_MAX];	/* latest, about the directory */
} store = {
	.lock = PTHREAD_RWLOCK_INITIALIZER,
};

static void entry_free(struct entry *e)
{
	EVP_PKEY_free(e->key);
	free(e);
}

static struct entry *find_name(const char *name)
{
	struct entry *e;

	for (e = store.entries; e; e = e->next)
		if (!strcmp(e->name, name))
			return e;
	return NULL;
}

static struct entry *find_hit(const struct in6_addr *hit)
{
	struct entry *e;

	for (e = store.entries; e; e = e->next)
		if (e->key && !memcmp(&e->hit, hit, sizeof(*hit)))
			return e;
	return NULL;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* The change time covers mode and owner, which decide as well */
static bool unchanged(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       same_time(&a->st_mtim, &b->st_mtim) &&
	       same_time(&a->st_ctim, &b->st_ctim);
}

/* What the file itself is to blame for lasts until it is changed */
static bool lasting(int err)
{
	return err == -EPERM || err == -EINVAL || err == -EOPNOTSUPP ||
	       err == -ELOOP;
}

/* Read the key of @e anew */
static void load(struct entry *e, int dirfd, const char *file)
{
	char hit[INET6_ADDRSTRLEN];
	char msg[KEYFILE_MSG_MAX];
	const char *why = "out of memory";
	int err;

	EVP_PKEY_free(e->key);
	e->key = NULL;
	err = keyfile_load_private(dirfd, store.dir, file, &e->key, msg);
	if (err) {
		log_warning("%s", msg);
		if (!lasting(err))
			memset(&e->stamp, 0, sizeof(e->stamp));
		return;
	}
	if (hi_from_key(e->key, &e->hi, &why) ||
	    hit_from_hi(e->hi.suite, e->hi.data, e->hi.len, &e->hit)) {
		log_warning("%s/%s: %s", store.dir, file, why);
		EVP_PKEY_free(e->key);
		e->key = NULL;
		return;
	}
	log_info("identity %s: %s", e->name,
		 inet_ntop(AF_INET6, &e->hit, hit, sizeof(hit)));
}

/* One file of the directory; the lock is held for writing */
static void visit(int dirfd, const char *file)
{
	size_t len = strlen(file);
	const size_t suffix = strlen(KEYFILE_SUFFIX);
	char name[HIP_NAME_LEN_MAX + 1];
	struct entry *e;
	struct stat st;

	if (*file == '.' || len <= suffix ||
	    strcmp(file + len - suffix, KEYFILE_SUFFIX))
		return;
	len -= suffix;
	if (len > HIP_NAME_LEN_MAX)
		return;
	memcpy(name, file, len);
	name[len] = '\0';
	if (!keyfile_name_ok(name) ||
	    fstatat(dirfd, file, &st, AT_SYMLINK_NOFOLLOW))
		return;

	e = find_name(name);
	if (e && unchanged(&e->stamp, &st)) {
		e->seen = store.scan;
		return;
	}
	if (!e) {
		e = calloc(1, sizeof(*e));
		if (!e)
			return;
		strcpy(e->name, name);
		e->next = store.entries;
		store.entries = e;
	}
	e->stamp = st;
	e->seen = store.scan;
	load(e, dirfd, file);
}

static void drop_unseen(void)
{
	struct entry **p = &store.entries, *e;

	while ((e = *p)) {
		if (e->seen == store.scan) {
			p = &e->next;
			continue;
		}
		if (e->key)
			log_info("identity %s: its file is gone", e->name);
		*p = e->next;
		entry_free(e);
	}
}

/* Return: 0 or a negative errno; msg then says why */
static int scan(char msg[KEYFILE_MSG_MAX])
{
	unsigned int files = 0;
	struct dirent *de;
	int fd, fd2;
	DIR *d;

	store.scan++;
	fd = keyfile_open_dir(store.dir, msg);
	if (fd < 0) {
		drop_unseen();
		return fd;
	}
	fd2 = dup(fd);
	d = fd2 < 0 ? NULL : fdopendir(fd2);
	if (!d) {
		snprintf(msg, KEYFILE_MSG_MAX, "%s: %s", store.dir,
			 strerror(errno));
		if (fd2 >= 0)
			close(fd2);
		close(fd);
		return -EIO;
	}
	while ((de = readdir(d)) && files++ < FILES_MAX)
		visit(fd, de->d_name);
	closedir(d);
	close(fd);
	drop_unseen();
	return 0;
}

/**
 * keystore_rescan() - read what has changed in the directory
 *
 * Any thread.
 */
void keystore_rescan(void)
{
	char msg[KEYFILE_MSG_MAX] = "";

	pthread_rwlock_wrlock(&store.lock);
	if (scan(msg) && strcmp(msg, store.complaint))
		log_warning("%s", msg);
	memcpy(store.complaint, msg, sizeof(msg));
	pthread_rwlock_unlock(&store.lock);
}

/**
 * keystore_init() - read the keys for the first time
 * @dir: directory; must stay valid
 *
 * A directory that is not there, or empty, is not an error: it may come.
 *
 * Return: 0, or a negative errno for a directory that must not be used.
 */
int keystore_init(const char *dir)
{
	char msg[KEYFILE_MSG_MAX] = "";
	int err;

	store.dir = dir;
	pthread_rwlock_wrlock(&store.lock);
	err = scan(msg);
	if (err == -ENOENT) {
		log_warning("%s", msg);
		err = 0;
	} else if (err) {
		log_err("%s", msg);
	}
	memcpy(store.complaint, msg, sizeof(msg));
	pthread_rwlock_unlock(&store.lock);
	return err;
}

/**
 * keystore_free() - forget all keys
 */
void keystore_free(void)
{
	struct entry *e;

	pthread_rwlock_wrlock(&store.lock);
	while ((e = store.entries)) {
		store.entries = e->next;
		entry_free(e);
	}
	pthread_rwlock_unlock(&store.lock);
}

/**
 * keystore_count() - number of usable keys
 */
unsigned int keystore_count(void)
{
	unsigned int n = 0;
	struct entry *e;

	pthread_rwlock_rdlock(&store.lock);
	for (e = store.entries; e; e = e->next)
		n += !!e->key;
	pthread_rwlock_unlock(&store.lock);
	return n;
}

static EVP_PKEY *get_key(const struct in6_addr *hit)
{
	EVP_PKEY *key = NULL;
	struct entry *e;

	pthread_rwlock_rdlock(&store.lock);
	e = find_hit(hit);
	if (e && EVP_PKEY_up_ref(e->key))
		key = e->key;
	pthread_rwlock_unlock(&store.lock);
	return key;
}

/**
 * keystore_find_hit() - the private key behind a HIT
 * @hit: HIT
 *
 * Return: a key with a reference for the caller, or NULL.
 */
EVP_PKEY *keystore_find_hit(const struct in6_addr *hit)
{
	EVP_PKEY *key = get_key(hit);

	if (!key) {
		keystore_rescan();
		key = get_key(hit);
	}
	return key;
}

/**
 * keystore_find_name() - the public part of a key
 * @name: name of the identity
 * @hi: filled in
 *
 * Always looks at the directory: who asks by name has just made the file, or
 * put another in its place.
 *
 * Return: whether there is such a key.
 */
bool keystore_find_name(const char *name, struct hi *hi)
{
	struct entry *e;
	bool found;

	keystore_rescan();
	pthread_rwlock_rdlock(&store.lock);
	e = find_name(name);
	found = e && e->key;
	if (found)
		*hi = e->hi;
	pthread_rwlock_unlock(&store.lock);
	return found;
}
