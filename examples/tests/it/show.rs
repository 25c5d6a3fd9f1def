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
        assert_eq!(ran.err.matches("wrote ").count(), 2, "{}", ran.err);
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

#[test]
fn a_picture_and_a_page_do_not_go_to_one_place() {
    let ran = run(&["show", RACK, "--svg", "-", "--html", "-"]).ended(2);
    assert!(ran.err.contains("cannot both go to the standard output"), "{}", ran.err);
    assert_eq!(ran.out, "");
    let file = folder("both").join("rack");
    run(&["show", RACK, "--svg", arg(&file), "--html", arg(&file)]).ended(2);
    assert!(!file.exists());
}
