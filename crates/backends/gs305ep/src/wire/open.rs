//! What is asked of every page before it is read.

use super::outline::{Element, End, Kept, Key, MOST, Outline, Tag, keep};
use super::quote::Quote;
use super::unreadable::{Page, Unreadable};

/// The shortest page. What is shorter is what the switch sends to a client that it has forgotten
/// (as ntgrrc takes it).
const SHORTEST: usize = 10;

/// A page that was found to be the one that was asked for, and whole.
pub(crate) fn open(page: Page, body: &[u8]) -> Result<Kept, Unreadable> {
    if body.len() < SHORTEST {
        return Err(Unreadable::LoggedOut { page });
    }
    let kept = keep(page, body)?;
    let outline = Outline::of(page, &kept);
    if outline.find(|it| is_mark(page, it)).is_none() {
        return Err(instead(outline, body));
    }
    outline.ends(end(page))?;
    Ok(kept)
}

/// Whether an element is one that only this page has.
fn is_mark(page: Page, it: &Element<'_>) -> bool {
    match page {
        Page::Login => is_login_form(it),
        Page::Dashboard => it.id() == "switch_name",
        Page::Statistics => it.tag == Tag::Ul && it.is("statistic-ul"),
        Page::PoeConfig => it.tag == Tag::Li && it.is("poePortSettingListItem"),
        Page::PoeStatus => it.tag == Tag::Li && it.is("poePortStatusListItem"),
        Page::Vlan => it.id() == "vlanMod",
        Page::Address => it.id() == "dhcpModFlag",
    }
}

fn lacks(page: Page) -> &'static str {
    match page {
        Page::Login => "a form for the password",
        Page::Dashboard => "the name of the switch",
        Page::Statistics => "a list of counters",
        Page::PoeConfig | Page::PoeStatus => "a list of ports",
        Page::Vlan => "a VLAN mode",
        Page::Address => "a DHCP mode",
    }
}

/// How each page ends in the captured ones of a GS308EP.
fn end(page: Page) -> End {
    match page {
        Page::Login | Page::Dashboard | Page::Statistics | Page::Address => End::Html,
        Page::PoeConfig | Page::PoeStatus | Page::Vlan => End::Script,
    }
}

pub(crate) fn is_login_form(it: &Element<'_>) -> bool {
    it.tag == Tag::Form && it.get(Key::Name) == Some("login") || it.id() == "submitPwd"
}

/// What another page than the one that was asked for means.
pub(crate) fn instead(outline: Outline<'_>, body: &[u8]) -> Unreadable {
    let page = outline.page();
    if page != Page::Login
        && (outline.find(is_login_form).is_some() || sends_to_login(outline, body))
    {
        return Unreadable::LoggedOut { page };
    }
    let title = title(outline);
    let begins = match title {
        "" => Quote::of(&String::from_utf8_lossy(&body[..body.len().min(400)])),
        title => Quote::of(title),
    };
    Unreadable::Other { page, lacks: lacks(page), begins }
}

pub(crate) fn title<'a>(outline: Outline<'a>) -> &'a str {
    outline.text_in(|it| it.tag == Tag::Title).unwrap_or_default()
}

/// Whether a page only sends the browser to the login page.
///
/// The title is seen in a captured page of a GS308EP; the targets are what clients of the family look for.
pub(crate) fn sends_to_login(outline: Outline<'_>, body: &[u8]) -> bool {
    const TARGETS: [&str; 4] =
        ["/login.cgi", "/wmi/login", "/redirect.html", "RedirectToLoginPage"];
    let body = body.get(..MOST).unwrap_or(body);
    let says = |target: &str| body.windows(target.len()).any(|it| it == target.as_bytes());
    title(outline).eq_ignore_ascii_case("redirect to login") || TARGETS.into_iter().any(says)
}
