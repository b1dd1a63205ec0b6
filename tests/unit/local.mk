# SPDX-License-Identifier: ISC
#
# Unit tests, one Check program per module, for example:
#
#   check_PROGRAMS += tests/unit/test_wire
#   tests_unit_test_wire_SOURCES = tests/unit/test_wire.c
#   tests_unit_test_wire_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_conf
tests_unit_test_conf_SOURCES = tests/unit/test_conf.c
tests_unit_test_conf_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_conf_LDADD = libeldestd.a libeldest-core.a $(INIH_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_log
tests_unit_test_log_SOURCES = tests/unit/test_log.c
tests_unit_test_log_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_log_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_notices
tests_unit_test_notices_SOURCES = tests/unit/test_notices.c
tests_unit_test_notices_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_notices_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_history
tests_unit_test_history_SOURCES = tests/unit/test_history.c
tests_unit_test_history_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_history_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_counters
tests_unit_test_counters_SOURCES = tests/unit/test_counters.c
tests_unit_test_counters_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_counters_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_journal
tests_unit_test_journal_SOURCES = tests/unit/test_journal.c
tests_unit_test_journal_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_journal_LDADD = libeldestd.a libeldest-core.a $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_holders
tests_unit_test_holders_SOURCES = tests/unit/test_holders.c
tests_unit_test_holders_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_holders_LDADD = libeldestd.a libeldest-core.a $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ran
tests_unit_test_ran_SOURCES = tests/unit/test_ran.c
tests_unit_test_ran_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ran_LDADD = libeldestd.a libeldest-core.a $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_inbox
tests_unit_test_inbox_SOURCES = tests/unit/test_inbox.c tests/toy_hash.c tests/toy_hash.h
tests_unit_test_inbox_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_inbox_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_inbox_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_cookie
tests_unit_test_cookie_SOURCES = tests/unit/test_cookie.c
tests_unit_test_cookie_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_cookie_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_outbox
tests_unit_test_outbox_SOURCES = tests/unit/test_outbox.c tests/toy_hash.c tests/toy_hash.h
tests_unit_test_outbox_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_outbox_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_outbox_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_links
tests_unit_test_links_SOURCES = tests/unit/test_links.c
tests_unit_test_links_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_links_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_paths
tests_unit_test_paths_SOURCES = tests/unit/test_paths.c
tests_unit_test_paths_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_paths_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_traffic
tests_unit_test_traffic_SOURCES = tests/unit/test_traffic.c
tests_unit_test_traffic_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_traffic_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_state
tests_unit_test_state_SOURCES = tests/unit/test_state.c
tests_unit_test_state_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_state_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_overrides
tests_unit_test_overrides_SOURCES = tests/unit/test_overrides.c
tests_unit_test_overrides_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_overrides_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_manager
tests_unit_test_manager_SOURCES = tests/unit/test_manager.c
tests_unit_test_manager_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_manager_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_quorum
tests_unit_test_quorum_SOURCES = tests/unit/test_quorum.c
tests_unit_test_quorum_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_quorum_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

# With clocks of its own.
check_PROGRAMS += tests/unit/test_overlay
tests_unit_test_overlay_SOURCES = tests/unit/test_overlay.c
tests_unit_test_overlay_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_overlay_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_base
tests_unit_test_base_SOURCES = tests/unit/test_base.c
tests_unit_test_base_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_base_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_tags
tests_unit_test_tags_SOURCES = tests/unit/test_tags.c
tests_unit_test_tags_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_tags_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_wire
tests_unit_test_wire_SOURCES = \
	tests/unit/test_wire.c tests/unit/golden.c tests/unit/golden.h \
	tests/fuzz/fuzz_wire.c tests/fuzz/fuzz.h
tests_unit_test_wire_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_wire_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_wire_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_auth
tests_unit_test_auth_SOURCES = \
	tests/unit/test_auth.c tests/unit/golden.c tests/unit/golden.h tests/toy_hash.c tests/toy_hash.h
tests_unit_test_auth_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_auth_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_auth_LDADD = libeldest-core.a $(CHECK_LIBS)

if HAVE_SODIUM
check_PROGRAMS += tests/unit/test_mac
tests_unit_test_mac_SOURCES = tests/unit/test_mac.c tests/unit/golden.c tests/unit/golden.h
tests_unit_test_mac_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_mac_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_mac_LDADD = libeldestd.a libeldest-core.a $(SODIUM_LIBS) $(CHECK_LIBS)
endif

check_PROGRAMS += tests/unit/test_address
tests_unit_test_address_SOURCES = tests/unit/test_address.c
tests_unit_test_address_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_address_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_loop
tests_unit_test_loop_SOURCES = tests/unit/test_loop.c
tests_unit_test_loop_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_loop_LDADD = libeldestd.a libeldest-core.a $(LIBEVENT_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_iface
tests_unit_test_iface_SOURCES = tests/unit/test_iface.c
tests_unit_test_iface_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_iface_LDADD = libeldestd.a libeldest-core.a $(MNL_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_options
tests_unit_test_options_SOURCES = tests/unit/test_options.c
tests_unit_test_options_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_options_LDADD = libeldestd.a libeldest-core.a $(INIH_LIBS) $(SODIUM_LIBS) $(SECCOMP_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_settings
tests_unit_test_settings_SOURCES = tests/unit/test_settings.c
tests_unit_test_settings_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_settings_LDADD = libeldestd.a libeldest-core.a $(INIH_LIBS) $(SODIUM_LIBS) $(SECCOMP_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_udp
tests_unit_test_udp_SOURCES = tests/unit/test_udp.c
tests_unit_test_udp_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_udp_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_sentinel
tests_unit_test_sentinel_SOURCES = tests/unit/test_sentinel.c
tests_unit_test_sentinel_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_sentinel_LDADD = libeldestd.a libeldest-core.a $(SECCOMP_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_sandbox
tests_unit_test_sandbox_SOURCES = tests/unit/test_sandbox.c
tests_unit_test_sandbox_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_sandbox_LDADD = libeldestd.a libeldest-core.a $(SECCOMP_LIBS) $(CHECK_LIBS)

# The wrapper lets the tests divide the servers' time limits.
NODE_FIXTURE = tests/unit/node_fixture.c tests/unit/node_fixture.h

check_PROGRAMS += tests/unit/test_metrics
tests_unit_test_metrics_SOURCES = tests/unit/test_metrics.c $(NODE_FIXTURE)
tests_unit_test_metrics_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_metrics_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_metrics_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=event_add
tests_unit_test_metrics_LDADD = libeldestd.a libeldest-core.a $(LIBEVENT_LIBS) $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ctlserver
tests_unit_test_ctlserver_SOURCES = tests/unit/test_ctlserver.c $(NODE_FIXTURE) tests/unit/node_acts.c
tests_unit_test_ctlserver_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_ctlserver_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ctlserver_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=event_add
tests_unit_test_ctlserver_LDADD = \
	libeldestd.a libeldest-core.a $(LIBEVENT_LIBS) $(INIH_LIBS) $(JANSSON_LIBS) $(MNL_LIBS) $(SODIUM_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ctlclient
tests_unit_test_ctlclient_SOURCES = tests/unit/test_ctlclient.c
tests_unit_test_ctlclient_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ctlclient_LDADD = libeldest-client.a libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_httpserver
tests_unit_test_httpserver_SOURCES = tests/unit/test_httpserver.c $(NODE_FIXTURE)
tests_unit_test_httpserver_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_httpserver_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_httpserver_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=event_add
tests_unit_test_httpserver_LDADD = \
	libeldestd.a libeldest-core.a $(LIBEVENT_LIBS) $(JANSSON_LIBS) $(MNL_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_httprequest
tests_unit_test_httprequest_SOURCES = tests/unit/test_httprequest.c
tests_unit_test_httprequest_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_httprequest_LDADD = libeldestd.a libeldest-core.a $(CHECK_LIBS)

FAKE_DAEMON = tests/unit/fake_daemon.c tests/unit/fake_daemon.h

check_PROGRAMS += tests/unit/test_lib_ask
tests_unit_test_lib_ask_SOURCES = tests/unit/test_lib_ask.c $(FAKE_DAEMON)
tests_unit_test_lib_ask_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_lib_ask_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_lib_ask_LDADD = libeldest-client.a $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_lib_dispatch
tests_unit_test_lib_dispatch_SOURCES = tests/unit/test_lib_dispatch.c $(FAKE_DAEMON)
tests_unit_test_lib_dispatch_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_lib_dispatch_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_lib_dispatch_LDADD = libeldest-client.a $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_page
tests_unit_test_page_SOURCES = tests/unit/test_page.c $(NODE_FIXTURE)
tests_unit_test_page_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_page_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_page_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=event_add
tests_unit_test_page_LDADD = libeldestd.a libeldest-core.a $(LIBEVENT_LIBS) $(JANSSON_LIBS) $(MNL_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_doctor
tests_unit_test_doctor_SOURCES = tests/unit/test_doctor.c $(DOCTOR_SOURCES) $(QUORUM_SOURCES) $(TEXT_SOURCES)
tests_unit_test_doctor_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_doctor_LDADD = $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_text
tests_unit_test_text_SOURCES = tests/unit/test_text.c src/cli/guess.c src/cli/guess.h $(TEXT_SOURCES)
tests_unit_test_text_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_text_LDADD = $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_view
tests_unit_test_view_SOURCES = tests/unit/test_view.c $(VIEW_SOURCES) $(QUORUM_SOURCES) $(TEXT_SOURCES)
tests_unit_test_view_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_view_LDADD = $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_timeline
tests_unit_test_timeline_SOURCES = tests/unit/test_timeline.c $(TEXT_SOURCES)
tests_unit_test_timeline_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_timeline_LDADD = $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_top
tests_unit_test_top_SOURCES = tests/unit/test_top.c $(TOP_SOURCES) $(VIEW_SOURCES) $(QUORUM_SOURCES) $(TEXT_SOURCES)
tests_unit_test_top_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_top_LDADD = $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_hooks
tests_unit_test_hooks_SOURCES = tests/unit/test_hooks.c $(HOOK_SOURCES) $(TEXT_SOURCES)
tests_unit_test_hooks_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_hooks_LDADD = libeldest-core.a $(JANSSON_LIBS) $(CHECK_LIBS)

# The core: its parts, then each group of protocol rules, told as stories of one node in virtual time.

check_PROGRAMS += tests/unit/test_rank
tests_unit_test_rank_SOURCES = tests/unit/test_rank.c
tests_unit_test_rank_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_rank_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_params
tests_unit_test_params_SOURCES = tests/unit/test_params.c
tests_unit_test_params_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_params_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_member
tests_unit_test_member_SOURCES = tests/unit/test_member.c
tests_unit_test_member_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_member_LDADD = libeldest-core.a $(CHECK_LIBS)

CORE_NODE = tests/unit/core_fixture.c tests/unit/core_fixture.h
CORE_FIXTURE = $(CORE_NODE) tests/unit/core_suite.c

check_PROGRAMS += tests/unit/test_core_discovery
tests_unit_test_core_discovery_SOURCES = tests/unit/test_core_discovery.c $(CORE_FIXTURE)
tests_unit_test_core_discovery_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_core_discovery_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_core_exchange
tests_unit_test_core_exchange_SOURCES = tests/unit/test_core_exchange.c $(CORE_FIXTURE)
tests_unit_test_core_exchange_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_core_exchange_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_core_election
tests_unit_test_core_election_SOURCES = tests/unit/test_core_election.c $(CORE_FIXTURE)
tests_unit_test_core_election_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_core_election_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_core_handover
tests_unit_test_core_handover_SOURCES = tests/unit/test_core_handover.c $(CORE_FIXTURE)
tests_unit_test_core_handover_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_core_handover_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_core_suspicion
tests_unit_test_core_suspicion_SOURCES = tests/unit/test_core_suspicion.c $(CORE_FIXTURE)
tests_unit_test_core_suspicion_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_core_suspicion_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_core_majority
tests_unit_test_core_majority_SOURCES = tests/unit/test_core_majority.c $(CORE_FIXTURE)
tests_unit_test_core_majority_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_core_majority_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_core_gap
tests_unit_test_core_gap_SOURCES = tests/unit/test_core_gap.c $(CORE_FIXTURE)
tests_unit_test_core_gap_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_core_gap_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_core_merge
tests_unit_test_core_merge_SOURCES = tests/unit/test_core_merge.c $(CORE_FIXTURE)
tests_unit_test_core_merge_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_core_merge_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_core_member
tests_unit_test_core_member_SOURCES = tests/unit/test_core_member.c $(CORE_FIXTURE)
tests_unit_test_core_member_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_core_member_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_core_hostile
tests_unit_test_core_hostile_SOURCES = tests/unit/test_core_hostile.c $(CORE_NODE) $(LIARS) \
	tests/fuzz/mutate.c tests/fuzz/mutate.h
tests_unit_test_core_hostile_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_core_hostile_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_core_hostile_LDADD = libeldest-core.a $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_core_refusal
tests_unit_test_core_refusal_SOURCES = tests/unit/test_core_refusal.c $(CORE_FIXTURE)
tests_unit_test_core_refusal_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_core_refusal_LDADD = libeldest-core.a $(CHECK_LIBS)
