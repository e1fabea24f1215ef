/* What the shown design costs and draws, part by part, beside the best all-pluggable design. All
 * parts are sums of ledger lines, in cents and milliwatts. */

const ledger_parts = {
  'box': 'Switches', 'modules': 'Optics', 'OCS': 'OCS', 'cords of a tier': 'Cords',
  'shuffle boxes of direct': 'Cords', 'scale-up units': 'Scale-up', 'power of a module': 'Optics',
  'chassis power': 'Switches', 'power of an OCS': 'OCS', 'scale-up power': 'Scale-up',
  'energy': 'Energy', 'repairs': 'Repairs', 'spares': 'Spares', 'lost GPU-hours': 'Lost GPU-hours',
  'TCO': 'Capex'
};
const part_names = ['Switches', 'Optics', 'Cords', 'OCS', 'Scale-up', 'Capex', 'Energy', 'Repairs',
  'Spares', 'Lost GPU-hours'];
const part_color = (name) => '--series-' + (part_names.indexOf(name) % 5 + 1);

/* A part's sum in a total; chassis power that holds its optics counts as switches, as in power_w. */
function part_sums(design, totals) {
  const sums = {};
  ((design.study.drawn || {}).ledger || []).filter((line) => totals.includes(line.total))
    .forEach((line) => {
      const part = line.total === 'optics_power_w' ? 'Optics' : ledger_parts[line.formula] || line.formula;
      sums[part] = (sums[part] || 0) + line.value;
    });
  return sums;
}

const breakdowns = [
  {id: 'capex', title: 'Capex', totals: ['capex_usd'], key: 'capex_usd', size: 100, text: money},
  {id: 'power', title: 'IT power', key: 'power_w', size: 1000, text: power,
    totals: ['optics_power_w', 'switch_power_w', 'ocs_power_w', 'scale_up_power_w']},
  {id: 'tco', title: 'Cost over the years', totals: ['tco_usd'], key: 'tco_usd', size: 100, text: money}
];

function compared() {
  const list = [shown];
  if (pluggable && pluggable !== shown) list.push(pluggable);
  return list.filter((design) => design.study.drawn);
}

function label_of(design) {
  return design === pluggable && design !== shown ? 'all-pluggable'
    : design === recommended ? data.recommended : name_of(design);
}

function breakdown_option(one) {
  const rows = compared();
  if (!rows.length) return null;
  const sums = rows.map((design) => part_sums(design, one.totals));
  const parts = part_names.filter((part) => sums.some((sum) => sum[part]));
  return {
    grid: {left: 8, right: 24, top: 8, bottom: 64, containLabel: true},
    legend: {bottom: 0, itemGap: 14, textStyle: {color: color('--text')}, itemWidth: 14},
    tooltip: Object.assign({trigger: 'item', formatter: (at) => at.name + '\n' + at.seriesName + ': ' +
      one.text(at.value)}, tooltip_style()),
    xAxis: Object.assign({type: 'value'}, axis_style(),
      {axisLabel: {color: color('--quiet'), formatter: brief(one.text), hideOverlap: true}, splitNumber: 4}),
    yAxis: Object.assign({type: 'category', inverse: true,
      data: rows.map((design) => label_of(design) + '\n' + one.text(design.amounts[one.key]))},
    axis_style(), {axisLabel: {color: color('--text'), lineHeight: 17, width: 120, overflow: 'truncate'}}),
    series: parts.map((part) => ({
      name: part, type: 'bar', stack: 'all', barMaxWidth: 38, color: color(part_color(part)),
      data: sums.map((sum) => (sum[part] || 0) / one.size)
    }))
  };
}

function breakdown_table(one) {
  const rows = compared();
  const sums = rows.map((design) => part_sums(design, one.totals));
  const parts = part_names.filter((part) => sums.some((sum) => sum[part]));
  const cells = (design, i) => ({title: label_of(design), is_number: true,
    cell: (part) => part === null ? one.text(design.amounts[one.key])
      : one.text((sums[i][part] || 0) / one.size)});
  return table(one.title + ' by part', [{title: 'Part', is_header: true,
    cell: (part) => part === null ? 'All' : part}, ...rows.map(cells)], [...parts, null]);
}

function breakdown_figure(one) {
  return figure({
    id: one.id, title: one.title, height: 220, option: () => breakdown_option(one),
    alt: () => one.title + ' by part: ' + compared().map((design) => {
      const sums = part_sums(design, one.totals);
      return label_of(design) + ' ' + one.text(design.amounts[one.key]) + ', of which ' +
        Object.keys(sums).map((part) => part + ' ' + one.text(sums[part] / one.size)).join(', ');
    }).join('; ') + '.',
    table: () => breakdown_table(one)
  });
}

function saves_text(design) {
  if (design === pluggable) return 'It is the best all-pluggable design itself.';
  const {saves} = design.amounts;
  const against = saves && saves['all-pluggable'];
  if (!against) return '';
  const list = (sign) => [['capex_usd', money, 'of capex'], ['power_w', power, 'of IT power'],
    ['throughput_worst_low', percent, 'of the NIC rate'], ['latency_ns_max', latency, 'of latency'],
    ['bandwidth_at_risk_gbps', rate, 'at risk']].filter(([key]) => against[key] * sign > 0)
    .map(([key, text, of]) => text(Math.abs(against[key])) + ' ' + of).join(', ');
  const words = [list(1) && 'saves ' + list(1), list(-1) && 'costs ' + list(-1)].filter(Boolean);
  return words.length ? 'Against the best all-pluggable design it ' + words.join(' and ') +
    (against.gpus_gained > 0 ? '; the power saved runs ' + count(against.gpus_gained) + ' GPUs more' : '') + '.'
    : 'It is as good as the best all-pluggable design.';
}

function money_start() {
  const note = el('p', {class: 'note'});
  const figures = breakdowns.map(breakdown_figure);
  byId('money').append(note, el('div', {class: 'columns'}, figures));
  when_shown((design) => {
    note.textContent = design.study.drawn ? saves_text(design)
      : 'Parts are written for picks and baselines alone; below is the best all-pluggable design.';
    figures.forEach((one) => one.refresh());
  });
}
