# SPDX-License-Identifier: ISC
#
# The daemon as a service: units, each for the cluster "default" and once more for any other cluster (%i), its user, what it
# may do, and what it wants of the kernel. Units go below the prefix, where systemd looks if that is /usr or /usr/local;
# --with-systemdsystemunitdir=no leaves all of this out.

UNITS = \
	etc/systemd/eldest.service etc/systemd/eldest@.service \
	etc/systemd/eldest-hooks.service etc/systemd/eldest-hooks@.service \
	etc/systemd/eldest-leader.target etc/systemd/eldest-leader@.target

if HAVE_UNITS
nodist_systemdsystemunit_DATA = $(UNITS)
sysusersdir = $(prefix)/lib/sysusers.d
dist_sysusers_DATA = etc/sysusers.d/eldest.conf
sysctldir = $(prefix)/lib/sysctl.d
dist_sysctl_DATA = etc/sysctl.d/50-eldest.conf
apparmordir = $(sysconfdir)/apparmor.d
nodist_apparmor_DATA = etc/apparmor.d/eldestd
endif

EXTRA_DIST += \
	etc/systemd/eldest.service.in etc/systemd/eldest-hooks.service.in etc/systemd/eldest-leader.target.in \
	etc/apparmor.d/eldestd.in
CLEANFILES += $(UNITS) etc/apparmor.d/eldestd

UNIT_OF_DEFAULT = -e 's,@of_cluster@,,' -e 's,@cluster@,default,' -e 's,@instance@,,g' \
	-e 's,@daemon_option@,,' -e 's,@client_option@,,'
UNIT_OF_CLUSTER = -e 's,@of_cluster@, (cluster %i),' -e 's,@cluster@,%i,' -e 's,@instance@,@%i,g' \
	-e 's,@daemon_option@, --cluster %i,' -e 's,@client_option@, --cluster %i,'
MAKE_UNIT = $(AM_V_GEN)$(MKDIR_P) etc/systemd && sed -e 's,[@]bindir[@],$(bindir),' -e 's,[@]sbindir[@],$(sbindir),'

etc/systemd/eldest.service: etc/systemd/eldest.service.in Makefile
	$(MAKE_UNIT) $(UNIT_OF_DEFAULT) $(srcdir)/etc/systemd/eldest.service.in >$@

etc/systemd/eldest@.service: etc/systemd/eldest.service.in Makefile
	$(MAKE_UNIT) $(UNIT_OF_CLUSTER) $(srcdir)/etc/systemd/eldest.service.in >$@

etc/systemd/eldest-hooks.service: etc/systemd/eldest-hooks.service.in Makefile
	$(MAKE_UNIT) $(UNIT_OF_DEFAULT) $(srcdir)/etc/systemd/eldest-hooks.service.in >$@

etc/systemd/eldest-hooks@.service: etc/systemd/eldest-hooks.service.in Makefile
	$(MAKE_UNIT) $(UNIT_OF_CLUSTER) $(srcdir)/etc/systemd/eldest-hooks.service.in >$@

etc/systemd/eldest-leader.target: etc/systemd/eldest-leader.target.in Makefile
	$(MAKE_UNIT) $(UNIT_OF_DEFAULT) $(srcdir)/etc/systemd/eldest-leader.target.in >$@

etc/systemd/eldest-leader@.target: etc/systemd/eldest-leader.target.in Makefile
	$(MAKE_UNIT) $(UNIT_OF_CLUSTER) $(srcdir)/etc/systemd/eldest-leader.target.in >$@

etc/apparmor.d/eldestd: etc/apparmor.d/eldestd.in Makefile
	$(AM_V_GEN)$(MKDIR_P) etc/apparmor.d && sed -e 's,[@]bindir[@],$(bindir),' -e 's,[@]sbindir[@],$(sbindir),' \
		-e 's,[@]sysconfdir[@],$(sysconfdir),' -e 's,[@]localstatedir[@],$(localstatedir),' \
		-e 's,[@]runstatedir[@],$(runstatedir),' $(srcdir)/etc/apparmor.d/eldestd.in >$@
