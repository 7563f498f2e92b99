//! Requests for increases: what is asked for by a second statement of the rules, the laws of stages
//! and measured use, and packs that somebody changed.

mod advice;
mod answers;
mod burn;
mod evidence;
mod foreign;
mod gaps;
mod hostile;
mod large;
mod letter;
mod metrics;
mod rules;
mod stages;
mod verify;
