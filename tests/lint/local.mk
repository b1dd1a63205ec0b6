# SPDX-License-Identifier: ISC
#
# Checks of the sources themselves.

LINT_TESTS = \
	tests/lint/control.sh \
	tests/lint/core-symbols.sh \
	tests/lint/dissector.sh \
	tests/lint/functions.sh \
	tests/lint/header.sh \
	tests/lint/includes.sh \
	tests/lint/keys.sh \
	tests/lint/man.sh \
	tests/lint/metrics.sh \
	tests/lint/protocol.sh \
	tests/lint/spelling.sh \
	tests/lint/symbols.sh \
	tests/lint/words.sh

TESTS += $(LINT_TESTS)
EXTRA_DIST += $(LINT_TESTS) tests/lint/shell.sh tests/lint/lib.sh

noinst_PROGRAMS += tests/lint/list_keys
tests_lint_list_keys_SOURCES = tests/lint/list_keys.c
tests_lint_list_keys_LDADD = libeldestd.a libeldest-core.a $(INIH_LIBS)

noinst_PROGRAMS += tests/lint/list_protocol
tests_lint_list_protocol_SOURCES = tests/lint/list_protocol.c tests/unit/golden.c tests/unit/golden.h
tests_lint_list_protocol_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_lint_list_protocol_LDADD = libeldest-core.a

noinst_PROGRAMS += tests/lint/list_metrics
tests_lint_list_metrics_SOURCES = tests/lint/list_metrics.c
tests_lint_list_metrics_LDADD = $(DAEMON_LIBS)
