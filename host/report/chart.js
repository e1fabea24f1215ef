/* Charts by ECharts, in the colours of the page; without it, the pictures that gnuplot drew. */

const live_charts = [];

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function axis_style() {
  return {
    axisLine: {lineStyle: {color: color('--line')}},
    axisTick: {lineStyle: {color: color('--line')}},
    axisLabel: {color: color('--quiet'), hideOverlap: true},
    nameTextStyle: {color: color('--text')},
    splitLine: {lineStyle: {color: color('--faint')}}
  };
}

function tooltip_style() {
  return {
    backgroundColor: color('--surface'), borderColor: color('--line'), confine: true,
    textStyle: {color: color('--text'), fontSize: 13}, renderMode: 'richText'
  };
}

function chart_draw(entry) {
  const option = entry.option();
  entry.host.hidden = !option;
  if (!option) return;
  entry.plot.setAttribute('aria-label', entry.alt());
  if (!entry.chart) {
    entry.chart = echarts.init(entry.plot, null, {renderer: 'svg'});
    if (entry.on_ready) entry.on_ready(entry.chart);
  }
  entry.chart.setOption(Object.assign({
    animation: false,
    textStyle: {fontFamily: getComputedStyle(document.body).fontFamily, color: color('--text')}
  }, option), {notMerge: true});
}

/* A figure: {title, note, height, id (of gnuplot's picture), option() (null: nothing to draw),
 * alt() (what it shows, in a sentence), table() (what is behind it), on_ready(chart)}. */
function figure(made) {
  const plot = el('div', {class: 'plot', role: 'img', style: 'height:' + made.height + 'px'});
  const rows = made.table && behind('Table: ' + made.title, () => made.option() ? made.table() : el('p'));
  const note = el('p', {class: 'note'}, made.note || '');
  const host = el('figure', {class: 'chart'},
    el('figcaption', {}, el('h3', {}, made.title), note), made.controls, plot, rows);
  const entry = Object.assign({host, plot}, made);
  host.refresh = () => {
    if (made.notes) note.textContent = made.notes();
    if (typeof echarts !== 'undefined') chart_draw(entry);
    if (rows) rows.refresh();
  };
  if (typeof echarts === 'undefined') picture_place(entry);
  live_charts.push(entry);
  return host;
}

function picture_place(entry) {
  const template = entry.id && byId('picture-' + entry.id);
  entry.plot.style.height = 'auto';
  entry.plot.setAttribute('aria-label', entry.title);
  if (template) entry.plot.append(template.content.cloneNode(true));
  else entry.plot.replaceWith(el('p', {class: 'note'},
    'No chart: it needs a program that was built with ECharts. The table below has the same data.'));
}

function charts_refresh() {
  live_charts.forEach((entry) => entry.host.refresh());
}

/* Colours change with the system's theme, sizes with the window and on paper. */
function charts_watch() {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', charts_refresh);
  const resize = (width) => live_charts.forEach((entry) => {
    if (!entry.chart) return;
    entry.chart.resize({width: width || 'auto'});
    entry.chart.getZr().refreshImmediately(); /* paper does not wait for the next frame */
  });
  addEventListener('resize', () => {
    if (!document.documentElement.classList.contains('paper')) resize();
  });
  addEventListener('beforeprint', () => {
    document.documentElement.classList.add('paper');
    charts_refresh();
    resize(670);
  });
  addEventListener('afterprint', () => {
    document.documentElement.classList.remove('paper');
    charts_refresh();
    resize();
  });
}
