# SPDX-License-Identifier: ISC
#
# The rules of quorum = majority as a model that spin explores: a small setting in `make check`, and in `make model` the larger
# ones and every rule taken out, which prints doc/model.md (hours, 7 GB; MODEL_SETTINGS and MODEL_RULES choose some).

TESTS += tests/model/check.sh
EXTRA_DIST += tests/model/check.sh tests/model/majority.pml tests/model/rules.pml doc/model.md

model:
	$(AM_V_at)abs_top_srcdir=$(abs_top_srcdir) $(top_srcdir)/tests/model/check.sh --all

.PHONY: model
