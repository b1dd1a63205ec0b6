# SPDX-License-Identifier: ISC
#
# Event loop, clock, sockets, state file. Adds to libeldestd_a_SOURCES.

libeldestd_a_SOURCES += \
	src/platform/fnv.h \
	src/platform/identity.c src/platform/identity.h \
	src/platform/overrides.c src/platform/overrides.h \
	src/platform/records.c src/platform/records.h \
	src/platform/state.c src/platform/state.h \
	src/platform/stateimage.c src/platform/stateimage.h

libeldestd_a_SOURCES += \
	src/platform/address.c src/platform/address.h \
	src/platform/background.c src/platform/background.h \
	src/platform/choice.c src/platform/choice.h \
	src/platform/clock.c src/platform/clock.h \
	src/platform/devlog.c src/platform/devlog.h \
	src/platform/endpoint.c src/platform/endpoint.h \
	src/platform/grants.c src/platform/grants.h \
	src/platform/group.c src/platform/group.h \
	src/platform/hostname.c src/platform/hostname.h \
	src/platform/iface.c src/platform/iface.h \
	src/platform/loop.c src/platform/loop.h \
	src/platform/mac.h \
	src/platform/notify.c src/platform/notify.h \
	src/platform/sandbox.c src/platform/sandbox.h \
	src/platform/secret.c src/platform/secret.h \
	src/platform/process.c src/platform/process.h \
	src/platform/sentinel.c src/platform/sentinel.h \
	src/platform/standard.c src/platform/standard.h \
	src/platform/stream.c src/platform/stream.h \
	src/platform/title.c src/platform/title.h \
	src/platform/udp.c src/platform/udp.h

if HAVE_SODIUM
libeldestd_a_SOURCES += src/platform/mac_sodium.c
else
libeldestd_a_SOURCES += src/platform/mac_none.c
endif

if HAVE_SECCOMP
libeldestd_a_SOURCES += src/platform/sandbox_seccomp.c
else
libeldestd_a_SOURCES += src/platform/sandbox_none.c
endif
