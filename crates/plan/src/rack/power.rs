use super::text::is_default;
use rackberry_core::{Milliwatts, OutletId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A power outlet, a power strip or a UPS. What shares one fails with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Outlet {
    /// The outlet it is plugged in itself.
    #[serde(skip_serializing_if = "is_default")]
    pub from: Option<OutletId>,
    /// The most it can deliver.
    #[serde(skip_serializing_if = "is_default")]
    pub limit: Option<Milliwatts>,
}

/// What a machine draws, measured at its power input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Draw {
    /// On an ordinary day.
    #[serde(skip_serializing_if = "is_default")]
    pub typical: Option<Milliwatts>,
    /// At the most, under load.
    #[serde(skip_serializing_if = "is_default")]
    pub peak: Option<Milliwatts>,
    /// While it boots.
    #[serde(skip_serializing_if = "is_default")]
    pub boot: Option<Milliwatts>,
}
