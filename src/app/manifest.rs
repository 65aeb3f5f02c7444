//! The manifest of an app as a typed model.
