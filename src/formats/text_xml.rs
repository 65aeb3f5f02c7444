//! Text XML (manifests of AAR files).
