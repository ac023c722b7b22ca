// What slider_latency.py asks the page. A picture counts as painted when the frame that shows its change has ended.

window.bench = (() => {
  let stop = () => {}, pressed = 0;
  document.addEventListener('keydown', event => { pressed = event.timeStamp; }, true);
  document.addEventListener('pointerdown', event => { pressed = event.timeStamp; }, true);

  // painted(when) is called once for each frame in which something was changed inside of `shows`, a CSS selector;
  // for 'img', in which a new picture was there, decoded.
  function watch(root, shows, painted) {
    let changed = false, on = true;
    const within = ({ target }) => (target.closest ? target : target.parentElement)?.closest(shows);
    const images = ({ addedNodes }) => [...addedNodes].flatMap(node =>
      node.nodeName === 'IMG' ? [node] : [...(node.querySelectorAll?.('img') ?? [])]);
    const observer = new MutationObserver(records => {
      if (shows !== 'img') changed ||= records.some(within);
      else records.flatMap(images).at(-1)?.decode().then(() => { changed = true; }, () => {});  // it may be gone by then
    });
    observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
    const after = new MessageChannel();             // its message comes behind the frame in which it was sent
    after.port1.onmessage = () => { if (changed) { changed = false; painted(performance.now()); } };
    const tick = () => { if (on) { requestAnimationFrame(tick); after.port2.postMessage(null); } };
    requestAnimationFrame(tick);
    stop = () => { on = false; observer.disconnect(); after.port1.close(); };
  }

  return {
    stop: () => stop(),
    keys(root, shows) {                             // ms from each key that changes the picture to that picture
      const times = bench.times = [];
      pressed = 0;
      watch(root, shows, when => { if (pressed) times.push(when - pressed); pressed = 0; });
    },
    drag(root, shows) {                             // how many pictures were painted, and in which time
      const count = bench.count = { painted: 0, from: performance.now() };
      watch(root, shows, () => { count.painted++; });
    },
    grab(root) {                                    // ms from the pointer's going down to the film's first part
      bench.grabbed = null;
      const explorer = root.querySelector('.lstm');
      const observer = new MutationObserver(() => {
        if (!explorer.dataset.film) return;
        observer.disconnect();
        bench.grabbed = performance.now() - pressed;
      });
      observer.observe(explorer, { attributes: true, attributeFilter: ['data-film'] });
    },
    thumb(range) {                                  // [x, y] of a native slider's thumb, and its track's [left, right]
      const box = range.getBoundingClientRect(), half = 0.65 * parseFloat(getComputedStyle(range).fontSize);
      const share = (range.value - range.min) / (range.max - range.min);
      const left = box.left + half, right = box.right - half;
      return { x: left + share * (right - left), y: box.top + box.height / 2, left, right };
    },
  };
})();
