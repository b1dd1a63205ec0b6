# SPDX-License-Identifier: ISC
#
# Configuration, control server and the glue: libeldestd_a_SOURCES; main.c: eldestd_SOURCES.

libeldestd_a_SOURCES += \
	src/daemon/ctlclient.c src/daemon/ctlclient.h \
	src/daemon/ctlcommand.c src/daemon/ctlcommand.h \
	src/daemon/ctlserver.c src/daemon/ctlserver.h \
	src/daemon/ctlsocket.c src/daemon/ctlsocket.h \
	src/daemon/report.c src/daemon/report.h \
	src/daemon/report_counters.c src/daemon/report_network.c src/daemon/report_quorum.c \
	src/daemon/report_parts.h

libeldestd_a_SOURCES += \
	src/daemon/conf.c src/daemon/conf.h \
	src/daemon/conffile.c src/daemon/conffile.h \
	src/daemon/log.c src/daemon/log.h

libeldestd_a_SOURCES += \
	src/daemon/cookie.c src/daemon/cookie.h \
	src/daemon/counters.c src/daemon/counters.h \
	src/daemon/daemon.c src/daemon/daemon.h \
	src/daemon/history.c src/daemon/history.h \
	src/daemon/holders.c src/daemon/holders.h \
	src/daemon/inbox.c src/daemon/inbox.h \
	src/daemon/keyfile.c src/daemon/keyfile.h \
	src/daemon/journal.c src/daemon/journal.h \
	src/daemon/links.c src/daemon/links.h \
	src/daemon/manager.c src/daemon/manager.h \
	src/daemon/notices.c src/daemon/notices.h \
	src/daemon/options.c src/daemon/options.h \
	src/daemon/outbox.c src/daemon/outbox.h \
	src/daemon/overlay.c src/daemon/overlay.h \
	src/daemon/paths.c src/daemon/paths.h \
	src/daemon/quorum.c src/daemon/quorum.h \
	src/daemon/ran.c src/daemon/ran.h \
	src/daemon/settings.c src/daemon/settings.h \
	src/daemon/strangers.c src/daemon/strangers.h \
	src/daemon/traffic.c src/daemon/traffic.h \
	src/daemon/will.c src/daemon/will.h

eldestd_SOURCES += src/daemon/main.c
