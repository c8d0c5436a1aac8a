// Ticks of a page, its groups and their cases agree with each other. Without it the server adds them up.

const boxes = (form, kind) => [...form.querySelectorAll(`[data-pick=${kind}]`)];

function agree(form) {
  for (const whole of boxes(form, "group")) {
    const cases = boxes(whole.closest("fieldset"), "case");
    const ticked = cases.filter((one) => one.checked).length;
    whole.checked = ticked === cases.length;
    whole.indeterminate = ticked > 0 && ticked < cases.length;
  }
  const all = boxes(form, "case");
  const ticked = all.filter((one) => one.checked).length;
  for (const page of boxes(form, "page")) {
    page.checked = ticked === all.length;
    page.indeterminate = ticked > 0 && ticked < all.length;
  }
}

function spread(form, box) {
  const within = { page: form, group: box.closest("fieldset") }[box.dataset.pick];
  if (within) boxes(within, "case").forEach((one) => { one.checked = box.checked; });
  agree(form);
}

for (const form of document.querySelectorAll("[data-picks]")) {
  agree(form);
  form.addEventListener("change", (event) => event.target.dataset.pick && spread(form, event.target));
}
