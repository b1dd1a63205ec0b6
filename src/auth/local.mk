# SPDX-License-Identifier: ISC
#
# Who is believed, pure: between the codec and whatever uses it.

libeldest_core_a_SOURCES += \
	src/auth/gate.c src/auth/gate.h \
	src/auth/key.c src/auth/key.h \
	src/auth/seal.c src/auth/seal.h \
	src/auth/window.c src/auth/window.h
