"""An explorer with a film but without Python: explorer.js with a substitute for its model, in the page."""

import anywidget
import traitlets

from lstm_lib.explore.frames import film_parts
from lstm_lib.explore.page import HERE

STAND_IN = """
export default { render({ model, el }) {
  const { key, now, parts, control } = model.get('data'), heard = {};
  return render({ el, model: {
    get: name => ({ key, now })[name],
    on(event, call) { heard[event] = call; },
    off() {},
    send(message) {
      if (message.do !== 'film' || message.control !== control) return;
      for (const part of parts) heard['msg:custom']({ ...message, key: key.id, ...part });
    },
  } });
} };
"""


def film(explorer, name):
    """The parts of the whole film of the slider `name`, as Python objects."""
    stops = explorer.find(explorer.state, name).stops
    views = {value: explorer.look(explorer.after(explorer.now, name, value)) for value in stops}
    return film_parts(views, explorer.view)


class PageOnly(anywidget.AnyWidget):
    """Shows an explorer and plays the film of one slider. Moves are ignored."""

    _esm = (HERE / "explorer.js").read_text().replace("export default { render };", STAND_IN)
    _css = HERE / "explorer.css"
    data = traitlets.Dict().tag(sync=True)

    def __init__(self, explorer, name):
        key, now = explorer.view.key(1), {"n": 1, "key": 1, "client": "", "seq": 0, "set": []}
        super().__init__(data={"key": key, "now": now, "parts": film(explorer, name), "control": name})
