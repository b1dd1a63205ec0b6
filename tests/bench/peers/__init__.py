# SPDX-License-Identifier: ISC
"""The daemons that are compared: one file for each program, and a class that tells what they have to offer."""
