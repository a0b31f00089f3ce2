// Which items come and what is wrong with the answers, from the rules that questionnaires/compiled_rules.py writes.
// The same as questionnaires/routing.py and checking.py, for a page that has to work without the server. Both are held
// to tests/questionnaires/routing_cases.json. There is nothing to evaluate here but codes, bounds and comparisons.
//
// answers: item id -> what was typed or stored: a code, several codes, a number, a day, a text, or null for an item that
// was seen and left empty. Words to an open option stand under "item.code".

const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const BLANK = new RegExp(`^[${SPACE}]*$`);
const EDGES = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");
const BETWEEN = new RegExp(`[,;、|/${SPACE}]+`);
const WHOLE = /^[+-]?[0-9]{1,9}(\.0{1,9})?$/;
const DAY = new RegExp(`^([0-9]{4})[${SPACE}]*[-/.年][${SPACE}]*([0-9]{1,2})[${SPACE}]*[-/.月][${SPACE}]*([0-9]{1,2})[${SPACE}]*日?$`);
const LONGEST_WRITTEN = 1000;
const LONGEST_TEXT = 10000;
const HOLDS = {
  at_least: [0, 1],
  at_most: [-1, 0],
  more: [1],
  less: [-1],
  equal: [0],
  different: [-1, 1],
};

/** The ids of the items that come, in order, given stored answers. After a terminating option nothing comes. */
export function route(rules, answers) {
  const came = new Set();
  for (const item of rules.items) {
    if (!all(item.conditions, answers, came)) continue;
    came.add(item.id);
    if (terminates(item, answers[item.id])) break;
  }
  return [...came];
}

/** Whether the last item that came ended the interview. */
export function screened(rules, answers) {
  const last = route(rules, answers).at(-1);
  return rules.items.some((item) => item.id === last && terminates(item, answers[last]));
}

/** What is wrong: a list of {item, kind, check}; kinds as in questionnaires/answer_values.py. */
export function problems(rules, answers) {
  return checked(rules, answers).problems;
}

/** {answers, problems}: what can be stored of typed or stored answers, and what cannot and why. */
export function checked(rules, given) {
  const items = new Map(rules.items.map((item) => [item.id, item]));
  const boxes = new Map(rules.items.flatMap((item) => (item.open ?? []).map((code) => [`${item.id}.${code}`, [item.id, code]])));
  const found = new Map();
  const words = new Map();
  const wrong = [];
  for (const [id, value] of Object.entries(given)) {
    if (boxes.has(id)) words.set(id, text(value, rules.longest_words));
    else if (!items.has(id)) wrong.push({ item: id, kind: "unknown_item" });
    else if (items.get(id).type !== "note") found.set(id, checkValue(items.get(id), value));
  }
  const answers = Object.fromEntries([...found].map(([id, [answer]]) => [id, answer]));
  const [came, failed] = consistent(rules, answers);
  for (const [id, [, kinds]] of found) {
    if (came.has(id)) wrong.push(...kinds.map((kind) => ({ item: id, kind })));
    else if (answers[id] === null) delete answers[id];
    else wrong.push({ item: id, kind: "not_routed" });
  }
  for (const [id, [said, kinds]] of words) {
    if (said === null) continue;
    const [of, code] = boxes.get(id);
    if (came.has(of) && codesIn(answers[of]).includes(code)) {
      answers[id] = said;
      wrong.push(...kinds.map((kind) => ({ item: id, kind })));
    } else {
      wrong.push({ item: id, kind: "not_chosen" });
    }
  }
  return { answers, problems: [...wrong, ...failed] };
}

/** The checks that stored answers do not pass, among the items that came (a set of ids). */
export function failedChecks(rules, answers, came) {
  return (rules.checks ?? []).filter((check) => {
    const needed = [check.item, ...(check.other ? [check.other] : [])];
    if (!needed.every((id) => came.has(id)) || !all(check.conditions, answers, came)) return false;
    return compares(answers[check.item], check.compare, check.other ? answers[check.other] : check.value) === false;
  });
}

// A hard check takes its answer out, and that may lead elsewhere: until nothing hard is left.
function consistent(rules, answers) {
  const refused = [];
  for (;;) {
    const came = new Set(route(rules, answers));
    const failed = failedChecks(rules, answers, came);
    const hard = failed.find((check) => check.hard);
    if (!hard) return [came, [...refused, ...failed.map(problemOf)]];
    refused.push(problemOf(hard));
    answers[hard.item] = null;
  }
}

function problemOf(check) {
  return { item: check.item, kind: "check_failed", check: check.id };
}

function all(conditions, answers, came) {
  return (conditions ?? []).every((condition) => came.has(condition.item) && meets(condition, answers[condition.item]));
}

function meets(condition, answer) {
  if (condition.codes) return codesIn(answer).some((code) => condition.codes.includes(code));
  if (!Number.isInteger(answer)) return false;
  return answer >= (condition.at_least ?? -Infinity) && answer <= (condition.at_most ?? Infinity);
}

function compares(left, comparison, right) {
  const numbers = Number.isInteger(left) && Number.isInteger(right);
  const days = typeof left === "string" && typeof right === "string";
  if (!numbers && !days) return null;
  return HOLDS[comparison].includes(Number(left > right) - Number(left < right));
}

function terminates(item, answer) {
  return (item.terminating ?? []).some((code) => codesIn(answer).includes(code));
}

function codesIn(answer) {
  if (Array.isArray(answer)) return answer;
  return Number.isInteger(answer) ? [answer] : [];
}

// [answer, kinds of what is wrong]
function checkValue(item, value) {
  const [answer, kinds] = valueOf(item, value);
  return [answer, item.optional ? kinds.filter((kind) => kind !== "blank") : kinds];
}

function valueOf(item, value) {
  if (isBlank(value)) return [null, ["blank"]];
  if (item.type === "text") {
    const [said, kinds] = text(value, item.max_chars ?? LONGEST_TEXT);
    return said === null ? [null, ["blank"]] : [said, kinds];
  }
  if (item.type === "date") return within(item.earliest, calendarDay(value), item.latest, "not_a_date");
  if (item.type === "number") return within(item.minimum, wholeNumber(value), item.maximum, "not_a_number");
  if (item.type === "multi") return several(item, value);
  const code = wholeNumber(value);
  return (item.codes ?? []).includes(code) ? [code, []] : [null, ["unknown_code"]];
}

function within(low, value, high, kind) {
  if (value === null) return [null, [kind]];
  const outside = (low !== undefined && value < low) || (high !== undefined && value > high);
  return outside ? [null, ["out_of_range"]] : [value, []];
}

function several(item, value) {
  const codes = new Set(partsOf(value).filter((part) => !isBlank(part)).map(wholeNumber));
  if (!codes.size) return [null, ["blank"]];
  const known = [...codes].filter((code) => item.codes.includes(code)).sort((one, other) => one - other);
  const unknown = known.length < codes.size ? ["unknown_code"] : [];
  if (known.length > 1 && known.some((code) => item.exclusive?.includes(code))) return [null, [...unknown, "contradiction"]];
  if (known.length > (item.max_choices ?? Infinity)) return [null, [...unknown, "too_many_choices"]];
  return [known.length ? known : null, unknown];
}

function text(value, most) {
  if (isBlank(value)) return [null, []];
  const marks = Array.from(typeof value === "string" ? value : JSON.stringify(value));
  const kept = marks.slice(0, most).filter((mark) => mark === "\n" || !/^[\p{Cc}\p{Cs}]$/u.test(mark)).join("");
  if (BLANK.test(kept)) return [null, []];
  return [kept, marks.length > most ? ["too_long"] : []];
}

function isBlank(value) {
  if (typeof value === "string") return BLANK.test(value);
  return value === null || value === undefined || Number.isNaN(value) || (Array.isArray(value) && !value.length);
}

function wholeNumber(value) {
  if (typeof value === "number") return Number.isInteger(value) && Math.abs(value) < 1e9 ? value : null;
  if (typeof value !== "string" || value.length > LONGEST_WRITTEN) return null;
  const written = value.normalize("NFKC").replace(EDGES, "");
  return WHOLE.test(written) ? parseInt(written, 10) + 0 : null;
}

function calendarDay(value) {
  if (typeof value !== "string" || value.length > LONGEST_WRITTEN) return null;
  const found = DAY.exec(value.normalize("NFKC").replace(EDGES, ""));
  if (!found) return null;
  const [year, month, day] = found.slice(1).map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days[month - 1]) return null;
  return `${found[1]}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function partsOf(value) {
  if (Array.isArray(value)) return value;
  if (typeof value !== "string" || value.length > LONGEST_WRITTEN) return [value];
  return value.normalize("NFKC").replace(/^[ ,;、|/]+|[ ,;、|/]+$/g, "").split(BETWEEN);
}
