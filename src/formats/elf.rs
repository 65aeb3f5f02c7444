//! Native libraries.
