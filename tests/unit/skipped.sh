#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Stands in for the unit tests where the Check library is missing, so that "make check" shows them as skipped.
echo "The unit tests need the Check library (Debian: apt-get install check), then run configure again."
exit 77
