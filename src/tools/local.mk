# SPDX-License-Identifier: ISC
#
# Small programs for hooks. Not for hands, so not in the path.

pkglibexec_PROGRAMS += eldest-claim
eldest_claim_SOURCES = src/tools/claim.c
