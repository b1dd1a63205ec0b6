# SPDX-License-Identifier: ISC
#
# The client library. libeldest-client.a is what the command line and the unit tests are linked with: it has all functions of
# this directory. libeldest.so and libeldest.a are made of the same objects and have those of eldest.h only.
#
# libtool is not needed for that, on one system: objects are compiled once, a static library has no names that could be those
# of the program, and no program of the build tree is a script.

libeldest_client_a_SOURCES += \
	src/lib/alarm.c src/lib/alarm.h \
	src/lib/ask.c \
	src/lib/client.c src/lib/client.h \
	src/lib/eldest.h \
	src/lib/feed.c src/lib/feed.h \
	src/lib/handle.c src/lib/handle.h \
	src/lib/hold.c \
	src/lib/lease.c src/lib/lease.h \
	src/lib/status.c src/lib/status.h \
	src/lib/watch.c \
	src/base/str.c src/base/types.c
libeldest_client_a_CFLAGS = $(AM_CFLAGS) -fPIC -fvisibility=hidden

# The first number is that of the interface, and changes when a program that was built before would not work any more. It
# begins with 1: a 0 would say that nothing is promised.
LIBELDEST_SONAME = libeldest.so.1
LIBELDEST_SHARED = $(LIBELDEST_SONAME).0.0
LIBELDEST_MAP = $(top_srcdir)/src/lib/libeldest.map

include_HEADERS = src/lib/eldest.h
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = src/lib/libeldest.pc
execlibdir = $(libdir)
execlib_DATA = libeldest.a $(LIBELDEST_SHARED)
noinst_DATA = libeldest.so
EXTRA_DIST += src/lib/libeldest.map
CLEANFILES += libeldest.a libeldest.so $(LIBELDEST_SONAME) $(LIBELDEST_SHARED) src/lib/libeldest.o

$(LIBELDEST_SHARED): $(libeldest_client_a_OBJECTS) $(LIBELDEST_MAP)
	$(AM_V_CCLD)$(CC) $(libeldest_client_a_CFLAGS) $(CFLAGS) $(AM_LDFLAGS) $(LDFLAGS) -shared -o $@ \
		-Wl,-soname,$(LIBELDEST_SONAME) -Wl,--version-script,$(LIBELDEST_MAP) \
		$(libeldest_client_a_OBJECTS) $(JANSSON_LIBS)

# For programs of the build tree, which find the other one by LD_LIBRARY_PATH.
libeldest.so: $(LIBELDEST_SHARED)
	$(AM_V_GEN)ln -sf $(LIBELDEST_SHARED) $(LIBELDEST_SONAME) && ln -sf $(LIBELDEST_SHARED) $@

libeldest.a: $(libeldest_client_a_OBJECTS)
	$(AM_V_AR)rm -f $@ && \
	$(CC) $(CFLAGS) -r -nostdlib $(ELDEST_RELOCATABLE_FLAGS) -o src/lib/libeldest.o $(libeldest_client_a_OBJECTS) && \
	$(OBJCOPY) --localize-hidden src/lib/libeldest.o && \
	$(AR) $(ARFLAGS) $@ src/lib/libeldest.o && $(RANLIB) $@

install-exec-hook:
	cd $(DESTDIR)$(libdir) && ln -sf $(LIBELDEST_SHARED) $(LIBELDEST_SONAME) && ln -sf $(LIBELDEST_SHARED) libeldest.so

uninstall-hook:
	cd $(DESTDIR)$(libdir) && rm -f $(LIBELDEST_SONAME) libeldest.so
