// SPDX-License-Identifier: GPL-2.0
/*
 * The target without libFuzzer: runs the files that are named, for gcov.
 */
#include <stdio.h>

#include "fuzz.h"

static int fuzz_file(const char *path)
{
	static u8 buf[2 * HIP_MAX_LEN];
	FILE *f = fopen(path, "rb");
	size_t len;

	if (!f) {
		perror(path);
		return 1;
	}
	len = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	LLVMFuzzerTestOneInput(buf, len);
	return 0;
}

int main(int argc, char **argv)
{
	int i, failed = 0;

	LLVMFuzzerInitialize(&argc, &argv);
	for (i = 1; i < argc; i++)
		failed |= fuzz_file(argv[i]);
	return failed;
}
