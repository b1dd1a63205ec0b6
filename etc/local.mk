# SPDX-License-Identifier: ISC
#
# Examples: programs that speak to eldestd, and a configuration. A missing file means all defaults, so nothing is installed
# where eldestd would read it. Nor is what tells a firewall of its ports, since it is for the administrator to open them.

examplesdir = $(docdir)/examples
dist_examples_DATA = etc/eldest.conf etc/examples/client.py etc/examples/worker.py

libeldestexamplesdir = $(examplesdir)/libeldest
dist_libeldestexamples_DATA = etc/examples/libeldest/child.c

fencingexamplesdir = $(examplesdir)/fencing
dist_fencingexamples_SCRIPTS = etc/examples/fencing/ledger.py

haproxyexamplesdir = $(examplesdir)/haproxy
dist_haproxyexamples_DATA = etc/examples/haproxy/haproxy.cfg

prometheusexamplesdir = $(examplesdir)/prometheus
dist_prometheusexamples_DATA = etc/examples/prometheus/eldest.rules.yml etc/examples/prometheus/prometheus.yml

ufwexamplesdir = $(examplesdir)/ufw
dist_ufwexamples_DATA = etc/ufw/eldest

firewalldexamplesdir = $(examplesdir)/firewalld
dist_firewalldexamples_DATA = etc/firewalld/eldest.xml

# Hooks are configuration, which the administrator may change: they do nothing unless they are told to.
hooksdir = $(sysconfdir)/eldest/hooks.d
hooks_SCRIPTS = etc/hooks.d/90-virtual-address
EXTRA_DIST += etc/hooks.d/90-virtual-address.in
CLEANFILES += etc/hooks.d/90-virtual-address
etc/hooks.d/90-virtual-address: $(srcdir)/etc/hooks.d/90-virtual-address.in Makefile
	$(AM_V_GEN)$(MKDIR_P) etc/hooks.d && \
	sed 's,@pkglibexecdir@,$(pkglibexecdir),' $(srcdir)/etc/hooks.d/90-virtual-address.in >$@ && chmod +x $@

redisexamplesdir = $(examplesdir)/redis
dist_redisexamples_DATA = etc/examples/redis/README etc/examples/redis/redis.conf
dist_redisexamples_SCRIPTS = etc/examples/redis/50-redis

# Found by Wireshark when its user links it or names it: see eldest-protocol(7).
wiresharkdir = $(pkgdatadir)/wireshark
dist_wireshark_DATA = etc/wireshark/eldest.lua

# bash looks for the completion of a program in a file of its name.
EXTRA_DIST += etc/completion/eldest.bash etc/completion/_eldest
COMPLETIONS = etc/completion/eldest etc/completion/eldestd
CLEANFILES += $(COMPLETIONS)
$(COMPLETIONS): $(srcdir)/etc/completion/eldest.bash
	$(AM_V_GEN)$(MKDIR_P) etc/completion && cp $(srcdir)/etc/completion/eldest.bash $@
if BASH_COMPLETION
bashcompletion_DATA = $(COMPLETIONS)
endif
if ZSH_COMPLETION
zshcompletion_DATA = etc/completion/_eldest
endif
