# SPDX-License-Identifier: ISC
#
# The Debian packages, in hosts that are booted; run by "make check-packages" as root, in a clone: debian/ is no part of a
# release archive.

PACKAGE_TESTS = \
	tests/packages/lintian.sh \
	tests/packages/units.sh \
	tests/packages/found.sh \
	tests/packages/apparmor.sh \
	tests/packages/reproducible.sh \
	tests/packages/piuparts.sh \
	tests/packages/autopkgtest.sh \
	tests/packages/without-systemd.sh \
	tests/packages/zero-configuration.sh \
	tests/packages/faults.sh \
	tests/packages/target.sh \
	tests/packages/upgrade.sh \
	tests/packages/key.sh \
	tests/packages/removal.sh \
	tests/packages/image.sh \
	tests/packages/clusters.sh

EXTRA_DIST += $(PACKAGE_TESTS) tests/packages/lib.sh tests/packages/prepare.sh tests/packages/tools.sh

check-packages: $(sbin_PROGRAMS) $(bin_PROGRAMS)
	$(AM_V_at)$(srcdir)/tests/packages/prepare.sh
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(PACKAGE_TESTS)' TEST_SUITE_LOG=test-suite-packages.log

.PHONY: check-packages
