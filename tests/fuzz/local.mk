# SPDX-License-Identifier: ISC
#
# Fuzz targets. `make check` runs seeded mutations through each, as many as take a second; `make fuzz` builds them with
# clang's libFuzzer and lets that search, in FUZZ_SECONDS for each of FUZZ_TARGETS, which keeps its corpus; with FUZZ_FAST=yes
# on all processors and without sanitizers: see fuzz.sh.

FUZZ_TARGETS = wire core state key conf control http
FUZZ_SECONDS = 600
FUZZ_FAST =

fuzz:
	$(AM_V_at)$(SHELL) $(top_srcdir)/tests/fuzz/fuzz.sh $(abs_top_srcdir) $(FUZZ_SECONDS) "$(FUZZ_FAST)" $(FUZZ_TARGETS)

.PHONY: fuzz
EXTRA_DIST += tests/fuzz/fuzz.sh

FUZZ_COMMON = tests/fuzz/fuzz.c tests/fuzz/fuzz.h tests/fuzz/mutate.c tests/fuzz/mutate.h
LIARS = tests/fuzz/liars.c tests/fuzz/liars.h tests/fuzz/chance.c tests/fuzz/chance.h
FUZZ_CLIENT = tests/fuzz/client.c tests/fuzz/client.h
FUZZ_WIRE = tests/fuzz/fuzz_wire.c $(FUZZ_COMMON) tests/unit/golden.c tests/unit/golden.h
FUZZ_CORE = tests/fuzz/fuzz_core.c $(FUZZ_COMMON) $(LIARS) $(CORE_NODE) tests/fuzz/assert.c
FUZZ_STATE = tests/fuzz/fuzz_state.c $(FUZZ_COMMON)
FUZZ_KEY = tests/fuzz/fuzz_key.c $(FUZZ_COMMON)
FUZZ_CONF = tests/fuzz/fuzz_conf.c $(FUZZ_COMMON)
FUZZ_CONTROL = tests/fuzz/fuzz_control.c $(FUZZ_COMMON) $(FUZZ_CLIENT) $(NODE_FIXTURE) tests/unit/node_acts.c tests/fuzz/assert.c
FUZZ_HTTP = tests/fuzz/fuzz_http.c $(FUZZ_COMMON) $(FUZZ_CLIENT) $(NODE_FIXTURE) tests/fuzz/assert.c

if HAVE_CHECK

check_PROGRAMS += tests/fuzz/replay_wire
tests_fuzz_replay_wire_SOURCES = tests/fuzz/replay.c $(FUZZ_WIRE)
tests_fuzz_replay_wire_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests -DFUZZ_RUNS=200000
tests_fuzz_replay_wire_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_replay_wire_LDADD = libeldest-core.a
EXTRA_PROGRAMS += tests/fuzz/fuzz_wire
tests_fuzz_fuzz_wire_SOURCES = $(FUZZ_WIRE)
tests_fuzz_fuzz_wire_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_wire_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_fuzz_wire_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_wire_LDADD = $(tests_fuzz_replay_wire_LDADD)

check_PROGRAMS += tests/fuzz/replay_core
tests_fuzz_replay_core_SOURCES = tests/fuzz/replay.c $(FUZZ_CORE)
tests_fuzz_replay_core_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests -DFUZZ_RUNS=1000
tests_fuzz_replay_core_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_replay_core_LDADD = libeldest-core.a
EXTRA_PROGRAMS += tests/fuzz/fuzz_core
tests_fuzz_fuzz_core_SOURCES = $(FUZZ_CORE)
tests_fuzz_fuzz_core_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_core_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_fuzz_core_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_core_LDADD = $(tests_fuzz_replay_core_LDADD)

check_PROGRAMS += tests/fuzz/replay_state
tests_fuzz_replay_state_SOURCES = tests/fuzz/replay.c $(FUZZ_STATE)
tests_fuzz_replay_state_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests -DFUZZ_RUNS=100000
tests_fuzz_replay_state_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_replay_state_LDADD = libeldestd.a libeldest-core.a
EXTRA_PROGRAMS += tests/fuzz/fuzz_state
tests_fuzz_fuzz_state_SOURCES = $(FUZZ_STATE)
tests_fuzz_fuzz_state_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_state_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_fuzz_state_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_state_LDADD = $(tests_fuzz_replay_state_LDADD)

check_PROGRAMS += tests/fuzz/replay_key
tests_fuzz_replay_key_SOURCES = tests/fuzz/replay.c $(FUZZ_KEY)
tests_fuzz_replay_key_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests -DFUZZ_RUNS=100000
tests_fuzz_replay_key_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_replay_key_LDADD = libeldest-core.a
EXTRA_PROGRAMS += tests/fuzz/fuzz_key
tests_fuzz_fuzz_key_SOURCES = $(FUZZ_KEY)
tests_fuzz_fuzz_key_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_key_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_fuzz_key_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_key_LDADD = $(tests_fuzz_replay_key_LDADD)

check_PROGRAMS += tests/fuzz/replay_conf
tests_fuzz_replay_conf_SOURCES = tests/fuzz/replay.c $(FUZZ_CONF)
tests_fuzz_replay_conf_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests -DFUZZ_RUNS=10000
tests_fuzz_replay_conf_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_replay_conf_LDADD = libeldestd.a libeldest-core.a $(INIH_LIBS)
EXTRA_PROGRAMS += tests/fuzz/fuzz_conf
tests_fuzz_fuzz_conf_SOURCES = $(FUZZ_CONF)
tests_fuzz_fuzz_conf_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_conf_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_fuzz_conf_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_conf_LDADD = $(tests_fuzz_replay_conf_LDADD)

check_PROGRAMS += tests/fuzz/replay_control
tests_fuzz_replay_control_SOURCES = tests/fuzz/replay.c $(FUZZ_CONTROL)
tests_fuzz_replay_control_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests -DFUZZ_RUNS=10000
tests_fuzz_replay_control_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_replay_control_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=event_add
tests_fuzz_replay_control_LDADD = libeldestd.a libeldest-core.a $(LIBEVENT_LIBS) $(INIH_LIBS) $(JANSSON_LIBS) $(MNL_LIBS) $(SODIUM_LIBS)
EXTRA_PROGRAMS += tests/fuzz/fuzz_control
tests_fuzz_fuzz_control_SOURCES = $(FUZZ_CONTROL)
tests_fuzz_fuzz_control_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_control_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_fuzz_control_LDFLAGS = $(tests_fuzz_replay_control_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_control_LDADD = $(tests_fuzz_replay_control_LDADD)

check_PROGRAMS += tests/fuzz/replay_http
tests_fuzz_replay_http_SOURCES = tests/fuzz/replay.c $(FUZZ_HTTP)
tests_fuzz_replay_http_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests -DFUZZ_RUNS=10000
tests_fuzz_replay_http_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_replay_http_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=event_add
tests_fuzz_replay_http_LDADD = libeldestd.a libeldest-core.a $(LIBEVENT_LIBS) $(JANSSON_LIBS) $(MNL_LIBS)
EXTRA_PROGRAMS += tests/fuzz/fuzz_http
tests_fuzz_fuzz_http_SOURCES = $(FUZZ_HTTP)
tests_fuzz_fuzz_http_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_http_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_fuzz_fuzz_http_LDFLAGS = $(tests_fuzz_replay_http_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_http_LDADD = $(tests_fuzz_replay_http_LDADD)
endif
