//! The `sdkaudit` command.

fn main() {}
