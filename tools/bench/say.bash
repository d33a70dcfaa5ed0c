# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # output is set by who sources this
#
# What is found out goes to a file, as tools/bench/guest tells.

say()
{
	local IFS=$'\t'

	echo "$*" >>"$output"
}

fail()
{
	echo "bench: $*" >&2
	exit 1
}
