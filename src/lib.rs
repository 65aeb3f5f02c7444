//! sdkaudit: which third-party SDKs are inside an Android app, and does its
//! privacy policy say so?
//!
//! The crate is one way through: `formats` decode bytes, `app` models one
//! package, `sdk` finds and names third-party code, `dataflow` tells what it can
//! reach, `policy` reads what is disclosed, `audit` reconciles both, `report` prints. No earlier room names
//! a later one; `docs/architecture.md` has the map and the invariants.

pub mod app;
pub mod audit;
pub mod batch;
pub mod cli;
pub mod dataflow;
pub mod formats;
pub mod policy;
pub mod report;
pub mod sdk;
