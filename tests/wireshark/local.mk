# SPDX-License-Identifier: ISC
#
# The dissector of Wireshark, judged by src/wire; run by "make check-net-slow".

NET_SLOW_TESTS += \
	tests/wireshark/datagrams.sh \
	tests/wireshark/election.sh

EXTRA_DIST += tests/wireshark/datagrams.sh tests/wireshark/election.sh tests/wireshark/compare.py

noinst_PROGRAMS += tests/wireshark/datagrams
tests_wireshark_datagrams_SOURCES = \
	tests/wireshark/capture.c tests/wireshark/capture.h \
	tests/wireshark/datagrams.c \
	tests/wireshark/fields.c tests/wireshark/fields.h \
	tests/fuzz/mutate.c tests/fuzz/mutate.h \
	tests/unit/golden.c tests/unit/golden.h
tests_wireshark_datagrams_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_wireshark_datagrams_LDADD = libeldest-core.a
