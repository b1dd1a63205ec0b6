# SPDX-License-Identifier: ISC
#
# The real programs on loopback, no root needed.

CLI_TESTS = \
	tests/cli/alone.sh \
	tests/cli/closed.sh \
	tests/cli/counters.sh \
	tests/cli/history.sh \
	tests/cli/hooks.sh \
	tests/cli/installed.sh \
	tests/cli/reload.sh \
	tests/cli/rights.sh \
	tests/cli/run.sh \
	tests/cli/socket.sh \
	tests/cli/state.sh \
	tests/cli/three.sh \
	tests/cli/usage.sh

TESTS += $(CLI_TESTS)
EXTRA_DIST += $(CLI_TESTS) tests/cli/lib.sh
