/* Whether the light arrives, what traffic gets through, and what is left when parts fail. */

/* ---- Link margins ---- */

function margins_option() {
  const {drawn} = shown.study;
  if (!drawn || !drawn.margins.by_tier.length) return null;
  const width = drawn.margins.bin_db;
  const all = drawn.margins.by_tier.flatMap((tier) => tier.bins.map((bin) => bin.from_db));
  const least = Math.min(...all, 0), most = Math.max(...all) + width;
  return {
    grid: {left: 8, right: 24, top: 24, bottom: 74, containLabel: true},
    legend: {bottom: 0, itemGap: 14, textStyle: {color: color('--text')}},
    tooltip: Object.assign({trigger: 'item', formatter: (at) => tier_title(at.seriesName) + '\n' +
      digits(at.value[0] - width / 2, 2) + ' to ' + decibel(at.value[0] + width / 2) + ': ' +
      count(at.value[1]) + ' links'}, tooltip_style()),
    xAxis: Object.assign({type: 'value', min: Math.floor(least - 0.5), max: Math.ceil(most),
      name: 'margin left, dB', nameLocation: 'middle', nameGap: 30}, axis_style()),
    yAxis: Object.assign({type: 'value', name: 'links'}, axis_style(),
      {axisLabel: {color: color('--quiet'), formatter: count}}),
    series: drawn.margins.by_tier.map((tier, i) => ({
      name: tier_title(tier.tier), type: 'bar', stack: 'all', color: color('--series-' + (i + 1)),
      barWidth: 12, data: tier.bins.map((bin) => [bin.from_db + width / 2, bin.links]),
      markLine: i ? undefined : {silent: true, symbol: 'none', data: [{xAxis: 0}],
        lineStyle: {color: color('--bad'), width: 2, type: 'solid'},
        label: {formatter: 'no light to spare', color: color('--bad'), position: 'end'}}
    }))
  };
}

function margins_table() {
  const {margins} = shown.study.drawn;
  const rows = margins.by_tier.flatMap((tier) => tier.bins.map((bin) => ({tier: tier.tier, bin})));
  return table('Links by margin', [
    {title: 'Tier', is_header: true, cell: (row) => tier_title(row.tier)},
    {title: 'Margin', is_number: true, cell: (row) => digits(row.bin.from_db, 2) + ' to ' +
      decibel(row.bin.from_db + margins.bin_db)},
    {title: 'Links', is_number: true, cell: (row) => count(row.bin.links)}], rows);
}

/* ---- Throughput ---- */

/* Of each named design once what is proved about its traffic. */
function routed_rows() {
  return [...designs.values()].filter((design) => design.study.verified || design.study.routed)
    .map((design) => ({design, routed: design.study.routed, formula: {
      low: design.amounts.throughput_worst_low, high: design.amounts.throughput_worst_high}}));
}

const interval_text = (one) => one.low === one.high ? share(one.low) : share(one.low) + ' to ' + share(one.high);

function interval_item(at, api) {
  const low = api.coord([api.value(1), api.value(0)]), high = api.coord([api.value(2), api.value(0)]);
  const offset = api.value(3), width = Math.max(high[0] - low[0], 6);
  return {type: 'rect', shape: {x: (low[0] + high[0] - width) / 2, y: low[1] + offset - 4, width, height: 8, r: 2},
    style: {fill: api.visual('color')}};
}

function throughput_option() {
  const rows = routed_rows();
  if (!rows.length) return null;
  const marks = [
    ['all-to-all, proved', 1, -18, (row) => row.routed && row.routed.all_to_all],
    ['worst traffic, proved', 2, 6, (row) => row.routed && row.routed.worst],
    ['worst traffic, by formula', 5, 18, (row) => row.formula]];
  const point = (name, key, symbol) => ({
    name, type: 'scatter', symbol, symbolSize: 10, color: color('--text'), symbolOffset: [0, -6],
    data: rows.map((row, at) => row.routed && [row.routed[key], at]).filter(Boolean), z: 5
  });
  return {
    grid: {left: 8, right: 28, top: 8, bottom: 100, containLabel: true},
    legend: {bottom: 0, itemGap: 14, textStyle: {color: color('--text')}},
    tooltip: Object.assign({trigger: 'item', formatter: (at) => label_of(rows[at.value[at.seriesType === 'custom' ? 0 : 1]].design) +
      '\n' + at.seriesName + ': ' + (at.seriesType === 'custom'
      ? interval_text({low: at.value[1], high: at.value[2]}) : share(at.value[0]))}, tooltip_style()),
    xAxis: Object.assign({type: 'value', min: 0, max: 1, name: 'share of the NIC rate',
      nameLocation: 'middle', nameGap: 28}, axis_style()),
    yAxis: Object.assign({type: 'category', inverse: true, data: rows.map((row) => label_of(row.design))},
      axis_style(), {axisLabel: {color: color('--text'), width: 110, overflow: 'truncate'}, splitLine: {show: true, lineStyle: {color: color('--faint')}}}),
    series: [...marks.map(([name, series, offset, of]) => ({
      name, type: 'custom', renderItem: interval_item, color: color('--series-' + series),
      encode: {x: [1, 2], y: 0}, data: rows.map((row, at) => of(row) && [at, of(row).low, of(row).high, offset])
        .filter(Boolean)
    })), point('all-to-all by ECMP', 'ecmp', 'diamond'), point('all-to-all by Valiant', 'valiant', 'triangle')]
  };
}

function throughput_table() {
  const none = 'too large to be routed';
  return table('Throughput, in shares of the NIC rate', [
    {title: 'Design', is_header: true, cell: (row) => name_of(row.design)},
    {title: 'All-to-all', is_number: true, cell: (row) => row.routed ? interval_text(row.routed.all_to_all) : none},
    {title: 'by ECMP', is_number: true, cell: (row) => row.routed ? share(row.routed.ecmp) : ''},
    {title: 'by Valiant', is_number: true, cell: (row) => row.routed ? share(row.routed.valiant) : ''},
    {title: 'Worst traffic', is_number: true, cell: (row) => row.routed ? interval_text(row.routed.worst) : none},
    {title: 'Worst, by formula', is_number: true, cell: (row) => interval_text(row.formula)}
  ], routed_rows());
}

/* ---- Failures ---- */

const survival_lines = [['mean', 'mean'], ['worst_percent', 'worst 1 %'], ['worst_permille', 'worst 0.1 %'],
  ['least', 'least drawn']];

function survival_option() {
  const found = shown.study.resilience;
  if (!found) return null;
  const other = pluggable && pluggable !== shown && pluggable.study.resilience;
  const lowest = Math.min(...found.surviving.map((row) => row.least),
    ...(other ? other.surviving.map((row) => row.worst_permille) : []));
  const least = Math.max(Math.floor(lowest * 10) / 10 - (lowest * 10 % 1 < 0.2 ? 0.1 : 0), 0);
  const line = (name, rows, key, i, type) => ({
    name, type: 'line', color: color('--series-' + (i + 1)), symbol: symbols[i], symbolSize: 8,
    lineStyle: {width: 2, type}, data: rows.map((row) => [row.failures, row[key]])
  });
  return {
    grid: {left: 8, right: 24, top: 16, bottom: 92, containLabel: true},
    legend: {bottom: 0, itemGap: 14, textStyle: {color: color('--text')}},
    tooltip: Object.assign({trigger: 'axis', valueFormatter: share}, tooltip_style()),
    xAxis: Object.assign({type: 'log', logBase: 2, min: 1, name: 'parts down at a time',
      nameLocation: 'middle', nameGap: 28}, axis_style()),
    yAxis: Object.assign({type: 'value', max: 1, min: least, interval: (1 - least) / 5}, axis_style(),
      {axisLabel: {color: color('--quiet'), formatter: share}}),
    series: [...survival_lines.map(([key, name], i) => line(name, found.surviving, key, i, 'solid')),
      ...(other ? [line('all-pluggable, worst 0.1 %', other.surviving, 'worst_permille', 4, 'dashed')] : [])]
  };
}

function survival_table() {
  const found = shown.study.resilience;
  return table('Share of throughput that is left', [
    {title: 'Parts down', is_header: true, cell: (row) => row.failures},
    ...survival_lines.map(([key, name]) => ({title: name, is_number: true, cell: (row) => digits(row[key], 4)})),
    {title: 'GPUs without a plane', is_number: true, cell: (row) => digits(row.gpus_without_a_plane_mean, 2)}
  ], found.surviving);
}

function singles_table() {
  const found = shown.study.resilience;
  return found ? table('The worst single failure of each kind of part', [
    {title: 'Part', is_header: true, cell: (one) => one.part.replaceAll('_', ' ')},
    {title: 'Count', is_number: true, cell: (one) => count(one.count)},
    {title: 'Fail a year', is_number: true, cell: (one) => one.fit === null ? 'unknown' : digits(one.fit * 8760e-9, 2)},
    {title: 'Left', is_number: true, cell: (one) => digits(one.least, 4)},
    {title: 'GPUs without a plane', is_number: true, cell: (one) => count(one.gpus_without_a_plane)},
    {title: 'Where', cell: (one) => one.where}], found.single_failures) : '';
}

function domains_table() {
  return table('Failure domains: what goes with the worst of each kind', [
    {title: 'Domain', is_header: true, cell: (one) => one.domain.replaceAll('_', ' ')},
    {title: 'Worst', cell: (one) => one.worst},
    {title: 'Of the network', is_number: true, cell: (one) => percent(one.share)},
    {title: 'Of the rest', is_number: true, cell: (one) => percent(one.share_of_rest)},
    {title: 'Limit', is_number: true, cell: (one) => one.limit === null ? 'none' : percent(one.limit)}
  ], shown.amounts.failure_domains || []);
}

function delivery_start() {
  const margins = figure({
    id: 'margins', title: 'Light left at the receivers', height: 320,
    note: 'Links by what is left of their optical budget in the worse direction; below 0 dB a link is not built.',
    option: margins_option, alt: () => 'Histogram of link margins by tier.', table: margins_table
  });
  const throughput = figure({
    id: 'throughput', title: 'Throughput, routed', height: 130 + 62 * routed_rows().length,
    note: 'Proved intervals of what picks and baselines deliver, beside the closed formula that ranks them.',
    option: throughput_option, alt: () => 'Throughput of picks and baselines: ' + routed_rows().map((row) =>
      label_of(row.design) + ' worst ' + interval_text(row.routed ? row.routed.worst : row.formula)).join('; ') + '.',
    table: throughput_table
  });
  const survival = figure({
    id: 'survival', title: 'Left with parts down', height: 320,
    notes: () => shown.study.resilience ? 'Share of throughput left in ' +
      count(shown.study.resilience.draws) + ' seeded draws of failures.' : '',
    option: survival_option, alt: () => 'Share of throughput left by parts that are down at a time.',
    table: survival_table
  });
  const missing = el('div', {}), tables = el('div', {class: 'columns'});
  byId('delivery').append(missing, el('div', {class: 'columns'}, margins, throughput, survival), tables);
  when_shown((design) => {
    missing.replaceChildren(design.study.drawn ? '' : unstudied('What is measured on its graph'));
    [margins, throughput, survival].forEach((one) => one.refresh());
    tables.replaceChildren(domains_table(), singles_table());
  });
}
