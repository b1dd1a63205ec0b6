# SPDX-License-Identifier: ISC
#
# eldest and its peers, measured in the same run: `make bench` as root, which takes about 20 minutes and leaves
# bench/bench.json, bench.md and failover.svg in the build folder. `make bench BENCH_OPTIONS="--quick --only eldest"` only
# looks whether it works; tests/bench/bench.py tells all options. `make check` tests the judge on made-up stories.

BENCH_OPTIONS =
bench: $(sbin_PROGRAMS)
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) python3 -B $(top_srcdir)/tests/bench/bench.py $(BENCH_OPTIONS)

.PHONY: bench

TESTS += tests/bench/selftest.sh

EXTRA_DIST += tests/bench/selftest.sh \
	tests/bench/bench.py \
	tests/bench/claims.py \
	tests/bench/cluster.py \
	tests/bench/environment.py \
	tests/bench/faults.py \
	tests/bench/kernel.py \
	tests/bench/lan.py \
	tests/bench/plan.py \
	tests/bench/plot.py \
	tests/bench/processes.py \
	tests/bench/report.py \
	tests/bench/rest.py \
	tests/bench/run.py \
	tests/bench/selftest.py \
	tests/bench/stalls.py \
	tests/bench/stats.py \
	tests/bench/peers/__init__.py \
	tests/bench/peers/base.py \
	tests/bench/peers/corosync.py \
	tests/bench/peers/eldest.py \
	tests/bench/peers/etcd.py \
	tests/bench/peers/keepalived.py \
	tests/bench/peers/ucarp.py
