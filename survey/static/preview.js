// The preview of a draft follows what is typed. Each frame's own form is sent with the text of the moment and stays at
// its screen; nothing is saved. Without this script the buttons beside the frames do the same.
"use strict";
(() => {
  const PAUSE = 500; // milliseconds without a key
  const edit = document.getElementById("edit");
  const text = document.getElementById("text");
  const frames = [...document.querySelectorAll("iframe[name^='preview-']")];
  if (!edit || !text || !frames.length) return;
  let waiting = 0;
  let asked = 0;

  const put = (data, name) => {
    const field = edit.elements.namedItem(name);
    if (field) data.set(name, field.value);
  };

  const refresh = async (frame, number) => {
    const page = frame.contentDocument;
    const form = page && page.getElementById("questionnaire");
    if (!form) return;
    const data = new FormData(form);
    for (const name of ["text", "mode", "module"]) put(data, name);
    data.set("action", "stay");
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: data, redirect: "error" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    // A later question is under way, or somebody went on inside meanwhile.
    if (!answer.ok || number !== asked || frame.contentDocument !== page || !fresh.getElementById("questionnaire")) return;
    const top = page.scrollingElement ? page.scrollingElement.scrollTop : 0;
    page.body.replaceWith(page.adoptNode(fresh.body));
    if (page.scrollingElement) page.scrollingElement.scrollTop = top;
  };

  const all = () => {
    asked += 1;
    for (const frame of frames) refresh(frame, asked).catch(() => {}); // offline: as it was
  };
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(all, PAUSE);
  };
  text.addEventListener("input", later);
  for (const name of ["mode", "module"]) {
    const field = edit.elements.namedItem(name);
    if (field) field.addEventListener("change", later);
  }
})();
