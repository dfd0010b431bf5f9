/* The words of the interface: one catalogue a language (`texts.en.json`), and how a sentence is made from it. */

/**
 * @typedef {keyof typeof import("./texts.en.json")["texts"]} Key
 * @typedef {{ lang: string, dir: string, texts: Record<string, string | Record<string, string>>, in_a_room?: Record<string, string> }} Catalogue
 * @typedef {(key: Key, values?: Record<string, any>) => string} Translate
 * @typedef {{ lang: string, dir: string, t: Translate }} Texts
 */

/**
 * How to say things in the language of a catalogue.
 *
 * `t("words", { n: 3 })` gives the sentence of that name with what stands in braces filled in. A sentence that
 * depends on a number has one text for each plural form of its language (`one`, `few`, `other` …), chosen by `n`.
 * `others` says some sentences otherwise. A name that the catalogue lacks stands for itself, so that it is noticed.
 *
 * @param {Catalogue} catalogue
 * @param {Record<string, string>} [others]
 * @returns {Texts}
 */
export function textsOf(catalogue, others = {}) {
  const plural = new Intl.PluralRules(catalogue.lang);
  const texts = { ...catalogue.texts, ...others };
  return {
    lang: catalogue.lang,
    dir: catalogue.dir,
    t(key, values = {}) {
      const found = texts[key] ?? key;
      const text = typeof found === "string" ? found : (found[plural.select(Number(values.n))] ?? found.other ?? key);
      return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
    },
  };
}

/**
 * The parts that say something, as one sentence.
 *
 * @param {...(string | false | null | undefined)} parts
 */
export function sentence(...parts) {
  return parts.filter(Boolean).join(", ");
}
