//! The forms of the pages, as a browser would send them.

use super::rig::{Client, Rig, between};

/// The value of an attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    between(tag, &format!(" {name}=\""), "\"")
}

fn tags<'a>(form: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    form.split(name).skip(1).map(|it| it.split('>').next().unwrap())
}

/// The fields of a form as it stands.
fn fields(form: &str) -> Vec<(String, String)> {
    let field = |tag: &str| {
        let name = attribute(tag, "name")?;
        Some((name.to_string(), attribute(tag, "value").unwrap_or_default().to_string()))
    };
    let mut fields: Vec<_> = tags(form, "<input").filter_map(field).collect();
    for select in form.split("<select").skip(1) {
        let (head, rest) = select.split_once('>').unwrap();
        let (options, _) = rest.split_once("</select>").unwrap();
        let chosen = tags(options, "<option").find(|it| it.ends_with(" selected"));
        let chosen = chosen.and_then(|it| attribute(it, "value")).unwrap_or_default();
        fields.push((attribute(head, "name").unwrap().to_string(), chosen.to_string()));
    }
    fields
}

/// The forms of a page that go to a path.
async fn forms(client: &Client, page: &str, path: &str) -> Vec<Vec<(String, String)>> {
    let page = client.get(page).await;
    let start = format!("<form action=\"{path}\"");
    let forms = page.split(&start).skip(1);
    forms.map(|it| fields(it.split("</form>").next().unwrap())).collect()
}

fn encoded(fields: &[(String, String)]) -> String {
    let pairs: Vec<_> =
        fields.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "+"))).collect();
    pairs.join("&")
}

#[tokio::test]
async fn a_form_that_is_sent_as_it_stands_changes_nothing() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let all = "ACTION=Apply&portID=1&ADMIN_MODE=1&PORT_PRIO=3&POW_MOD=2&POW_LIMT_TYP=1&POW_LIMT=9.9&\
               DETEC_TYP=3&DISCONNECT_TYP=3";
    client.post("/PoEPortConfig.cgi", all).await;
    client
        .post(
            "/port_status.cgi",
            "port3=checked&DESCRIPTION=a+b&SPEED=5&IngressRate=4&FLOW_CONTROL=1",
        )
        .await;
    client.post("/port_status.cgi", "port4=checked&SPEED=2").await;
    for (page, path, count) in
        [("/PoEPortConfig.cgi", "/PoEPortConfig.cgi", 5), ("/dashboard.cgi", "/port_status.cgi", 5)]
    {
        let before = client.get(page).await;
        let forms = forms(&client, page, path).await;
        assert_eq!(forms.len(), count, "{path}");
        let orders = forms.iter().filter(|it| !it.iter().any(|it| it.1 == "Reset"));
        for form in orders {
            assert_eq!(client.post(path, &encoded(form)).await, "SUCCESS");
        }
        assert_eq!(client.get(page).await, before, "{page}");
    }
}

#[tokio::test]
async fn a_form_for_power_names_its_port_from_0_on_and_every_setting() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let forms = forms(&client, "/getPoePortEdit.cgi", "/PoEPortConfig.cgi").await;
    assert_eq!(forms.len(), 4);
    for (port, mut form) in forms.into_iter().enumerate() {
        assert!(form.contains(&("portID".into(), port.to_string())), "{form:?}");
        form.sort();
        let names: Vec<_> = form.iter().map(|it| it.0.as_str()).collect();
        let known = [
            "ACTION",
            "ADMIN_MODE",
            "DETEC_TYP",
            "DISCONNECT_TYP",
            "PORT_PRIO",
            "POW_LIMT",
            "POW_LIMT_TYP",
            "POW_MOD",
            "portID",
        ];
        assert_eq!(names, known);
    }
}
