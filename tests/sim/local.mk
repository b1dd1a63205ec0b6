# SPDX-License-Identifier: ISC
#
# The simulator: the cores on a virtual network in virtual time. `make check` plays every case under its own settings
# (test_sim), `make check SIM_TIMES=20` with twenty times the seeds; tests/sim/eldest-sim plays any run, many of them, or
# prints the table of figures. `make sim-table` measures all of them and draws the plot, `make sim-table
# SIM_TABLE_OPTIONS="--nodes 5,10 --stories death"` some. `make sim-coverage` tells which rules the runs exercise,
# `make sim-mutants` whether they would notice if one was broken.

noinst_LIBRARIES += libeldest-sim.a
libeldest_sim_a_SOURCES = \
	tests/sim/cast.c tests/sim/cast.h \
	tests/sim/claim.c tests/sim/claim.h \
	tests/sim/cover.c tests/sim/cover.h \
	tests/sim/exam.c tests/sim/exam.h \
	tests/sim/fault.c tests/sim/fault.h \
	tests/sim/heap.c tests/sim/heap.h \
	tests/sim/holder.c tests/sim/holder.h \
	tests/sim/ledger.c tests/sim/ledger.h \
	tests/sim/measure.c tests/sim/measure.h \
	tests/sim/net.c tests/sim/net.h \
	tests/sim/oracle.c tests/sim/oracle.h \
	tests/sim/paper.c tests/sim/paper.h \
	tests/sim/paper_again.c tests/sim/paper_few.c tests/sim/paper_goes.c tests/sim/paper_moments.c \
	tests/sim/paper_parts.c tests/sim/paper_stays.c tests/sim/paper_votes.c tests/sim/paper_ways.c \
	tests/sim/play.c tests/sim/play.h \
	tests/sim/reign.c tests/sim/reign.h \
	tests/sim/rest.c tests/sim/rest.h \
	tests/sim/roll.c tests/sim/roll.h \
	tests/sim/scenario.c tests/sim/scenario.h \
	tests/sim/script.c tests/sim/script.h \
	tests/sim/shrink.c tests/sim/shrink.h \
	tests/sim/sitting.c tests/sim/sitting.h \
	tests/sim/swarm.c tests/sim/swarm.h \
	tests/sim/table.c tests/sim/table.h \
	tests/sim/tape.c tests/sim/tape.h \
	tests/sim/trace.c tests/sim/trace.h \
	tests/sim/world.c tests/sim/world.h \
	tests/toy_hash.c tests/toy_hash.h
libeldest_sim_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests -DSIM_CASES='"$(abs_top_srcdir)/tests/sim/cases"'

EXTRA_DIST += tests/sim/cases tests/sim/coverage.sh tests/sim/mutants tests/sim/mutants.sh tests/sim/plot.awk \
	tests/sim/table.sh
# As drawn by make sim-table SIM_TABLE_OPTIONS="--stories death", to be renewed when those figures change.
EXTRA_DIST += doc/failover.svg

# Which rules of the protocol all that exercises; builds once more, in a folder of its own.
sim-coverage:
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/tests/sim/coverage.sh $(SIM_OPTIONS)

# Whether the simulator notices when the core is broken: a few mutants in make check, here all of them, in a build of
# its own that is optimised. What one is compiled with comes from that build.
TESTS += tests/sim/mutants.sh

SIM_MUTANTS = --all
sim-mutants:
	$(AM_V_at)mkdir -p sim-mutants && cd sim-mutants && \
	{ test -f config.status || $(abs_top_srcdir)/configure -q --enable-werror CFLAGS="-O2 -g"; } && \
	$(MAKE) $(AM_MAKEFLAGS) -s tests/sim/eldest-sim
	$(AM_V_at)abs_top_srcdir=$(abs_top_srcdir) abs_top_builddir=$(abs_builddir)/sim-mutants \
	$(top_srcdir)/tests/sim/mutants.sh $(SIM_MUTANTS)

sim-mutant-compile:
	@echo $(CC) -I$(abs_top_srcdir)/src $(ELDEST_CFLAGS) $(CFLAGS) $(ELDEST_LDFLAGS) $(LDFLAGS)

.PHONY: sim-coverage sim-mutants sim-mutant-compile

noinst_PROGRAMS += tests/sim/eldest-sim
tests_sim_eldest_sim_SOURCES = tests/sim/eldest_sim.c
tests_sim_eldest_sim_LDADD = libeldest-sim.a libeldest-core.a

check_PROGRAMS += tests/sim/test_sim
tests_sim_test_sim_SOURCES = tests/sim/test_sim.c
tests_sim_test_sim_LDADD = libeldest-sim.a libeldest-core.a

check_PROGRAMS += tests/sim/test_keys
tests_sim_test_keys_SOURCES = tests/sim/test_keys.c
tests_sim_test_keys_LDADD = libeldest-sim.a libeldest-core.a

if HAVE_CHECK
check_PROGRAMS += tests/sim/test_ledger
tests_sim_test_ledger_SOURCES = tests/sim/test_ledger.c
tests_sim_test_ledger_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
tests_sim_test_ledger_LDADD = libeldest-sim.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/sim/test_net
tests_sim_test_net_SOURCES = tests/sim/test_net.c
tests_sim_test_net_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
tests_sim_test_net_LDADD = libeldest-sim.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/sim/test_script
tests_sim_test_script_SOURCES = tests/sim/test_script.c
tests_sim_test_script_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
tests_sim_test_script_LDADD = libeldest-sim.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/sim/test_world
tests_sim_test_world_SOURCES = tests/sim/test_world.c
tests_sim_test_world_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
tests_sim_test_world_LDADD = libeldest-sim.a libeldest-core.a $(CHECK_LIBS)
endif

TESTS += tests/sim/table-smoke.sh
EXTRA_DIST += tests/sim/table-smoke.sh
CLEANFILES += tests/sim/table/table.txt tests/sim/table/table.csv tests/sim/table/failover.svg

sim-table: tests/sim/eldest-sim
	$(AM_V_at)$(srcdir)/tests/sim/table.sh tests/sim/eldest-sim tests/sim/table $(SIM_TABLE_OPTIONS)

.PHONY: sim-table
