/* Elements of a page, made from data. Nothing here takes HTML, so nothing that anybody typed can become live. */

/**
 * An element with attributes, listeners (`onclick` and the like) and what is inside. An attribute that is
 * true stands without a value, one that is false, null or undefined is left out; so are empty children.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any> | null} [attributes]
 * @param {...(Node | string | false | null | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  for (const child of children) if (child) made.append(child);
  return made;
}

/**
 * A button that does something.
 *
 * @param {string} text
 * @param {(event: Event) => void} onclick
 * @param {Record<string, any>} [attributes]
 */
export function button(text, onclick, attributes) {
  return element("button", { type: "button", class: "act", onclick, ...attributes }, text);
}

/**
 * A wide table scrolls in its own box, never the page; the box takes focus so that keys can scroll it.
 *
 * @param {HTMLTableElement} table
 */
export function scrolling(table) {
  return element("div", { class: "scrolling", tabindex: "0" }, table);
}

/**
 * Minutes and seconds, as a timer shows them.
 *
 * @param {number} seconds
 */
export function minutesAndSeconds(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
