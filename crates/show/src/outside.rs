//! What no cluster runs and others depend on, as small boxes.

use crate::pen::{Area, Label, Pen};
use crate::text::list;
use crate::theme::Style;
use rackberry_plan::Resolved;
use rackberry_plan::rack::Service;

/// More services than this are counted, not drawn.
pub(crate) const MOST: usize = 24;
const COLUMNS: usize = 6;
const GAP: f64 = 14.0;
const HEIGHT: f64 = 62.0;

/// Draws the services in a width of `w`, and returns where they end.
pub(crate) fn draw(pen: &mut Pen, rack: &Resolved, left: f64, top: f64, w: f64) -> f64 {
    let each = (w - GAP * (COLUMNS as f64 - 1.0)) / COLUMNS as f64;
    let mut end = top;
    for (at, (id, service)) in rack.rack.services.iter().take(MOST).enumerate() {
        let (row, column) = (at / COLUMNS, at % COLUMNS);
        let area = Area::new(
            left + (each + GAP) * column as f64,
            top + (HEIGHT + GAP) * row as f64,
            each,
            HEIGHT,
        );
        service_box(pen, id.as_str(), service, area);
        end = area.bottom();
    }
    end
}

fn service_box(pen: &mut Pen, id: &str, service: &Service, area: Area) {
    pen.path("f-card s-line", &crate::card::pill(area), r#" stroke-dasharray="5 3""#);
    let (x, room) = (area.x + 12.0, area.w - 24.0);
    pen.text(Label::new(Style::Percent, x, area.y + 20.0, room), id);
    let serves =
        (!service.serves.is_empty()).then(|| format!("serves {}", list(service.serves.iter(), 6)));
    let address = service.address.map(|it| it.to_string());
    let on = (!service.on.is_empty()).then(|| format!("on {}", list(service.on.iter(), 6)));
    let needs = service.needs.iter().flat_map(|it| it.iter());
    let needs: Vec<_> = needs.collect();
    let needs = (!needs.is_empty()).then(|| format!("needs {}", list(needs.iter(), 6)));
    for (line, text) in [address, serves, on, needs].into_iter().flatten().take(2).enumerate() {
        let y = area.y + 36.0 + 15.0 * line as f64;
        pen.text(Label::new(Style::Small, x, y, room).mute(), &text);
    }
}
