/* The bar that says which design is shown, and the start of all sections. */

function shown_bar() {
  const groups = [['Picks', [...designs.values()].filter((one) => one.names.length)],
    ['Baselines', [...designs.values()].filter((one) => !one.names.length && one.baselines.length)],
    ['Rest of the front', [...designs.values()].filter((one) => !one.names.length && !one.baselines.length)
      .sort((a, b) => a.amounts.capex_usd - b.amounts.capex_usd)]];
  const order = groups.flatMap(([, list]) => list);
  const select = el('select', {id: 'shown-design', onchange: () => show(select.value)},
    groups.filter(([, list]) => list.length).map(([title, list]) => el('optgroup', {label: title},
      list.map((one) => el('option', {value: one.key}, name_of(one) + ': ' + shape_of(one) + ', ' +
        money(one.amounts.capex_usd))))));
  const step = (by) => show(order[(order.indexOf(shown) + by + order.length) % order.length].key);
  const name = el('span', {class: 'on-paper'});
  const told = el('span', {class: 'shown-text', 'aria-live': 'polite'});
  byId('shown').append(el('label', {for: 'shown-design'}, 'Design shown'),
    name, el('span', {class: 'stepper'}, el('button', {type: 'button', 'aria-label': 'Previous design',
      onclick: () => step(-1)}, '‹'), select,
    el('button', {type: 'button', 'aria-label': 'Next design', onclick: () => step(1)}, '›')), told);
  when_shown((design) => {
    select.value = design.key;
    name.textContent = name_of(design) + ': ' + shape_of(design);
    told.textContent = ['capex_usd', 'power_w', 'throughput_worst_low', 'latency_ns_max'].map((key) =>
      metrics[key].text(design.amounts[key]) + (metrics[key].unit ? ' ' + metrics[key].unit : '')).join(' · ');
    document.querySelectorAll('button[data-key]').forEach((button) =>
      button.setAttribute('aria-pressed', button.dataset.key === design.key ? 'true' : 'false'));
  });
}

overview_start();
tradeoffs_start();
shown_bar();
fabric_start();
floor_start();
money_start();
delivery_start();
years_start();
sensitivity_start();
ledger_start();
manifest_start();
charts_watch();
