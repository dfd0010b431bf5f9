/* What each widget of a notebook carries, so it is short: the way to the bundle of its kernel, which has all the rest. */

/** @import { Model } from "./types.js" */

export default {
  /** @param {{ model: Model, el: HTMLElement }} widget */
  async render(widget) {
    try {
      // A reference to a model is its name after “IPY_MODEL_”.
      const bundle = await widget.model.widget_manager.get_model(widget.model.get("bundle").slice(10));
      const url = URL.createObjectURL(new Blob([bundle.get("loader")], { type: "text/javascript" }));
      return (await (await import(url)).load(bundle))[PART](widget);
    } catch (error) {
      console.error(error);
      widget.el.textContent = LOST;
    }
  },
};
