'use strict';
/* Elements of HTML and SVG. Texts become text nodes, whatever they hold: names in the data come
 * from input files and are never parsed as markup. */

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function byId(id) {
  return document.getElementById(id);
}

/* A table that scrolls within itself, under a title that does not. columns: [{title, cell(row), is_number, is_header}]. */
function table(caption, columns, rows, row_attributes) {
  const head = el('tr', {}, columns.map((column) =>
    el('th', {scope: 'col', class: column.is_number ? 'number' : ''}, column.title)));
  const body = rows.map((row) => el('tr', row_attributes ? row_attributes(row) : {},
    columns.map((column) => el(column.is_header ? 'th' : 'td', {
      class: column.is_number ? 'number' : '', scope: column.is_header ? 'row' : null
    }, column.cell(row)))));
  return el('div', {class: 'table'}, el('p', {class: 'table-title', 'aria-hidden': 'true'}, caption),
    el('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption}, el('table', {},
      el('caption', {class: 'unseen'}, caption), el('thead', {}, head), el('tbody', {}, body))));
}

/* Tables behind charts are made when somebody opens them: a front may have hundreds of rows. */
function behind(title, make) {
  const details = el('details', {class: 'behind'}, el('summary', {}, title));
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) details.append(make());
  });
  details.refresh = () => {
    while (details.children.length > 1) details.lastChild.remove();
    if (details.open) details.append(make());
  };
  return details;
}

function choice(label, options, value, on_change) {
  const select = el('select', {onchange: () => on_change(select.value)},
    options.map(([key, text]) => el('option', {value: key, selected: key === value}, text)));
  return el('label', {class: 'choice'}, el('span', {}, label), select);
}
