/* How a page of a notebook gets the code of the cards: once for each edition, whatever number of kernels and cards it shows. */

/** @import { Model, Parts } from "./types.js" */

const KEY = Symbol.for("workshop.notebook");
const page = /** @type {Record<symbol, Map<string, Promise<Parts>>>} */ (/** @type {unknown} */ (globalThis));
page[KEY] ??= new Map();

/** What widgets show; a bundle is asked for its code only by the first of a page. @param {Model} bundle */
export async function load(bundle) {
  const loaded = page[KEY];
  try {
    if (!loaded.has(EDITION)) loaded.set(EDITION, unpacked(bundle));
    return await /** @type {Promise<Parts>} */ (loaded.get(EDITION));
  } catch (error) {
    loaded.delete(EDITION);
    throw error;
  }
}

/** @param {Model} bundle */
async function unpacked(bundle) {
  const code = new Blob([bundle.get("code")]).stream().pipeThrough(new DecompressionStream("gzip"));
  const url = URL.createObjectURL(new Blob([await new Response(code).text()], { type: "text/javascript" }));
  const { parts, STYLES, CATALOGUE } = await import(url);
  URL.revokeObjectURL(url);
  return parts(STYLES, CATALOGUE);
}
