# SPDX-License-Identifier: ISC
"""keepalived.py - VRRP: one instance with one virtual address, a priority for each host as the protocol wants it."""
import lan
from peers.base import AddressPeer

CONFIGURATION = """global_defs {{
    router_id {name}
    vrrp_version {version}
}}
vrrp_instance bench {{
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority {priority}
    advert_int {advert}
    virtual_ipaddress {{
        {vip}/24 dev eth0
    }}
}}
"""


class Keepalived(AddressPeer):
    package = program = "keepalived"

    def __init__(self, advert):
        self.advert = advert
        self.key = f"keepalived-{advert}"
        self.version_of_vrrp = 2 if advert >= 1 else 3
        self.title = f"keepalived, adverts every {advert} s"
        self.settings = (
            f"keepalived -n -l -D --vrrp; vrrp_version {self.version_of_vrrp}, state BACKUP, priority 100 + host "
            f"number, advert_int {advert}" + {1: " (the default)", 0.01: " (the least that it accepts)"}.get(advert, "")
        )
        self.period = advert
        self.slow = advert >= 1
        self.hold = 1.2 if self.slow else max(3 * advert, 0.2)
        self.rest = 1.5 if self.slow else 0.5
        self.failover = 3.2 * advert
        self.start = 3.8 * advert
        self.limit = 30.0 if advert > 0.05 else 10.0

    def preferred(self, hosts):
        return hosts[-1].name

    def configure(self, host, hosts):
        host.write(
            "keepalived.conf",
            CONFIGURATION.format(
                name=host.name,
                version=self.version_of_vrrp,
                priority=100 + host.number,
                advert=self.advert,
                vip=lan.VIP,
            ),
        )

    def command(self, host):
        return [self.path(), "-n", "-l", "-D", "--vrrp", "-f", "/run/keepalived.conf"]
