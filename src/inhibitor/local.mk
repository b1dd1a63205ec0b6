# SPDX-License-Identifier: ISC
#
# A program apart, so that neither eldest nor eldestd is linked with libsystemd.

if HAVE_SYSTEMD
pkglibexec_PROGRAMS += eldest-inhibitor
eldest_inhibitor_SOURCES = \
	src/inhibitor/logind.c src/inhibitor/logind.h \
	src/inhibitor/main.c
eldest_inhibitor_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS)
eldest_inhibitor_LDADD = $(SYSTEMD_LIBS)
endif
