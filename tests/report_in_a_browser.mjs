// report.html of real runs in a real browser: it asks nothing of a network, shows what the run's other
// files say, and can be used by mouse, by keyboard, by a screen reader, on a phone, in the dark and on
// paper. Skipped (77) where there is no Chromium, no playwright-core, or no ECharts in the program.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

const {LS_TEST_PROGRAM: program, LS_TEST_SOURCE_DIR: source, LS_TEST_NPM: npm} = process.env;

function skip(why) {
  console.log('SKIPPED: ' + why);
  process.exit(77);
}

const browser_path = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
if (!browser_path) skip('there is no Chromium (Debian package chromium)');
let chromium;
try {
  ({chromium} = createRequire(join(npm, 'package.json'))('playwright-core'));
} catch {
  skip('npm did not install playwright-core into ' + npm + ' (./bootstrap.sh test does)');
}

const folder = mkdtempSync(join(tmpdir(), 'lightspine-report-'));
// 256 GPUs in two halls: its answer has spines and OCS, and takes no time.
const small_spec = `year: 2026
cluster: {gpus: 256, gpus_per_server: 8, servers_per_rack: 4, nic_gbps_per_gpu: 800}
floor:
  rows: 4
  racks_per_row: 4
  rack_kw: 60
  blocked: [[0, 0]]
  halls: [{name: north, rows: [0, 1]}, {name: south, rows: [2, 3], gap_m: 12}]
space: {planes: [1, 2], oversubscription: [1, 2]}
`;
const catalog = join(source, 'topologies', 'catalog.yaml');
const specs = {'lab-64': join(source, 'topologies', 'lab-64.yaml'), halls: join(folder, 'halls.yaml'),
  tco: join(folder, 'tco.yaml')};
writeFileSync(specs.halls, small_spec);
writeFileSync(specs.tco, readFileSync(specs['lab-64'], 'utf8') + '\nobjectives: [tco, power, throughput_worst]\n');
const runs = {};
for (const [name, spec] of Object.entries(specs)) {
  runs[name] = join(folder, name);
  execFileSync(program, ['optimize', spec, '--catalog', catalog, '--backend', 'cpu', '-o', runs[name]],
    {stdio: ['ignore', 'ignore', 'inherit']});
}
const has_charts = readFileSync(join(runs['lab-64'], 'report.html'), 'utf8').includes('.echarts={}');
if (!has_charts) {
  rmSync(folder, {recursive: true});
  skip('the program was built without ECharts');
}

const browser = await chromium.launch({executablePath: browser_path, args: ['--no-sandbox']});

// A page of a run's report, with all that it asks for and complains of.
async function open(spec, options = {}) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, ...options});
  const page = await context.newPage();
  page.setDefaultTimeout(100000); // the machine may be busy with other tests
  const url = pathToFileURL(join(runs[spec], 'report.html')).href;
  page.asked = [];
  page.complaints = [];
  page.on('request', (request) => { if (request.url() !== url) page.asked.push(request.url()); });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(String(error.stack)));
  await page.goto(url);
  return page;
}

const json_of = (spec, name) => JSON.parse(readFileSync(join(runs[spec], name), 'utf8'));
const shown_of = (page) => page.evaluate(() => shown.key);
// Tables come with an event of their own, after the opening.
const open_all = (page) => page.evaluate(() => new Promise((done) => {
  document.querySelectorAll('details').forEach((one) => { one.open = true; });
  setTimeout(done, 100);
}));

// The centre of a design's point, on the page.
const point_of = (page, key) => page.evaluate((wanted) => {
  const {chart, plot} = live_charts.find((one) => one.id === 'tradeoffs');
  const {amounts} = designs.get(wanted);
  plot.scrollIntoView({block: 'center'});
  const [x, y] = chart.convertToPixel('grid', [amounts[axis.x], amounts[axis.y]]);
  const box = plot.getBoundingClientRect();
  return {x: box.left + x, y: box.top + y};
}, key);

const tests = {
  async 'it holds what the other files of the run say'() {
    for (const spec of Object.keys(runs)) {
      const page = await open(spec);
      const data = await page.evaluate(() => data);
      assert.deepEqual(data.answer, json_of(spec, 'pareto.json'));
      assert.deepEqual(data.manifest, json_of(spec, 'manifest.json'));
      const routed = json_of(spec, 'routed.json');
      for (const named of [...data.answer.picks, ...data.answer.baselines]) {
        const study = data.designs[data.designs[named.name].same_as || named.name];
        assert.deepEqual(study.routed, routed[named.name], named.name);
        study_check(study.drawn, named, data.question);
      }
    }
  },

  async 'it says of failures and figures what the commands say'() {
    const page = await open('lab-64');
    const data = await page.evaluate(() => data);
    const of_command = (...words) => JSON.parse(execFileSync(program, [...words, '--json', '--seed', '1'],
      {stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26}));
    const name = data.answer.picks[0].name;
    const failing = of_command('resilience', join(runs['lab-64'], name + '.graphml'), '--draws', '10000');
    assert.deepEqual(data.designs[name].resilience.surviving, failing.surviving);
    assert.deepEqual(data.designs[name].resilience.single_failures, failing.single_failures);
    const told = of_command('explain', specs['lab-64'], '--catalog', catalog, '--draws', '2');
    assert.equal(data.outlook.sensitivity.amount, told.amount_level1);
    assert.ok(data.outlook.sensitivity.bars.length > 3);
    for (const bar of data.outlook.sensitivity.bars) {
      const same = told.tornado.find((one) => one.figure === bar.figure);
      assert.deepEqual([bar.amount_at_low, bar.amount_at_high], [same.at_low.amount, same.at_high.amount]);
    }
  },

  async 'the reason is that of the pick that comes first'() {
    const told = async (spec) => (await open(spec)).locator('#recommendation').textContent();
    for (const [spec, name] of [['tco', 'best-tco'], ['lab-64', 'knee']]) {
      const text = await told(spec);
      assert.match(text, new RegExp('The ' + name));
      const pick = json_of(spec, 'pareto.json').picks.find((one) => one.name === name);
      assert.ok(text.includes('Why: ' + pick.reason + '.'));
    }
  },

  async 'nothing is asked of a network, and nothing goes wrong'() {
    for (const spec of Object.keys(runs))
      for (const colorScheme of ['light', 'dark']) {
        const page = await open(spec, {colorScheme, offline: true});
        await open_all(page);
        assert.deepEqual(page.asked, []);
        assert.deepEqual(page.complaints, []);
      }
  },

  async 'a click on a point shows its design in all sections'() {
    const page = await open('halls');
    const before = await page.evaluate(() => byId('fabric').textContent);
    const other = await page.evaluate(() => [...designs.values()].filter((one) => one !== shown)
      .sort((a, b) => b.amounts.capex_usd - a.amounts.capex_usd)[0].key);
    const {x, y} = await point_of(page, other);
    await page.mouse.click(x, y);
    assert.equal(await shown_of(page), other);
    assert.notEqual(await page.evaluate(() => byId('fabric').textContent), before);
    assert.equal(await page.evaluate(() => byId('shown-design').value), other);
  },

  async 'limits grey out designs in both charts and leave them out of the table'() {
    const page = await open('halls');
    await open_all(page);
    const rows = () => page.locator('#tradeoffs tbody tr').count();
    const all = await rows();
    const [least, most] = await page.evaluate(() => {
      const list = [...designs.values()].map((one) => one.amounts.capex_usd);
      return [Math.min(...list), Math.max(...list)];
    });
    await page.getByLabel('Capex at most, M$').fill(String((least + most) / 2 / 1e6));
    const within = await page.evaluate(() => [...designs.values()].filter(is_within).length);
    assert.ok(within > 0 && within < all);
    assert.equal(await rows(), within);
  },

  async 'an area drawn on an axis keeps the designs within, and a click takes it back'() {
    const page = await open('halls');
    const box = await page.evaluate(() => {
      const {plot} = live_charts.find((one) => one.id === 'parallel');
      plot.scrollIntoView({block: 'center'});
      return plot.getBoundingClientRect().toJSON();
    });
    const within = () => page.evaluate(() => [...designs.values()].filter(is_within).length);
    const all = await within();
    const x = box.x + 56, y = box.y + 58; // the upper end of the first axis: the least capex
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y + 130, {steps: 5});
    await page.mouse.up();
    await page.waitForFunction((count) => brushed && brushed.size < count, all);
    const kept = await within();
    assert.ok(kept > 0 && kept < all, kept + ' of ' + all);
    await page.mouse.click(x, y + 220);
    await page.waitForFunction(() => !brushed);
    assert.equal(await within(), all);
  },

  async 'everything can be done by keyboard'() {
    const page = await open('halls');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    const before = await shown_of(page);
    await page.locator('#shown-design').focus();
    await page.keyboard.press('ArrowDown');
    const after = await shown_of(page);
    assert.notEqual(after, before);
    await page.getByRole('button', {name: 'Previous design'}).focus();
    await page.keyboard.press('Enter');
    assert.equal(await shown_of(page), before);
    await page.locator('svg.plan').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    assert.match(await page.locator('#floor .told').textContent(), /^Row 1, rack 1: /);
    await page.locator('#ledger summary').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('#ledger tbody tr').nth(3).waitFor();
  },

  async 'every chart has a name and a table, every control and region a name'() {
    const page = await open('halls');
    await open_all(page);
    assert.deepEqual(await page.evaluate(faults_find), []);
  },

  async 'texts stand out from what is behind them'() {
    for (const colorScheme of ['light', 'dark']) {
      const page = await open('halls', {colorScheme});
      await open_all(page);
      assert.deepEqual(await page.evaluate(faint_find), [], colorScheme);
    }
  },

  async 'it fits a phone of 360 pixels'() {
    for (const spec of Object.keys(runs)) {
      const page = await open(spec, {viewport: {width: 360, height: 740}});
      await open_all(page);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    }
  },

  async 'it is dark where the system is, and light on paper'() {
    const page = await open('lab-64', {colorScheme: 'dark'});
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const text = () => page.evaluate(() =>
      document.querySelector('.plot svg text').getAttribute('fill'));
    assert.equal(await ground(), 'rgb(16, 23, 29)');
    const on_screen = await text();
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.equal(await ground(), 'rgb(255, 255, 255)');
    assert.notEqual(await text(), on_screen);
    const widths = await page.evaluate(() => [...document.querySelectorAll('.plot svg')]
      .map((one) => Number(one.getAttribute('width'))));
    assert.ok(widths.length > 5 && widths.every((width) => width < 690), 'charts fit a page of paper');
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await text(), on_screen);
    assert.ok((await page.pdf({format: 'A4'})).length > 20000);
  }
};

// A design's own tables sum up to its amounts.
function study_check(drawn, amounts, question) {
  const sum = (list) => list.reduce((all, one) => all + one, 0);
  for (const [total, size] of [['capex_usd', 100], ['tco_usd', 100], ['optics_power_w', 1000],
    ['switch_power_w', 1000], ['lost_gpu_hours_per_year', 1000]]) {
    const lines = drawn.ledger.filter((line) => line.total === total);
    assert.equal(sum(lines.map((line) => line.value)), Math.round(amounts[total] * size), total);
  }
  const cells = drawn.floor.rows.flatMap((row) => row.map(([content, length]) =>
    ({...drawn.floor.contents[content], length})));
  assert.equal(sum(cells.map((one) => one.length)), question.floor.rows.length * question.floor.racks_per_row);
  assert.equal(sum(cells.map((one) => (one.gpus || 0) * one.length)), question.gpus);
  assert.equal(sum(cells.map((one) => (one.leaf || 0) * one.length)), amounts.leaf_count);
  const fullest = drawn.trays.find((tray) => tray.tray === amounts.fullest_tray.tray);
  assert.equal(fullest.strands, amounts.fullest_tray.strands);
  assert.equal(Math.max(...drawn.trays.map((tray) => tray.strands)), fullest.strands);
  const access = drawn.links.filter((link) => link.tier === 'access');
  assert.equal(sum(access.map((link) => link.links)), amounts.access_links);
  const lit = drawn.links.filter((link) => link.margin_db_min !== undefined);
  assert.equal(sum(drawn.margins.by_tier.flatMap((tier) => tier.bins.map((bin) => bin.links))),
    sum(lit.map((link) => link.links)));
}

// In the page: what a screen reader or a keyboard would stumble over.
function faults_find() {
  const faults = [], fault = (what, node) => faults.push(what + ': ' + node.outerHTML.slice(0, 120));
  const name = (node) => node.getAttribute('aria-label') || node.textContent.trim() ||
    [...(node.labels || [])].map((label) => label.textContent.trim()).join('');
  if (document.documentElement.lang !== 'en' || !document.title) faults.push('no language or title');
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  document.querySelectorAll('figure.chart').forEach((one) => {
    if (one.hidden) return;
    const plot = one.querySelector('[role=img]');
    if (!plot || plot.getAttribute('aria-label').length < 20) fault('chart without a name', one);
    if (!one.querySelector('details table') && !one.parentElement.querySelector('details table'))
      fault('chart without a table', one);
    if (!one.querySelector('figcaption h3')) fault('chart without a caption', one);
  });
  document.querySelectorAll('button, select, input, a, summary, [role=region], [role=application]')
    .forEach((one) => { if (!name(one) && !(one.labels && one.labels.length)) fault('no name', one); });
  document.querySelectorAll('input, select').forEach((one) => {
    if (!one.labels.length && !one.getAttribute('aria-label')) fault('no label', one);
  });
  document.querySelectorAll('table').forEach((one) => {
    if (!one.caption || !one.caption.textContent) fault('table without a caption', one);
    one.querySelectorAll('th').forEach((cell) => { if (!cell.scope) fault('header without a scope', cell); });
  });
  document.querySelectorAll('section').forEach((one) => {
    const heading = document.getElementById(one.getAttribute('aria-labelledby'));
    if (!heading) fault('section without a heading', one);
  });
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  if (new Set(ids).size !== ids.length) faults.push('an id stands twice');
  let level = 1;
  document.querySelectorAll('h1, h2, h3, h4').forEach((one) => {
    if (Number(one.tagName[1]) > level + 1) fault('heading skips a level', one);
    level = Number(one.tagName[1]);
  });
  return faults;
}

// In the page: texts of HTML with less contrast than 4.5 to 1 (WCAG 2, AA).
function faint_find() {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (color) => {
    const [r, g, b] = color.map((one) => one / 255).map((one) =>
      one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  document.querySelectorAll('body *:not(svg *, script)').forEach((one) => {
    const has_text = [...one.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!has_text || !one.offsetParent) return;
    const pair = [light(rgb(getComputedStyle(one).color)), light(ground(one))].sort((a, b) => b - a);
    if ((pair[0] + 0.05) / (pair[1] + 0.05) < 4.5) faint.add(one.tagName + ' ' + one.className);
  });
  return [...faint];
}

let failures = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    console.log('ok      ' + name);
  } catch (error) {
    failures++;
    console.log('FAILED  ' + name + '\n' + error.stack);
  }
  for (const context of browser.contexts()) await context.close();
}
await browser.close();
rmSync(folder, {recursive: true});
process.exit(failures ? 1 : 0);
