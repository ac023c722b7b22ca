// Observes a page for the tests: what was moved, what an explorer shows, and which pictures were painted.

window.probe = (() => {
  // --- moves, [control, value], that the page should report; only trusted events come from a user --------------------

  const made = [];
  function listen(type, act) {
    document.addEventListener(type, event => {
      const control = event.isTrusted && event.target.closest?.('.lstm [data-control]');
      if (control) act((value, name = control.dataset.control) => made.push([name, value]), event.target, control, event);
    }, true);
  }
  const typing = new Set();             // number fields with typed text
  function typed(note, field) {
    if (typing.delete(field)) note(field.value === '' ? null : Number(field.value));
  }
  listen('input', (note, field) => {
    if (field.type === 'range') note(Number(field.value));
    if (field.type === 'number') typing.add(field);
  });
  listen('change', (note, field, control) => {
    if (field.type === 'radio') note([...control.querySelectorAll('input')].indexOf(field));
    if (field.type === 'text') note(field.value);
    typed(note, field);
  });
  listen('click', (note, _, control) => {
    if (control.tagName !== 'BUTTON' || control.ariaDisabled === 'true') return;
    note(control.ariaPressed === null ? null : control.ariaPressed !== 'true');
  });
  listen('keydown', (note, field, control, event) => {
    if (event.key === 'Enter') typed(note, field);
    const undo = control.closest('.lstm').querySelector('[data-control="Undo"]');
    if (event.key === 'Escape' && undo?.ariaDisabled === 'false') note(null, 'Undo');
  });

  // --- what an explorer shows, compared with Python ---------------------------------------------------------------

  const all = (node, selector) => [...node.querySelectorAll(selector)];
  const textOf = (node, selector) => { const p = node.querySelector(selector); return p.hidden ? '' : p.textContent; };

  // A control on the page, and a control of Python as the page should show it, as objects to compare.
  function seen(node) {
    const range = node.querySelector('input[type=range]'), field = node.querySelector('input[type=number], output');
    const radios = all(node, 'input[type=radio]'), line = node.querySelector('input[type=text]');
    if (range) {
      return { label: node.querySelector('label').textContent, bounds: [range.min, range.max, range.step].map(Number),
        at: range.value, field: field.value, aloud: range.ariaValueText, disabled: range.disabled };
    }
    if (node.tagName === 'FIELDSET') {
      return { label: node.querySelector('legend').textContent, options: all(node, 'label').map(l => l.textContent),
        checked: radios.findIndex(radio => radio.checked), disabled: node.disabled };
    }
    if (line) return { label: node.querySelector('label').textContent, line: line.value, disabled: line.disabled };
    return { label: node.textContent, pressed: node.classList.contains('lstm-pressed'), switched: node.ariaPressed,
      primary: node.classList.contains('lstm-primary'), disabled: node.ariaDisabled === 'true' };
  }
  const probe = document.createElement('input');
  probe.type = 'range';
  function wanted(c, kept) {
    const { label, disabled } = c;
    if (c.kind === 'range') {
      Object.assign(probe, { min: c.low, max: c.high, step: c.step });
      probe.value = c.value;              // the browser shows the nearest step
      const text = c.texts ? c.texts[c.value] : c.value.toFixed(c.digits);
      return { label, bounds: [c.low, c.high, c.step], at: probe.value, field: text, aloud: text, disabled };
    }
    if (c.kind === 'choice') return { label, options: c.options, checked: c.value, disabled };
    if (c.kind === 'text') return { label, line: kept[c.name] ?? c.value, disabled };
    if (c.kind === 'play') return { label: `▶ ${label}`, pressed: false, switched: null, primary: false, disabled };
    return { label, pressed: c.kind === 'switch' ? c.value : c.pressed, disabled,
      switched: c.kind === 'switch' ? String(c.value) : null, primary: Boolean(c.primary) };
  }

  function pictureIn(svg) {
    const box = document.createElement('div');
    box.innerHTML = svg;
    return box.firstElementChild;
  }
  function samePicture(shown, picture) {
    const copy = shown?.cloneNode(true);
    copy?.normalize();                    // drop empty text nodes
    return Boolean(copy?.isEqualNode(picture));
  }

  // Lines that say where an explorer on the page differs from Python.
  function differences(section, { svg, texts, controls }, kept, picture = pictureIn(svg)) {
    const found = [], note = texts.remark ? texts.good ? 'good' : 'note' : '';
    const compare = (what, a, b) => { if (a !== b) found.push(`${what}: the page has ${a}, Python ${b}`); };
    compare('title', section.getAttribute('aria-label'), texts.title);
    compare('question', textOf(section, '.lstm-ask'), texts.ask);
    compare('goal', textOf(section, '.lstm-goal'), texts.goal && `${texts.met ? '✓' : '○'} ${texts.goal}`);
    compare('goal met', section.querySelector('.lstm-met') !== null, Boolean(texts.goal) && texts.met);
    compare('summary', textOf(section, '.lstm-summary'), texts.summary);
    compare('remark', textOf(section, '.lstm-remark'), texts.remark);
    compare('remark is', ['good', 'note'].filter(kind => section.querySelector(`.lstm-${kind}`)).join(), note);
    const nodes = all(section, '[data-control]'), names = list => list.join(' · ');
    compare('controls', names(nodes.map(node => node.dataset.control)), names(controls.map(c => c.name)));
    if (!found.length) nodes.forEach((node, k) => {
      const a = seen(node), b = wanted(controls[k], kept);
      for (const field in b) compare(`${controls[k].name}, ${field}`, JSON.stringify(a[field]), JSON.stringify(b[field]));
    });
    const shown = section.querySelector('.lstm-view:not([hidden]) svg');
    if (svg ? !samePicture(shown, picture) : shown) found.push('picture');
    return found;
  }
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));

  // --- painted pictures, each with the value of its slider ------------------------------------

  let painted = [], moves = new Set(), recorder = null;
  function record(section) {
    const view = section.querySelector('.lstm-view');
    painted = [];
    moves = new Set();                    // the frames in which the slider moved
    section.addEventListener('input', () => moves.add(document.timeline.currentTime), true);
    recorder = new MutationObserver(() => {
      const { value } = section.querySelector('input[type=range]:focus');
      painted.push({ value: Number(value), picture: view.querySelector('svg').cloneNode(true), frame: document.timeline.currentTime });
    });
    recorder.observe(view, { subtree: true, childList: true, characterData: true, attributes: true });
  }
  // places : [[value, picture], …], the right picture for each value of the slider
  function recorded(places) {
    recorder.disconnect();
    const pictures = new Map(places.map(([value, svg]) => [value, pictureIn(svg)]));
    const wrong = painted.filter(({ value, picture }) => !samePicture(picture, pictures.get(value)));
    return { moved: moves.size, painted: new Set(painted.map(({ frame }) => frame)).size, wrong: wrong.map(({ value }) => value) };
  }

  const look = section => all(section, '[data-control]').map(node => {
    const range = node.querySelector('input[type=range]'), radios = all(node, 'input[type=radio]');
    const kind = range ? 'range' : node.tagName === 'FIELDSET' ? 'choice' : node.tagName === 'BUTTON' ? 'button' : 'text';
    return { name: node.dataset.control, kind, options: radios.length, typed: Boolean(node.querySelector('[type=number]')),
      low: Number(range?.min), high: Number(range?.max), step: Number(range?.step),
      disabled: node.ariaDisabled === 'true' || node.disabled || Boolean(node.querySelector('input')?.disabled) };
  });

  return {
    made, look, record, recorded,
    moved: () => moves.size,
    missing: panel => panel.content.widgets.filter(cell => cell.model.type === 'code').flatMap(cell =>
      cell.model.outputs.toJSON().filter((output, k) => output.data?.['application/vnd.jupyter.widget-view+json']
        && !cell.outputArea.widgets[k]?.node.querySelector('div.lstm, .jupyter-widgets'))),
    place(node) {                         // where to point at, after scrolling
      node.scrollIntoView({ block: 'nearest' });
      const box = node.getBoundingClientRect();
      return { x: box.left, y: box.top, width: box.width, height: box.height };
    },
    // The differences that are left after `seconds`, checked in every frame until there are none, and a look.
    async differences(section, key, kept, seconds) {
      const end = performance.now() + 1000 * seconds, picture = pictureIn(key.svg);
      for (;;) {
        const found = differences(section, key, kept, picture);
        if (!found.length || performance.now() > end) return [found, look(section)];
        await frame();
      }
    },
  };
})();
