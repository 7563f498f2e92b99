//! Facts of both models of a migration; of their quotas a key for each kind: `rpm_quota`, `tpd_quota`.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::units::QuotaKind;

/// A fact of both; the ratio is exact, a decimal or a fraction, where both are numbers.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(inline))]
pub struct Pair<T> {
    /// The old model's.
    pub old: T,
    /// The new model's.
    pub new: T,
    /// New over old.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<String>,
}

/// Whether there is such a quota, and its code where that is known.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Listed {
    /// Whether the model table lists it.
    pub listed: bool,
    /// The quota code.
    pub code: Option<String>,
}

/// The kinds that a model may lack: all but tokens per minute, which the quotas of the plans show of both.
pub(crate) fn listed_kinds() -> impl Iterator<Item = QuotaKind> {
    QuotaKind::ALL.into_iter().filter(|kind| *kind != QuotaKind::Tpm)
}

/// Whether each of the models has a quota of a kind, in the order of the kinds.
#[derive(Debug)]
pub struct ListedQuotas(pub Vec<(QuotaKind, Pair<Listed>)>);

fn key(kind: QuotaKind) -> String {
    format!("{kind}_quota")
}

impl Serialize for ListedQuotas {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (kind, quotas) in &self.0 {
            map.serialize_entry(&key(*kind), quotas)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for ListedQuotas {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = ListedQuotas;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the quotas of both models by kind")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
                let mut quotas = Vec::new();
                while let Some(name) = members.next_key::<String>()? {
                    match listed_kinds().find(|kind| key(*kind) == name) {
                        Some(kind) => quotas.push((kind, members.next_value()?)),
                        // A key of a later version.
                        None => {
                            members.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(ListedQuotas(quotas))
            }
        }
        deserializer.deserialize_map(Visit)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ListedQuotas {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ListedQuotas".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut properties = serde_json::Map::new();
        let mut required = Vec::new();
        for kind in listed_kinds() {
            let mut schema = generator.subschema_for::<Pair<Listed>>();
            schema.insert("description".to_owned(), format!("The quotas of {}.", kind.unit()).into());
            properties.insert(key(kind), schema.to_value());
            required.push(key(kind));
        }
        schemars::json_schema!({ "type": "object", "properties": properties, "required": required })
    }
}
