// Moves about in the drawing of lineage. Without it the drawing is still, and its links lead on.
(() => {
  const place = document.getElementById("mu-lineage");
  const form = document.getElementById("mu-lineage-ask");
  const slider = document.getElementById("mu-time");
  const here = location.pathname;
  let svg, canvas, drawer, nodes, before, after, chosen, natural, scale;

  // What is there: read from the drawing itself each time that it is replaced.
  function take() {
    svg = place.querySelector(".mu-graph");
    canvas = place.querySelector(".mu-canvas");
    drawer = place.querySelector(".mu-drawer");
    nodes = new Map();
    before = new Map();
    after = new Map();
    chosen = null;
    if (!svg) return;
    for (const node of svg.querySelectorAll(".node")) {
      const at = node.transform.baseVal.consolidate().matrix;
      nodes.set(node.dataset.id, { node, x: at.e, y: at.f });
      before.set(node.dataset.id, []);
      after.set(node.dataset.id, []);
    }
    for (const edge of svg.querySelectorAll(".edge")) {
      const { from, to } = edge.dataset;
      after.get(from).push({ id: to, edge });
      before.get(to).push({ id: from, edge });
    }
    natural = { width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height };
    place.querySelector(".mu-zoom").hidden = false;
    resize(Math.min(1, Math.max(0.65, canvas.clientWidth / natural.width)));
    const root = svg.querySelector(".root");
    if (root) centre(root.dataset.id);
  }

  function resize(wanted, at) {
    const former = scale || 1;
    scale = Math.min(2.5, Math.max(0.1, wanted));
    const middle = at || { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 };
    const x = (canvas.scrollLeft + middle.x) * (scale / former);
    const y = (canvas.scrollTop + middle.y) * (scale / former);
    svg.setAttribute("width", natural.width * scale);
    svg.setAttribute("height", natural.height * scale);
    canvas.scrollTo(x - middle.x, y - middle.y);
  }

  function fit() {
    const room = canvas.getBoundingClientRect();
    const most = parseFloat(getComputedStyle(canvas).maxHeight) || room.height;
    resize(Math.min(1, room.width / natural.width, most / natural.height));
  }

  function centre(id) {
    const { x, y } = nodes.get(id);
    canvas.scrollTo(
      (x + 108) * scale - canvas.clientWidth / 2,
      (y + 29) * scale - canvas.clientHeight / 2,
    );
  }

  // Everything that is reached from a node along the edges, or against them, with the edges.
  function reach(id, neighbours) {
    const met = new Set([id]);
    const edges = new Set();
    for (const each of met) {
      for (const { id: next, edge } of neighbours.get(each)) {
        edges.add(edge);
        met.add(next);
      }
    }
    return { met, edges };
  }

  function light(met, edges) {
    svg.classList.toggle("dim", met !== null);
    for (const [id, { node }] of nodes) node.classList.toggle("near", !!met && met.has(id));
    for (const edge of svg.querySelectorAll(".edge")) edge.classList.toggle("near", !!edges && edges.has(edge));
  }

  function mark(...ids) {
    for (const [id, { node }] of nodes) node.classList.toggle("on", ids.includes(id));
    for (const row of place.querySelectorAll("tr[data-node]")) row.classList.toggle("on", ids.includes(row.dataset.node));
  }

  function choose(id) {
    chosen = id;
    const up = reach(id, before);
    const down = reach(id, after);
    light(new Set([...up.met, ...down.met]), new Set([...up.edges, ...down.edges]));
    mark(id);
    open(id);
  }

  // The ways between two nodes, whichever of them came first.
  function between(one, other) {
    const common = (a, b) => new Set([...a].filter((each) => b.has(each)));
    for (const [from, to] of [[one, other], [other, one]]) {
      const down = reach(from, after);
      const up = reach(to, before);
      if (down.met.has(to)) {
        light(common(down.met, up.met), common(down.edges, up.edges));
        return mark(one, other);
      }
    }
    light(new Set([one, other]), new Set());
    mark(one, other);
  }

  function clear() {
    chosen = null;
    light(null);
    mark();
    if (drawer) drawer.hidden = true;
  }

  function add(parent, name, text, attributes = {}) {
    const made = Object.assign(document.createElement(name), attributes);
    if (text) made.textContent = text;
    parent.append(made);
    return made;
  }

  // The facts of a node are those of its row in the table.
  function open(id) {
    const row = place.querySelector(`tr[data-node="${CSS.escape(id)}"]`);
    drawer.replaceChildren();
    const head = add(drawer, "header");
    const label = nodes.get(id).node.querySelector(".body").getAttribute("aria-label");
    add(head, "h3", row ? row.dataset.title : label, { id: "mu-drawer-title" });
    const shut = add(head, "button", "×", { type: "button", className: "mu-shut" });
    shut.setAttribute("aria-label", "Close");
    shut.addEventListener("click", () => leave(id));
    if (row) {
      const list = add(drawer, "dl", "", { className: "mu-dl" });
      for (const cell of row.cells) {
        if (!cell.textContent.trim()) continue;
        add(list, "dt", cell.dataset.label);
        add(list, "dd").append(...[...cell.cloneNode(true).childNodes]);
      }
    }
    const more = place.querySelector(`template[data-facts="${CSS.escape(id)}"]`);
    if (more) drawer.append(more.content.cloneNode(true));
    drawer.hidden = false;
    nodes.get(id).node.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function leave(id) {
    clear();
    focus(id);
  }

  function focus(id) {
    nodes.get(id).node.querySelector(".body").focus();
  }

  async function swap(address, remember = true) {
    place.classList.add("mu-busy");
    const asked = new URL(address, location.href);
    asked.searchParams.set("part", "1");
    try {
      const answer = await fetch(asked, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return location.assign(address);
      place.innerHTML = await answer.text();
      if (remember) history.pushState({}, "", address);
      const query = place.querySelector(".mu-drawing")?.dataset.query;
      for (const file of query ? document.querySelectorAll("#mu-lineage-files a") : []) file.search = query;
      const moment = new URL(address, location.href).searchParams.get("as_of") || "";
      form.elements.as_of.value = moment;
      tell(moment);
      take();
    } catch {
      location.assign(address);
    } finally {
      place.classList.remove("mu-busy");
    }
  }

  // Arrow keys: left and right along the edges, up and down within the column.
  function step(id, key) {
    const from = nodes.get(id);
    let near;
    if (key === "ArrowLeft") near = before.get(id).map((each) => each.id);
    else if (key === "ArrowRight") near = after.get(id).map((each) => each.id);
    else {
      const sign = key === "ArrowDown" ? 1 : -1;
      near = [...nodes.keys()].filter((each) => nodes.get(each).x === from.x && (nodes.get(each).y - from.y) * sign > 0);
    }
    const nearest = near.sort((a, b) => Math.abs(nodes.get(a).y - from.y) - Math.abs(nodes.get(b).y - from.y))[0];
    if (nearest) focus(nearest);
  }

  place.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const control = event.target.closest("[data-do]");
    if (control) return ({ in: () => resize(scale * 1.25), out: () => resize(scale / 1.25), fit })[control.dataset.do]();
    if (!link) return event.target.closest(".mu-canvas") && !moved ? clear() : undefined;
    const node = link.closest(".node");
    const address = link.getAttribute("href");
    if (event.ctrlKey || event.metaKey || event.button) return;
    if (node && moved) return event.preventDefault();
    if (node && link.classList.contains("body") && !node.matches(".s-more, .s-roll")) {
      event.preventDefault();
      const id = node.dataset.id;
      if (event.shiftKey && chosen && chosen !== id) between(chosen, id);
      else choose(id);
      if (event.detail === 0 && !drawer.hidden) drawer.focus();
    } else if (node || link.dataset.swap !== undefined || link.dataset.now !== undefined) {
      event.preventDefault();
      swap(new URL(address, new URL(here, location.href)).href);
    }
  });

  place.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !svg) return;
    if (event.key === "Escape") return chosen ? leave(chosen) : clear();
    if (!event.target.closest(".mu-canvas")) return;
    const node = event.target.closest(".node");
    if (event.key.startsWith("Arrow") && node) step(node.dataset.id, event.key);
    else if (event.key === "Enter" && node && !event.target.closest("a[href]")) event.target.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: event.shiftKey }));
    else if (event.key === "+" || event.key === "=") resize(scale * 1.25);
    else if (event.key === "-") resize(scale / 1.25);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });

  // Dragging moves the drawing; the wheel with Ctrl, as pinching sends it, changes its size.
  let held = null;
  let moved = false;
  place.addEventListener("pointerdown", (event) => {
    moved = false;
    if (event.pointerType !== "mouse" || event.button || !event.target.closest(".mu-canvas")) return;
    held = { x: event.clientX + canvas.scrollLeft, y: event.clientY + canvas.scrollTop, from: [event.clientX, event.clientY] };
  });
  addEventListener("pointermove", (event) => {
    if (!held) return;
    if (!moved && Math.hypot(event.clientX - held.from[0], event.clientY - held.from[1]) < 5) return;
    moved = true;
    canvas.classList.add("mu-held");
    canvas.scrollTo(held.x - event.clientX, held.y - event.clientY);
  });
  addEventListener("pointerup", () => {
    held = null;
    canvas?.classList.remove("mu-held");
  });
  place.addEventListener("dragstart", (event) => event.target.closest(".mu-canvas") && event.preventDefault());
  place.addEventListener("wheel", (event) => {
    if (!event.ctrlKey || !event.target.closest(".mu-canvas")) return;
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    resize(scale * Math.exp(-event.deltaY / 300), { x: event.clientX - box.left, y: event.clientY - box.top });
  }, { passive: false });

  // The slider: each change of the graph, and now at its end.
  let moments = [];
  async function know() {
    moments = (await (await fetch(slider.dataset.from)).json()).moments;
    slider.max = moments.length;
    slider.parentElement.hidden = moments.length < 2;
    tell(form.elements.as_of.value);
  }
  function tell(moment) {
    if (!slider) return;
    const index = moment ? moments.findLastIndex((each) => each <= moment) : moments.length;
    slider.value = Math.max(0, index);
    told(moment && moment.slice(0, 19));
  }
  function told(moment) {
    const words = moment ? `${moment.replace("T", " ")} UTC` : "now";
    document.getElementById("mu-time-told").textContent = words;
    slider.setAttribute("aria-valuetext", words);
  }
  if (slider) {
    slider.addEventListener("input", () => told(moments[slider.value]));
    slider.addEventListener("change", () => {
      const address = new URL(here + (place.querySelector(".mu-drawing")?.dataset.query || location.search), location.href);
      const moment = moments[slider.value];
      if (moment) address.searchParams.set("as_of", moment);
      else address.searchParams.delete("as_of");
      swap(address.href);
    });
    know().catch(() => {});
  }
  const print = document.querySelector('[data-do="print"]');
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  addEventListener("popstate", () => swap(location.href, false));
  take();
})();
