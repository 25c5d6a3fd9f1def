//! A page ends where the connection ends, so a part of a page may look like a whole one.

use crate::wire::pages;
use rackberry_gs305ep::wire::{
    Unreadable, read_address, read_dashboard, read_door, read_poe_config, read_poe_status,
    read_statistics, read_vlans,
};
use std::fmt::Debug;

/// Every beginning of a page is refused, or says the same as the whole.
fn every_cut<T: Debug + PartialEq>(page: &[u8], read: fn(&[u8]) -> Result<T, Unreadable>) {
    let whole = read(page).unwrap();
    for end in 0..page.len() {
        match read(&page[..end]) {
            Ok(cut) => assert_eq!(cut, whole, "cut after {end} of {} bytes", page.len()),
            Err(Unreadable::TooLarge { .. }) => panic!("a part is larger than the whole"),
            Err(_) => {}
        }
    }
}

/// The same for the captured pages, in steps: there are many bytes of them.
fn some_cuts<T: Debug + PartialEq>(name: &str, read: fn(&[u8]) -> Result<T, Unreadable>) {
    let folder = "foxey+py-netgear-plus/pages/GS308EP/0";
    let Some(page) = crate::wire::captured::page(&format!("{folder}/{name}")) else { return };
    let whole = read(&page).unwrap();
    let near_the_end = page.len() - 200;
    for end in (0..near_the_end).step_by(97).chain(near_the_end..page.len()) {
        let cut = read(&page[..end]);
        assert!(cut.is_err() || cut.as_ref() == Ok(&whole), "{name} cut after {end} bytes");
    }
}

#[test]
fn no_beginning_of_a_page_is_taken_for_another_page() {
    for (name, page) in pages::all() {
        let page = page.as_bytes();
        match name {
            "login" => every_cut(page, read_door),
            "dashboard" => every_cut(page, read_dashboard),
            "statistics" => every_cut(page, read_statistics),
            "poe_config" => every_cut(page, read_poe_config),
            "poe_status" => every_cut(page, read_poe_status),
            "vlan" => every_cut(page, read_vlans),
            "address" => every_cut(page, read_address),
            other => panic!("{other} is cut by nothing"),
        }
    }
}

#[test]
fn no_beginning_of_a_captured_page_is_taken_for_another_page() {
    some_cuts("login.cgi", read_door);
    some_cuts("dashboard.cgi", read_dashboard);
    some_cuts("portStatistics.cgi", read_statistics);
    some_cuts("PoEPortConfig.cgi", read_poe_config);
    some_cuts("getPoePortStatus.cgi", read_poe_status);
    some_cuts("vlan.cgi", read_vlans);
    some_cuts("ip_dhcp.cgi", read_address);
}

#[test]
fn a_page_that_ends_early_is_not_taken_for_a_whole_one() {
    let page = pages::dashboard(&[pages::UP]);
    let cut = page.trim_end().strip_suffix("</html>").unwrap();
    let error = read_dashboard(cut.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "/dashboard.cgi does not end in `</html>`");
    let page = pages::poe_status(&[pages::FEEDING]);
    let error = read_poe_status(page.strip_suffix("</script>").unwrap().as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "/getPoePortStatus.cgi does not end in `</script>`");
}

#[test]
fn what_comes_after_the_end_of_a_page_makes_it_none() {
    let page = pages::address("true", "192.0.2.10") + "<input id='other'>";
    let error = read_address(page.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "/ip_dhcp.cgi does not end in `</html>`");
    let page = pages::address("true", "192.0.2.10") + "\r\n<!-- bye -->\n";
    assert!(read_address(page.as_bytes()).is_ok());
}
