# SPDX-License-Identifier: ISC
#
# The page in a real browser, beside the daemons of tests/net; run by "make check-net-slow".

BROWSER_TESTS = tests/browser/live.sh tests/browser/readable.sh

NET_SLOW_TESTS += $(BROWSER_TESTS)
EXTRA_DIST += tests/browser/browser.py tests/browser/contrast.js tests/browser/lib.sh
