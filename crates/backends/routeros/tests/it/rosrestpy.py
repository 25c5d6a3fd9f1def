"""Asks and orders with rosrestpy, and prints what came of it, as JSON.

URL=https://host PASSWORD=password REQUESTS_CA_BUNDLE=authority.pem python rosrestpy.py
"""

import json
import os

from ros import Error, Ros
from ros.inteface import BridgeVlan

ros = Ros(os.environ["URL"], "admin", os.environ["PASSWORD"], secure=True)
said = {}

board = ros.system.routerboard
said["board"] = [board.model, board.serial_number, ros.system.resource.board_name]
said["names"] = [it.name for it in ros.interface.ethernet()]
ether3 = ros.interface.ethernet(name="ether3")[0]
said["commented"] = ros.interface.ethernet.set(ether3, {"comment": "nas"}).comment
ros.interface.ethernet.disable(ether3)
said["ports"] = [[it.interface, it.pvid] for it in ros.interface.bridge.port(pvid=1)]

vlans = ros.interface.bridge.vlan
fresh = {field: None for field in ("current_tagged", "current_untagged", "disabled", "dynamic")}
wish = BridgeVlan(bridge="bridge", tagged="bridge,sfp-sfpplus4", untagged="ether2", vlan_ids=20, **fresh)
made = vlans.add(wish)
said["made"] = [made.vlan_ids, made.tagged, made.untagged]
said["widened"] = vlans.set(made, {"untagged": "ether2,ether4"}).untagged
try:
    vlans.add(wish)
except Error as error:
    said["twice"] = [error.error, error.message, error.detail]

try:
    ros.get_as("/interface/ethernet/*FF", dict)
except Error as error:
    said["absent"] = error.error

# What rosrestpy has no class for goes by way of its session, whose URLs are whole ones.
poe = f"{ros.url}/interface/ethernet/poe"
off = ros.session.patch(f"{poe}/*1", json={"poe-out": "off", "poe-priority": "3"})
said["off"] = [off.status_code, off.json()["poe-out"]]
flow = ros.session.post(f"{poe}/monitor", json={"numbers": "*1,*2", "once": ""}).json()
said["flow"] = [[it["name"], it["poe-out-status"], it.get("poe-out-power")] for it in flow]
gone = ros.session.delete(f"{ros.url}/interface/bridge/vlan/{made.id}")
said["gone"] = gone.status_code
print(json.dumps(said))
