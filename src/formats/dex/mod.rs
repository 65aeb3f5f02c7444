//! DEX files as zero-copy views.
