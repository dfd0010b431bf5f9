/* What each widget of a notebook carries: a page loads the code of all of them once for each edition. */

/** @import { Model, Parts } from "./types.js" */

const KEY = Symbol.for("workshop.notebook");
const page = /** @type {Record<symbol, Map<string, Promise<Parts>>>} */ (/** @type {unknown} */ (globalThis));
page[KEY] ??= new Map();

/** Another widget of the same kernel holds the code; it is asked only by the first card of a page. @param {Model} model */
async function load(model) {
  const bundle = await model.widget_manager.get_model(model.get("bundle").replace("IPY_MODEL_", ""));
  const code = new Blob([bundle.get("code")]).stream().pipeThrough(new DecompressionStream("gzip"));
  const url = URL.createObjectURL(new Blob([await new Response(code).text()], { type: "text/javascript" }));
  const { parts, STYLES, CATALOGUE } = await import(url);
  URL.revokeObjectURL(url);
  return parts(STYLES, CATALOGUE);
}

export default {
  /** @param {{ model: Model, el: HTMLElement }} widget */
  async render(widget) {
    const loaded = page[KEY];
    try {
      if (!loaded.has(EDITION)) loaded.set(EDITION, load(widget.model));
      return (await /** @type {Promise<Parts>} */ (loaded.get(EDITION)))[PART](widget);
    } catch (error) {
      loaded.delete(EDITION);
      console.error(error);
      widget.el.textContent = LOST;
    }
  },
};
