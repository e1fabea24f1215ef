/* How the named designs move over the years, and what the recommendation hangs on. */

function years_start() {
  const years = data.years;
  if (!years) {
    byId('years').append(el('p', {class: 'note'}, 'lightspine sweep --years 2026:2032 tells it.'));
    return;
  }
}

function sensitivity_start() {
  byId('sensitivity').append(el('p', {class: 'note'}, 'lightspine explain tells it.'));
}
