//! `rackberry show`.

use crate::program::{RACK, RACKS, arg, folder, run};
use std::fs;

#[test]
fn every_rack_is_drawn_and_described() {
    let folder = folder("show");
    for rack in RACKS {
        let (svg, html) = (folder.join("rack.svg"), folder.join("rack.html"));
        let ran = run(&["show", rack, "--svg", arg(&svg), "--html", arg(&html)]).ended(0);
        assert_eq!(ran.out, "");
        assert_eq!(ran.err.lines().count(), 2, "{}", ran.err);
        let (svg, html) = (fs::read_to_string(svg).unwrap(), fs::read_to_string(html).unwrap());
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
        assert!(html.starts_with("<!doctype html>") && html.contains("<svg "));
    }
}

#[test]
fn a_picture_may_go_to_the_standard_output_in_either_theme() {
    let [auto, light, dark] = ["auto", "light", "dark"]
        .map(|it| run(&["show", RACK, "--svg", "-", "--theme", it]).ended(0).out);
    assert!(auto.starts_with("<svg ") && light.starts_with("<svg "));
    assert!(auto != light && light != dark && auto != dark);
}
