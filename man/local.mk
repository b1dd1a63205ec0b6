# SPDX-License-Identifier: ISC
#
# The manual pages (mdoc).

dist_man_MANS += man/eldestd.8
dist_man_MANS += man/eldest.conf.5
dist_man_MANS += man/eldest.1
dist_man_MANS += man/eldest.7
dist_man_MANS += man/eldest-protocol.7
dist_man_MANS += man/libeldest.3
