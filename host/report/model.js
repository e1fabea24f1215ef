/* The data of the run, its designs, and which of them is shown. */

const data = JSON.parse(byId('data').textContent);
const designs = new Map(); /* by key: picks first, then baselines, then the rest of the front */

function key_of(amounts) {
  return amounts.rank + ':' + amounts.variant;
}

function design_add(amounts, label) {
  const key = key_of(amounts);
  if (!designs.has(key))
    designs.set(key, {key, amounts, label, names: [], baselines: [], study: {}});
  return designs.get(key);
}

function designs_read() {
  const {picks, baselines, front} = data.answer;
  [...picks, ...baselines].forEach((named, i) => {
    const design = design_add(named, data.labels.named[i]);
    (i < picks.length ? design.names : design.baselines).push(named.name);
    const study = data.designs[named.name];
    if (!study.same_as) design.study = study;
  });
  front.forEach((amounts, i) => design_add(amounts, data.labels.front[i]));
}

designs_read();

const named_design = (name) => {
  const found = [...data.answer.picks, ...data.answer.baselines].find((one) => one.name === name);
  return found && designs.get(key_of(found));
};
const recommended = named_design(data.recommended) || [...designs.values()][0];
const pluggable = named_design('all-pluggable');

let shown = recommended;
const listeners = [];

function when_shown(listener) {
  listeners.push(listener);
  listener(shown);
}

function show(key) {
  if (!designs.has(key) || designs.get(key) === shown) return;
  shown = designs.get(key);
  listeners.forEach((listener) => listener(shown));
}

/* "knee", "knee, cheapest", "all-pluggable", or "rank 1234". */
function name_of(design) {
  const names = [...design.names, ...design.baselines];
  return names.length ? names.join(', ') : 'rank ' + count(design.amounts.rank).replaceAll(',', ' ');
}

function shape_of(design) {
  const {family, planes, oversubscription} = design.amounts.design;
  return family + ', ' + planes + (planes === 1 ? ' plane, ' : ' planes, ') + oversubscription;
}

const kinds = {
  rack: {one: 'GPU rack', many: 'GPU racks', color: '--rack'},
  leaf: {one: 'leaf', many: 'leaves', color: '--leaf'},
  spine: {one: 'spine', many: 'spines', color: '--spine'},
  super: {one: 'super-spine', many: 'super-spines', color: '--super'},
  core: {one: 'core switch', many: 'core switches', color: '--core'},
  ocs: {one: 'optical circuit switch', many: 'optical circuit switches', color: '--ocs'}
};

const tier_title = (tier) => tier.replaceAll('_', ' to ');
const of_kind = (kind, number) =>
  count(number) + ' ' + (number === 1 ? kinds[kind].one : kinds[kind].many);

/* The families of the front, each with a symbol and a colour of its own. */
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin', 'arrow'];
const families = [...new Set([...designs.values()].map((one) => one.amounts.design.family))].sort();
const family_symbol = (family) => symbols[families.indexOf(family) % symbols.length];
const family_color = (family) => '--series-' + (families.indexOf(family) % 7 + 1);
