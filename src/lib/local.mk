# SPDX-License-Identifier: ISC
#
# The client library. Adds to libeldest_a_SOURCES.

libeldest_a_SOURCES += src/lib/client.c src/lib/client.h
