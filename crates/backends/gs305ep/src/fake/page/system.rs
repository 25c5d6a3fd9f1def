//! The pages that are about neither ports, nor PoE, nor VLANs.

use super::{View, escape, whole};
use std::fmt::Write;

/// The frame of the other pages.
pub(in crate::fake) fn index(view: &View<'_>) -> String {
    let name = escape(&view.memory.name);
    whole(&format!("<h1>{name}</h1>\n<p>A simulated {}.</p>", view.knobs.model.name()))
}

/// `portStatistics.cgi`: six numbers for each port, the upper and the lower half of what was received, sent, and
/// broken.
pub(in crate::fake) fn statistics(view: &View<'_>) -> String {
    let mut rows = String::new();
    for port in view.ports() {
        let it = view.memory.counters(view.state, port);
        let _ = writeln!(
            rows,
            "<li><span>{}</span><span></span><span></span><span></span></li>",
            port.0
        );
        for half in
            [it.received, it.sent, it.errors].map(|it| [it >> 32, it & 0xFFFF_FFFF]).concat()
        {
            let _ = writeln!(rows, "<input type=\"hidden\" value=\"{half}\">");
        }
    }
    whole(&format!(
        "<div id=\"settingsStatusContainer\">\n<div>\n<ul class='statistic-ul'>\n\
         <li><span>ml578</span><span>ml711</span><span>ml466</span><span>ml563</span></li>\n{rows}</ul>\n\
         <form action=\"/portStatistics.cgi\" onsubmit=\"return send(this)\">\
         <input type=\"hidden\" name=\"clearCounters\" value=\"1\"><button>Clear</button></form>\n</div>\n</div>\n{}",
        view.hash()
    ))
}

/// `ip_dhcp.cgi`.
pub(in crate::fake) fn address(view: &View<'_>) -> String {
    let it = &view.memory.address;
    let (flag, checked) = if it.dhcp { ("true", " checked") } else { ("false", "") };
    let (ip, mask, gateway) = (escape(&it.ip), escape(&it.mask), escape(&it.gateway));
    whole(&format!(
        "<form action=\"/ip_dhcp.cgi\" onsubmit=\"return send(this)\">\n\
         <input id='dhcpModFlag' type=\"hidden\" value=\"{flag}\">\n\
         <input id='ipStr' type=\"hidden\" value=\"{ip}\">\n<input id='netMaskStr' type=\"hidden\" value=\"{mask}\">\n\
         <input id='gatewayStr' type=\"hidden\" value=\"{gateway}\">\n<label>DHCP \
         <input id='dhcpMod' type=\"checkbox\" name=\"dhcpMode\" value=\"1\" data-off=\"0\"{checked}></label>\n\
         <label>Address <input id='ipAddr' name=\"ip_address\" value=\"{ip}\"></label>\n\
         <label>Mask <input id='subMsk' name=\"subnet_mask\" value=\"{mask}\"></label>\n\
         <label>Gateway <input id='gatWay' name=\"gateway_address\" value=\"{gateway}\"></label>\n\
         <button name='submitDhcp'>Apply</button>\n</form>\n{}",
        view.hash()
    ))
}
