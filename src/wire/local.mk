# SPDX-License-Identifier: ISC
#
# The datagram codec.

libeldest_core_a_SOURCES += \
	src/wire/body.c src/wire/body.h \
	src/wire/get.c src/wire/get.h \
	src/wire/put.c src/wire/put.h \
	src/wire/range.h \
	src/wire/tail.c src/wire/tail.h \
	src/wire/wire.c src/wire/wire.h
