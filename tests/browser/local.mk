# SPDX-License-Identifier: ISC
#
# The page in a real browser, beside the daemons of tests/net; run by "make check-net-slow".

BROWSER_TESTS = tests/browser/live.sh tests/browser/readable.sh

NET_SLOW_TESTS += $(BROWSER_TESTS)
EXTRA_DIST += tests/browser/browser.py tests/browser/contrast.js tests/browser/lib.sh tests/browser/pictures.sh \
	tests/browser/terminal.py

# What the README shows, into the sources.
pictures: $(sbin_PROGRAMS) $(bin_PROGRAMS)
	$(AM_V_GEN)abs_top_builddir='$(abs_top_builddir)' $(srcdir)/tests/browser/pictures.sh '$(abs_srcdir)/doc'

.PHONY: pictures
