//! Requests for increases: what is asked for by a second statement of the rules, the laws of stages
//! and measured use, and packs that somebody changed.

mod advice;
mod answers;
mod burn;
mod evidence;
mod foreign;
mod hostile;
mod large;
mod metrics;
mod rules;
mod stages;
mod verify;
