// Sends a form as the switch expects it, shows the answer, and the page as it is afterwards.
function send(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) fields.append(name, value);
  for (const box of form.querySelectorAll("[data-off]")) {
    if (!box.checked) fields.append(box.name, box.dataset.off);
  }
  const hash = document.getElementById("hash");
  if (hash) fields.set("hash", hash.value);
  fetch(form.getAttribute("action"), { method: "POST", body: fields })
    .then((reply) => reply.text())
    .then((text) => settle(text.length < 60 ? text : "sent"))
    .catch(() => settle("no answer"));
  return false;
}

// A PVID that the port is no member of is answered in numbers.
function settle(text) {
  const [, port, vlan] = text.match(/@(\d+)@\((\d+)\)/) || [];
  const said = port ? `Port ${port} is no member of VLAN ${vlan}.` : text;
  sessionStorage.setItem("answer", said);
  location.reload();
}

function membership(form) {
  const digits = [...form.querySelectorAll("select[data-member]")].map((it) => it.value);
  form.querySelector("[name=hiddenMem]").value = digits.join("");
  return send(form);
}

function newPassword(form) {
  for (const name of ["oldPasswd", "newPasswd"]) {
    const bytes = new TextEncoder().encode(form.querySelector("#" + name).value);
    form.querySelector("[name=" + name + "]").value = btoa(String.fromCharCode(...bytes));
  }
  return send(form);
}

function logIn(form) {
  const password = document.getElementById("password").value;
  const rand = document.getElementById("rand");
  document.getElementById("submitPwd").value = rand ? md5(merge(password, rand.value)) : password;
  form.submit();
  return false;
}

function merge(one, other) {
  let merged = "";
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    merged += (one[i] || "") + (other[i] || "");
  }
  return merged;
}

// RFC 1321.
function md5(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const length = bytes.length * 8;
  bytes.push(0x80);
  while (bytes.length % 64 !== 56) bytes.push(0);
  for (let i = 0; i < 8; i++) bytes.push(i < 4 ? (length >>> (8 * i)) & 255 : 0);
  const turns = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let start = 0; start < bytes.length; start += 64) {
    const word = (i) => bytes.slice(start + 4 * i, start + 4 * i + 4).reduceRight((sum, it) => (sum << 8) | it, 0);
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round];
      const at = [i, 5 * i + 1, 3 * i + 5, 7 * i][round] % 16;
      const sine = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32);
      const sum = (a + mixed + sine + word(at)) | 0;
      const turn = turns[round][i % 4];
      [a, d, c, b] = [d, c, b, (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0];
    }
    [a, b, c, d].forEach((it, i) => (state[i] = (state[i] + it) | 0));
  }
  const byte = (it, i) => ((it >>> (8 * i)) & 255).toString(16).padStart(2, "0");
  return state.map((it) => [0, 1, 2, 3].map((i) => byte(it, i)).join("")).join("");
}

// The texts of the switch are numbers, which its pages translate.
const TEXTS = {
  ml003: "Class", ml035: "ports", ml040: "Product", ml086: "Egress rate", ml089: "Firmware",
  ml126: "Ingress rate", ml198: "Serial number", ml209: "VLAN ID", ml215: "Name", ml322: "Flow control",
  ml382: "Linked speed", ml408: "VLAN ID", ml466: "Bytes sent", ml510: "Speed", ml549: "Power",
  ml551: "Priority", ml553: "Mode", ml554: "Limit type", ml557: "Limit (W)", ml559: "Detection",
  ml562: "Status", ml563: "CRC errors", ml570: "Voltage (V)", ml572: "Current (mA)", ml574: "Power (W)",
  ml575: "Temperature (°C)", ml578: "Port", ml580: "Class", ml581: "Fault", ml656: "Name", ml678: "MAC address",
  ml708: "Name", ml711: "Bytes received", ml717: "Ports", ml975: "Longer detection",
};
const MODES = [
  "No VLANs", "Basic port-based VLANs", "Advanced port-based VLANs", "Basic 802.1Q VLANs", "Advanced 802.1Q VLANs",
];

function translate(it) {
  const [, code, value] = it.textContent.trim().match(/^(ml\d+)(?:@(.*)@)?$/) || [];
  if (TEXTS[code]) it.textContent = TEXTS[code] + (value === undefined ? "" : " " + value);
}

function showCounters() {
  for (const row of document.querySelectorAll(".statistic-ul > li")) {
    const [, ...cells] = row.querySelectorAll("span");
    let it = row.nextElementSibling;
    const next = () => { const value = BigInt(it.value); it = it.nextElementSibling; return value; };
    if (it && it.tagName === "INPUT") for (const cell of cells) cell.textContent = (next() << 32n) + next();
  }
}

addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("span, b").forEach((it) => it.children.length || translate(it));
  document.querySelectorAll("[mod-num]").forEach((it) => (it.textContent = MODES[it.getAttribute("mod-num")]));
  showCounters();
  const answer = document.getElementById("answer");
  if (answer) answer.textContent = sessionStorage.getItem("answer") || "";
  sessionStorage.removeItem("answer");
});
