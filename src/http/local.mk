# SPDX-License-Identifier: ISC
#
# What the daemon tells by HTTP. Adds to libeldestd_a_SOURCES.

libeldestd_a_SOURCES += \
	src/http/exposition.c src/http/exposition.h \
	src/http/httplisten.c src/http/httplisten.h \
	src/http/httproute.c src/http/httproute.h \
	src/http/httpserver.c src/http/httpserver.h \
	src/http/metrics.c src/http/metrics.h
