//! Zip archives as Android reads them.
