# SPDX-License-Identifier: ISC
#
# What the daemon tells by HTTP. Adds to libeldestd_a_SOURCES.

libeldestd_a_SOURCES += \
	src/http/exposition.c src/http/exposition.h \
	src/http/html.c src/http/html.h \
	src/http/httpanswer.c src/http/httpanswer.h \
	src/http/httpclient.c src/http/httpclient.h \
	src/http/httpevents.c src/http/httpevents.h \
	src/http/httplisten.c src/http/httplisten.h \
	src/http/httprequest.c src/http/httprequest.h \
	src/http/httproute.c src/http/httproute.h \
	src/http/httpserver.c src/http/httpserver.h \
	src/http/httpsource.c src/http/httpsource.h \
	src/http/metrics.c src/http/metrics.h \
	src/http/page.c src/http/page.h \
	src/http/page_changes.c \
	src/http/page_files.h \
	src/http/page_leader.c \
	src/http/page_leaderships.c \
	src/http/page_members.c \
	src/http/page_node.c \
	src/http/page_parts.h \
	src/http/page_value.c src/http/page_value.h

# The files beside the page are in the program.
PAGE_FILES = src/http/page.css src/http/page.js src/http/icon.svg
nodist_libeldestd_a_SOURCES = src/http/page_files.c
EXTRA_DIST += src/http/embed.sh $(PAGE_FILES)
CLEANFILES += src/http/page_files.c

src/http/page_files.c: src/http/embed.sh $(PAGE_FILES)
	$(AM_V_at)$(MKDIR_P) src/http
	$(AM_V_GEN)cd $(srcdir) && $(SHELL) src/http/embed.sh $(PAGE_FILES) >$(abs_builddir)/$@.new
	$(AM_V_at)mv $@.new $@
