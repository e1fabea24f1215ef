/* The front: two metrics against each other, all of them as parallel axes, and as a table. Limits
 * set by hand or drawn on the axes grey out designs in all three. */

const axis = {x: 'capex_usd', y: 'power_w'};
const limits = {};      /* metric: the worst amount wanted */
let brushed = null;     /* keys of the designs within the areas drawn on the parallel axes */

function is_within(design) {
  if (brushed && !brushed.has(design.key)) return false;
  return Object.entries(limits).every(([key, limit]) =>
    metrics[key].is_less ? design.amounts[key] <= limit : design.amounts[key] >= limit);
}

/* Amounts of an axis are shown in the unit that fits its largest. */
function axis_of(key, extra) {
  const metric = metrics[key];
  return Object.assign({
    type: 'value', scale: true, name: metric.label + (metric.unit ? ', ' + metric.unit : ''),
    nameLocation: 'middle', max: metric.max, minInterval: metric.step
  }, axis_style(), {axisLabel: {color: color('--quiet'), hideOverlap: true, formatter: brief(metric.text)}},
  extra);
}

function point_of(design) {
  const is_shown = design === shown, is_named = design.names.length + design.baselines.length > 0;
  const all = [...design.names, ...design.baselines];
  const names = design === recommended ? data.recommended
    : all[0] + (all.length > 1 ? ' +' + (all.length - 1) : '');
  return {
    id: design.key, name: name_of(design),
    value: [design.amounts[axis.x], design.amounts[axis.y]],
    symbol: family_symbol(design.amounts.design.family), symbolSize: is_named ? 14 : 9,
    itemStyle: {
      color: color(family_color(design.amounts.design.family)),
      opacity: is_within(design) ? 0.9 : 0.12,
      borderColor: color(is_shown ? '--text' : '--page'), borderWidth: is_shown ? 3 : 1
    },
    label: {show: is_named && is_within(design), formatter: names, position: 'top',
      color: color('--text'), fontWeight: is_shown ? 'bold' : 'normal',
      textBorderColor: color('--page'), textBorderWidth: 3},
    z: is_named ? 3 : 2
  };
}

function point_text(design) {
  return name_of(design) + '\n' + shape_of(design) + '\n' +
    main_metrics.map((key) => metrics[key].label + ': ' + metrics[key].text(design.amounts[key])).join('\n');
}

function scatter_option() {
  const is_narrow = innerWidth < 600;
  const lines = pluggable && {silent: true, symbol: 'none',
    lineStyle: {color: color('--quiet'), type: 'dashed'}, label: {show: false},
    data: [{xAxis: pluggable.amounts[axis.x]}, {yAxis: pluggable.amounts[axis.y]}]};
  return {
    grid: {left: is_narrow ? 62 : 84, right: 28, top: 40, bottom: 92},
    legend: {bottom: 0, itemGap: 14, textStyle: {color: color('--text')}, itemWidth: 12, itemHeight: 12,
      data: families.map((family) => ({name: family, icon: family_symbol(family)}))},
    tooltip: Object.assign({trigger: 'item',
      formatter: (at) => at.data && designs.has(at.data.id) ? point_text(designs.get(at.data.id)) : ''
    }, tooltip_style()),
    xAxis: axis_of(axis.x, {nameGap: 32}),
    yAxis: axis_of(axis.y, {nameGap: is_narrow ? 48 : 64}),
    series: families.map((family, i) => ({
      name: family, type: 'scatter', color: color(family_color(family)),
      symbol: family_symbol(family),
      labelLayout: is_narrow ? {hideOverlap: true} : {hideOverlap: true, moveOverlap: 'shiftY'},
      emphasis: {scale: 1.3}, markLine: i === 0 && lines ? lines : undefined,
      data: [...designs.values()].filter((one) => one.amounts.design.family === family).map(point_of)
    }))
  };
}

function scatter_alt() {
  return designs.size + ' designs by ' + metrics[axis.x].label + ' and ' + metrics[axis.y].label +
    '; shown is ' + name_of(shown) + ' with ' + metrics[axis.x].text(shown.amounts[axis.x]) + ' and ' +
    metrics[axis.y].text(shown.amounts[axis.y]) + '. Choose designs in the list or the table.';
}

/* ---- Parallel axes ---- */

const parallel_keys = [...new Set([...data.question.objectives.map((name) => objective_metrics[name]),
  'optics_power_w', 'switch_count'])];

/* The better end is at the top of every axis, and left where axes lie, so that a good design lies
 * at one side throughout. */
function is_inverse(key, is_narrow) {
  return Boolean(metrics[key].is_less) !== is_narrow;
}

let parallel_order = []; /* keys of the designs by their place in the chart: the shown one on top */

function parallel_option() {
  const is_narrow = innerWidth < 600;
  const order = [...designs.values()].filter((one) => one !== shown).concat(shown);
  parallel_order = order.map((one) => one.key);
  return {
    parallel: {left: is_narrow ? 20 : 56, right: is_narrow ? 36 : 70, top: is_narrow ? 30 : 56,
      bottom: is_narrow ? 26 : 18,
      layout: is_narrow ? 'vertical' : 'horizontal',
      parallelAxisDefault: {type: 'value', scale: true, nameLocation: 'end',
        areaSelectStyle: {width: 22, color: color('--accent'), borderColor: color('--accent')}}},
    parallelAxis: parallel_keys.map((key, dim) => Object.assign({
      dim, max: metrics[key].max, minInterval: metrics[key].step, name: is_narrow ? metrics[key].label : metrics[key].label.replace(/(?:, | )(?=\S+$)/, '\n'),
      inverse: is_inverse(key, is_narrow), nameGap: is_narrow ? -20 : 14,
      nameLocation: is_narrow ? 'middle' : is_inverse(key, is_narrow) ? 'start' : 'end'
    }, axis_style(), {nameTextStyle: {color: color('--text'), lineHeight: 15},
      axisLabel: {color: color('--quiet'), formatter: brief(metrics[key].text), hideOverlap: true,
        textBorderColor: color('--page'), textBorderWidth: 3}})),
    series: [{
      type: 'parallel', smooth: false, inactiveOpacity: 0.06, activeOpacity: 0.8,
      data: order.map((one) => ({
        id: one.key, name: name_of(one), value: parallel_keys.map((key) => one.amounts[key]),
        lineStyle: {
          color: color(one === shown ? '--text' : family_color(one.amounts.design.family)),
          width: one === shown ? 3.5 : one.names.length ? 2 : 1,
          opacity: one === shown ? 1 : is_within(one) ? 0.55 : 0.05
        }
      }))
    }]
  };
}

function parallel_ready(chart, refresh) {
  chart.on('click', (at) => { if (at.data && at.data.id) show(at.data.id); });
  chart.on('axisareaselected', () => {
    const series = chart.getModel().getSeriesByIndex(0);
    const has_area = chart.getOption().parallelAxis.some((one) =>
      chart.getModel().getComponent('parallelAxis', one.dim).activeIntervals.length);
    brushed = has_area ? new Set(series.getRawIndicesByActiveState('active')
      .map((index) => parallel_order[index])) : null;
    refresh();
  });
}

/* ---- Limits ---- */

/* A number as people type it, in the unit of the metric's axis. */
const limit_units = {
  capex_usd: ['M$', 1e6], tco_usd: ['M$', 1e6], power_w: ['kW', 1e3], optics_power_w: ['kW', 1e3],
  throughput_worst_low: ['', 1], latency_ns_max: ['ns', 1], bandwidth_at_risk_gbps: ['Gb/s', 1],
  lost_gpu_hours_per_year: ['h', 1], usd_per_gpu_hour: ['$', 1], switch_count: ['', 1]
};

function limits_form(on_change) {
  const told = el('output', {class: 'note', 'aria-live': 'polite'});
  const tell = () => {
    const within = [...designs.values()].filter(is_within).length;
    told.textContent = within + ' of ' + designs.size + ' designs are within the limits.';
  };
  const fields = parallel_keys.filter((key) => limit_units[key]).map((key) => {
    const [unit, size] = limit_units[key];
    const input = el('input', {type: 'number', step: 'any', min: 0, inputmode: 'decimal', oninput: () => {
      if (input.value === '') delete limits[key];
      else limits[key] = Number(input.value) * size;
      tell();
      on_change();
    }});
    return el('label', {}, el('span', {}, metrics[key].label +
      (metrics[key].is_less ? ' at most' : ' at least') + (unit ? ', ' + unit : '')), input);
  });
  tell();
  return [el('details', {class: 'behind'}, el('summary', {}, 'Limits'),
    el('div', {class: 'limits'}, fields)), told, tell];
}

/* ---- Table ---- */

let front_sort = {key: 'capex_usd', is_up: true};

function front_table(redraw) {
  const keys = ['capex_usd', 'tco_usd', 'power_w', 'optics_power_w', 'throughput_worst_low',
    'latency_ns_max', 'bandwidth_at_risk_gbps', 'switch_count'];
  const rows = [...designs.values()].filter(is_within).sort((a, b) =>
    (a.amounts[front_sort.key] - b.amounts[front_sort.key]) * (front_sort.is_up ? 1 : -1));
  const sorter = (key) => el('button', {type: 'button', class: 'sort', onclick: () => {
    front_sort = {key, is_up: front_sort.key === key ? !front_sort.is_up : true};
    redraw();
  }}, metrics[key].label, front_sort.key === key ? (front_sort.is_up ? ' ▲' : ' ▼') : '');
  const made = table('Designs of the front, picks and baselines', [
    {title: 'Design', is_header: true, cell: (one) => el('button', {type: 'button', class: 'link',
      'aria-pressed': one === shown ? 'true' : 'false', onclick: () => show(one.key)}, name_of(one))},
    {title: 'Shape', cell: (one) => [shape_of(one),
      el('span', {class: 'aside'}, one.label.chassis + '; ' + one.label.optics)]},
    ...keys.map((key) => ({title: sorter(key), key, is_number: true,
      cell: (one) => metrics[key].text(one.amounts[key])}))
  ], rows, (one) => ({class: one === shown ? 'is-shown' : null}));
  made.querySelectorAll('thead th').forEach((cell, i) => {
    if (i > 1 && keys[i - 2] === front_sort.key)
      cell.setAttribute('aria-sort', front_sort.is_up ? 'ascending' : 'descending');
  });
  return made;
}

function tradeoffs_start() {
  const options = Object.entries(metrics).map(([key, metric]) => [key, metric.label]);
  const redraw = () => parts.forEach((part) => part.refresh());
  const [form, told, tell] = limits_form(() => redraw());
  const scatter = figure({
    id: 'tradeoffs', title: 'Two metrics against each other', height: 440,
    note: 'Each point is a design that no other built design beats. Dashed: the best all-pluggable ' +
      'design. A click shows a design in all sections below; without a mouse, choose it in the list ' +
      '“Design shown” or in the table.',
    controls: el('p', {class: 'controls'},
      choice('Across', options, axis.x, (key) => { axis.x = key; scatter.refresh(); }),
      choice('Up', options, axis.y, (key) => { axis.y = key; scatter.refresh(); })),
    option: scatter_option, alt: scatter_alt,
    on_ready: (chart) => chart.on('click', (at) => { if (at.data && at.data.id) show(at.data.id); })
  });
  const parallel = figure({
    id: 'parallel', title: 'All metrics at once', height: innerWidth < 600 ? 560 : 360,
    note: 'Each line is a design; on every axis the better end is ' +
      (innerWidth < 600 ? 'left' : 'at the top') +
      '. Drag along an axis to keep only designs within; a click takes it back.',
    option: parallel_option,
    alt: () => designs.size + ' designs on the axes ' +
      parallel_keys.map((key) => metrics[key].label).join(', ') + '; shown is ' + name_of(shown) + '.',
    on_ready: (chart) => parallel_ready(chart, () => { scatter.refresh(); rows.refresh(); tell(); })
  });
  const rows = behind('Table of all ' + designs.size + ' designs', () => front_table(() => rows.refresh()));
  const parts = [scatter, parallel, rows];
  byId('tradeoffs').append(scatter, parallel, form, told, rows);
  when_shown(redraw);
}
