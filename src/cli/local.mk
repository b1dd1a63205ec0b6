# SPDX-License-Identifier: ISC
#
# The command-line client. Adds to eldest_SOURCES.

# Apart, because a unit test takes them too: all of the doctor but the verb.
DOCTOR_SOURCES = \
	src/cli/doctor.h \
	src/cli/doctor_document.c \
	src/cli/doctor_finding.c \
	src/cli/doctor_firewall.c src/cli/doctor_firewall.h \
	src/cli/doctor_interfaces.c \
	src/cli/doctor_iptables.c \
	src/cli/doctor_kernel.c \
	src/cli/doctor_nft.c \
	src/cli/doctor_node.c \
	src/cli/doctor_peers.c \
	src/cli/doctor_quorum.c \
	src/cli/doctor_strangers.c \
	src/cli/doctor_ways.c \
	src/cli/unit.c src/cli/unit.h

# Both this and what is shown to people use it.
QUORUM_SOURCES = src/cli/quorum.c src/cli/quorum.h

# Likewise what decides, and what is a hook.
HOOK_SOURCES = \
	src/cli/hook_dir.c src/cli/hook_dir.h \
	src/cli/hook_output.c src/cli/hook_output.h \
	src/cli/hook_path.c src/cli/hook_path.h \
	src/cli/hook_queue.c src/cli/hook_queue.h \
	src/cli/standing.c src/cli/standing.h

# And what is shown to people.
VIEW_SOURCES = \
	src/cli/members.c src/cli/members.h \
	src/cli/palette.c src/cli/palette.h \
	src/cli/summary.c src/cli/summary.h \
	src/cli/table.c src/cli/table.h \
	src/cli/wrap.c src/cli/wrap.h

TOP_SOURCES = \
	src/cli/top_model.c src/cli/top_model.h \
	src/cli/top_view.c src/cli/top_view.h

if HAVE_NCURSES
noinst_LIBRARIES += libeldest-screen.a
libeldest_screen_a_SOURCES = src/cli/top_screen.c src/cli/top_screen.h
libeldest_screen_a_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS)
eldest_LDADD += libeldest-screen.a libeldest-client.a libeldest-core.a $(NCURSES_LIBS)
eldest_SOURCES += $(TOP_SOURCES) \
	src/cli/top.c \
	src/cli/top_changes.c src/cli/top_changes.h \
	src/cli/top_draw.c src/cli/top_draw.h \
	src/cli/top_link.c src/cli/top_link.h
else
eldest_SOURCES += src/cli/top_missing.c
endif

eldest_SOURCES += $(VIEW_SOURCES) $(HOOK_SOURCES) $(DOCTOR_SOURCES) $(QUORUM_SOURCES) \
	src/cli/cli.h \
	src/cli/complain.c \
	src/cli/counters.c \
	src/cli/departure.c src/cli/departure.h \
	src/cli/doctor.c \
	src/cli/doctor_host.c \
	src/cli/doctor_listen.c \
	src/cli/doctor_print.c \
	src/cli/doctor_tools.c \
	src/cli/guess.c src/cli/guess.h \
	src/cli/history.c \
	src/cli/holding.c src/cli/holding.h \
	src/cli/hook_guard.c src/cli/hook_guard.h \
	src/cli/hook_run.c src/cli/hook_run.h \
	src/cli/hooks.c \
	src/cli/inhibitor.c src/cli/inhibitor.h \
	src/cli/is_leader.c \
	src/cli/keeper.c src/cli/keeper.h \
	src/cli/keygen.c \
	src/cli/leader.c \
	src/cli/main.c \
	src/cli/options.c \
	src/cli/pause.c \
	src/cli/peers.c \
	src/cli/reload.c \
	src/cli/resign.c \
	src/cli/retire.c \
	src/cli/run.c \
	src/cli/session.c src/cli/session.h \
	src/cli/status.c \
	src/cli/tag.c \
	src/cli/tree.c src/cli/tree.h \
	src/cli/trouble.c src/cli/trouble.h \
	src/cli/wait.c \
	src/cli/watch.c
