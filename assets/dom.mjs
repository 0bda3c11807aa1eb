// Finding and making elements.

export const at = (name) => document.getElementById(name);

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
