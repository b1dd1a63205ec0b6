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
	src/cli/doctor_strangers.c \
	src/cli/doctor_ways.c

# Likewise what decides, and what is a hook.
HOOK_SOURCES = \
	src/cli/hook_dir.c src/cli/hook_dir.h \
	src/cli/hook_output.c src/cli/hook_output.h \
	src/cli/hook_path.c src/cli/hook_path.h \
	src/cli/hook_queue.c src/cli/hook_queue.h \
	src/cli/standing.c src/cli/standing.h

eldest_SOURCES += $(HOOK_SOURCES) $(DOCTOR_SOURCES) \
	src/cli/cli.h \
	src/cli/counters.c \
	src/cli/departure.c src/cli/departure.h \
	src/cli/doctor.c \
	src/cli/doctor_host.c \
	src/cli/doctor_listen.c \
	src/cli/doctor_print.c \
	src/cli/doctor_tools.c \
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
	src/cli/members.c src/cli/members.h \
	src/cli/pause.c \
	src/cli/peers.c \
	src/cli/reload.c \
	src/cli/resign.c \
	src/cli/run.c \
	src/cli/session.c src/cli/session.h \
	src/cli/status.c \
	src/cli/table.c src/cli/table.h \
	src/cli/tag.c \
	src/cli/text.c src/cli/text.h \
	src/cli/tree.c src/cli/tree.h \
	src/cli/wait.c \
	src/cli/watch.c
