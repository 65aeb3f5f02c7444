//! End-to-end examples of the room.
