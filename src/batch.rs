//! Paths in, app reports out: workers, order, panic guard.
