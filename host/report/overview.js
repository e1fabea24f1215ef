/* The first screen: what was asked, what to build, and why. */

function question_text() {
  const asked = data.question;
  return count(asked.gpus) + ' GPUs at ' + count(asked.nic_gbps_per_gpu) + ' Gb/s each, bought in ' +
    asked.year + ', kept for ' + asked.years + (asked.years === 1 ? ' year; ' : ' years; ') +
    asked.floor.rows.length + ' rows of ' + asked.floor.racks_per_row + ' racks, ' +
    power(asked.floor.rack_power_w) + ' each.';
}

function counts_text(amounts) {
  return [['leaf', amounts.leaf_count], ['spine', amounts.spine_count],
    ['super', amounts.super_spine_count], ['core', amounts.core_count], ['ocs', amounts.ocs_count]]
    .filter(([, number]) => number).map(([kind, number]) => of_kind(kind, number)).join(', ');
}

/* Everything there is to buy, tier by tier, in the catalog's words. */
function parts_list(design) {
  const name = (id) => el('span', {}, el('strong', {}, id), ', ' + (data.catalog.parts[id] || {name: id}).name);
  const boxes = tiers_of(design).filter((tier) => tier.kind !== 'rack').reverse().map((tier) =>
    [el('dt', {}, of_kind(tier.kind, tier.count)), tier.models.map((model) =>
      el('dd', {}, tier.models.length > 1 ? count(model.count) + ' × ' : '', name(model.id)))]);
  const links = new Map();
  links_of(design).forEach((link) => links.set(link.tier, [...(links.get(link.tier) || []), link]));
  const cords = [...links].map(([tier, list]) => [el('dt', {}, tier_title(tier) + ' links'), list.map((link) =>
    el('dd', {}, count(link.links) + ' × ', link.ids.map((id, i) => [i ? ' to ' : '', name(id)]),
      link.medium === 'copper' ? '' : ', over ' + (data.catalog.parts[link.medium] || {name: link.medium}).name))]);
  return el('dl', {class: 'parts'}, boxes, cords);
}

/* A tile per metric: the amount, and what the best all-pluggable design has. */
function tiles(design) {
  return el('dl', {class: 'tiles'}, main_metrics.map((key) => {
    const metric = metrics[key];
    const rows = [el('dt', {}, metric.label),
      el('dd', {class: 'amount'}, metric.text(design.amounts[key]))];
    if (metric.unit) rows.push(el('dd', {class: 'aside'}, metric.unit));
    if (key === 'power_w')
      rows.push(el('dd', {class: 'aside'}, 'optics ' + power(design.amounts.optics_power_w)));
    if (pluggable)
      rows.push(el('dd', {class: 'aside'}, design === pluggable ? 'is the best all-pluggable'
        : 'all-pluggable ' + metric.text(pluggable.amounts[key])));
    return el('div', {}, rows);
  }));
}

function proof_text() {
  const {unproved_count, level2_built, level2_feasible, space_size, level2_settled} = data.answer;
  const proof = unproved_count === null ? 'The run was stopped, so that nothing is said of the others.'
    : unproved_count === 0 ? 'No other design of the space can beat this front.'
    : count(unproved_count) + ' designs that were not built may still beat this front.';
  return count(space_size) + ' designs were compared exactly; ' + count(level2_built) +
    ' were built on the floor, ' + count(level2_feasible) + ' of them hold there. ' + proof +
    (level2_settled ? '' : ' The limit on builds ended the search.');
}

function picks_table() {
  const rows = [...designs.values()].filter((one) => one.names.length + one.baselines.length)
    .sort((a, b) => (b === recommended) - (a === recommended));
  const meanings = (one) => [...data.answer.picks, ...data.answer.baselines]
    .filter((named) => key_of(named) === one.key).map((named, i, all) => el('span', {class: 'aside'},
      all.length > 1 && [el('strong', {}, named.name), ': '], named.meaning));
  const button = (one) => el('button', {type: 'button', class: 'link', 'data-key': one.key,
    onclick: () => { show(one.key); byId('shown').scrollIntoView(); }}, label_of(one));
  return table('Picks out of the final front, and the baselines they are measured against', [
    {title: 'Design', is_header: true, cell: (one) => [button(one), meanings(one)]},
    {title: 'Shape', cell: (one) => [shape_of(one), el('span', {class: 'aside'}, one.label.chassis)]},
    ...main_metrics.map((key) => ({title: metrics[key].label, is_number: true,
      cell: (one) => metrics[key].text(one.amounts[key])}))
  ], rows, (one) => ({class: one.names.length ? null : 'baseline'}));
}

function overview_start() {
  document.title = data.question.spec + ': lightspine report';
  byId('title').textContent = data.question.spec;
  byId('question').textContent = question_text();
  byId('sections').append(...[...document.querySelectorAll('main > section')].map((section) =>
    el('a', {href: '#' + section.id}, section.querySelector('h2').textContent)));
  const pick = data.answer.picks.find((one) => one.name === data.recommended);
  const others = [...recommended.names, ...recommended.baselines]
    .filter((name) => name !== data.recommended);
  byId('recommendation').append(
    el('p', {class: 'verdict'}, el('strong', {}, shape_of(recommended)), ': ',
      counts_text(recommended.amounts), '.'),
    parts_list(recommended),
    el('p', {class: 'note'}, 'The ' + data.recommended + (pick ? ' (' + pick.meaning + ')' : '') +
      (others.length ? '; it is also ' + others.join(', ') : '') + '.'),
    tiles(recommended),
    el('p', {class: 'reason'}, saves_text(recommended)),
    pick && pick.reason && el('p', {class: 'note'}, 'Why: ' + pick.reason + '.'),
    el('p', {class: 'note'}, proof_text()),
    picks_table());
}
