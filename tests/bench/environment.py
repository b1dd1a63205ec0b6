# SPDX-License-Identifier: ISC
"""environment.py - where, when and of what the figures are."""
import os
import platform
import shutil
import subprocess
import time


def _first(path, key):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                name, _, value = line.partition(":" if ":" in line else "=")
                if name.strip() == key:
                    return value.strip().strip('"')
    except OSError:
        pass
    return "unknown"


def load():
    return [round(value, 2) for value in os.getloadavg()]


def _git(*words):
    top = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
    if not os.path.exists(os.path.join(top, ".git")) or not shutil.which("git"):
        return "unknown"
    done = subprocess.run(["git", "-c", "safe.directory=*", "-C", top, *words], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else "unknown"


def _commit():
    """The last one that changed the sources of eldest."""
    return _git("log", "-1", "--format=%h", "--", "src") + (
        ", changed since" if _git("diff", "HEAD", "--stat", "--", "src") else ""
    )


def describe(arguments, nice):
    return {
        "date": time.strftime("%Y-%m-%d %H:%M %Z"),
        "command": " ".join([os.path.basename(arguments[0]), *arguments[1:]]),
        "commit": _commit(),
        "machine": {
            "system": _first("/etc/os-release", "PRETTY_NAME"),
            "kernel": platform.release(),
            "processors": os.cpu_count(),
            "processor": _first("/proc/cpuinfo", "model name"),
            "memory": _first("/proc/meminfo", "MemTotal"),
            "load_before": load(),
        },
        "nice": nice,
    }


def of_peer(peer):
    return {
        "key": peer.key,
        "title": peer.title,
        "program": peer.program,
        "version": peer.version(),
        "settings": peer.settings,
        "leads_when": peer.leads_when,
        "hold_s": peer.hold,
        "period_s": peer.period,
        "slow": peer.slow,
        "majority": peer.majority,
    }
