/* The shown design tier by tier, in boxes that stand for several devices each, and what joins the
 * tiers. Planes lie side by side: no switch of one is joined to another's. */

const tier_order = ['core', 'ocs', 'super', 'spine', 'leaf', 'rack'];

/* Devices by tier, of designs that were built for this report and of all others. */
function tiers_of(design) {
  const {amounts} = design;
  if (design.study.drawn) return design.study.drawn.tiers;
  const of_tier = (kind, number) => {
    const mixed = amounts.mixed && amounts.mixed.switches.filter((one) => one.tier === kind);
    const id = kind === 'ocs' ? amounts.design.ocs : amounts.design.switches[kind];
    const models = mixed && mixed.length ? mixed.map((one) => ({id: one.switch, count: one.count}))
      : id ? [{id, count: number}] : [];
    return {kind, count: number, models};
  };
  const racks = recommended.study.drawn && recommended.study.drawn.tiers.find((one) => one.kind === 'rack');
  return [racks, of_tier('leaf', amounts.leaf_count), of_tier('spine', amounts.spine_count),
    of_tier('super', amounts.super_spine_count || 0), of_tier('core', amounts.core_count),
    of_tier('ocs', amounts.ocs_count)].filter((tier) => tier && tier.count);
}

/* Links by tier in one shape: {tier, links, ids, ends, medium, length, margin}. */
function links_of(design) {
  const {amounts, study} = design;
  const ids = (link) => [...new Set([link.optic_a, link.optic_b].filter(Boolean))];
  const ends = (link) => ids(link).join(' to ');
  if (study.drawn)
    return study.drawn.links.filter((link) => link.kind !== 'ocs_leg').map((link) => ({
      tier: link.tier, links: link.links, ids: ids(link), ends: ends(link), medium: link.medium,
      length: link.length_m_min === link.length_m_max ? metres(link.length_m_max)
        : metres(link.length_m_min) + ' to ' + metres(link.length_m_max),
      margin: link.margin_db_min
    }));
  const number = {access: amounts.access_links, leaf_spine: amounts.leaf_spine_links,
    leaf_leaf: amounts.leaf_spine_links, spine_super: amounts.spine_super_links,
    spine_core: amounts.spine_core_links, super_core: amounts.spine_core_links,
    spine_spine: amounts.spine_core_links};
  const list = amounts.mixed ? amounts.mixed.links : amounts.design.links;
  return list.map((link) => ({tier: link.tier, links: link.count || number[link.tier],
    ids: ids(link), ends: ends(link), medium: link.fiber || 'copper'}));
}

const plane_gap = 24;
const shown_boxes = 16;

/* How many boxes stand for the devices of a tier in each plane. */
function boxes_of(tier, planes) {
  const per_plane = tier.kind === 'rack' ? tier.count : Math.round(tier.count / planes);
  const room = tier.kind === 'rack' ? shown_boxes : Math.max(Math.floor(shown_boxes / planes), 1);
  return {per_plane, boxes: Math.min(per_plane, room)};
}

/* Where the boxes of a tier stand, from 0 to 1000, plane by plane. */
function places_of(tier, planes) {
  const {boxes} = boxes_of(tier, planes);
  const groups = tier.kind === 'rack' ? 1 : planes;
  const width = (1000 - (groups - 1) * plane_gap) / groups;
  return Array.from({length: groups * boxes}, (_, i) =>
    ({plane: Math.floor(i / boxes),
      x: Math.floor(i / boxes) * (width + plane_gap) + width * (i % boxes + 0.5) / boxes}));
}

function strip(tier, planes) {
  const {boxes} = boxes_of(tier, planes);
  const groups = tier.kind === 'rack' ? 1 : planes;
  const room = (1000 - (groups - 1) * plane_gap) / groups;
  const width = Math.min(room / boxes * 0.72, 60);
  const backs = groups < 2 ? [] : Array.from({length: groups}, (_, i) =>
    svg('rect', {x: i * (room + plane_gap), y: 0, width: room, height: 34, class: 'plane'}));
  return svg('svg', {class: 'strip', viewBox: '0 0 1000 34', preserveAspectRatio: 'none',
    'aria-hidden': 'true'}, backs, places_of(tier, planes).map((place) =>
    svg('rect', {x: place.x - width / 2, y: 6, width, height: 22,
      style: 'fill:var(' + kinds[tier.kind].color + ')'})));
}

/* Lines between the boxes of two tiers, thinner the more there are. */
function wires(upper, lower, planes) {
  const from = places_of(upper, planes), to = places_of(lower, planes);
  const lines = [];
  from.forEach((a) => to.forEach((b) => {
    if (upper.kind !== 'rack' && lower.kind !== 'rack' && a.plane !== b.plane) return;
    lines.push('M' + a.x.toFixed(1) + ' 0L' + b.x.toFixed(1) + ' 40');
  }));
  const opacity = Math.max(Math.min(4 / Math.sqrt(lines.length), 0.8), 0.25);
  return svg('svg', {class: 'wires', viewBox: '0 0 1000 40', preserveAspectRatio: 'none',
    'aria-hidden': 'true'}, svg('path', {d: lines.join(''), style: 'opacity:' + opacity.toFixed(2)}));
}

const tier_links = {
  rack: ['access'], leaf: ['leaf_spine', 'leaf_leaf'], spine: ['spine_super', 'spine_core', 'spine_spine'],
  super: ['super_core', 'spine_core']
};

function tier_row(tier, planes) {
  const {per_plane, boxes} = boxes_of(tier, planes);
  const models = tier.models.map((model) => (tier.models.length > 1 ? count(model.count) + ' × ' : '') +
    model.id).join(', ');
  const each = Math.ceil(per_plane / boxes);
  return el('div', {class: 'tier'}, el('div', {class: 'tier-text'},
    el('strong', {}, of_kind(tier.kind, tier.count)),
    tier.gpus && el('span', {}, count(tier.gpus) + ' GPUs'),
    models && el('span', {}, models),
    tier.kind !== 'rack' && planes > 1 && el('span', {class: 'aside'}, count(per_plane) + ' in each of ' +
      planes + ' planes'),
    each > 1 && el('span', {class: 'aside'}, 'a box stands for ' + (per_plane % boxes ? 'about ' : '') +
      count(Math.round(per_plane / boxes)))), strip(tier, planes));
}

function links_row(links, upper, lower, planes) {
  return el('div', {class: 'tier joints'}, el('ul', {class: 'tier-text'}, links.map((link) =>
    el('li', {}, count(link.links) + ' links, ' + link.ends + ', ' + link.medium +
      (link.length ? ', ' + link.length : '')))), wires(upper, lower, planes));
}

function fabric_drawing(design) {
  const {planes} = design.amounts.design;
  const tiers = tiers_of(design).slice().sort((a, b) => tier_order.indexOf(a.kind) - tier_order.indexOf(b.kind));
  const links = links_of(design);
  const rows = [];
  tiers.forEach((tier, i) => {
    rows.push(tier_row(tier, planes));
    const below = tiers[i + 1];
    if (below) rows.push(links_row(links.filter((link) =>
      (tier_links[below.kind] || []).includes(link.tier)), tier, below, planes));
  });
  const mesh = links.filter((link) => ['leaf_leaf', 'spine_spine'].includes(link.tier));
  const has_mesh = mesh.length > 0 && !design.amounts.ocs_count;
  return el('div', {class: 'fabric', role: 'group', 'aria-label': 'Tiers from the top to the GPUs'},
    has_mesh && el('p', {class: 'note'}, 'Joined to each other directly: ' + mesh.map((link) =>
      count(link.links) + ' links, ' + link.ends + ', ' + link.medium).join('; ') + '.'), rows);
}

function links_table(design) {
  return table('Links of ' + name_of(design), [
    {title: 'Tier', is_header: true, cell: (link) => tier_title(link.tier)},
    {title: 'Links', is_number: true, cell: (link) => count(link.links)},
    {title: 'Ends', cell: (link) => link.ends},
    {title: 'Medium', cell: (link) => link.medium},
    {title: 'Length', is_number: true, cell: (link) => link.length || ''},
    {title: 'Least margin', is_number: true,
      cell: (link) => link.margin === undefined ? '' : decibel(link.margin)}
  ], links_of(design));
}

function fabric_start() {
  const place = el('div', {});
  const rows = behind('Table: links', () => links_table(shown));
  byId('fabric').append(place, rows);
  when_shown((design) => {
    const {port_gbps} = design.amounts.design;
    place.replaceChildren(
      el('p', {class: 'note'}, design.amounts.design.family + ' of ' + count(port_gbps) +
        ' Gb/s ports; leaves as built ' + digits(design.amounts.oversubscription_actual, 2) +
        ' down for 1 up.' + (design.study.verified ? ' ' + verified_text(design.study.verified) : '')),
      fabric_drawing(design));
    rows.refresh();
  });
}

function verified_text(found) {
  const cut = found.edge_connectivity === null ? ''
    : (found.connectivity_exact ? ', parted by losing ' : ', parted by losing at most ') +
      count(found.edge_connectivity) + ' links';
  return 'Checked from its file by igraph: ' + count(found.switch_count) + (found.switch_count === 1 ? ' switch, ' : ' switches, ') +
    count(found.link_count) + ' links, diameter ' + found.diameter_hops + cut + ', ' +
    count(found.articulation_count) + (found.articulation_count === 1 ? ' switch' : ' switches') +
    ' whose loss parts the network.';
}
