# SPDX-License-Identifier: ISC
#
# The real programs on loopback, no root needed.

CLI_TESTS = \
	tests/cli/alone.sh \
	tests/cli/closed.sh \
	tests/cli/completion.sh \
	tests/cli/counters.sh \
	tests/cli/fencing.sh \
	tests/cli/history.sh \
	tests/cli/hooks.sh \
	tests/cli/http-hostile.sh \
	tests/cli/http.sh \
	tests/cli/inhibitor.sh \
	tests/cli/installed.sh \
	tests/cli/keygen.sh \
	tests/cli/lease.sh \
	tests/cli/library.sh \
	tests/cli/manager.sh \
	tests/cli/metrics.sh \
	tests/cli/pause.sh \
	tests/cli/reload.sh \
	tests/cli/retire.sh \
	tests/cli/rights.sh \
	tests/cli/run.sh \
	tests/cli/sandbox.sh \
	tests/cli/socket.sh \
	tests/cli/state.sh \
	tests/cli/tag.sh \
	tests/cli/three.sh \
	tests/cli/top.sh \
	tests/cli/usage.sh \
	tests/cli/watch.sh

TESTS += $(CLI_TESTS)
EXTRA_DIST += $(CLI_TESTS) tests/cli/http_crowd.pl tests/cli/lib.sh tests/cli/scrape.py tests/cli/tab.py tests/cli/terminal.sh

# Programs of users of the library: they see its header, and what it exports.
noinst_PROGRAMS += tests/cli/holder etc/examples/libeldest/child
tests_cli_holder_SOURCES = tests/cli/holder.c
tests_cli_holder_CPPFLAGS = -I$(top_srcdir)/src/lib
tests_cli_holder_LDADD = libeldest.so $(LIBEVENT_LIBS)
etc_examples_libeldest_child_SOURCES = etc/examples/libeldest/child.c
etc_examples_libeldest_child_CPPFLAGS = -I$(top_srcdir)/src/lib
etc_examples_libeldest_child_LDADD = libeldest.so

if HAVE_SYSTEMD
noinst_PROGRAMS += tests/cli/fake_logind
tests_cli_fake_logind_SOURCES = tests/cli/fake_logind.c
tests_cli_fake_logind_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS)
tests_cli_fake_logind_LDADD = $(SYSTEMD_LIBS)
endif
