/* The floor of the shown design, rack by rack: what stands there, or what it may draw; and how full
 * the tray above each row is. Equal neighbours are one rectangle, whatever the floor's size. */

const cell = {width: 10, height: 16, gap: 8};
let floor_mode = 'devices';
const cursor = {row: 0, rack: 0};

function floor_rows(size) {
  const rows = data.question.floor.rows;
  let y = 0;
  return rows.map((row, i) => {
    const is_new_hall = i > 0 && row.hall !== rows[i - 1].hall;
    y += i === 0 ? 0 : cell.height + cell.gap + (is_new_hall ? 18 * size.scale : 0);
    return {y, hall: row.hall, is_new_hall: i === 0 ? Boolean(row.hall) : is_new_hall};
  });
}

const blocked_slots = new Set(data.question.floor.blocked);

/* [{rack, length, content}, ...] of a row. */
function runs_of(floor, row) {
  let rack = 0;
  return floor.rows[row].map(([content, length]) => {
    const run = {rack, length, content: floor.contents[content]};
    rack += length;
    return run;
  });
}

const network_kinds = ['leaf', 'spine', 'super', 'core', 'ocs'];

function heat(part) {
  return 'fill:color-mix(in oklab, var(--heat-high) ' + Math.round(100 * Math.min(part, 1)) +
    '%, var(--heat-low))';
}

function run_shapes(run, y) {
  const x = run.rack * cell.width, width = run.length * cell.width, {content} = run;
  const box = (top, height, style) => svg('rect', {x, y: y + top, width, height, style});
  if (floor_mode === 'power')
    return content.power_w ? [box(0, cell.height, heat(content.power_w / data.question.floor.rack_power_w))]
      : [box(0, cell.height, 'fill:var(--slot)')];
  const present = network_kinds.filter((kind) => content[kind]);
  if (!present.length)
    return [box(0, cell.height, 'fill:var(' + (content.gpus ? '--rack' : '--slot') + ')')];
  const base = content.gpus ? [box(0, cell.height, 'fill:var(--rack)')] : [];
  const room = content.gpus ? cell.height * 0.55 : cell.height;
  return base.concat(present.map((kind, i) => box(room * i / present.length, room / present.length,
    'fill:var(' + kinds[kind].color + ')')));
}

function content_text(content) {
  const parts = [];
  if (content.gpus) parts.push(count(content.gpus) + ' GPUs');
  network_kinds.forEach((kind) => { if (content[kind]) parts.push(of_kind(kind, content[kind])); });
  return parts.length ? parts.join(', ') + '; may draw ' + power(content.power_w) + ' of ' +
    power(data.question.floor.rack_power_w) : 'empty';
}

function slot_text(floor, row, rack) {
  const run = runs_of(floor, row).find((one) => rack < one.rack + one.length);
  const slot = row * data.question.floor.racks_per_row + rack;
  return 'Row ' + row + ', rack ' + rack + ': ' +
    (blocked_slots.has(slot) ? 'blocked' : content_text(run.content)) + '.';
}

/* Units of the drawing for each pixel of the page, so that texts are as large as elsewhere. */
function floor_scale(room) {
  const width = data.question.floor.racks_per_row * cell.width;
  const scale = Math.max(1 / 2.4, (width * 1.1) / Math.max(room - 130, 120));
  return {width, scale, left: 26 * scale, right: Math.max(width * 0.1, 100 * scale), text: 12 * scale};
}

function floor_labels(rows, size) {
  const pitch = cell.height + cell.gap;
  const step = Math.max(Math.ceil(size.text / pitch), 1);
  const label = (x, y, text, anchor) => svg('text', {x, y, class: 'plan-text', 'font-size': size.text,
    'text-anchor': anchor || 'start'}, text);
  const middle = cell.height / 2 + size.text * 0.35;
  return [label(size.width + 8 * size.scale, -6 * size.scale, 'strands in tray'),
    ...rows.flatMap((place, row) => [
      row % step === 0 && label(-6 * size.scale, place.y + middle, row, 'end'),
      place.is_new_hall && label(0, place.y - 4 * size.scale, place.hall)])].filter(Boolean);
}

function floor_svg(drawn, room, tell) {
  const {floor, trays} = drawn;
  const racks = data.question.floor.racks_per_row, size = floor_scale(room);
  const rows = floor_rows(size);
  const height = rows[rows.length - 1].y + cell.height, top = 22 * size.scale;
  const strands = Math.max(...trays.map((tray) => tray.strands), 1);
  const all = size.left + size.width + size.right;
  const picture = svg('svg', {
    class: 'plan', viewBox: [-size.left, -top, all, height + top + 2].join(' '), tabindex: 0,
    role: 'application', 'aria-label': 'Floor plan; arrow keys move from rack to rack',
    style: 'max-width:' + Math.round(all / size.scale) + 'px'
  });
  rows.forEach((place, row) => {
    runs_of(floor, row).forEach((run) => picture.append(...run_shapes(run, place.y)));
    picture.append(svg('rect', {x: size.width + 8 * size.scale, y: place.y + 4, height: cell.height - 8,
      class: 'tray', width: Math.max(trays[row].strands / strands * (size.right - 12 * size.scale), 0.5)}));
  });
  blocked_slots.forEach((slot) => {
    const x = slot % racks * cell.width, {y} = rows[Math.floor(slot / racks)];
    picture.append(svg('path', {class: 'blocked', d: 'M' + x + ' ' + y + 'h10v16h-10zl10 16m-10 0l10 -16'}));
  });
  picture.append(svg('path', {class: 'grid', d: rows.map((place) => Array.from({length: racks - 1},
    (_, i) => 'M' + (i + 1) * cell.width + ' ' + place.y + 'v' + cell.height).join('')).join('')}));
  const frame = svg('rect', {class: 'cursor', width: cell.width, height: cell.height, visibility: 'hidden'});
  picture.append(frame, ...floor_labels(rows, size));
  floor_listen(picture, frame, rows, (row, rack) => tell(slot_text(floor, row, rack)));
  return picture;
}

function floor_listen(picture, frame, rows, tell) {
  const racks = data.question.floor.racks_per_row;
  const move = (row, rack) => {
    cursor.row = Math.min(Math.max(row, 0), rows.length - 1);
    cursor.rack = Math.min(Math.max(rack, 0), racks - 1);
    frame.setAttribute('x', cursor.rack * cell.width);
    frame.setAttribute('y', rows[cursor.row].y);
    frame.setAttribute('visibility', 'visible');
    tell(cursor.row, cursor.rack);
  };
  const steps = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};
  picture.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    move(cursor.row + step[0], cursor.rack + step[1]);
  });
  picture.addEventListener('focus', () => {
    if (picture.matches(':focus-visible')) move(cursor.row, cursor.rack);
  });
  picture.addEventListener('pointermove', (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
    const rack = Math.floor(at.x / cell.width);
    const row = rows.findIndex((place) => at.y >= place.y && at.y < place.y + cell.height);
    if (row >= 0 && rack >= 0 && rack < racks) move(row, rack);
  });
}

function floor_legend(drawn) {
  const swatch = (style, text) => el('li', {}, el('span', {class: 'swatch', style}), text);
  if (floor_mode === 'power') {
    const limit = data.question.floor.rack_power_w;
    return el('ul', {class: 'legend'}, [0, 0.25, 0.5, 0.75, 1].map((part) =>
      swatch(heat(part).replace('fill', 'background'), power(part * limit) +
        (part === 1 ? ', what a rack may draw' : ''))));
  }
  return el('ul', {class: 'legend'}, drawn.tiers.map((tier) =>
    swatch('background:var(' + kinds[tier.kind].color + ')', kinds[tier.kind].many)),
  swatch('background:var(--slot)', 'empty'), blocked_slots.size > 0 && swatch('', '✕ blocked'));
}

function floor_table(design) {
  const {floor, trays} = design.study.drawn;
  const rows = floor.rows.map((_, row) => {
    const sum = {row, power_w: 0};
    runs_of(floor, row).forEach((run) => ['gpus', 'power_w', ...network_kinds].forEach((key) => {
      sum[key] = (sum[key] || 0) + (run.content[key] || 0) * run.length;
    }));
    return Object.assign(sum, {strands: trays[row].strands});
  });
  const present = network_kinds.filter((kind) => rows.some((row) => row[kind]));
  return table('Rows of the floor', [
    {title: 'Row', is_header: true, cell: (row) => row.row},
    {title: 'GPUs', is_number: true, cell: (row) => count(row.gpus || 0)},
    ...present.map((kind) => ({title: kinds[kind].many, is_number: true, cell: (row) => count(row[kind] || 0)})),
    {title: 'May draw', is_number: true, cell: (row) => power(row.power_w)},
    {title: 'Strands in tray', is_number: true, cell: (row) => count(row.strands)}
  ], rows);
}

function floor_mode_choice(on_change) {
  return el('fieldset', {class: 'controls'}, el('legend', {}, 'Colour by'),
    [['devices', 'devices'], ['power', 'power']].map(([mode, text]) => el('label', {},
      el('input', {type: 'radio', name: 'floor-mode', value: mode, checked: mode === floor_mode,
        onchange: () => { floor_mode = mode; on_change(); }}), text)));
}

function floor_start() {
  const place = el('div', {}), told = el('p', {class: 'told', 'aria-live': 'polite'});
  const rows = behind('Table: rows of the floor', () => floor_table(shown));
  const redraw = () => {
    const {drawn} = shown.study;
    told.textContent = '';
    rows.hidden = !drawn;
    if (!drawn) {
      place.replaceChildren(unstudied('Where its devices stand'));
      return;
    }
    const {fullest_tray, cords} = shown.amounts;
    place.replaceChildren(el('p', {class: 'note'}, fullest_tray ? 'The fullest tray is ' +
      fullest_tray.tray + ' with ' + count(fullest_tray.strands) + ' strands' + (fullest_tray.limit
      ? ' of at most ' + count(fullest_tray.limit) : '') + '. The longest cord has ' +
      metres(cords.longest_m) + '; cords cost ' + money(cords.usd) + '.' : ''),
    floor_mode_choice(redraw), floor_svg(drawn, place.clientWidth, (text) => { told.textContent = text; }),
    floor_legend(drawn));
    rows.refresh();
  };
  byId('floor').append(place, told, rows);
  when_shown(redraw);
  addEventListener('resize', redraw);
}

/* Of designs that are neither pick nor baseline no file was written. */
function unstudied(what) {
  return el('p', {class: 'note missing'}, what + ' is written for picks and baselines alone. ' +
    'lightspine evaluate tells more of any design.');
}
