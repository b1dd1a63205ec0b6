# SPDX-License-Identifier: ISC
#
# The command-line client. Adds to eldest_SOURCES.

eldest_SOURCES += \
	src/cli/cli.h \
	src/cli/counters.c \
	src/cli/history.c \
	src/cli/is_leader.c \
	src/cli/leader.c \
	src/cli/main.c \
	src/cli/members.c src/cli/members.h \
	src/cli/peers.c \
	src/cli/reload.c \
	src/cli/resign.c \
	src/cli/session.c src/cli/session.h \
	src/cli/status.c \
	src/cli/table.c src/cli/table.h \
	src/cli/text.c src/cli/text.h \
	src/cli/wait.c \
	src/cli/watch.c
