// The reader's desk: saves what is clicked or typed, at once, and says so. It makes no element of what anybody wrote.
"use strict";

const xsrf = document.querySelector("meta[name=xsrf]").content;

async function send(address, data) {
  const reply = await fetch(address, {
    method: "POST", headers: {"Content-Type": "application/json", "X-XSRFToken": xsrf}, body: JSON.stringify(data),
    keepalive: true,  // it goes on when the page is left
  });
  if (!reply.ok) throw new Error(reply.status);
}

async function saved(state, work) {
  state.textContent = "saving …";
  try {
    await work();
    state.textContent = "Saved.";
  } catch {
    state.textContent = "Not saved. Is the formgrader still running? Change it once more.";
  }
}

const reader = document.getElementById("reader");
reader?.addEventListener("change", () => {
  document.cookie = `desk_reader=${encodeURIComponent(reader.value.trim())}; path=${document.body.dataset.base}; max-age=31536000; SameSite=Strict`;
  location.reload();
});

for (const article of document.querySelectorAll("article[data-save]")) {
  const state = article.querySelector(".state"), comment = article.querySelector("textarea"), output = article.querySelector("output");
  // One save at a time, and always of what stands there last. `sent` is what was last sent.
  let under_way = Promise.resolve(), sent;
  const now = () => {
    const points = {};
    for (const line of article.querySelectorAll("fieldset")) {
      const chosen = line.querySelector("input[type=radio]:checked");
      if (chosen) points[line.dataset.line] = Number(chosen.value);
    }
    const used = [...article.querySelectorAll(".use[aria-pressed=true]")].map(button => Number(button.dataset.id));
    return {key: article.dataset.key, points, comment: comment.value, used};
  };
  const save = () => {
    output.textContent = Object.values(now().points).reduce((sum, value) => sum + value, 0);
    under_way = under_way.then(() => saved(state, () => {
      const data = now();
      sent = JSON.stringify(data);
      return send(article.dataset.save, data);
    }));
    return under_way;
  };
  sent = JSON.stringify(now());
  // What still waits for its turn when the page is left goes out at once.
  addEventListener("pagehide", () => {
    const data = now();
    if (sent !== (sent = JSON.stringify(data))) send(article.dataset.save, data).catch(() => {});
  });
  article.addEventListener("change", event => {
    if (event.target.matches("input[type=radio], textarea")) save();
  });
  article.addEventListener("click", async event => {
    const button = event.target.closest("button");
    if (!button) return;
    const bank = article.dataset.save.replace(/save$/, "bank");
    if (button.matches(".use")) {
      const words = button.querySelector("span").textContent, now = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", now);
      comment.value = now ? [comment.value.trim(), words].filter(Boolean).join("\n") : comment.value.replace(words, "").trim();
      save();
    } else if (button.matches(".forget")) {
      await saved(state, () => send(bank, {forget: Number(button.dataset.id)}));
      button.closest("li").remove();
    } else if (button.matches(".add")) {
      const field = button.parentElement.querySelector(".new"), words = field.value.trim();
      if (!words) return;
      comment.value = [comment.value.trim(), words].filter(Boolean).join("\n");
      await save();
      await saved(state, () => send(bank, {line: Number(button.closest("fieldset").dataset.line), words}));
      field.value = "";
    }
  });
}

for (const article of document.querySelectorAll("article[data-decide]")) {
  article.querySelector("select").addEventListener("change", event => {
    if (event.target.value !== "")
      saved(article.querySelector(".state"), () => send(article.dataset.decide, {key: article.dataset.key, points: Number(event.target.value)}));
  });
}
