// Probes for slider_latency.py. A picture counts as painted at the end of the frame that shows the change.

window.bench = (() => {
  let stop = () => {}, pressed = 0;
  document.addEventListener('keydown', event => { pressed = event.timeStamp; }, true);
  document.addEventListener('pointerdown', event => { pressed = event.timeStamp; }, true);

  // Calls painted(when) once for each frame in which something changed inside `shows`, a CSS selector;
  // for 'img', in which a new image was decoded.
  function watch(root, shows, painted) {
    let changed = false, on = true;
    const within = ({ target }) => (target.closest ? target : target.parentElement)?.closest(shows);
    const images = ({ addedNodes }) => [...addedNodes].flatMap(node =>
      node.nodeName === 'IMG' ? [node] : [...(node.querySelectorAll?.('img') ?? [])]);
    const observer = new MutationObserver(records => {
      if (shows !== 'img') changed ||= records.some(within);
      else records.flatMap(images).at(-1)?.decode().then(() => { changed = true; }, () => {});  // it may be removed by then
    });
    observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
    const after = new MessageChannel();             // its message arrives after the frame in which it was sent
    after.port1.onmessage = () => { if (changed) { changed = false; painted(performance.now()); } };
    const tick = () => { if (on) { requestAnimationFrame(tick); after.port2.postMessage(null); } };
    requestAnimationFrame(tick);
    stop = () => { on = false; observer.disconnect(); after.port1.close(); };
  }

  return {
    stop: () => stop(),
    keys(root, shows) {                             // ms from each key to the picture it changes
      const times = bench.times = [];
      pressed = 0;
      watch(root, shows, when => { if (pressed) times.push(when - pressed); pressed = 0; });
    },
    drag(root, shows) {                             // number of pictures painted, and since when
      const count = bench.count = { painted: 0, from: performance.now() };
      watch(root, shows, () => { count.painted++; });
    },
    grab(root) {                                    // ms from pointer down to the first part of the film
      bench.grabbed = null;
      const explorer = root.querySelector('.lstm');
      const observer = new MutationObserver(() => {
        if (!explorer.dataset.film) return;
        observer.disconnect();
        bench.grabbed = performance.now() - pressed;
      });
      observer.observe(explorer, { attributes: true, attributeFilter: ['data-film'] });
    },
    thumb(range) {                                  // position of a native slider's thumb, and the ends of its track
      const box = range.getBoundingClientRect(), half = 0.65 * parseFloat(getComputedStyle(range).fontSize);
      const share = (range.value - range.min) / (range.max - range.min);
      const left = box.left + half, right = box.right - half;
      return { x: left + share * (right - left), y: box.top + box.height / 2, left, right };
    },
  };
})();
