//! JSON: the view's own JSON form.

use super::RenderError;
use crate::report::View;

pub(super) fn render(view: &View) -> Result<String, RenderError> {
    Ok(view.json.to_json()? + "\n")
}
