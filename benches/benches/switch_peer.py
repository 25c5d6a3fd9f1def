"""Reads a switch again and again with py-netgear-plus, and prints the seconds of each reading, as JSON.

HOST=address PASSWORD=password python switch_peer.py READINGS: [[within one session], [with a login each]]. A reading
is what the switch says of its ports, their power and its VLANs.
"""

import json
import os
import sys
import time

from py_netgear_plus import NetgearSwitchConnector


def connect():
    switch = NetgearSwitchConnector(os.environ["HOST"], os.environ["PASSWORD"])
    switch.sleep_time = 0
    switch.autodetect_model()
    if not switch.get_login_cookie():
        sys.exit("no login")
    return switch


def read(switch):
    infos, vlans = switch.get_switch_infos(), switch.vlan_status()
    if infos["port_1_poe_status"] != "delivering_power" or 1 not in vlans["vlans"]:
        sys.exit(f"not read: {infos} {vlans}"[:400])


def timed(what):
    begin = time.perf_counter()
    result = what()
    return time.perf_counter() - begin, result


def with_login():
    switch = connect()
    read(switch)
    return switch


readings = int(sys.argv[1])
switch = connect()
read(switch)
within = [timed(lambda: read(switch))[0] for _ in range(readings)]
switch.delete_login_cookie()
each = []
for _ in range(readings):
    seconds, switch = timed(with_login)
    each.append(seconds)
    switch.delete_login_cookie()
print(json.dumps([within, each]))
