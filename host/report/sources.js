/* Every amount line by line, the figures of the catalog that it rests on, and what ran. */

const figures_by_line = new Map();
data.catalog.figures.forEach((figure_) => {
  /* Of several figures of a line the one that is known least speaks for it. */
  if (!figures_by_line.has(figure_.line) || figure_.evidence === 'assumed')
    figures_by_line.set(figure_.line, figure_);
});

function evidence_badge(evidence) {
  return el('span', {class: 'badge ' + (evidence === 'assumed' ? 'assumed' : '')},
    evidence === 'assumed' ? '⚠ assumed' : evidence);
}

/* "catalog.yaml:LINE" leads to a figure; "sum" to none. */
function figure_of(line) {
  const found = /:(\d+)$/.exec(line.source);
  return found && figures_by_line.get(Number(found[1]));
}

const totals = [['capex_usd', 'Capex'], ['optics_power_w', 'Optics power'], ['switch_power_w', 'Switch power'],
  ['ocs_power_w', 'OCS power'], ['scale_up_power_w', 'Scale-up power'], ['tco_usd', 'Cost over the years'],
  ['lost_gpu_hours_per_year', 'Lost GPU-hours a year']];
let ledger_total = 'capex_usd';

function ledger_amount(total, value) {
  return total.endsWith('_usd') ? '$' + usd_exact(value)
    : digits(value / 1000, 3) + (total.endsWith('_w') ? ' W' : ' h');
}

function ledger_table() {
  const lines = shown.study.drawn.ledger.filter((line) => line.total === ledger_total);
  const source = (line) => {
    const figure_ = figure_of(line);
    return figure_ ? [line.source, ' ', evidence_badge(figure_.evidence)] : line.source;
  };
  return table('Ledger: ' + totals.find(([key]) => key === ledger_total)[1] + ' of ' + name_of(shown), [
    {title: 'Item', is_header: true, cell: (line) => line.item},
    {title: 'Count', is_number: true, cell: (line) => count(line.count)},
    {title: 'Each', is_number: true, cell: (line) => ledger_amount(line.total, line.unit_value)},
    {title: 'Amount', is_number: true, cell: (line) => ledger_amount(line.total, line.value)},
    {title: 'Rule', cell: (line) => [line.formula, line.factors && el('span', {class: 'aside'}, line.factors)]},
    {title: 'Source', cell: source}], lines);
}

/* Whether the figure is of a part that the shown design has, or of all designs. */
function is_used(figure_, ids) {
  const found = /^\w+\[([^\]]+)\]/.exec(figure_.path);
  return !found || ids.has(found[1]);
}

function parts_of(design) {
  const ids = new Set();
  ((design.study.drawn || {}).ledger || []).forEach((line) => ids.add(line.item.split(' ')[0]));
  design.amounts.design.links.forEach((link) => [link.optic_a, link.optic_b, link.fiber].forEach((id) => ids.add(id)));
  Object.values(design.amounts.design.switches).forEach((id) => ids.add(id));
  return ids;
}

function figures_used() {
  const ids = parts_of(shown);
  return data.catalog.figures.filter((figure_) => is_used(figure_, ids));
}

function figures_table() {
  return table('Figures of the catalog that ' + name_of(shown) + ' rests on', [
    {title: 'Figure', is_header: true, cell: (one) => one.path},
    {title: 'Value', is_number: true, cell: (one) => plain(one.value)},
    {title: 'Low', is_number: true, cell: (one) => plain(one.low)},
    {title: 'High', is_number: true, cell: (one) => plain(one.high)},
    {title: 'Evidence', cell: (one) => evidence_badge(one.evidence)},
    {title: 'Over the years', cell: (one) => one.changes ? 'changes' : ''},
    {title: 'Source', cell: (one) => one.source ? data.catalog.sources[one.source] : 'none'},
    {title: 'Line', is_number: true, cell: (one) => one.line}], figures_used());
}

function evidence_text() {
  const rows = figures_used();
  const assumed = rows.filter((figure_) => figure_.evidence === 'assumed').length;
  return count(assumed) + ' of the ' + count(rows.length) + ' catalog figures that this design rests on ' +
    'are assumed: nobody was seen to say them, and their ranges are wide. Put quotations there first.';
}

function ledger_start() {
  const note = el('p', {class: 'note'});
  const place = el('div', {});
  const ledger = behind('Ledger', () => shown.study.drawn ? el('div', {},
    choice('Total', totals, ledger_total, (key) => { ledger_total = key; ledger.refresh(); }), ledger_table())
    : unstudied('The ledger'));
  const figures = behind('Figures and their sources', figures_table);
  byId('ledger').append(note, place, ledger, figures);
  when_shown(() => {
    note.textContent = evidence_text();
    ledger.refresh();
    figures.refresh();
  });
}

function manifest_start() {
  const {manifest} = data;
  const rows = [['Program', manifest.program + ' ' + manifest.version], ['Seed', manifest.seed],
    ['Spec, SHA-256', manifest.inputs.spec_sha256], ['Catalog, SHA-256', manifest.inputs.catalog_sha256],
    ['Front of level 1, SHA-256', manifest.front_sha256], ['Designs in the space', count(manifest.space_size)]];
  byId('manifest').append(
    el('p', {class: 'note'}, 'The same spec, catalog and seed give the same bytes. This report holds no ' +
      'number of its own: all are those of pareto.json, routed.json and the tables beside it, and of lightspine ' +
      'resilience and explain.'),
    el('dl', {class: 'facts'}, rows.map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])),
    el('details', {class: 'behind'}, el('summary', {}, 'Files of this run'),
      el('ul', {class: 'files'}, manifest.files.map((name) => el('li', {}, name)))));
}
