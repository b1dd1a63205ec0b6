# SPDX-License-Identifier: ISC
#
# The values and small tools of C that every layer uses.

libeldest_core_a_SOURCES += \
	src/base/bucket.c src/base/bucket.h \
	src/base/places.c src/base/places.h \
	src/base/histogram.c src/base/histogram.h \
	src/base/rng.c src/base/rng.h \
	src/base/str.c src/base/str.h \
	src/base/tags.c src/base/tags.h \
	src/base/types.c src/base/types.h \
	src/base/util.h
