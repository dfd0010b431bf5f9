// The button “Start this page”, and text that cannot be changed by accident.
//
// JupyterLab’s own “Run All Cells” jumps to the end of the page and stops at the first unsolved exercise. This
// button waits for the kernel, shows every card, and leaves the reader where they are. The file is written by hand
// in the form in which JupyterLab loads prebuilt extensions, so there is nothing to build.

(() => {
  const shared = {};
  const WIDGET = "application/vnd.jupyter.widget-view+json";
  const LIBRARIES = ["@jupyterlab/apputils", "@jupyterlab/cells", "@jupyterlab/notebook", "@lumino/widgets"];

  // ---------------------------------------------------------------- the page

  async function kernelOf(session) {
    await session.ready;
    if (!session.session?.kernel) {
      await session.startKernel();
    } else if (["dead", "autorestarting"].includes(session.session.kernel.status)) {
      await session.session.kernel.restart();
    }
    await session.session.kernel.info;
  }

  // One cell after the other: when one fails, the kernel throws away those that are waiting.
  async function showCards(panel) {
    await panel.context.ready;
    await kernelOf(panel.sessionContext);
    for (const cell of [...panel.content.widgets]) {
      await run(cell, panel);
    }
    for (const cell of [...panel.content.widgets]) {
      if (!(await drawn(cell))) {
        await run(cell, panel);
      }
    }
    await keep(panel);
  }

  async function run(cell, panel) {
    if (cell.model.type === "code" && !cell.isDisposed) {
      await shared.CodeCell.execute(cell, panel.sessionContext).catch(() => {});
    }
  }

  // A card whose kernel answered before the browser was ready for it stays empty; run once more, it appears.
  async function drawn(cell) {
    const outputs = cell.model.type === "code" && !cell.isDisposed ? cell.model.outputs : { length: 0 };
    const wanted = [...Array(outputs.length).keys()].some((index) => WIDGET in outputs.get(index).data);
    for (let tries = 0; wanted && tries < 20; tries += 1) {
      if (cell.node.querySelector(".workshop-card, .jupyter-widgets")) {
        return true;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return !wanted;
  }

  // A page that counts as changed would make the browser ask before it is closed.
  async function keep(panel) {
    if (panel.context.model.dirty && panel.context.contentsModel?.writable) {
      await panel.context.save();
    }
  }

  // A double click would turn what one reads into its Markdown.
  function lockText(panel) {
    for (const cell of panel.content.widgets) {
      if (cell.model.type === "markdown") {
        cell.readOnly = true;
      }
    }
  }

  // ---------------------------------------------------------------- the button

  function startButton(panel) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "workshop-start";
    button.title = "Show the cards of this page";
    const sign = document.createElement("span");
    sign.setAttribute("aria-hidden", "true");
    sign.textContent = "\u25B6\uFE0E ";
    button.append(sign, "Start this page");

    const status = document.createElement("span");
    status.className = "workshop-status";
    status.setAttribute("role", "status");

    let busy = false;
    button.addEventListener("click", async () => {
      if (busy) {
        return;
      }
      busy = true;
      // Not `disabled`: that would throw the keyboard focus out of the button.
      button.setAttribute("aria-disabled", "true");
      status.textContent = "Starting, a few seconds …";
      try {
        await showCards(panel);
        status.textContent = "Started. Read on below.";
      } catch (error) {
        console.error(error);
        status.textContent = "This page did not start. Close it, open it again, and press the button once more.";
      } finally {
        busy = false;
        button.removeAttribute("aria-disabled");
      }
    });

    const node = document.createElement("div");
    node.append(button, status);
    const widget = new shared.Widget({ node });
    widget.addClass("workshop-start-item");
    return widget;
  }

  // ---------------------------------------------------------------- how JupyterLab finds it

  const plugin = {
    id: "workshop-page:start",
    description: "The button “Start this page”.",
    autoStart: true,
    requires: [],
    activate: (app, tracker, toolbars) => {
      toolbars.addFactory("Notebook", "start", startButton);
      // The hand-in card asks for it: what was written into a cell must be in the file.
      document.addEventListener("workshop-save", async (event) => {
        event.preventDefault();
        if (tracker.currentWidget) {
          await keep(tracker.currentWidget).catch(() => {});
        }
        event.detail.resolve();
      });
      tracker.widgetAdded.connect(async (_, panel) => {
        await panel.context.ready;
        lockText(panel);
        panel.content.model.cells.changed.connect(() => lockText(panel));
        await panel.sessionContext.ready;
        await panel.sessionContext.session?.kernel?.info;
        await keep(panel);
      });
    },
  };

  async function init(scope) {
    for (const name of LIBRARIES) {
      const [library] = Object.values(scope[name]);
      Object.assign(shared, (await library.get())());
    }
    plugin.requires = [shared.INotebookTracker, shared.IToolbarWidgetRegistry];
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["workshop-page"] = { init, get: async () => () => ({ __esModule: true, default: plugin }) };
})();
