//! What the AWS CLI saved: read back as it was, shown as a live answer is, refused where it is none.

mod bodies;
mod granted;
mod hostile;
mod laws;
mod written;
