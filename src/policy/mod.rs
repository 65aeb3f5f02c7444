//! What a privacy policy discloses: documents in, records with quotes out.

pub mod model;
