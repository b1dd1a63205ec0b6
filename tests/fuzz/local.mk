# SPDX-License-Identifier: ISC
#
# Fuzz targets. `make check` replays seeded mutations through each; a real campaign needs clang:
#
#   ./configure CC=clang CFLAGS='-g -O1 -fsanitize=fuzzer-no-link,address,undefined'
#   make tests/fuzz/fuzz_wire tests/fuzz/replay_wire && mkdir corpus && tests/fuzz/replay_wire -w corpus
#   tests/fuzz/fuzz_wire -max_len=1300 corpus

check_PROGRAMS += tests/fuzz/replay_wire
tests_fuzz_replay_wire_SOURCES = \
	tests/fuzz/fuzz.h tests/fuzz/fuzz_wire.c tests/fuzz/replay.c \
	tests/fuzz/mutate.c tests/fuzz/mutate.h \
	tests/unit/golden.c tests/unit/golden.h
tests_fuzz_replay_wire_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_replay_wire_LDADD = libeldest-core.a

EXTRA_PROGRAMS += tests/fuzz/fuzz_wire
tests_fuzz_fuzz_wire_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_wire.c
tests_fuzz_fuzz_wire_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_wire_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_wire_LDADD = libeldest-core.a
