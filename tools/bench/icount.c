// SPDX-License-Identifier: GPL-2.0
/*
 * icount: a plugin of QEMU (7.2 or newer) that counts how often each piece of the
 * guest's code is executed.
 *
 * The guest says what counts with an instruction that does nothing else,
 * nopl imm32(%rax,%rax,1): 0x48495001 begins and 0x48495002 ends a span (mark_...()
 * in load.c). At the end of each, lines of "address instructions executions" are
 * written to a file, out=PREFIX and a number.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu_plugin.h"

#define MARKER_LEN	8
#define BUCKETS		65536

int qemu_plugin_version = 1;

/**
 * struct block - a piece of straight code
 * @addr: where it is
 * @insns: its length
 * @execs: executions in the current span
 * @next: in its bucket
 */
struct block {
	uint64_t addr;
	uint64_t insns;
	uint64_t execs;
	struct block *next;
};

static struct block *buckets[BUCKETS];
static const char *prefix = "icount.";
static unsigned int spans;

static struct block *block_get(uint64_t addr, uint64_t insns)
{
	struct block **bucket = &buckets[(addr ^ addr >> 16) % BUCKETS], *b;

	for (b = *bucket; b; b = b->next)
		if (b->addr == addr && b->insns == insns)
			return b;

	b = calloc(1, sizeof(*b));
	if (!b)
		abort();
	b->addr = addr;
	b->insns = insns;
	b->next = *bucket;
	*bucket = b;
	return b;
}

static void span_write(void)
{
	char name[4096];
	struct block *b;
	FILE *file;
	size_t i;

	snprintf(name, sizeof(name), "%s%u", prefix, spans++);
	file = fopen(name, "w");
	if (!file)
		abort();
	for (i = 0; i < BUCKETS; i++)
		for (b = buckets[i]; b; b = b->next)
			if (b->execs)
				fprintf(file, "%llx %llu %llu\n",
					(unsigned long long)b->addr,
					(unsigned long long)b->insns,
					(unsigned long long)b->execs);
	fclose(file);
}

static void marked(unsigned int cpu, void *end)
{
	struct block *b;
	size_t i;

	(void)cpu;
	if (end)
		span_write();
	for (i = 0; i < BUCKETS; i++)
		for (b = buckets[i]; b; b = b->next)
			b->execs = 0;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	static const uint8_t marker[] = { 0x0f, 0x1f, 0x84, 0x00 };
	static const uint8_t magic[] = { 0x50, 0x49, 0x48 };
	size_t i, n = qemu_plugin_tb_n_insns(tb);
	struct qemu_plugin_insn *insn;
	const uint8_t *code;
	struct block *b;

	(void)id;
	b = block_get(qemu_plugin_tb_vaddr(tb), n);
	qemu_plugin_register_vcpu_tb_exec_inline(tb, 0, &b->execs, 1);

	for (i = 0; i < n; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		code = qemu_plugin_insn_data(insn);
		if (qemu_plugin_insn_size(insn) != MARKER_LEN ||
		    memcmp(code, marker, sizeof(marker)) ||
		    memcmp(code + 5, magic, sizeof(magic)))
			continue;
		qemu_plugin_register_vcpu_insn_exec_cb(insn, marked, 0,
						       code[4] == 2 ? &spans : NULL);
	}
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			       int argc, char **argv)
{
	int i;

	(void)info;
	for (i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4))
			prefix = strdup(argv[i] + 4);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
