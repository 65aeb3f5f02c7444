//! Resource tables (`resources.arsc`).
