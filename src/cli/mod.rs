//! Arguments as typed words, a validated plan, commands.
