# SPDX-License-Identifier: ISC
#
# Example configuration: a missing file means all defaults, so nothing is installed where eldestd would read it.

examplesdir = $(docdir)/examples
dist_examples_DATA = etc/eldest.conf
