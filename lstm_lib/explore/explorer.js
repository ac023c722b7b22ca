// Shows the controls, the picture and the texts of an explorer, without knowing what they mean. The state is in Python:
// the page reports what a person does, {client, seq, control, value}, and shows the answer. While a slider moves, the
// page may play a film: pictures that Python has drawn beforehand, one for each step.

const IN_FLIGHT = 4;      // the most moves sent and not yet answered; of the moves of a slider that wait, the last is kept
const FOLLOW = 500;       // ms between two reports while a film plays
const REST = 100;         // ms without a move after which a report is sent sooner
const QUIET = 500;        // ms without a change after which a screen reader announces the summary
const PATIENCE = 3000;    // ms without an answer after which the page says so
const LATE = 'Python has not answered yet: it is busy or has stopped. If it has stopped, run this cell again.';

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// --- the picture: SVG text, and the slots that differ from it, [[element, attribute, value], …] ---------------------

function pictureIn(place) {
  let text = null, base, nodes = [], shown = new Map();   // slots {"element attribute": value} of `text`, and of the page
  function textAt(node, what) {                 // "#text": before the first child; "#tail": after the element
    const found = what === '#text' ? node.firstChild : node.nextSibling;
    return found?.nodeType === Node.TEXT_NODE ? found : null;
  }
  function textMade(node, what) {
    const made = document.createTextNode('');
    if (what === '#text') node.prepend(made); else node.after(made);
    return made;
  }
  function read(elements) {
    const slots = new Map();
    elements.forEach((node, i) => {
      for (const { name, value } of node.attributes) slots.set(`${i} ${name}`, value);
      for (const what of ['#text', '#tail']) if (textAt(node, what)) slots.set(`${i} ${what}`, textAt(node, what).data);
    });
    return slots;
  }
  function write(slot, value) {
    const i = parseInt(slot), what = slot.split(' ')[1];
    const node = nodes[i];
    if (what[0] === '#') (textAt(node, what) ?? textMade(node, what)).data = value ?? '';
    else if (value === null) node.removeAttribute(what);
    else node.setAttribute(what, value);
  }
  const alike = (a, b) => a.tagName === b.tagName && a.childElementCount === b.childElementCount;
  return function draw(svg, set) {
    if (svg !== text) {
      const content = make('template', { innerHTML: text = svg }).content, fresh = [...content.querySelectorAll('*')];
      base = read(fresh);
      if (fresh.length !== nodes.length || !fresh.every((node, i) => alike(node, nodes[i]))) {
        place.replaceChildren(content);         // only if the elements differ: replacing them is slow
        [nodes, shown] = [fresh, base];
      }
    }
    const wanted = new Map(base);
    for (const [i, what, value] of set) wanted.set(`${i} ${what}`, value);
    for (const [slot, value] of wanted) if (shown.get(slot) !== value) write(slot, value);
    for (const slot of shown.keys()) if (!wanted.has(slot)) write(slot, null);
    shown = wanted;
  };
}

// --- one control: {node, paint(fields, busy)}; it calls did(value) only for what a person does ----------------------

const makers = {
  range(spec, id, { did, hold, grab }) {
    const label = make('label', { htmlFor: id });
    const range = make('input', { type: 'range', id });
    const field = spec.texts ? make('output', { htmlFor: id }) : make('input', { type: 'number', step: 'any' });
    const asText = value => spec.texts ? spec.texts[value] : Number(value).toFixed(spec.digits);
    let typing = false;
    const showValue = value => { if (!typing) field.value = asText(value); };
    const typed = () => { if (typing) { typing = false; did(field.value === '' ? null : Number(field.value), true); } };
    range.oninput = () => { typing = false; showValue(range.value); did(Number(range.value)); };
    range.onpointerdown = () => { hold(true); grab(); };
    range.onfocus = grab;
    range.onchange = range.onblur = range.onpointerup = range.onpointercancel = () => hold(false);
    field.oninput = () => { typing = true; };
    field.onchange = typed;
    field.onkeydown = event => {
      if (event.key === 'Enter') typed();
      if (event.key === 'Escape' && typing) { typing = false; showValue(range.value); event.stopPropagation(); }
    };
    return { range, node: make('div', { className: 'lstm-range' }, label, range, field), paint(now, busy) {
      label.textContent = now.label;
      range.disabled = field.disabled = now.disabled;
      field.setAttribute('aria-label', `${now.label}, as a number`);
      if (!busy) Object.assign(range, { min: now.low, max: now.high, step: now.step, value: now.value });
      if (!busy) showValue(now.value);
      range.setAttribute('aria-valuetext', asText(busy ? range.value : now.value));
    } };
  },
  choice(spec, id, { did }) {
    const legend = make('legend');
    const radios = spec.options.map((_, i) => make('input', { type: 'radio', name: id, onchange: () => did(i) }));
    const labels = spec.options.map((option, i) => make('label', {}, radios[i], make('span', { textContent: option })));
    const node = make('fieldset', { className: spec.wide ? 'lstm-choice lstm-wide' : 'lstm-choice' }, legend, ...labels);
    return { node, paint(now, busy) {
      legend.textContent = now.label;
      node.disabled = now.disabled;
      if (!busy) radios.forEach((radio, i) => { radio.checked = i === now.value; });
    } };
  },
  text(spec, id, { did }) {
    const label = make('label', { htmlFor: id });
    const field = make('input', { type: 'text', id, placeholder: spec.placeholder });
    let shown = null;                 // the last accepted text; a refused one stays in the field, to be corrected
    field.onchange = () => { if (field.value !== shown) did(field.value); };
    field.onkeydown = event => {
      if (event.key === 'Escape' && field.value !== shown) { field.value = shown; event.stopPropagation(); }
    };
    return { node: make('div', { className: 'lstm-text' }, label, field), paint(now, busy) {
      label.textContent = now.label;
      field.disabled = now.disabled;
      if (!busy && shown !== now.value) field.value = now.value;
      shown = now.value;              // also while a text waits for its answer: it may be refused
    } };
  },
  button(spec, id, { did }) {
    const node = make('button', { type: 'button', id, onclick: () => { if (node.ariaDisabled !== 'true') did(null); } });
    return { node, paint(now) {
      node.textContent = now.label;
      node.ariaDisabled = String(now.disabled);       // `disabled` would lose the focus
      node.classList.toggle('lstm-primary', now.primary);
      node.classList.toggle('lstm-pressed', now.pressed);
      if (now.pressed) node.setAttribute('aria-current', 'true'); else node.removeAttribute('aria-current');
    } };
  },
  switch(spec, id, { did }) {
    const node = make('button', { type: 'button', id, onclick: () => {
      if (node.ariaDisabled !== 'true') did(node.ariaPressed !== 'true');
    } });
    return { node, paint(now) {
      node.textContent = now.label;
      node.ariaPressed = String(now.value);
      node.ariaDisabled = String(now.disabled);
      node.classList.toggle('lstm-pressed', now.value);
    } };
  },
  play(spec, id, { next }) {
    let timer = null;
    const stop = () => { clearInterval(timer); timer = null; node.textContent = `▶ ${spec.label}`; };
    const node = make('button', { type: 'button', id, onclick() {
      if (node.ariaDisabled === 'true') return;
      if (timer) return stop();
      node.textContent = '⏸ Pause';
      timer = setInterval(() => { if (!node.isConnected || !next(spec.moves)) stop(); }, spec.milliseconds);
      if (!next(spec.moves, true)) stop();
    } });
    stop();
    return { node, stop, paint(now) { node.ariaDisabled = String(now.disabled); if (now.disabled) stop(); } };
  },
};

// --- the explorer ---------------------------------------------------------------------------------------------------

function render({ model, el }) {
  const me = Math.random().toString(36).slice(2);
  const ask = make('p', { id: `lstm-${me}`, className: 'lstm-ask', hidden: true }), goal = make('p', { className: 'lstm-goal', hidden: true });
  const place = make('div', { className: 'lstm-view' }), summary = make('p', { className: 'lstm-summary' });
  const remark = make('div', { className: 'lstm-remark' }), aloud = make('p', { className: 'lstm-aloud' });
  const panel = make('div', { className: 'lstm-controls' });
  const beside = make('div', { className: 'lstm-words' }, remark, goal, summary);
  const root = make('div', { className: 'lstm' }, ask, panel, place, beside, aloud);
  root.setAttribute('role', 'group');
  remark.setAttribute('role', 'status');
  aloud.setAttribute('aria-live', 'polite');
  root.onkeydown = event => {
    if (event.key === 'Escape') controls.get('Undo')?.node.click();
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();    // arrows and letters are JupyterLab's shortcuts
  };
  el.append(make('div', { className: 'lstm-frame' }, root));

  const draw = pictureIn(place), controls = new Map(), keys = new Map();
  let laidOut = '', held = null, latest = 0;                              // what is shown
  let seq = 0, after = 0, flight = [], queue = [], sent = 0, turned = 0, late, later;   // moves
  let epoch = 0, asked = null, request = null, film = null, filmed = 0, frame;   // films
  let announced = null, quiet;

  const waiting = name => [...flight, ...queue].some(move => !name || move.control === name);

  // --- showing

  function layOut(key) {              // only if the controls have changed: a node that is moved loses its focus
    const layout = JSON.stringify(key.controls.map(c => [c.name, c.kind, c.group, c.options, c.texts, c.wide]));
    if (layout === laidOut) return;
    laidOut = layout;
    const old = new Map(controls), focused = document.activeElement, inside = root.contains(focused), rows = [];
    controls.clear();
    for (const spec of key.controls) {
      const look = JSON.stringify([spec.kind, spec.options, spec.texts, spec.wide]);
      let control = old.get(spec.name);
      if (control?.look !== look) {
        const name = spec.name, id = `lstm-${me}-${name}`.replace(/[^\w-]/g, '_');
        control = makers[spec.kind](spec, id, {
          did: (value, typed) => moved(name, spec.kind, value, typed), next, grab: () => grab(name),
          hold: on => { held = on ? name : null; if (!on && !waiting() && !filmed) showNow(); },
        });
        control.look = look;
        control.node.dataset.control = name;
        if (!spec.label) control.node.setAttribute('aria-labelledby', ask.id);
      }
      controls.set(spec.name, control);
      if (control.node.tagName !== 'BUTTON') rows.push(control.node);
      else if (rows.at(-1)?.dataset.group === spec.group) rows.at(-1).append(control.node);
      else {
        const caption = spec.group.endsWith(':') ? [make('span', { textContent: spec.group })] : [];
        const row = make('div', { className: 'lstm-row' }, ...caption, control.node);
        row.dataset.group = spec.group;
        row.setAttribute('role', 'group');
        row.setAttribute('aria-label', spec.group || spec.label);
        rows.push(row);
      }
    }
    for (const [name, control] of old) if (controls.get(name) !== control) control.stop?.();
    panel.replaceChildren(...rows);
    const first = inside && panel.querySelector('input:checked, input:not([type="radio"]), button');
    (root.contains(focused) ? focused : first)?.focus?.({ preventScroll: true });     // the focused node may be gone
  }

  function show(key, svg, set) {
    const fields = new Map(), words = { ...key.texts };
    for (const [where, what, value] of set) {
      if (where === '') words[what] = value;
      else if (typeof where === 'string') fields.set(where, { ...fields.get(where), [what]: value });
    }
    layOut(key);
    draw(svg, set.filter(([where]) => typeof where === 'number'));
    for (const spec of key.controls) {
      controls.get(spec.name).paint({ ...spec, ...fields.get(spec.name) }, held === spec.name || waiting(spec.name));
    }
    root.setAttribute('aria-label', words.title);
    ask.textContent = words.ask;
    ask.hidden = !words.ask;
    goal.textContent = words.goal && `${words.met ? '✓' : '○'} ${words.goal}`;
    goal.hidden = !words.goal;
    goal.classList.toggle('lstm-met', words.met);
    summary.textContent = words.summary;
    summary.hidden = !words.summary;
    remark.textContent = words.remark;
    remark.classList.toggle('lstm-good', words.good);
    remark.classList.toggle('lstm-note', Boolean(words.remark) && !words.good);
    place.hidden = !svg;
    if (words.scale) document.documentElement.style.setProperty('--lstm-scale', words.scale);
    clearTimeout(quiet);
    announced ??= words.summary;
    quiet = setTimeout(() => {
      if (announced !== words.summary) aloud.textContent = announced = words.summary;
      beside.tabIndex = beside.scrollHeight > beside.clientHeight + 1 ? 0 : -1;    // a text that scrolls must be focusable
    }, QUIET);
  }
  function keyNow() {
    const key = model.get('key');
    keys.set(key.id, key);            // films that are still arriving need earlier keys
    if (keys.size > 4) keys.delete(keys.keys().next().value);
    return key;
  }
  function showNow() {
    const key = keyNow();
    cancelAnimationFrame(frame);
    filmed = 0;
    show(key, key.svg, model.get('now').set);
  }
  function answered() {
    const now = model.get('now');
    if (now.n < latest) return;       // a newer answer has been shown
    latest = now.n;
    keyNow();
    clearTimeout(late);
    if (now.client === me) flight = flight.filter(move => move.seq > now.seq);
    else dropFilm();                    // another client moved: the film is out of date
    pump();
    if (now.client !== me || now.seq >= filmed) showNow();     // otherwise a film has shown a later move already
  }

  // --- reporting

  function moved(control, kind, value, typed = false) {     // a typed value may be refused, so it replaces no other
    if (control !== asked) dropFilm();
    turned = performance.now();
    if (kind === 'range' && !typed && queue.at(-1)?.control === control) queue.at(-1).value = value;
    else queue.push({ seq: ++seq, control, value });
    const picture = film?.get(value);
    if (picture && control === asked) {
      filmed = queue.at(-1).seq;
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => show(picture.key, picture.svg, picture.set()));
    } else filmed = 0;
    pump();
    if (kind === 'range') grab(control);
  }
  function next(name, again = false) {              // Play: the next step of a range, if there is one
    const { range } = controls.get(name) ?? {};
    if (!range || range.disabled) return false;
    const atEnd = Number(range.value) >= Number(range.max);
    if (atEnd && !again) return false;
    if (atEnd) range.value = range.min; else range.stepUp();
    range.oninput();
    return true;
  }
  function send(message) {
    try { model.send({ client: me, ...message }); } catch { /* no kernel: `late` reports it */ }
  }
  function pump() {
    clearTimeout(later);
    while (queue.length && flight.length < (filmed ? 1 : IN_FLIGHT)) {
      const rest = filmed ? Math.min(sent + FOLLOW, turned + REST) - performance.now() : 0;
      if (rest > 0 && !request) { later = setTimeout(pump, rest); break; }
      const move = queue.shift();
      sent = performance.now();
      flight.push(move);
      clearTimeout(late);
      late = setTimeout(() => { remark.textContent = LATE; remark.className = 'lstm-remark lstm-note'; }, PATIENCE);
      send({ do: 'move', after, ...move });
      after = move.seq;               // messages may change places on the way
    }
    if (request && !queue.length) { send({ do: 'film', after, control: request, epoch }); request = null; }
  }

  // --- films

  function dropFilm() { film = asked = request = null; epoch++; delete root.dataset.film; }
  function grab(control) {
    if (asked === control) return;
    dropFilm();
    asked = request = control;
    pump();
  }
  function received(message) {
    const key = keys.get(message.key);
    if (message.do !== 'film' || message.client !== me || message.epoch !== epoch || !key) return;
    film ??= new Map();
    const columns = message.runs.map(runs => {
      const column = [];
      for (let r = 0; r < runs.length; r += 2) for (let n = 0; n < runs[r]; n++) column.push(runs[r + 1]);
      return column;
    });
    const svg = message.svg ?? key.svg;
    message.at.forEach((stop, j) => film.set(stop, {
      key, svg, set: () => message.slots.map((slot, c) => [...slot, columns[c][j]]) }));
    root.dataset.film = `${message.control} ${film.size}`;
  }

  model.on('change:now', answered);
  model.on('msg:custom', received);
  showNow();
  latest = model.get('now').n;
  send({ do: 'open' });
  return () => {
    model.off('change:now', answered);
    model.off('msg:custom', received);
    [quiet, late, later].forEach(clearTimeout);
    controls.forEach(control => control.stop?.());
    send({ do: 'close' });
  };
}

export default { render };
