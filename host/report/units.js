/* Amounts as people read them, in the same steps as host/units.c. */

function digits(value, count) {
  return value.toLocaleString('en-US', {minimumFractionDigits: count, maximumFractionDigits: count});
}

/* Three to four digits with the prefix that fits. */
function scaled(value, units) {
  let amount = Math.abs(value), at = 0;
  for (; at + 1 < units.length && amount >= 999.95; at++) amount /= 1000;
  const places = amount >= 1000 || (at === 0 && amount === 0) ? 0 : amount >= 100 ? 1 : 2;
  return [(value < 0 ? '−' : '') + digits(amount, places), units[at]];
}

function money(usd) {
  const [amount, unit] = scaled(usd, ['', '\u00a0k', '\u00a0M', '\u00a0G']);
  return (amount.startsWith('−') ? '−$' + amount.slice(1) : '$' + amount) + unit;
}

const with_unit = (value, units) => scaled(value, units).join('\u00a0');
const power = (w) => with_unit(w, ['W', 'kW', 'MW', 'GW']);
const rate = (gbps) => with_unit(gbps * 1e6, ['kb/s', 'Mb/s', 'Gb/s', 'Tb/s', 'Pb/s']);
const latency = (ns) => digits(ns, 0) + '\u00a0ns';
const share = (part) => digits(part, 3);
const percent = (part) => digits(100 * part, part < 0.1 ? 2 : 1) + '\u00a0%';
const count = (number) => digits(number, 0);
const metres = (m) => digits(m, m < 10 ? 2 : 1) + '\u00a0m';
const decibel = (db) => digits(db, 2) + '\u00a0dB';
const hours = (h) => with_unit(h, ['h', 'kh', 'Mh', 'Gh']);
/* On axes, whose steps are round: without zeros behind the point. */
const brief = (text) => (value) => text(value).replace(/(\.\d*?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '');
/* Figures of the catalog, which may be tiny. */
const plain = (value) => value.toLocaleString('en-US', {maximumFractionDigits: 6});
const usd_exact = (cents) => digits(cents / 100, 2);

/* What designs are compared in. is_less: less is better. */
const metrics = {
  capex_usd: {label: 'Capex', text: money, is_less: true},
  tco_usd: {label: 'Cost over the years', text: money, is_less: true},
  power_w: {label: 'IT power', text: power, is_less: true},
  optics_power_w: {label: 'Optics power', text: power, is_less: true},
  throughput_worst_low: {label: 'Worst-case throughput', unit: 'of the NIC rate', text: share, max: 1},
  latency_ns_max: {label: 'Latency, worst path', text: latency, is_less: true},
  bandwidth_at_risk_gbps: {label: 'Bandwidth at risk', text: rate, is_less: true},
  lost_gpu_hours_per_year: {label: 'Lost GPU-hours a year', text: hours, is_less: true},
  usd_per_gpu_hour: {label: 'Per effective GPU-hour', text: (v) => '$' + digits(v, 4), is_less: true},
  switch_count: {label: 'Switches', text: count, is_less: true, step: 1},
  fiber_km: {label: 'Fiber', text: (km) => digits(km, 1) + ' km', is_less: true}
};

/* Those that a design is introduced by. */
const main_metrics = ['capex_usd', 'tco_usd', 'power_w', 'throughput_worst_low', 'latency_ns_max',
  'bandwidth_at_risk_gbps'];

const objective_metrics = {
  capex: 'capex_usd', power: 'power_w', throughput_worst: 'throughput_worst_low',
  latency_max: 'latency_ns_max', bandwidth_at_risk: 'bandwidth_at_risk_gbps', tco: 'tco_usd',
  lost_gpu_hours: 'lost_gpu_hours_per_year', usd_per_gpu_hour: 'usd_per_gpu_hour'
};
