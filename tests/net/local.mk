# SPDX-License-Identifier: ISC
#
# The real programs in network namespaces; run by "make check-net". The longest first, so that a parallel run ends early.

NET_TESTS += \
	tests/net/loss.sh \
	tests/net/pause-leader.sh \
	tests/net/same-moment.sh \
	tests/net/ten-nodes.sh \
	tests/net/alone.sh \
	tests/net/pause-alone.sh \
	tests/net/cold-start.sh \
	tests/net/one-by-one.sh \
	tests/net/kill-leader.sh \
	tests/net/sentinel.sh \
	tests/net/stop-leader.sh \
	tests/net/resign.sh \
	tests/net/cut-leader.sh \
	tests/net/heal.sh \
	tests/net/late-joiner.sh \
	tests/net/copied-state.sh \
	tests/net/clone.sh \
	tests/net/interfaces.sh \
	tests/net/many-interfaces.sh \
	tests/net/families.sh \
	tests/net/rescue.sh \
	tests/net/port-closed.sh \
	tests/net/unplug.sh \
	tests/net/older-returns.sh \
	tests/net/priority.sh \
	tests/net/not-eligible.sh \
	tests/net/full-disk.sh \
	tests/net/reload.sh \
	tests/net/table-full.sh \
	tests/net/two-on-a-host.sh \
	tests/net/wall-clock.sh \
	tests/net/refused.sh \
	tests/net/background.sh \
	tests/net/bad-configuration.sh \
	tests/net/bad-state-directory.sh \
	tests/net/ports-taken.sh

# Too slow for every day; run by "make check-net-slow", which takes a build without sanitizers. The simulator tells the same
# stories in "make check".
NET_SLOW_TESTS += \
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
	tests/net/freeze-all.sh \
	tests/net/valgrind.sh

EXTRA_DIST += $(NET_TESTS) $(NET_SLOW_TESTS) tests/net/lib.sh tests/net/poll.pl tests/net/demo.sh tests/net/measure.sh \
	tests/net/at-rest.sh
