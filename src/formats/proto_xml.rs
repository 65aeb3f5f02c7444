//! Protobuf XML and resource tables of app bundles.
