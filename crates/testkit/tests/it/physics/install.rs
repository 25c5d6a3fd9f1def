use crate::room::{config, id, text, world};
use rackberry_core::{ErrorKind, NodeConfig, NodeOs, Power, Stage};
use rackberry_testkit::World;
use std::sync::Arc;

/// A slow room, and a machine of it that waits for its configuration.
async fn blank() -> (World, Arc<dyn NodeOs>) {
    let world = world().with_latency(5);
    let os = world.os(&id("s1"));
    os.reset(&os.observe().await.unwrap().boot).await.unwrap();
    world.tick(10);
    (world, os)
}

fn worker() -> NodeConfig {
    config(r#"{"cluster": null, "role": "worker"}"#)
}

#[tokio::test]
async fn a_machine_that_installs_itself_takes_the_same_configuration_again_and_no_other() {
    let (world, os) = blank().await;
    os.configure(&worker()).await.unwrap();
    os.configure(&worker()).await.unwrap();
    let other = config(r#"{"cluster": null, "role": "control-plane"}"#);
    assert_eq!(os.configure(&other).await.unwrap_err().kind(), ErrorKind::Refused);
    world.tick(10);
    let seen = os.observe().await.unwrap();
    assert_eq!((seen.stage, seen.config), (Stage::Running, Some(worker().digest)));
}

#[tokio::test]
async fn an_installation_that_loses_its_power_has_to_be_begun_again() {
    let (world, os) = blank().await;
    os.configure(&worker()).await.unwrap();
    let outlet = world.power(&id("s1")).unwrap();
    outlet.set_power(Power::Off).await.unwrap();
    world.tick(10);
    outlet.set_power(Power::On).await.unwrap();
    world.tick(10);
    assert_eq!(os.observe().await.unwrap().stage, Stage::Maintenance);
}

#[tokio::test]
async fn a_configuration_for_an_absent_cluster_or_of_an_absent_version_is_invalid() {
    let (_world, os) = blank().await;
    let absent = r#"{"cluster": "home", "role": "worker", "version": "9.9"}"#;
    for text in [text("absent", "worker").as_str(), absent] {
        assert_eq!(os.configure(&config(text)).await.unwrap_err().kind(), ErrorKind::Invalid);
    }
}
