// Short ways to the document. Text goes in as text: nothing here, or anywhere in this page, parses HTML.

export const $ = (id) => document.getElementById(id);

/** An element with properties, attributes (names with a hyphen, and role) and children; a string child becomes text. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'role' || name.includes('-')) {
      made.setAttribute(name, value);
    } else {
      made[name] = value;
    }
  }
  made.append(...children);
  return made;
}

/** Changes a text only where it is another one, so that screen readers hear no news twice. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}
