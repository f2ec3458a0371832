// What a tab remembers over a reload, and what the browser remembers for the next tab. Both may be forbidden or full; then the page forgets.

function reader(area) {
  return (name, otherwise) => {
    try {
      return JSON.parse(area().getItem(`chat.${name}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  };
}

function writer(area) {
  return (name, value) => {
    try {
      area().setItem(`chat.${name}`, JSON.stringify(value));
    } catch {
      // See above.
    }
  };
}

export const tab = { read: reader(() => sessionStorage), write: writer(() => sessionStorage) };
export const browser = { read: reader(() => localStorage), write: writer(() => localStorage) };

/** 128 random bits. Not crypto.randomUUID, which a page without TLS on another host does not have. */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
