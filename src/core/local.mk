# SPDX-License-Identifier: ISC
#
# The protocol, pure.

libeldest_core_a_SOURCES += \
	src/core/action.h \
	src/core/clone.c \
	src/core/clone.h \
	src/core/core.c \
	src/core/core.h \
	src/core/discovery.c \
	src/core/discovery.h \
	src/core/election.c \
	src/core/election.h \
	src/core/event.h \
	src/core/exchange.c \
	src/core/exchange.h \
	src/core/follow.c \
	src/core/follow.h \
	src/core/handover.c \
	src/core/handover.h \
	src/core/invariant.c \
	src/core/leadership.c \
	src/core/leadership.h \
	src/core/lease.c \
	src/core/lease.h \
	src/core/member.c \
	src/core/member.h \
	src/core/merge.c \
	src/core/merge.h \
	src/core/names.c \
	src/core/node.c \
	src/core/node.h \
	src/core/paging.c \
	src/core/paging.h \
	src/core/params.c \
	src/core/params.h \
	src/core/rank.c \
	src/core/rank.h \
	src/core/roster.c \
	src/core/roster.h \
	src/core/suspicion.c \
	src/core/suspicion.h \
	src/core/tries.c \
	src/core/tries.h \
	src/core/view.c \
	src/core/voter.c \
	src/core/voter.h
