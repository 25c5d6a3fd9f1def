//! What draws power, and what delivers it.

use super::*;

#[test]
fn draws_up_to_the_policys_part_of_the_budget_are_fine_and_a_milliwatt_more_is_not() {
    let found =
        |draw: &str| check(&poe(draw, CLASS_0, &format!("{THREE}policy: {{ poe-limit: 50% }}\n")));
    assert_eq!(found("typical: 5W, peak: 10W"), [""; 0]);
    assert_eq!(found("typical: 5W, peak: 10.001W"), ["warning poe-draw switches.sw.model"]);
    assert_eq!(found("typical: 10W"), [""; 0]);
    assert_eq!(found("typical: 10.001W"), ["error poe-draw switches.sw.model"]);
}

#[test]
fn a_draw_over_the_budget_names_the_fewest_to_move() {
    let rest = "switches: { sw: { model: m, budget: 20W } }
nodes:
  n1: { board: b, hat: h, port: sw/1 }
  n2: { board: b, hat: h, port: sw/2, draw: { typical: 9W } }
  n3: { board: b, hat: h, port: sw/3 }
";
    let yaml = poe("typical: 5W", CLASS_0, rest);
    assert_eq!(check(&yaml)[..1], ["error poe-draw switches.sw.budget"]);
    let first = &findings(&yaml)[0];
    assert_eq!(
        first.reason,
        "3 nodes on sw draw 19W on an ordinary day, over the 18W that the policy's 90% of its 20W allow"
    );
    assert_eq!(first.remedy, "power n2 from elsewhere, or use a switch with a larger budget");
}

#[test]
fn classes_over_the_budget_are_told_with_the_limits_that_make_it_safe() {
    let found = |hat| check(&poe("typical: 4W, peak: 10W", hat, THREE));
    assert_eq!(found(CLASS_0), [""; 0]);
    assert_eq!(found(CLASS_4), ["warning poe-by-class switches.sw.model"]);
    let words = words(&poe("typical: 4W, peak: 10W", CLASS_4, THREE));
    assert!(words.contains("add up to 90W, over its 60W"), "{words}");
    assert!(
        words.ends_with("limit ports 1, 2 and 3 of sw to 18W each, which covers their peaks"),
        "{words}"
    );
}

#[test]
fn two_of_class_4_fill_sixty_watts_exactly() {
    let two = "switches: { sw: { model: m, budget: BUDGET } }
nodes: { n1: { board: b, hat: h, port: sw/1 }, n2: { board: b, hat: h, port: sw/2 } }
";
    let found = |budget| check(&poe("typical: 4W", CLASS_4, &two.replace("BUDGET", budget)));
    assert_eq!(found("60W"), [""; 0]);
    assert_eq!(found("59.999W"), ["warning poe-by-class switches.sw.budget"]);
}

#[test]
fn the_limits_that_are_told_silence_the_finding() {
    let limited = "switches: { sw: { model: m, ports: { 1: { limit: 18W }, 2: { limit: 18W }, 3: { limit: 18W } } } }";
    let rest = THREE.replace("switches: { sw: { model: m } }", limited);
    assert_eq!(check(&poe("typical: 4W, peak: 10W", CLASS_4, &rest)), [""; 0]);
}

#[test]
fn uneven_peaks_get_limits_of_their_own() {
    let rest = THREE.replace("port: sw/3 }", "port: sw/3, draw: { peak: 20W } }");
    let words = words(&poe("typical: 4W, peak: 10W", CLASS_4, &rest));
    let limits = "limit each port of sw to the peak of its node: port 1 to 10W, port 2 to 10W and port 3 to 20W";
    assert!(words.ends_with(limits), "{words}");
}

#[test]
fn ports_that_reserve_little_leave_their_part_to_the_others() {
    let rest = THREE.replace("model: m }", "model: m, ports: { 1: { limit: 6W } } }");
    let told = words(&poe("typical: 4W, peak: 5W", CLASS_4, &rest));
    assert!(
        told.ends_with("limit ports 2 and 3 of sw to 24W each, which covers their peaks"),
        "{told}"
    );
}

#[test]
fn limits_of_their_own_may_fill_what_the_policy_lets_be_drawn() {
    let by_class = |first: &str| {
        let rest = THREE.replace("port: sw/3 }", "port: sw/3, draw: { peak: 20W } }");
        let rest =
            rest.replace("port: sw/1 }", &format!("port: sw/1, draw: {{ peak: {first} }} }}"));
        let all = findings(&poe("typical: 4W, peak: 17W", CLASS_4, &rest));
        all.into_iter().find(|it| it.rule == "poe-by-class").expect("it is told").remedy
    };
    let limits = "limit each port of sw to the peak of its node: port 1 to 17W, port 2 to 17W and port 3 to 20W";
    assert_eq!(by_class("17W"), limits);
    assert!(by_class("17.1W").starts_with("power n"), "{}", by_class("17.1W"));
}

#[test]
fn a_switch_without_a_page_takes_no_limits() {
    let yaml =
        poe("typical: 4W, peak: 10W", CLASS_4, THREE).replace("managed: true", "managed: false");
    assert!(words(&yaml).contains("power n1 from elsewhere"), "{}", words(&yaml));
}

#[test]
fn all_booting_at_once_may_be_more_than_all_running() {
    let found = |boot: &str| poe(&format!("typical: 4W, peak: 10W, boot: {boot}"), CLASS_0, THREE);
    let small = |boot| found(boot).replace("budget: 60W", "budget: 46.2W");
    assert_eq!(check(&small("15.4W")), [""; 0]);
    let yaml = small("15.401W");
    assert_eq!(check(&yaml), ["warning poe-inrush switches.sw.model"]);
    let words = words(&yaml);
    assert!(words.ends_with("start them one after the other, 2 at a time"), "{words}");
}

#[test]
fn a_switch_that_is_too_weak_even_when_all_run_is_not_told_of_their_start_as_well() {
    let told = |draw: &str| {
        let mut all = check(&poe(draw, CLASS_4, THREE));
        all.retain(|it| it.contains("poe-inrush") || it.contains("error poe-draw"));
        all
    };
    let inrush = "warning poe-inrush switches.sw.model";
    assert_eq!(told("typical: 17W, peak: 17W, boot: 25W"), [inrush]);
    assert_eq!(told("typical: 18W, peak: 18W, boot: 25W"), [inrush], "all that the policy lets");
    let draw = "error poe-draw switches.sw.model";
    assert_eq!(told("typical: 18.001W, peak: 19W, boot: 25W"), [draw]);
}

#[test]
fn peaks_over_the_policy_name_who_draws_most_at_its_peak() {
    let rest = "switches: { sw: { model: m } }
nodes:
  n1: { board: b, hat: h, port: sw/1, draw: { typical: 9W, peak: 10W } }
  n2: { board: b, hat: h, port: sw/2, draw: { typical: 1W, peak: 30W } }
  n3: { board: b, hat: h, port: sw/3, draw: { typical: 2W, peak: 15W } }
";
    let told = |rest: &str| {
        let all = findings(&poe("typical: 4W", CLASS_4, rest));
        let it = all.into_iter().find(|it| it.rule == "poe-draw").expect("it is told");
        format!("{} {}", it.severity, it.remedy)
    };
    let away = "from elsewhere, or use a switch with a larger budget";
    assert_eq!(told(rest), format!("warning power n2 {away}"));
    let more = |first: &str| rest.replace("peak: 10W", first).replace("peak: 15W", "peak: 30W");
    assert_eq!(told(&more("peak: 24W")), format!("warning power n2 {away}"), "54 W are left");
    assert_eq!(told(&more("peak: 24.001W")), format!("warning power n2 and n3 {away}"));
}

#[test]
fn classes_are_told_of_up_to_peaks_that_fill_the_budget_and_no_further() {
    let by_class = |peak: &str| {
        let mut all = check(&poe(&format!("typical: 4W, peak: {peak}"), CLASS_4, THREE));
        all.retain(|it| it.contains("poe-by-class"));
        all
    };
    assert_eq!(by_class("20W"), ["warning poe-by-class switches.sw.model"]);
    assert_eq!(by_class("20.001W"), [""; 0], "then it is the draw that is too much");
}

#[test]
fn a_budget_that_nobody_knows_is_told_once() {
    let yaml = poe("typical: 4W, peak: 10W", CLASS_0, THREE).replace("budget: 60W, ", "");
    assert_eq!(check(&yaml), ["note poe-budget-unknown switches.sw.model"]);
}

#[test]
fn a_port_that_delivers_less_than_is_drawn_is_found() {
    let one = |limit: &str, draw: &str, hat| {
        let ports = format!("ports: {{ 1: {{ limit: {limit} }} }}");
        let rest = format!(
            "switches: {{ sw: {{ model: m, {ports} }} }}\nnodes: {{ n1: {{ board: b, hat: h, port: sw/1 }} }}\n"
        );
        check(&poe(draw, hat, &rest))
    };
    let limit = "switches.sw.ports.1.limit";
    assert_eq!(one("9W", "typical: 5W, peak: 9W", CLASS_4), [""; 0]);
    assert_eq!(
        one("9W", "typical: 5W, peak: 9.001W", CLASS_4),
        [format!("warning poe-port {limit}")]
    );
    assert_eq!(one("9W", "typical: 9.001W", CLASS_4), [format!("error poe-port {limit}")]);
    assert_eq!(one("30W", "typical: 9W, peak: 15.4W", CLASS_0), [""; 0]);
    assert_eq!(one("30W", "typical: 9W, peak: 16W", CLASS_0), ["warning poe-port nodes.n1.hat"]);
    assert_eq!(
        one("30W", "typical: 4W, peak: 4.1W", "class: 1, standard: af"),
        ["warning poe-port nodes.n1.hat"]
    );
}

#[test]
fn a_hat_of_at_on_a_port_of_af_gets_what_af_has() {
    let af = |peak: &str| {
        poe(&format!("typical: 5W, peak: {peak}"), CLASS_4, THREE)
            .replace("poe: at, limit: 30W", "poe: af")
    };
    assert_eq!(check(&af("15.4W")), ["note poe-port nodes.n1.port"]);
    assert_eq!(check(&af("15.5W")), ["warning poe-port nodes.n1.port"]);
    assert!(
        words(&af("15.5W")).contains("delivers 15.4W here, by 802.3af"),
        "{}",
        words(&af("15.5W"))
    );
    assert_eq!(check(&af("10W").replace("poe: af", "poe: bt").replace("60W", "90W")), [""; 0]);
}

#[test]
fn passive_poe_destroys_802_3_hats_and_feeds_passive_ones() {
    let rack = |model: &str, hat: &str| {
        format!("catalogue: {{ hats: {{ p: {{ standard: passive }} }} }}
switches: {{ sw: {{ model: {model} }} }}
nodes: {{ pi-1: {{ board: pi4-4g, hat: {hat}, port: sw/2 }}, pi-2: {{ board: pi4-4g, hat: {hat}, port: sw/3 }} }}
").replace("pi4-4g, hat: p,", "x86, memory: 1Gi, hat: p,")
    };
    let found = findings(&rack("CSS106-1G-4P-1S", "poe-plus"));
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].rule.as_str(), found[0].at.to_string()),
        ("poe-passive", "nodes.pi-1.port".into())
    );
    assert!(found[0].reason.contains("sw (CSS106-1G-4P-1S)"), "{}", found[0].reason);
    assert!(found[0].reason.contains("pi-1 and pi-2"), "{}", found[0].reason);
    assert_eq!(check(&rack("CSS106-1G-4P-1S", "p")), [""; 0]);
    assert_eq!(check(&rack("GS305EP", "p")), ["error hat-unfed nodes.pi-1.port"]);
    let off = rack("CSS106-1G-4P-1S", "poe-plus").replace(
        "CSS106-1G-4P-1S }",
        "CSS106-1G-4P-1S, ports: { 2: { poe: false }, 3: { poe: false } } }",
    );
    assert_eq!(
        check(&off),
        ["error hat-unfed switches.sw.ports.2.poe", "error hat-unfed switches.sw.ports.3.poe"]
    );
}

#[test]
fn a_hat_that_nothing_feeds_is_found_unless_an_outlet_does() {
    let one = |switch: &str, node: &str| {
        check(&poe(
            "typical: 5W",
            CLASS_0,
            &format!(
                "outlets: {{ o: {{}} }}
switches: {{ sw: {{ model: m{switch} }} }}
nodes: {{ n1: {{ board: b, hat: h{node} }} }}
"
            ),
        ))
    };
    assert_eq!(one("", ", port: sw/4"), [""; 0]);
    assert_eq!(one("", ""), ["error hat-unfed nodes.n1.hat"]);
    assert_eq!(one("", ", port: sw/5"), ["error hat-unfed nodes.n1.port"]);
    assert_eq!(
        one(", ports: { 1: { poe: false } }", ", port: sw/1"),
        ["error hat-unfed switches.sw.ports.1.poe"]
    );
    assert_eq!(one("", ", port: sw/5, outlet: o"), [""; 0]);
    assert_eq!(one("", ", outlet: o"), [""; 0]);
}

#[test]
fn a_hat_must_fit_its_board_and_give_what_it_draws() {
    let pi = |board: &str, hat: &str, more: &str| {
        check(&format!("switches: {{ sw: {{ model: GS308EP }} }}
nodes: {{ pi-1: {{ board: {board}, hat: {hat}, port: sw/1{more} }}, pi-2: {{ board: {board}, hat: {hat}, port: sw/2{more} }} }}
"))
    };
    assert_eq!(pi("pi5-8g", "poe", ""), ["error hat-fit nodes.pi-1.hat"]);
    assert_eq!(pi("pi4-8g", "poe", ""), [""; 0]);
    assert_eq!(pi("pi5-8g", "poe-splitter", ""), [""; 0], "12 W of 12 W");
    assert_eq!(
        pi("pi4-8g", "poe", ", draw: { peak: 15.625W }").len(),
        1,
        "12.5 W behind the HAT, but 15.4 W before it"
    );
    let weak = |output: &str| {
        check(&poe("typical: 5W, peak: 12W", &format!("{CLASS_0}, output: {output}"), THREE))
    };
    assert_eq!(weak("12W"), [""; 0]);
    assert_eq!(weak("11.999W"), ["warning hat-output nodes.n1.hat"]);
    assert_eq!(weak("5W"), ["warning hat-output nodes.n1.hat"]);
    assert_eq!(weak("4.999W"), ["error hat-output nodes.n1.hat"]);
    let lossy = |peak: &str| {
        let rest =
            THREE.replace("hat: h,", &format!("hat: h, draw: {{ typical: 2W, peak: {peak} }},"));
        check(&poe("typical: 1W", &format!("{CLASS_0}, output: 10W, efficiency: 80%"), &rest))
    };
    assert_eq!(lossy("12.5W"), [""; 0], "10 W are left behind it");
    assert_eq!(lossy("12.502W"), ["warning hat-output nodes.n1.hat"]);
}

#[test]
fn a_class_beyond_eight_does_not_exist() {
    let found = |class| check(&poe("typical: 5W", &format!("class: {class}, standard: bt"), ""));
    assert_eq!(found(8), [""; 0]);
    assert_eq!(found(9), ["error poe-class catalogue.hats.h.class"]);
}

#[test]
fn outlets_in_a_circle_are_told_once_and_what_hangs_on_them_is_let_be() {
    let yaml = "outlets: { a: { from: c }, b: { from: a }, c: { from: b }, d: { from: a }, e: { from: e }, f: {}, g: { from: f } }\n";
    assert_eq!(
        check(yaml),
        ["error outlet-circle outlets.a.from", "error outlet-circle outlets.e.from"]
    );
}

#[test]
fn an_outlet_bears_its_nodes_its_switches_loads_and_the_outlets_on_it() {
    let rack = |limits: [&str; 2]| {
        poe(
            "typical: 4W, peak: 10W",
            CLASS_0,
            &format!(
                "outlets: {{ strip: {{ from: ups, limit: {} }}, ups: {{ limit: {} }} }}
switches: {{ sw: {{ model: m, outlet: strip }} }}
nodes:
  n1: {{ board: b, hat: h, port: sw/1, outlet: ups }}
  n2: {{ board: b, hat: h, port: sw/2 }}
  n3: {{ board: b, outlet: strip }}
  n4: {{ board: b, outlet: ups }}
",
                limits[0], limits[1]
            ),
        )
    };
    assert_eq!(check(&rack(["30W", "40W"])), [""; 0]);
    assert_eq!(check(&rack(["30W", "39.999W"])), ["warning outlet-load outlets.ups.limit"]);
    assert_eq!(check(&rack(["29.999W", "40W"])), ["warning outlet-load outlets.strip.limit"]);
    assert_eq!(check(&rack(["12W", "40W"])), ["warning outlet-load outlets.strip.limit"]);
    assert_eq!(check(&rack(["11.999W", "40W"])), ["error outlet-load outlets.strip.limit"]);
}

#[test]
fn unknown_power_is_told_only_where_outlets_are_described() {
    let nodes = "nodes: { n1: { board: pi4-4g }, n2: { board: pi4-4g }, v: { board: vm, memory: 1Gi, host: n1 } }\n";
    assert_eq!(check(nodes), [""; 0]);
    assert_eq!(check(&format!("outlets: {{ o: {{}} }}\n{nodes}")), ["note power-unknown nodes.n1"]);
}

#[test]
fn a_sum_is_told_to_the_tenth_as_in_the_picture_and_never_as_within_its_limit() {
    let strip = |limit: &str| {
        words(&format!(
            "outlets: {{ strip: {{ limit: {limit} }} }}
nodes:
  n1: {{ board: pi4-4g, outlet: strip, draw: {{ typical: 39.47W, peak: 39.47W }} }}
  n2: {{ board: pi4-4g, outlet: strip, draw: {{ typical: 39.47W, peak: 39.47W }} }}
"
        ))
    };
    assert!(strip("60W").contains("draw 78.9W"), "{}", strip("60W"));
    assert!(strip("78.9W").contains("draw 79W"), "{}", strip("78.9W"));
}

#[test]
fn what_asks_for_power_where_there_is_none_is_an_error() {
    let found = |port: &str| {
        check(&poe(
            "typical: 4W",
            "",
            &format!("switches: {{ sw: {{ model: m, ports: {{ {port} }} }} }}\n"),
        ))
    };
    assert_eq!(found("5: { limit: 5W }"), ["error poe-nowhere switches.sw.ports.5.limit"]);
    assert_eq!(found("5: { priority: high }"), ["error poe-nowhere switches.sw.ports.5.priority"]);
    assert_eq!(found("5: { poe: true }"), ["error poe-nowhere switches.sw.ports.5.poe"]);
    assert_eq!(found("5: { poe: false }, 4: { poe: true, limit: 5W, priority: high }"), [""; 0]);
}

#[test]
fn a_port_that_keeps_its_power_is_not_said_to_have_none() {
    let found = |switch: &str| {
        check(&poe("typical: 4W", "", &format!("switches: {{ sw: {{ model: m, {switch} }} }}\n")))
    };
    let kept = ["warning poe-kept switches.sw.ports.4.poe"];
    assert_eq!(found("ports: { 4: { poe: false, protected: true } }"), kept);
    assert_eq!(found("uplink: 4, ports: { 4: { poe: false } }"), kept);
    assert_eq!(found("uplink: 3, ports: { 4: { poe: false } }"), [""; 0]);
    assert_eq!(found("uplink: 5, ports: { 5: { poe: false } }"), [""; 0]);
}
