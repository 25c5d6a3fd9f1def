//! Pages for who is not in yet.

use super::{View, escape, whole};
use crate::Model;

/// How long the page of an unknown path is, as a user has reported.
const STUB: usize = 303;

/// The page that a client without a session gets.
pub(in crate::fake) fn redirect() -> String {
    "<html>\n<head>\n<title>Redirect to Login</title>\n<script>top.location.href = \"/login.cgi\";</script>\n\
     </head>\n<body></body>\n</html>\n"
        .into()
}

/// A page that leads to another.
pub(in crate::fake) fn lead_to(path: &str) -> String {
    format!(
        "<html>\n<head>\n<script>top.location.href = \"{path}\";</script>\n</head>\n<body></body>\n</html>\n"
    )
}

/// The page of an unknown path.
pub(in crate::fake) fn stub() -> String {
    let page = "<html>\n<head>\n<meta charset=\"utf-8\">\n</head>\n<body>\n<p>There is nothing here.</p>\n";
    let end = "</body>\n</html>\n";
    let gap = STUB.saturating_sub(page.len() + end.len());
    format!("{page}{}{end}", " ".repeat(gap))
}

/// The login, with what was wrong with the last one.
pub(in crate::fake) fn login(model: Model, rand: &str, wrong: &str) -> String {
    let name = model.name();
    format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>NETGEAR {name}</title>\n\
         <link rel=\"stylesheet\" href=\"/style.css\">\n<script src=\"/app.js\"></script>\n</head>\n<body>\n\
         <form name=\"login\" action=\"/login.cgi\" method=\"post\" onsubmit=\"return logIn(this)\">\n\
         <input id=\"submitPwd\" name=\"password\" type=\"hidden\" value=\"\">\n\
         <span class=\"p-name\">{name}</span>\n<p><label for=\"password\">Password</label>\n\
         <input id=\"password\" type=\"password\" maxlength=\"20\" autocomplete=\"off\"></p>\n\
         <div class='pwdErrStyle'>{wrong}</div>\n\
         <input type=hidden id='acptLang' value='en' disabled><input type=hidden id='rand' value='{rand}' disabled>\n\
         <button id=\"loginBtn\">Log in</button>\n</form>\n</body>\n</html>\n"
    )
}

/// The page where a password is changed.
pub(in crate::fake) fn password(view: &View<'_>) -> String {
    new_password(view.hash)
}

/// The page where a password is changed, for a switch that shows nothing else yet.
pub(in crate::fake) fn new_password(hash: &str) -> String {
    whole(&format!(
        "<form action=\"/change_password.cgi\" onsubmit=\"return newPassword(this)\">\n\
         <input type=hidden id='hashEle' value=\"{hash}\"><input type=hidden id='hash' value=\"{hash}\">\n\
         <input type=hidden name=\"oldPasswd\"><input type=hidden name=\"newPasswd\">\n\
         <label>Old password <input id=\"oldPasswd\" type=\"password\" maxlength=\"20\"></label>\n\
         <label>New password <input id=\"newPasswd\" type=\"password\" maxlength=\"20\"></label>\n\
         <button>Apply</button>\n</form>",
        hash = escape(hash)
    ))
}
