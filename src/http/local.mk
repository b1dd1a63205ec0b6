# SPDX-License-Identifier: ISC
#
# What the daemon tells by HTTP. Adds to libeldestd_a_SOURCES.

libeldestd_a_SOURCES += \
	src/http/exposition.c src/http/exposition.h \
	src/http/httpanswer.c src/http/httpanswer.h \
	src/http/httpclient.c src/http/httpclient.h \
	src/http/httpevents.c src/http/httpevents.h \
	src/http/httplisten.c src/http/httplisten.h \
	src/http/httprequest.c src/http/httprequest.h \
	src/http/httproute.c src/http/httproute.h \
	src/http/httpserver.c src/http/httpserver.h \
	src/http/httpsource.c src/http/httpsource.h \
	src/http/metrics.c src/http/metrics.h
