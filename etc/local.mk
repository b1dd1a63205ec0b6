# SPDX-License-Identifier: ISC
#
# Example configuration: a missing file means all defaults, so nothing is installed where eldestd would read it. Nor is what
# tells a firewall of its ports, since it is for the administrator to open them.

examplesdir = $(docdir)/examples
dist_examples_DATA = etc/eldest.conf

ufwexamplesdir = $(examplesdir)/ufw
dist_ufwexamples_DATA = etc/ufw/eldest

firewalldexamplesdir = $(examplesdir)/firewalld
dist_firewalldexamples_DATA = etc/firewalld/eldest.xml
