// Keeps what is ticked for comparison while the pages of the catalogue change. Without it the
// ticks of one page are compared.
(() => {
  const bar = document.getElementById("mu-compare");
  const boxes = [...document.querySelectorAll('input[name="ref"][form="mu-compare"]')];
  const [clear, submit] = bar.querySelectorAll("button");
  const told = bar.querySelector(".mu-picked");
  const most = Number(bar.dataset.most);
  const place = "muniment-compare";

  function read() {
    try {
      const found = JSON.parse(sessionStorage.getItem(place) || "[]");
      return Array.isArray(found) ? found.filter((each) => typeof each === "string") : [];
    } catch {
      return [];
    }
  }

  let picked = read().slice(0, most);

  function show() {
    sessionStorage.setItem(place, JSON.stringify(picked));
    for (const box of boxes) {
      box.checked = picked.includes(box.value);
      box.disabled = !box.checked && picked.length >= most;
    }
    bar.querySelectorAll('input[type="hidden"]').forEach((each) => each.remove());
    const here = new Set(boxes.map((box) => box.value));
    for (const reference of picked.filter((each) => !here.has(each))) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "ref", value: reference });
      bar.append(field);
    }
    clear.hidden = picked.length === 0;
    submit.disabled = picked.length < 2;
    told.textContent = picked.length
      ? `${picked.length} of ${most} to compare: ${picked.join(", ")}`
      : `Tick two to ${most} versions to compare them.`;
  }

  for (const box of boxes) {
    box.addEventListener("change", () => {
      picked = picked.filter((each) => each !== box.value);
      if (box.checked && picked.length < most) picked.push(box.value);
      show();
    });
  }
  clear.addEventListener("click", () => {
    picked = [];
    show();
  });
  const facets = document.getElementById("mu-facets");
  if (facets && matchMedia("(max-width: 1099px)").matches) facets.open = false;
  show();
})();
