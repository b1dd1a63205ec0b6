# SPDX-License-Identifier: ISC
#
# How the daemon's documents read to people. For the client, which prints them, and for the daemon, which shows them.

TEXT_SOURCES = \
	src/text/timeline.c src/text/timeline.h \
	src/text/value.c src/text/value.h

libeldestd_a_SOURCES += $(TEXT_SOURCES)
eldest_SOURCES += $(TEXT_SOURCES)
