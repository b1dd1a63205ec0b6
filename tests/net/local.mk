# SPDX-License-Identifier: ISC
#
# The real programs in network namespaces; run by "make check-net". The longest first, so that a parallel run ends early.

NET_TESTS += \
	tests/net/chaos.sh \
	tests/net/majority.sh \
	tests/net/pause-leader.sh \
	tests/net/same-moment.sh \
	tests/net/ten-nodes.sh \
	tests/net/lease.sh \
	tests/net/suspend.sh \
	tests/net/alone.sh \
	tests/net/pause-alone.sh \
	tests/net/cold-start.sh \
	tests/net/one-by-one.sh \
	tests/net/kill-leader.sh \
	tests/net/sentinel.sh \
	tests/net/stop-leader.sh \
	tests/net/resign.sh \
	tests/net/cut-leader.sh \
	tests/net/late-joiner.sh \
	tests/net/copied-state.sh \
	tests/net/host-name.sh \
	tests/net/virtual-address.sh \
	tests/net/haproxy.sh \
	tests/net/cron.sh \
	tests/net/port-closed.sh \
	tests/net/unplug.sh \
	tests/net/older-returns.sh \
	tests/net/priority.sh \
	tests/net/maintenance.sh \
	tests/net/not-eligible.sh \
	tests/net/full-disk.sh \
	tests/net/keys.sh \
	tests/net/reload.sh \
	tests/net/table-full.sh \
	tests/net/two-on-a-host.sh \
	tests/net/wall-clock.sh \
	tests/net/three-on-one-lan.sh \
	tests/net/reflected.sh \
	tests/net/refused.sh \
	tests/net/background.sh \
	tests/net/bad-configuration.sh \
	tests/net/bad-state-directory.sh \
	tests/net/ports-taken.sh

# One at a time, since they judge who is first, to the millisecond, and want no rivals for the processor; run by "make
# check-net-quiet -j 1".
NET_QUIET_TESTS += \
	tests/net/loss.sh \
	tests/net/wavering.sh \
	tests/net/bursts.sh \
	tests/net/heal.sh \
	tests/net/clone.sh \
	tests/net/interfaces.sh \
	tests/net/families.sh \
	tests/net/rescue.sh \
	tests/net/forged.sh \
	tests/net/metrics.sh

# Too slow for every day; run by "make check-net-slow", which takes a build without sanitizers. The simulator tells the same
# stories in "make check".
NET_SLOW_TESTS += \
	tests/net/chaos-notices.sh \
	tests/net/state-goes.sh \
	tests/net/wifi.sh \
	tests/net/many-interfaces.sh \
	tests/net/run.sh \
	tests/net/redis.sh \
	tests/net/prometheus.sh \
	tests/net/hooks.sh \
	tests/net/doctor.sh \
	tests/net/fifty-nodes.sh \
	tests/net/two-lans.sh \
	tests/net/two-ways.sh \
	tests/net/flapping.sh \
	tests/net/one-way.sh \
	tests/net/parts.sh \
	tests/net/pause-follower.sh \
	tests/net/deaf-leader.sh \
	tests/net/mute-leader.sh \
	tests/net/no-multicast.sh \
	tests/net/busy.sh \
	tests/net/flood.sh \
	tests/net/storm.sh \
	tests/net/damaged.sh \
	tests/net/clients.sh \
	tests/net/log-stalls.sh \
	tests/net/freeze-all.sh \
	tests/net/valgrind.sh

# What each attack costs, as a table: root, about six minutes, a build without sanitizers.
attacks: $(sbin_PROGRAMS) $(bin_PROGRAMS) tests/net/flood
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(top_srcdir)/tests/net/attacks.sh

.PHONY: attacks

EXTRA_DIST += $(NET_TESTS) $(NET_QUIET_TESTS) $(NET_SLOW_TESTS) tests/net/lib.sh tests/net/alerts.yml tests/net/poll.pl \
	tests/net/attacks.sh tests/net/hostile.sh tests/net/attacker.py tests/net/crowd.py tests/net/toll.py \
	tests/net/demo.sh tests/net/measure.sh tests/net/at-rest.sh tests/net/measure-network.sh tests/net/work.sh

# The network between the hosts, where more is wanted of it than the kernel's bridge can do.
SWITCH = \
	tests/net/faults.c tests/net/faults.h \
	tests/net/ports.c tests/net/ports.h

noinst_PROGRAMS += tests/net/flood
tests_net_flood_SOURCES = tests/net/flood.c
tests_net_flood_LDADD = libeldest-core.a

# To be loaded before a program; without what a build with sanitizers wants.
noinst_DATA += tests/net/suspend.so
CLEANFILES += tests/net/suspend.so
EXTRA_DIST += tests/net/suspend.c

tests/net/suspend.so: tests/net/suspend.c
	@$(MKDIR_P) tests/net
	$(AM_V_CCLD)$(CC) -std=gnu11 -O2 -Wall -Wextra -fPIC -shared -o $@ $(top_srcdir)/tests/net/suspend.c

noinst_PROGRAMS += tests/net/lossy_switch
tests_net_lossy_switch_SOURCES = tests/net/lossy_switch.c tests/net/tap.c tests/net/tap.h $(SWITCH)
tests_net_lossy_switch_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_net_lossy_switch_LDADD = libeldest-sim.a libeldest-core.a

if HAVE_CHECK
check_PROGRAMS += tests/net/test_switch
tests_net_test_switch_SOURCES = tests/net/test_switch.c $(SWITCH)
tests_net_test_switch_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CHECK_CFLAGS)
tests_net_test_switch_LDADD = libeldest-sim.a libeldest-core.a $(CHECK_LIBS)
endif

# Whether two ever work at the same time, or a token goes back, in an hour of faults: with three hosts, and with five. As root.
soak:
	$(AM_V_at)for hosts in 3 5; do \
	    $(AM_TESTS_ENVIRONMENT) ELDEST_TEST_THOROUGH=yes $(top_srcdir)/tests/net/chaos.sh $$hosts $(SOAK_SECONDS) || exit; \
	done

SOAK_SECONDS = 1800
.PHONY: soak
