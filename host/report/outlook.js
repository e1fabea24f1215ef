/* How the named designs move over the years, and what the recommendation hangs on. Both are of level
 * 1: of the uniform design of a pick's rank, with the lengths that the floor gave. */

const {years, sensitivity} = data.outlook;
const uniform_note = 'Of level 1, with the lengths of this floor: each design with one technology in ' +
  'each tier. What mixing saves at level 2 is not in it.';

/* Designs with amounts by year, each once. */
const year_rows = Object.entries(years.designs).map(([name, list]) => ({design: named_design(name), list}));
const year_numbers = Array.from({length: years.count}, (_, i) => years.first + i);

const is_buyable = (entry) => !entry.violations.length;

function year_of(row, year) {
  return row.list.find((entry) => entry.year === year);
}

function years_option(key) {
  return {
    grid: {left: 8, right: 24, top: 14, bottom: 60, containLabel: true},
    legend: {bottom: 0, itemGap: 14, textStyle: {color: color('--text')}},
    tooltip: Object.assign({trigger: 'axis', valueFormatter: (value) => value === undefined ? 'cannot be bought'
      : metrics[key].text(value)}, tooltip_style()),
    xAxis: Object.assign({type: 'category', data: year_numbers.map(String)}, axis_style()),
    yAxis: Object.assign({type: 'value', scale: true}, axis_style(),
      {axisLabel: {color: color('--quiet'), formatter: brief(metrics[key].text)}}),
    series: year_rows.map((row, i) => ({
      name: label_of(row.design), type: 'line', color: color('--series-' + (i % 7 + 1)),
      symbol: symbols[i % symbols.length], symbolSize: 9, lineStyle: {width: row.design === shown ? 3.5 : 2},
      data: year_numbers.map((year) => {
        const entry = year_of(row, year);
        return entry && is_buyable(entry) ? entry[key] : undefined;
      })
    }))
  };
}

function years_table(key) {
  const cell = (row) => (year) => {
    const entry = year_of(row, year);
    if (!entry) return 'has other sizes then';
    return [metrics[key].text(entry[key]), !is_buyable(entry) && el('span', {class: 'aside'},
      entry.gate || 'violates ' + entry.violations.join(', '))];
  };
  return table(metrics[key].label + ' by year of purchase', [{title: 'Year', is_header: true, cell: String},
    ...year_rows.map((row) => ({title: label_of(row.design), is_number: true, cell: cell(row)}))], year_numbers);
}

/* Figures of the shown design's own parts that are not the same in all years. */
function changes_table() {
  const ids = parts_of(shown);
  return table('Figures of ' + name_of(shown) + ' that change', [
    {title: 'Figure', is_header: true, cell: (one) => one.path},
    ...year_numbers.map((year, i) => ({title: year, is_number: true, cell: (one) => plain(one.values[i])}))
  ], years.figures.filter((one) => is_used(one, ids)));
}

function years_start() {
  const figures = ['capex_usd', 'power_w'].map((key) => figure({
    id: 'years-' + key, title: metrics[key].label + ' by year of purchase', height: 300,
    option: () => years_option(key), table: () => years_table(key),
    alt: () => metrics[key].label + ' of picks and baselines from ' + years.first + ' to ' +
      year_numbers[years.count - 1] + '. ' + gates_text()
  }));
  const changes = behind('Table: figures that change over the years', changes_table);
  byId('years').append(el('p', {class: 'note'}, uniform_note + ' A line ends where a part is not on sale, or ' +
    'supply does not suffice. ' + gates_text() + ' What would win in each year: lightspine sweep ' +
    data.question.spec + '.yaml --years ' + years.first + ':' + year_numbers[years.count - 1] + '.'),
  el('div', {class: 'columns'}, figures), changes);
  when_shown(() => {
    figures.forEach((one) => one.refresh());
    changes.refresh();
  });
}

function gates_text() {
  return year_rows.map((row) => {
    const closed = row.list.find((entry) => entry.gate);
    return closed && label_of(row.design) + ': ' + closed.gate + '.';
  }).filter(Boolean).join(' ');
}

/* ---- Sensitivity ---- */

/* The program's own units, by name of the metric. */
const metric_units = {
  capex: [100, money], tco: [100, money], power: [1000, power], latency_max: [1000, latency],
  throughput_worst: [1e6, share], bandwidth_at_risk: [1e9, rate], lost_gpu_hours: [1000, hours],
  usd_per_gpu_hour: [1e6, metrics.usd_per_gpu_hour.text]
};
const [sensitivity_size, sensitivity_text] = metric_units[sensitivity.metric];
const sensitivity_amount = (amount) => sensitivity_text(amount / sensitivity_size);
const sensitivity_label = metrics[objective_metrics[sensitivity.metric]].label;

function bar_item(at, api) {
  const from = api.coord([api.value(1), api.value(0)]), to = api.coord([api.value(2), api.value(0)]);
  const height = Math.min(api.size([0, 1])[1] * 0.6, 18);
  return {type: 'rect', style: {fill: api.visual('color')}, shape: {x: Math.min(from[0], to[0]),
    y: from[1] - height / 2, width: Math.max(Math.abs(to[0] - from[0]), 1), height}};
}

function sensitivity_option() {
  const bars = sensitivity.bars.slice(0, 14);
  if (!bars.length) return null;
  const base = sensitivity.amount / sensitivity_size;
  const ends = [['at its low', 'amount_at_low', '--series-1'], ['at its high', 'amount_at_high', '--series-2']];
  return {
    grid: {left: 8, right: 32, top: 24, bottom: 66, containLabel: true},
    legend: {bottom: 0, itemGap: 14, textStyle: {color: color('--text')}},
    tooltip: Object.assign({trigger: 'item', formatter: (at) => bars[at.value[0]].figure + '\n' +
      at.seriesName + ': ' + sensitivity_text(at.value[2])}, tooltip_style()),
    xAxis: Object.assign({type: 'value', scale: true}, axis_style(),
      {axisLabel: {color: color('--quiet'), formatter: brief(sensitivity_text), hideOverlap: true}}),
    yAxis: Object.assign({type: 'category', inverse: true,
      data: bars.map((bar) => (bar.assumed ? '⚠ ' : '') + bar.figure)}, axis_style(),
    {axisLabel: {color: color('--text'), width: innerWidth < 600 ? 130 : 330, overflow: 'break',
      lineHeight: 14, interval: 0}}),
    series: ends.map(([name, key, fill], i) => ({
      name, type: 'custom', renderItem: bar_item, color: color(fill), encode: {x: [1, 2], y: 0},
      data: bars.map((bar, at) => [at, base, bar[key] / sensitivity_size]),
      markLine: i ? undefined : {silent: true, symbol: 'none', lineStyle: {color: color('--text'), type: 'solid'},
        label: {formatter: sensitivity_text(base), color: color('--text'), position: 'start'}, data: [{xAxis: base}]}
    }))
  };
}

function sensitivity_table() {
  return table(sensitivity_label + ' with each figure at the ends of its range', [
    {title: 'Figure', is_header: true, cell: (bar) => bar.figure},
    {title: 'Evidence', cell: (bar) => bar.assumed ? evidence_badge('assumed') : 'sourced'},
    {title: 'Value', is_number: true, cell: (bar) => plain(bar.value)},
    {title: 'Low', is_number: true, cell: (bar) => plain(bar.low)},
    {title: 'High', is_number: true, cell: (bar) => plain(bar.high)},
    {title: 'At its low', is_number: true, cell: (bar) => sensitivity_amount(bar.amount_at_low)},
    {title: 'At its high', is_number: true, cell: (bar) => sensitivity_amount(bar.amount_at_high)}
  ], sensitivity.bars);
}

function sensitivity_start() {
  const tornado = figure({
    id: 'sensitivity', title: sensitivity_label + ' of the ' + data.recommended + ', figure by figure',
    height: 110 + (innerWidth < 600 ? 44 : 30) * Math.min(sensitivity.bars.length, 14),
    note: 'Each catalog figure alone at its low and its high, all others as they are; ⚠ is assumed. ' +
      uniform_note + ' Here that is ' + sensitivity.design + '.',
    option: sensitivity_option, table: sensitivity_table,
    alt: () => 'Tornado: ' + sensitivity.bars.slice(0, 5).map((bar) => bar.figure + ' from ' +
      sensitivity_amount(bar.amount_at_low) + ' to ' + sensitivity_amount(bar.amount_at_high)).join('; ') + '.'
  });
  byId('sensitivity').append(tornado, el('p', {class: 'note'}, 'Where another design takes over, and how the ' +
    'pick fares when all figures are drawn at once: lightspine explain ' + data.question.spec + '.yaml.'));
  tornado.refresh();
}
